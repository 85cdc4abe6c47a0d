#pragma once

// Padding that a file names and does not state.

#include <algorithm>
#include <cstdint>
#include <utility>

namespace eyrie {

/// Zeros before and behind so that a window's outputs are the inputs divided by the stride, rounded up; the odd one
/// behind.
inline std::pair<std::int64_t, std::int64_t> same_padding(std::int64_t inputs, std::int64_t kernel,
                                                          std::int64_t dilation, std::int64_t stride) {
  const auto outputs = (inputs + stride - 1) / stride;
  const auto all = std::max<std::int64_t>(0, (outputs - 1) * stride + (kernel - 1) * dilation + 1 - inputs);
  return {all / 2, all - all / 2};
}

}  // namespace eyrie
