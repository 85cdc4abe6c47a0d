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

/// Positions at which a tap meets a zero, of one plane.
static std::int64_t zeros_met(const LayerNest& l, const Tensor& input, std::size_t plane, std::int64_t r,
                              std::int64_t s) {
  const Shape& x = input.shape();
  std::int64_t zeros = 0;
  for (std::int64_t p = 0; p < l.extent[Dim::P]; ++p) {
    const auto h = p * l.stride.rows + r * l.dilation.rows - l.padding.top;
    for (std::int64_t q = 0; q < l.extent[Dim::Q]; ++q) {
      const auto w = q * l.stride.columns + s * l.dilation.columns - l.padding.left;
      const bool inside = h >= 0 && h < x.h && w >= 0 && w < x.w;
      zeros += !inside || input.data()[plane + static_cast<std::size_t>(h * x.w + w)] == 0 ? 1 : 0;
    }
  }
  return zeros;
}

ZeroWeightMacs zero_weight_macs(const LayerNest& l, const Tensor& input, const Tensor& weight) {
  const auto& e = l.extent;
  const auto positions = e[Dim::N] * e[Dim::P] * e[Dim::Q];
  ZeroWeightMacs macs;
  for (std::int64_t g = 0; g < e[Dim::G]; ++g)
    for (std::int64_t c = 0; c < e[Dim::C]; ++c)
      for (std::int64_t r = 0; r < e[Dim::R]; ++r)
        for (std::int64_t s = 0; s < e[Dim::S]; ++s) {
          std::int64_t filters = 0;
          for (std::int64_t m = 0; m < e[Dim::M]; ++m) filters += weight.at(g * e[Dim::M] + m, c, r, s) == 0 ? 1 : 0;
          if (filters == 0) continue;
          macs.all += filters * positions;
          for (std::int64_t n = 0; n < e[Dim::N]; ++n)
            macs.both += filters * zeros_met(l, input, input.index(n, g * e[Dim::C] + c, 0, 0), r, s);
        }
  return macs;
}

}  // namespace eyrie
