#pragma once

// Image files: PNG, PGM and PPM.

#include <cstdint>
#include <string>
#include <vector>

#include "workloads/nest.hpp"

namespace eyrie {

/// Pixels of 8 bits, row by row, the channels of a pixel side by side.
struct Image {
  RowsColumns size;
  std::int64_t channels = 1;  ///< 1 grey, 2 with opacity, 3 RGB, 4 with opacity
  std::vector<std::uint8_t> pixels;
  bool operator==(const Image&) const = default;
};

/// Does the file's name end like an image's?
bool is_image(const std::string& path);

/// Reads an image that has `wanted` rows and columns; another size is refused before anything is unpacked. Palettes and
/// fewer than 8 bits are widened; gamma and colour profiles are not looked at. InputError: no such image, damaged, cut
/// off, 16 bits a channel.
Image read_image(const std::string& path, RowsColumns wanted);

/// The image with `channels` channels: grey is repeated for three, three equal channels are grey for one, opacity of
/// pixels that are all opaque is left out. InputError, at `name`, where that takes more than moving numbers about.
Image with_channels(Image image, std::int64_t channels, const std::string& name);

}  // namespace eyrie
