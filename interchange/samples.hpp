#pragma once

// What a network is given to look at: arrays, images, raw bytes (docs/models.md).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "workloads/model.hpp"

namespace eyrie {

/// Samples of a network input.
struct Samples {
  RealTensor data;         ///< (samples x steps, c, h, w): the time steps of a sample one behind the other
  std::int64_t steps = 1;  ///< of each
  std::vector<std::string> names;
  std::vector<std::int64_t> labels;  ///< the output channel that is right for each; none: not known

  [[nodiscard]] std::int64_t count() const { return data.shape().n / steps; }
  /// `n` of them from `first`, as a network input of batch n.
  [[nodiscard]] RealTensor part(std::int64_t first, std::int64_t n) const;
};

/// Reads samples of an input.
///
///   .npy             an array, its shape any that `sample_layout` tells apart
///   .npz             the array called as the input, `images` or `x`; labels from `labels` or `y`
///   .png .pgm .ppm   one image of the input's rows and columns; of an input with time steps and channels alone, steps
///                    are its rows and channels its columns
///   .bin             bytes in the order steps, rows, columns, channels; one sample or several. What a network of
///                    8-bit words is given: raw numbers of its `code`. Without a code: pixels
///   a folder         images and .bin files in the order of their names; labels from labels.txt, lines `FILE NUMBER`
///
/// Whole numbers are pixels of 0 to 255, which `pixels` makes real; real ones are taken as they are. InputError where
/// anything is of another size or kind; nothing is resized.
Samples read_samples(const std::string& path, const NetworkInput& input, const Pixels& pixels,
                     const std::optional<TensorCode>& code = {});

/// What pixels stand for where a model does not say: 0 to 1 if the input's code ends at about that, else themselves.
Pixels assumed_pixels(const TensorCode&);

}  // namespace eyrie
