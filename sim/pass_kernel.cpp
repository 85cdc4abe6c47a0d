#include "sim/pass_kernel.hpp"

#include <algorithm>

#include "sim/row_kernel.hpp"

namespace eyrie::sim {

using enum Dim;

PassKernel::PassKernel(const LayerNest& l, const TileStrides& strides, const PeSetting& setting)
    : layer_{l}, strides_{strides}, setting_{setting} {}

const PassKernel::Taps& PassKernel::taps(const Extents& pass) {
  Extents window;
  for (Dim d : {C, R, S}) window[d] = pass[d];
  for (const auto& [extents, taps] : known_)
    if (extents == window) return taps;
  Taps t;
  for (std::int64_t c = 0; c < pass[C]; ++c)
    for (std::int64_t r = 0; r < pass[R]; ++r)
      for (std::int64_t s = 0; s < pass[S]; ++s) {
        t.input.push_back(c * strides_.input[2] + r * layer_.dilation.rows * strides_.input[3] +
                          s * layer_.dilation.columns * strides_.input[4]);
        t.weight.push_back(c * strides_.weight[2] + r * strides_.weight[3] + s * strides_.weight[4]);
      }
  t.weights_in_row = true;
  for (std::size_t k = 0; k < t.weight.size(); ++k)
    t.weights_in_row = t.weights_in_row && t.weight[k] == static_cast<std::int64_t>(k);
  known_.emplace_back(window, std::move(t));
  return known_.back().second;
}

void PassKernel::gather(const std::int16_t* from, const std::vector<std::int64_t>& at,
                        std::vector<std::int16_t>& into) const {
  into.resize(at.size());
  for (std::size_t k = 0; k < at.size(); ++k) into[k] = from[at[k]];
}

namespace {

/// Sum of products, each cut by `shift`; wraps.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
[[gnu::target_clones("avx2", "default")]]
#endif
std::int32_t
dot(const std::int16_t* x, const std::int16_t* w, std::size_t n, int shift) {
  std::uint32_t sum = 0;
  for (std::size_t k = 0; k < n; ++k) sum += static_cast<std::uint32_t>((std::int32_t{x[k]} * w[k]) >> shift);
  return static_cast<std::int32_t>(sum);
}

/// What a pool makes of a window.
std::int32_t reduced(const std::vector<std::int16_t>& window, const PeSetting& setting) {
  std::int32_t value = psum_identity(setting.reduction, setting.arithmetic.widths);
  for (const std::int32_t x : window)
    add_row(&value, 1, x, nullptr, 0, setting.reduction, setting.arithmetic.product_shift);
  return value;
}

}  // namespace

std::int64_t PassKernel::run(const Extents& pass, const PassWords& words) {
  const Taps& at = taps(pass);
  const bool weights = words.weight != nullptr;
  const bool gates = setting_.zero_gating && weights;
  const auto width = setting_.arithmetic.widths.psum;
  const auto identity = psum_identity(setting_.reduction, setting_.arithmetic.widths);
  std::int64_t gated = 0;
  // Filters that don't lie in a row in their tile are put in one, once a pass.
  std::vector<const std::int16_t*> filters(static_cast<std::size_t>(pass[M]));
  std::vector<std::int16_t> rows;
  for (std::int64_t g = 0; g < pass[G]; ++g) {
    if (weights) {
      const auto taps_each = at.weight.size();
      if (!at.weights_in_row) rows.resize(taps_each * filters.size());
      for (std::size_t m = 0; m < filters.size(); ++m) {
        const auto* from = words.weight + g * strides_.weight[0] + static_cast<std::int64_t>(m) * strides_.weight[1];
        filters[m] = from;
        if (at.weights_in_row) continue;
        gather(from, at.weight, filter_);
        std::ranges::copy(filter_, rows.begin() + static_cast<std::ptrdiff_t>(m * taps_each));
        filters[m] = rows.data() + m * taps_each;
      }
    }
    for (std::int64_t n = 0; n < pass[N]; ++n)
      for (std::int64_t p = 0; p < pass[P]; ++p)
        for (std::int64_t q = 0; q < pass[Q]; ++q) {
          gather(words.input + g * strides_.input[0] + n * strides_.input[1] +
                     p * layer_.stride.rows * strides_.input[3] + q * layer_.stride.columns * strides_.input[4],
                 at.input, window_);
          if (gates) gated += std::ranges::count(window_, 0) * pass[M];
          std::int32_t* out = words.output + g * strides_.output[0] + n * strides_.output[1] + p * strides_.output[3] +
                              q * strides_.output[4];
          for (std::size_t m = 0; m < filters.size(); ++m, out += strides_.output[2]) {
            const std::int32_t own =
                weights ? dot(window_.data(), filters[m], window_.size(), setting_.arithmetic.product_shift)
                        : reduced(window_, setting_);
            *out = joined(own, words.read_psums ? *out : identity, setting_.reduction, width);
          }
        }
  }
  return gated;
}

}  // namespace eyrie::sim
