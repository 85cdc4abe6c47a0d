#include "workloads/zero_macs.hpp"

#include <vector>

namespace eyrie {

/// For each line of the input, how many (output, tap) pairs read it.
static std::vector<std::int64_t> uses(std::int64_t lines, std::int64_t outputs, std::int64_t taps, std::int64_t stride,
                                      std::int64_t dilation, std::int64_t before) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(lines));
  for (std::int64_t o = 0; o < outputs; ++o)
    for (std::int64_t k = 0; k < taps; ++k)
      if (const auto line = o * stride + k * dilation - before; line >= 0 && line < lines)
        ++all[static_cast<std::size_t>(line)];
  return all;
}

Macs zero_macs(const LayerNest& l, const Tensor& input) {
  const Shape& x = input.shape();
  const auto rows = uses(x.h, l.extent[Dim::P], l.extent[Dim::R], l.stride.rows, l.dilation.rows, l.padding.top);
  const auto columns =
      uses(x.w, l.extent[Dim::Q], l.extent[Dim::S], l.stride.columns, l.dilation.columns, l.padding.left);
  std::int64_t useful = 0;
  std::size_t i = 0;
  for (std::int64_t plane = 0; plane < x.n * x.c; ++plane)
    for (auto row : rows)
      for (auto column : columns)
        if (input.data()[i++] != 0) useful += row * column;
  return Macs{l.macs().count() - useful * l.extent[Dim::M]};
}

}  // namespace eyrie
