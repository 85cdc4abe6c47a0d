#include "workloads/fast_words.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#if defined(__x86_64__) && defined(__GNUC__)
#define EYRIE_HAS_AVX2 1
#endif

namespace eyrie::fast {

using enum Dim;

namespace {

/// Calls `act` compiled for AVX2 where the processor has it, and as it is where not. Both copies compute the same.
template <class Act>
[[gnu::always_inline]] inline void plainly(const Act& act) {
  act();
}
#ifdef EYRIE_HAS_AVX2
template <class Act>
[[gnu::target("avx2")]] void with_avx2(const Act& act) {
  act();
}
#endif
template <class Act>
void with_vectors(const Act& act) {
#ifdef EYRIE_HAS_AVX2
  if (__builtin_cpu_supports("avx2")) return with_avx2(act);
#endif
  plainly(act);
}

/// What a word of `output` bits becomes, for all that saturation leaves.
std::vector<std::int16_t> table(const Arithmetic& a) {
  const auto most = (std::int32_t{1} << (a.widths.output.count() - 1)) - 1;
  std::vector<std::int16_t> words;
  for (std::int32_t word = -most - 1; word <= most; ++word)
    words.push_back(static_cast<std::int16_t>(activated(word, a.activation, a.widths.output)));
  return words;
}

template <class Word>
Tensor finish_all(const BasicTensor<Word>& from, const Arithmetic& a) {
  Tensor out{from.shape()};
  if (a.exact) {
    const auto each = static_cast<std::size_t>(from.shape().h * from.shape().w);
    std::int64_t channel = 0;
    for (std::size_t i = 0; i < from.data().size(); i += each, channel = (channel + 1) % from.shape().c)
      for (std::size_t k = i; k < i + each; ++k) out.data()[k] = a.exact->finish(from.data()[k], channel);
    return out;
  }
  const Word* in = from.data().data();
  std::int16_t* to = out.data().data();
  const std::size_t size = from.data().size();
  const std::int32_t most = (std::int32_t{1} << (a.widths.output.count() - 1)) - 1;
  const bool by_table = uses_table(a.activation);
  // An activation that only clips moves the ends of the range.
  const std::int32_t high = by_table ? most : activated(most, a.activation, a.widths.output);
  const std::int32_t low = by_table ? -most - 1 : activated(-most - 1, a.activation, a.widths.output);
  const int shift = a.output_shift;
  if (shift == 0) {
    with_vectors([=]() __attribute__((always_inline)) {
      for (std::size_t i = 0; i < size; ++i)
        to[i] = static_cast<std::int16_t>(std::min(std::max<std::int32_t>(in[i], low), high));
    });
  } else {
    with_vectors([=]() __attribute__((always_inline)) {
      for (std::size_t i = 0; i < size; ++i) {
        const std::int32_t rounded = (in[i] >> shift) + ((in[i] >> (shift - 1)) & 1);  // halves up, without overflow
        to[i] = static_cast<std::int16_t>(std::min(std::max(rounded, low), high));
      }
    });
  }
  if (by_table) {
    const auto words = table(a);
    for (std::size_t i = 0; i < size; ++i) to[i] = words[static_cast<std::size_t>(to[i] + most + 1)];
  }
  return out;
}

/// One output row: the largest of each column under the window's rows, then of each window's columns. `columns` holds
/// a padded row.
template <class Word>
class RowOfMaxima {
 public:
  RowOfMaxima(const LayerNest& l, const Shape& in)
      : l_{l},
        in_{in},
        columns_(static_cast<std::size_t>(std::max(l.padded_columns(), l.padding.left + in.w)), kLeast) {}

  void compute(const Word* plane, std::int64_t p, Word* out) {
    const auto width = static_cast<std::size_t>(in_.w);
    Word* inside = columns_.data() + l_.padding.left;
    std::fill_n(inside, width, kLeast);
    for (std::int64_t r = 0; r < l_.extent[R]; ++r) {
      const auto h = p * l_.stride.rows + r * l_.dilation.rows - l_.padding.top;
      if (h < 0 || h >= in_.h) continue;
      const Word* row = plane + h * in_.w;
      with_vectors([=]() __attribute__((always_inline)) {
        for (std::size_t w = 0; w < width; ++w) inside[w] = std::max(inside[w], row[w]);
      });
    }
    std::fill_n(out, l_.extent[Q], kLeast);
    const auto outputs = l_.extent[Q], stride = l_.stride.columns;
    for (std::int64_t s = 0; s < l_.extent[S]; ++s) {
      const Word* at = columns_.data() + s * l_.dilation.columns;
      for (std::int64_t q = 0; q < outputs; ++q) out[q] = std::max(out[q], at[q * stride]);
    }
  }

 private:
  static constexpr Word kLeast = std::numeric_limits<Word>::min();
  const LayerNest& l_;
  const Shape& in_;
  std::vector<Word> columns_;
};

template <class Word>
BasicTensor<Word> maxima(const LayerNest& l, const BasicTensor<Word>& input) {
  BasicTensor<Word> out{Shape{l.extent[N], l.extent[G], l.extent[P], l.extent[Q]}};
  RowOfMaxima<Word> row{l, input.shape()};
  for (std::int64_t n = 0; n < l.extent[N]; ++n)
    for (std::int64_t g = 0; g < l.extent[G]; ++g)
      for (std::int64_t p = 0; p < l.extent[P]; ++p)
        row.compute(input.data().data() + input.index(n, g, 0, 0), p, out.data().data() + out.index(n, g, p, 0));
  return out;
}

}  // namespace

void take(PsumTensor& psums, std::int64_t taken, Bits width) {
  std::int32_t* at = psums.data().data();
  const std::size_t size = psums.data().size();
  const auto less = static_cast<std::uint32_t>(taken);
  const int unused = 32 - static_cast<int>(width.count());
  with_vectors([=]() __attribute__((always_inline)) {
    for (std::size_t i = 0; i < size; ++i)
      at[i] = static_cast<std::int32_t>((static_cast<std::uint32_t>(at[i]) - less) << unused) >> unused;
  });
}

Tensor finished(const PsumTensor& psums, const Arithmetic& a) { return finish_all(psums, a); }
Tensor activate(const Tensor& input, const Arithmetic& a) { return finish_all(input, a); }
Tensor max_pool(const LayerNest& l, const Tensor& input) { return maxima(l, input); }
PsumTensor max_pool(const LayerNest& l, const PsumTensor& input) { return maxima(l, input); }

/// A quotient that lies this near to a half may round otherwise after roots than after a power: their relative error
/// is below 2^-50, and no quotient is above 2^15 by more.
static constexpr double kDoubtful = 0x1p-30;

Tensor lrn(const Layer& layer, const Tensor& input, Bits output) {
  const double unit = 256.0 / static_cast<double>(std::int64_t{1} << (output.count() - 1));
  const double scale = layer.lrn_alpha / static_cast<double>(layer.lrn_size);
  const bool by_roots = layer.lrn_beta == 0.75 && layer.lrn_k >= 1 && layer.lrn_alpha >= 0;
  Tensor out{input.shape()};
  const Shape& x = input.shape();
  const auto half = layer.lrn_size / 2;
  std::vector<std::int64_t> squares(static_cast<std::size_t>(x.w));
  std::vector<double> quotients(static_cast<std::size_t>(x.w));
  const auto width = static_cast<std::size_t>(x.w);
  for (std::int64_t n = 0; n < x.n; ++n)
    for (std::int64_t h = 0; h < x.h; ++h)
      for (std::int64_t c = 0; c < x.c; ++c) {
        std::ranges::fill(squares, 0);
        for (auto k = std::max<std::int64_t>(0, c - half); k <= std::min(x.c - 1, c + half); ++k) {
          const std::int16_t* in = input.data().data() + input.index(n, k, h, 0);
          std::int64_t* to = squares.data();
          with_vectors([=]() __attribute__((always_inline)) {
            for (std::size_t w = 0; w < width; ++w) to[w] += std::int32_t{in[w]} * in[w];
          });
        }
        const std::int16_t* in = input.data().data() + input.index(n, c, h, 0);
        std::int16_t* to = out.data().data() + out.index(n, c, h, 0);
        // Sums of squares of words are exact in a double too, whatever the unit (a power of two).
        const auto base = [&](std::size_t w) {
          return layer.lrn_k + scale * (static_cast<double>(squares[w]) * unit * unit);
        };
        const auto exactly = [&](std::size_t w) { return in[w] / std::pow(base(w), layer.lrn_beta); };
        for (std::size_t w = 0; w < width; ++w) {
          const double root = std::sqrt(base(w));
          quotients[w] = in[w] / (root * std::sqrt(root));
        }
        for (std::size_t w = 0; w < width; ++w) {
          const bool certain =
              by_roots && std::abs(std::abs(quotients[w] - std::trunc(quotients[w])) - 0.5) > kDoubtful;
          to[w] = static_cast<std::int16_t>(saturate(std::llround(certain ? quotients[w] : exactly(w)), output));
        }
      }
  return out;
}

}  // namespace eyrie::fast
