#include "workloads/reference.hpp"

#include <algorithm>
#include <cmath>

namespace eyrie::reference {

using enum Dim;

namespace {

/// One row of psums gains one filter tap: acc[q] += (in[q * stride + first] * w) >> shift where the input has a column.
void add_tap(std::uint32_t* acc, std::int64_t q_from, std::int64_t q_to, const std::int16_t* in, std::int64_t first,
             std::int64_t stride, std::int32_t w, int shift) {
  if (stride == 1) {
    const std::int16_t* at = in + first;
    for (std::int64_t q = q_from; q < q_to; ++q) acc[q] += static_cast<std::uint32_t>((at[q] * w) >> shift);
  } else {
    for (std::int64_t q = q_from; q < q_to; ++q)
      acc[q] += static_cast<std::uint32_t>((in[q * stride + first] * w) >> shift);
  }
}

/// Sum of products of two runs.
std::uint32_t dot(const std::int16_t* a, const std::int16_t* b, std::int64_t n, int shift) {
  std::uint32_t sum = 0;
  for (std::int64_t i = 0; i < n; ++i) sum += static_cast<std::uint32_t>((a[i] * b[i]) >> shift);
  return sum;
}

bool covers_whole_input(const LayerNest& l, const Shape& in) {
  return l.extent[P] == 1 && l.extent[Q] == 1 && l.extent[G] == 1 && l.extent[R] == in.h && l.extent[S] == in.w &&
         l.padding == Padding{} && l.dilation == RowsColumns{};
}

struct Taps {
  std::int64_t from, to;  ///< output columns whose input column exists
};
Taps columns_inside(const LayerNest& l, std::int64_t first, std::int64_t width) {
  const auto stride = l.stride.columns;
  const auto from = first >= 0 ? 0 : ceil_div(-first, stride);
  const auto to = width - 1 - first < 0 ? 0 : (width - 1 - first) / stride + 1;
  return {std::min(from, l.extent[Q]), std::min(to, l.extent[Q])};
}

/// All psums of one output row of one channel.
void conv_row(const LayerNest& l, const Tensor& input, const Tensor& weight, std::int64_t n, std::int64_t channel,
              std::int64_t p, int shift, std::vector<std::uint32_t>& acc) {
  const Shape& in = input.shape();
  const auto group = channel / l.extent[M];
  for (std::int64_t c = 0; c < l.extent[C]; ++c)
    for (std::int64_t r = 0; r < l.extent[R]; ++r) {
      const auto h = p * l.stride.rows + r * l.dilation.rows - l.padding.top;
      if (h < 0 || h >= in.h) continue;
      const std::int16_t* row = input.data().data() + input.index(n, group * l.extent[C] + c, h, 0);
      for (std::int64_t s = 0; s < l.extent[S]; ++s) {
        const auto first = s * l.dilation.columns - l.padding.left;
        const auto [from, to] = columns_inside(l, first, in.w);
        add_tap(acc.data(), from, to, row, first, l.stride.columns, weight.at(channel, c, r, s), shift);
      }
    }
}

}  // namespace

PsumTensor psums(const LayerNest& l, const Tensor& input, const Tensor& weight, const std::vector<std::int32_t>& bias,
                 const Arithmetic& a) {
  const auto channels = l.extent[G] * l.extent[M];
  PsumTensor out{Shape{l.extent[N], channels, l.extent[P], l.extent[Q]}};
  const auto start = [&](std::int64_t c) {
    return bias.empty() ? 0U : static_cast<std::uint32_t>(bias[static_cast<std::size_t>(c)]);
  };
  const auto psum = [&](std::uint32_t sum) { return wrap(static_cast<std::int32_t>(sum), a.widths.psum); };
  if (covers_whole_input(l, input.shape())) {
    const auto run = l.extent[C] * l.extent[R] * l.extent[S];
    for (std::int64_t m = 0; m < channels; ++m)
      for (std::int64_t n = 0; n < l.extent[N]; ++n)
        out.at(n, m, 0, 0) =
            psum(start(m) + dot(input.data().data() + n * run, weight.data().data() + m * run, run, a.product_shift));
    return out;
  }
  std::vector<std::uint32_t> acc(static_cast<std::size_t>(l.extent[Q]));
  for (std::int64_t n = 0; n < l.extent[N]; ++n)
    for (std::int64_t m = 0; m < channels; ++m)
      for (std::int64_t p = 0; p < l.extent[P]; ++p) {
        std::ranges::fill(acc, start(m));
        conv_row(l, input, weight, n, m, p, a.product_shift, acc);
        for (std::int64_t q = 0; q < l.extent[Q]; ++q) out.at(n, m, p, q) = psum(acc[static_cast<std::size_t>(q)]);
      }
  return out;
}

Tensor finished(const PsumTensor& psum, const Arithmetic& a) {
  Tensor out{psum.shape()};
  const Shape& s = psum.shape();
  const auto each = s.h * s.w;
  for (std::int64_t i = 0; i < s.elements(); ++i)
    out.data()[static_cast<std::size_t>(i)] = finish(psum.data()[static_cast<std::size_t>(i)], a, i / each % s.c);
  return out;
}

Tensor conv(const LayerNest& l, const Tensor& input, const Tensor& weight, const std::vector<std::int32_t>& bias,
            const Arithmetic& a) {
  return finished(psums(l, input, weight, bias, a), a);
}

/// Calls `visit(value)` for every element of the input under the window of output (p, q).
template <class Visit>
static void under_window(const LayerNest& l, const Shape& in, std::int64_t p, std::int64_t q, Visit visit) {
  for (std::int64_t r = 0; r < l.extent[R]; ++r)
    for (std::int64_t s = 0; s < l.extent[S]; ++s) {
      const auto h = p * l.stride.rows + r * l.dilation.rows - l.padding.top;
      const auto w = q * l.stride.columns + s * l.dilation.columns - l.padding.left;
      if (h >= 0 && h < in.h && w >= 0 && w < in.w) visit(h, w);
    }
}

std::int64_t window_elements(const LayerNest& l, Shape input, std::int64_t p, std::int64_t q) {
  std::int64_t count = 0;
  under_window(l, input, p, q, [&](auto, auto) { ++count; });
  return count;
}

template <class Pool>
static Tensor pooled(const LayerNest& l, Pool pool) {
  Tensor out{Shape{l.extent[N], l.extent[G], l.extent[P], l.extent[Q]}};
  for (std::int64_t n = 0; n < l.extent[N]; ++n)
    for (std::int64_t g = 0; g < l.extent[G]; ++g)
      for (std::int64_t p = 0; p < l.extent[P]; ++p)
        for (std::int64_t q = 0; q < l.extent[Q]; ++q) out.at(n, g, p, q) = pool(n, g, p, q);
  return out;
}

Tensor max_pool(const LayerNest& l, const Tensor& input) {
  return pooled(l, [&](auto n, auto g, auto p, auto q) {
    std::int16_t most = -32768;
    under_window(l, input.shape(), p, q, [&](auto h, auto w) { most = std::max(most, input.at(n, g, h, w)); });
    return most;
  });
}

int sum_shift(const LayerNest& l, const Widths& widths) {
  std::int64_t bits = widths.input.count();
  for (std::int64_t window = 1; window < l.extent[C] * l.extent[R] * l.extent[S]; window *= 2) ++bits;
  return static_cast<int>(std::max<std::int64_t>(0, bits - widths.psum.count()));
}

Tensor average_pool(const LayerNest& l, const Tensor& input, const Arithmetic& a) {
  return pooled(l, [&](auto n, auto g, auto p, auto q) {
    std::int32_t sum = 0;
    under_window(l, input.shape(), p, q, [&](auto h, auto w) { sum += input.at(n, g, h, w) >> a.product_shift; });
    return finish_sum(sum, window_elements(l, input.shape(), p, q), a, g);
  });
}

Tensor relu(const Tensor& input) {
  Tensor out = input;
  for (auto& v : out.data()) v = std::max<std::int16_t>(v, 0);
  return out;
}

/// Words are read as fractions: a word v of b bits is v / 2^(b-1), times 256, the range of 8-bit images that the
/// constants were chosen for.
Tensor lrn(const Layer& layer, const Tensor& input, Bits output) {
  const double unit = 256.0 / static_cast<double>(std::int64_t{1} << (output.count() - 1));
  Tensor out{input.shape()};
  const Shape& x = input.shape();
  for (std::int64_t n = 0; n < x.n; ++n)
    for (std::int64_t h = 0; h < x.h; ++h)
      for (std::int64_t w = 0; w < x.w; ++w)
        for (std::int64_t c = 0; c < x.c; ++c) {
          double squares = 0;
          const auto half = layer.lrn_size / 2;
          for (auto k = std::max<std::int64_t>(0, c - half); k <= std::min(x.c - 1, c + half); ++k) {
            const double v = input.at(n, k, h, w) * unit;
            squares += v * v;
          }
          const double divisor =
              std::pow(layer.lrn_k + layer.lrn_alpha / static_cast<double>(layer.lrn_size) * squares, layer.lrn_beta);
          out.at(n, c, h, w) =
              static_cast<std::int16_t>(saturate(std::llround(input.at(n, c, h, w) / divisor), output));
        }
  return out;
}

Tensor softmax(const Tensor& input, Bits output) {
  const double most = static_cast<double>((std::int64_t{1} << (output.count() - 1)) - 1);
  const double unit = 16.0 / (most + 1);  // a word of the largest value stands for 16
  Tensor out{input.shape()};
  const Shape& x = input.shape();
  for (std::int64_t n = 0; n < x.n; ++n)
    for (std::int64_t h = 0; h < x.h; ++h)
      for (std::int64_t w = 0; w < x.w; ++w) {
        std::int16_t top = -32768;
        for (std::int64_t c = 0; c < x.c; ++c) top = std::max(top, input.at(n, c, h, w));
        double sum = 0;
        for (std::int64_t c = 0; c < x.c; ++c) sum += std::exp((input.at(n, c, h, w) - top) * unit);
        for (std::int64_t c = 0; c < x.c; ++c)
          out.at(n, c, h, w) =
              static_cast<std::int16_t>(std::llround(std::exp((input.at(n, c, h, w) - top) * unit) / sum * most));
      }
  return out;
}

}  // namespace eyrie::reference
