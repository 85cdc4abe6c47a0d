#pragma once

// PNG images, through libpng.

#include <string>
#include <string_view>

#include "interchange/image.hpp"

namespace eyrie {

/// Unpacks a PNG image; see `read_image`.
Image read_png(std::string_view bytes, const std::string& name, RowsColumns wanted);

/// InputError that says both sizes where they differ.
void check_image_size(RowsColumns size, RowsColumns wanted, const std::string& name);

}  // namespace eyrie
