// Compiled twice: EYRIE_FLAVOUR is the namespace, `plain` or `native` (bench/CMakeLists.txt has the flags).
//
// Loop orders that were tried, in 10^9 MACs a second (-O3, 16-bit words; AlexNet conv1, conv2, conv3, VGG-16 conv2_2,
// ResNet-50 res2 1 x 1, res5 3 x 3, res5 1 x 1, a depthwise layer of MobileNet):
//
//   n m p | c r s | q   1.3 4.1 2.4 6.4 6.0 1.4 5.0 1.5   columns inside
//   n m | c r s p | q   1.2 4.2 2.5 6.3 6.0 1.4 4.2 1.5   a plane of psums instead of a row
//   n m | c p r s | q   1.0 4.2 2.2 6.4 6.2 1.4 4.2 1.4
//   n p | c r s q | m   7.0 7.3 7.0 7.3 5.7 4.7 3.3 0.3   channels inside
//
// The first and the last are kept.

#include "bench/plain_convolution.hpp"

#include <algorithm>
#include <utility>

namespace eyrie::bench::EYRIE_FLAVOUR {

namespace {

using enum Dim;

/// Ifmap planes as the windows see them, padding included, and nothing that no window reaches.
struct Planes {
  const std::int16_t* data = nullptr;
  std::int64_t rows = 0, columns = 0;
  std::vector<std::int16_t> own;  ///< empty if the ifmap itself will do
};

Planes padded(const LayerNest& l, const Tensor& input) {
  const Shape& in = input.shape();
  Planes p{.data = input.data().data(), .rows = l.padded_rows(), .columns = l.padded_columns(), .own = {}};
  if (p.rows == in.h && p.columns == in.w && l.padding == Padding{}) return p;
  p.own.assign(static_cast<std::size_t>(in.n * in.c * p.rows * p.columns), 0);
  const auto rows = std::min(in.h, p.rows - l.padding.top), columns = std::min(in.w, p.columns - l.padding.left);
  for (std::int64_t plane = 0; plane < in.n * in.c; ++plane)
    for (std::int64_t h = 0; h < rows; ++h)
      std::copy_n(input.data().data() + (plane * in.h + h) * in.w, columns,
                  p.own.data() + (plane * p.rows + h + l.padding.top) * p.columns + l.padding.left);
  p.data = p.own.data();
  return p;
}

/// The loops' ends by themselves.
struct Loops {
  std::int64_t g, n, m, c, p, q, r, s, plane;
  Loops(const LayerNest& l, const Planes& planes)
      : g{l.extent[G]},
        n{l.extent[N]},
        m{l.extent[M]},
        c{l.extent[C]},
        p{l.extent[P]},
        q{l.extent[Q]},
        r{l.extent[R]},
        s{l.extent[S]},
        plane{planes.rows * planes.columns} {}
};

std::uint32_t bias_of(const LayerOperands& o, std::int64_t channel) {
  return o.bias.empty() ? 0 : static_cast<std::uint32_t>(o.bias[static_cast<std::size_t>(channel)]);
}

std::int16_t finished(std::uint32_t psum, const Arithmetic& a) {
  return finish(wrap(static_cast<std::int32_t>(psum), a.widths.psum), a);
}

/// Windows that are the whole ifmap (fully connected layers): ifmap and filter are contiguous.
void dot_products(const LayerNest& l, const LayerOperands& o, std::int16_t* out) {
  const auto length = l.extent[C] * l.extent[R] * l.extent[S], channels = l.extent[M];
  const int shift = o.arithmetic.product_shift;
  for (std::int64_t m = 0; m < channels; ++m)
    for (std::int64_t n = 0; n < l.extent[N]; ++n) {
      const std::int16_t* in = o.input.data().data() + n * length;
      const std::int16_t* w = o.weight.data().data() + m * length;
      std::uint32_t psum = bias_of(o, m);
      for (std::int64_t i = 0; i < length; ++i) psum += static_cast<std::uint32_t>((in[i] * w[i]) >> shift);
      out[n * channels + m] = finished(psum, o.arithmetic);
    }
}

/// psum[q] += (in[q * stride] * w) >> shift
void add_tap(std::uint32_t* psum, std::int64_t columns, const std::int16_t* in, std::int64_t stride, std::int32_t w,
             int shift) {
  if (stride == 1)
    for (std::int64_t q = 0; q < columns; ++q) psum[q] += static_cast<std::uint32_t>((in[q] * w) >> shift);
  else
    for (std::int64_t q = 0; q < columns; ++q) psum[q] += static_cast<std::uint32_t>((in[q * stride] * w) >> shift);
}

void columns_inside(const LayerNest& l, const Planes& planes, const LayerOperands& o, std::int16_t* out) {
  const Loops e{l, planes};
  const int shift = o.arithmetic.product_shift;
  std::vector<std::uint32_t> psum(static_cast<std::size_t>(e.q));
  for (std::int64_t n = 0; n < e.n; ++n)
    for (std::int64_t m = 0; m < e.g * e.m; ++m)
      for (std::int64_t p = 0; p < e.p; ++p) {
        std::ranges::fill(psum, bias_of(o, m));
        const std::int16_t* w = o.weight.data().data() + m * e.c * e.r * e.s;
        for (std::int64_t c = 0; c < e.c; ++c)
          for (std::int64_t r = 0; r < e.r; ++r) {
            const std::int16_t* row = planes.data + ((n * e.g + m / e.m) * e.c + c) * e.plane +
                                      (p * l.stride.rows + r * l.dilation.rows) * planes.columns;
            for (std::int64_t s = 0; s < e.s; ++s)
              add_tap(psum.data(), e.q, row + s * l.dilation.columns, l.stride.columns, *w++, shift);
          }
        std::ranges::transform(psum, out, [&](std::uint32_t v) { return finished(v, o.arithmetic); });
        out += e.q;
      }
}

/// Filters (g, m, c, r, s) as (g, c, r, s, m).
std::vector<std::int16_t> transposed(const Tensor& weight, const Loops& e) {
  const auto taps = e.c * e.r * e.s;
  std::vector<std::int16_t> all(weight.data().size());
  const std::int16_t* from = weight.data().data();
  for (std::int64_t g = 0; g < e.g; ++g)
    for (std::int64_t m = 0; m < e.m; ++m)
      for (std::int64_t t = 0; t < taps; ++t) all[static_cast<std::size_t>((g * taps + t) * e.m + m)] = *from++;
  return all;
}

/// psum[q][m] += (in[q * stride] * w[m]) >> shift
void add_filters(std::uint32_t* psum, std::int64_t columns, const std::int16_t* in, std::int64_t stride,
                 const std::int16_t* w, std::int64_t channels, int shift) {
  for (std::int64_t q = 0; q < columns; ++q, psum += channels) {
    const std::int32_t word = in[q * stride];
    for (std::int64_t m = 0; m < channels; ++m) psum[m] += static_cast<std::uint32_t>((word * w[m]) >> shift);
  }
}

void channels_inside(const LayerNest& l, const Planes& planes, const LayerOperands& o, std::int16_t* out) {
  const Loops e{l, planes};
  const auto filters = transposed(o.weight, e);
  std::vector<std::uint32_t> psum(static_cast<std::size_t>(e.q * e.m));
  for (std::int64_t n = 0; n < e.n; ++n)
    for (std::int64_t g = 0; g < e.g; ++g)
      for (std::int64_t p = 0; p < e.p; ++p) {
        for (std::int64_t m = 0; m < e.m; ++m) psum[static_cast<std::size_t>(m)] = bias_of(o, g * e.m + m);
        for (std::int64_t q = 1; q < e.q; ++q) std::copy_n(psum.begin(), e.m, psum.begin() + q * e.m);
        const std::int16_t* w = filters.data() + g * e.c * e.r * e.s * e.m;
        for (std::int64_t c = 0; c < e.c; ++c)
          for (std::int64_t r = 0; r < e.r; ++r) {
            const std::int16_t* row = planes.data + ((n * e.g + g) * e.c + c) * e.plane +
                                      (p * l.stride.rows + r * l.dilation.rows) * planes.columns;
            for (std::int64_t s = 0; s < e.s; ++s, w += e.m)
              add_filters(psum.data(), e.q, row + s * l.dilation.columns, l.stride.columns, w, e.m,
                          o.arithmetic.product_shift);
          }
        for (std::int64_t m = 0; m < e.m; ++m)
          for (std::int64_t q = 0; q < e.q; ++q)
            out[(((n * e.g + g) * e.m + m) * e.p + p) * e.q + q] =
                finished(psum[static_cast<std::size_t>(q * e.m + m)], o.arithmetic);
      }
}

}  // namespace

Tensor convolution(const LayerNest& nest, const LayerOperands& o, Inside inside) {
  LayerNest l = nest;
  Tensor out{Shape{l.extent[N], l.extent[G] * l.extent[M], l.extent[P], l.extent[Q]}};
  Planes planes = padded(l, o.input);
  if (l.extent[P] * l.extent[Q] * l.extent[G] == 1 && l.extent[R] == planes.rows && l.extent[S] == planes.columns &&
      planes.own.empty()) {
    dot_products(l, o, out.data().data());
    return out;
  }
  const bool points = l.extent[R] * l.extent[S] == 1 && l.stride == RowsColumns{};
  if (points) {  // rows follow each other without a gap
    planes.columns *= std::exchange(planes.rows, 1);
    l.extent[Q] *= std::exchange(l.extent[P], 1);
  }
  const bool channels = inside == Inside::Fastest && !points && l.extent[M] >= 32;
  (channels ? channels_inside : columns_inside)(l, planes, o, out.data().data());
  return out;
}

}  // namespace eyrie::bench::EYRIE_FLAVOUR
