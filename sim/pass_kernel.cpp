#include "sim/pass_kernel.hpp"

#include <algorithm>

#include "sim/row_kernel.hpp"

namespace eyrie::sim {

using enum Dim;

PassKernel::PassKernel(const LayerNest& l, const TileStrides& strides, const PeSetting& setting)
    : PassKernel{l, strides, setting, lane_mode(setting.arithmetic.product_shift, setting.arithmetic.widths.psum)} {}

PassKernel::PassKernel(const LayerNest& l, const TileStrides& strides, const PeSetting& setting, LaneMode mode)
    : layer_{l},
      strides_{strides},
      setting_{setting},
      mode_{mode},
      identity_{psum_identity(setting.reduction, setting.arithmetic.widths)},
      gates_{setting.zero_gating && !setting.weight_gating && l.has_weights()},
      gates_weights_{setting.weight_gating && l.has_weights()} {}

const PassKernel::Shape& PassKernel::shape_of(const Extents& pass) {
  for (const auto& s : known_)
    if (s->extent == pass) return *s;
  known_.push_back(std::make_unique<Shape>());
  Shape& s = *known_.back();
  s.extent = pass;
  s.taps = tap_addresses(pass, layer_, strides_);
  s.by_position = pass[P] * pass[Q] >= kLanes / 2 || !layer_.has_weights();
  if (s.by_position) s.packed = PackedTile{pass, layer_, strides_, layer_.has_weights() && in_pairs(mode_)};
  return s;
}

GatedSlots PassKernel::run(const Extents& pass, const PassWords& words) {
  const Shape& s = shape_of(pass);
  if (!words.weight) {
    pools(s, words);
    return {};
  }
  const GatedSlots known = gates_weights_ ? gated(s, words) : GatedSlots{};
  const auto lanes = [&] {
    if (s.by_position) return by_position(s, words);
    const auto* filters = filters_in_lanes(s, words);
    return filters ? by_filter(s, words, *filters) : by_tap(s, words);
  };
  const auto by_input = lanes();
  return gates_weights_ ? known : GatedSlots{.all = by_input};
}

/// Where zero filter words are gated: a tap's zeros among filters, and among the words that they meet.
GatedSlots PassKernel::gated(const Shape& s, const PassWords& words) const {
  const auto& e = s.extent;
  const auto positions = e[N] * e[P] * e[Q];
  GatedSlots slots;
  for (std::int64_t g = 0; g < e[G]; ++g)
    for (std::size_t tap = 0; tap < s.taps.weight.size(); ++tap) {
      std::int64_t weights = 0, inputs = 0;
      const std::int16_t* weight = words.weight + g * strides_.weight[0] + s.taps.weight[tap];
      for (std::int64_t m = 0; m < e[M]; ++m) weights += weight[m * strides_.weight[1]] == 0 ? 1 : 0;
      if (setting_.zero_gating)
        for (std::int64_t n = 0; n < e[N]; ++n)
          for (std::int64_t p = 0; p < e[P]; ++p)
            for (std::int64_t q = 0; q < e[Q]; ++q)
              inputs += words.input[g * strides_.input[0] + n * strides_.input[1] +
                                    p * layer_.stride.rows * strides_.input[3] +
                                    q * layer_.stride.columns * strides_.input[4] + s.taps.input[tap]] == 0
                            ? 1
                            : 0;
      slots.all += inputs * e[M] + weights * (positions - inputs);
      slots.by_weight += weights * (positions - inputs);
    }
  return slots;
}

/// Filters side by side, for lanes; null while that is not worth while.
const std::vector<std::int16_t>* PassKernel::filters_in_lanes(const Shape& s, const PassWords& words) {
  if (mode_ == LaneMode::Plain || s.extent[M] < kLanes / 2) return nullptr;
  if (weight_tile_ != words.weight_tile) in_lanes_.clear();
  weight_tile_ = words.weight_tile;
  const auto it =
      std::ranges::find_if(in_lanes_, [&](const InLanes& f) { return f.shape == &s && f.weight == words.weight; });
  if (it == in_lanes_.end()) {
    in_lanes_.push_back({.shape = &s, .weight = words.weight, .filters = {}});
    return nullptr;
  }
  if (it->filters.empty()) {
    const auto lanes = ceil_div(s.extent[M], kLanes) * kLanes, taps = std::ssize(s.taps.weight);
    it->filters.resize(static_cast<std::size_t>(s.extent[G] * taps * lanes));
    for (std::int64_t g = 0; g < s.extent[G]; ++g)
      for (std::int64_t m = 0; m < s.extent[M]; ++m) {
        const auto* from = words.weight + g * strides_.weight[0] + m * strides_.weight[1];
        auto* to = it->filters.data() + g * taps * lanes + m;
        for (const auto at : s.taps.weight) {
          *to = from[at];
          to += lanes;
        }
      }
  }
  return &it->filters;
}

/// A few filters, tap by tap, as the lanes want them.
void PassKernel::pack_filters(const Shape& s, const std::int16_t* weight, std::int64_t first, int filters) {
  const auto& at = s.taps.weight;
  const auto window = static_cast<std::size_t>(s.extent[R] * s.extent[S]);
  const bool pairs = in_pairs(mode_);
  packed_filters_.resize(s.packed.offsets().size() * static_cast<std::size_t>(filters));
  for (int f = 0; f < filters; ++f) {
    const std::int16_t* from = weight + (first + f) * strides_.weight[1];
    std::int32_t* to = packed_filters_.data() + f;
    for (std::size_t k = 0; k < s.packed.offsets().size(); ++k, to += filters) {
      const auto own = pairs ? k / window * 2 * window + k % window : k;
      const auto word = static_cast<std::uint16_t>(from[at[own]]);
      const bool alone = pairs && own + window >= at.size();
      const auto other = !pairs ? word : alone ? std::uint16_t{0} : static_cast<std::uint16_t>(from[at[own + window]]);
      *to = static_cast<std::int32_t>(static_cast<std::uint32_t>(word) | static_cast<std::uint32_t>(other) << 16);
    }
  }
}

/// Psums of one channel to the tile.
void PassKernel::put(const Shape& s, const std::int32_t* sums, std::int32_t* output, bool read_psums) const {
  const auto unused = 32 - static_cast<int>(setting_.arithmetic.widths.psum.count());
  for (std::int64_t p = 0; p < s.extent[P]; ++p) {
    const std::int32_t* own = sums + p * s.packed.width();
    std::int32_t* out = output + p * strides_.output[3];
    for (std::int64_t q = 0; q < s.extent[Q]; ++q) {
      const auto sum = static_cast<std::uint32_t>(own[q]) + (read_psums ? static_cast<std::uint32_t>(out[q]) : 0U);
      out[q] = static_cast<std::int32_t>(sum << unused) >> unused;
    }
  }
}

std::int64_t PassKernel::by_position(const Shape& s, const PassWords& words) {
  const auto& offsets = s.packed.offsets();
  TapRun run{.input = nullptr,
             .offsets = offsets.data(),
             .taps = std::ssize(offsets),
             .weights = nullptr,
             .filters = 0,
             .shift = setting_.arithmetic.product_shift,
             .sums = nullptr,
             .pitch = ceil_div(s.packed.positions(), kLanes) * kLanes,
             .positions = s.packed.positions()};
  const auto images = s.extent[N];
  const auto image_words = s.packed.words();
  input_.resize(image_words * static_cast<std::size_t>(images));
  sums_.resize(static_cast<std::size_t>(run.pitch) * kFilters);
  run.sums = sums_.data();
  std::int64_t gated = 0;
  for (std::int64_t g = 0; g < s.extent[G]; ++g) {
    for (std::int64_t n = 0; n < images; ++n) {
      std::int16_t* packed = input_.data() + static_cast<std::size_t>(n) * image_words;
      s.packed.pack(words.input + g * strides_.input[0] + n * strides_.input[1], packed);
      if (gates_) gated += s.packed.zero_slots(packed) * s.extent[M];
    }
    for (std::int64_t m = 0; m < s.extent[M]; m += kFilters) {
      run.filters = static_cast<int>(std::min<std::int64_t>(kFilters, s.extent[M] - m));
      pack_filters(s, words.weight + g * strides_.weight[0], m, run.filters);
      run.weights = packed_filters_.data();
      for (std::int64_t n = 0; n < images; ++n) {
        run.input = input_.data() + static_cast<std::size_t>(n) * image_words;
        sum_taps(mode_, run);
        std::int32_t* out = words.output + g * strides_.output[0] + n * strides_.output[1] + m * strides_.output[2];
        for (int f = 0; f < run.filters; ++f, out += strides_.output[2])
          put(s, run.sums + f * run.pitch, out, words.read_psums);
      }
    }
  }
  return gated;
}

/// Few positions and many filters that stay.
std::int64_t PassKernel::by_filter(const Shape& s, const PassWords& words, const std::vector<std::int16_t>& filters) {
  const auto lanes = ceil_div(s.extent[M], kLanes) * kLanes;
  FilterRun run{.offsets = s.taps.input.data(),
                .taps = std::ssize(s.taps.input),
                .filters = lanes,
                .shift = setting_.arithmetic.product_shift};
  sums_.resize(static_cast<std::size_t>(lanes));
  run.sums = sums_.data();
  std::int64_t gated = 0;
  for (std::int64_t g = 0; g < s.extent[G]; ++g) {
    run.weights = filters.data() + g * run.taps * lanes;
    for (std::int64_t n = 0; n < s.extent[N]; ++n)
      for (std::int64_t p = 0; p < s.extent[P]; ++p)
        for (std::int64_t q = 0; q < s.extent[Q]; ++q) {
          run.input = words.input + g * strides_.input[0] + n * strides_.input[1] +
                      p * layer_.stride.rows * strides_.input[3] + q * layer_.stride.columns * strides_.input[4];
          if (gates_)
            for (const auto at : s.taps.input) gated += run.input[at] == 0 ? s.extent[M] : 0;
          sum_filters(mode_, run);
          std::int32_t* out = words.output + g * strides_.output[0] + n * strides_.output[1] + p * strides_.output[3] +
                              q * strides_.output[4];
          for (std::int64_t m = 0; m < s.extent[M]; ++m, out += strides_.output[2])
            *out = joined(sums_[static_cast<std::size_t>(m)], words.read_psums ? *out : identity_, setting_.reduction,
                          setting_.arithmetic.widths.psum);
        }
  }
  return gated;
}

static void gather(const std::int16_t* from, const std::vector<std::int64_t>& at, std::int16_t* into) {
  for (std::size_t k = 0; k < at.size(); ++k) into[k] = from[at[k]];
}

/// Few positions and many taps, as in fully connected layers.
std::int64_t PassKernel::by_tap(const Shape& s, const PassWords& words) {
  const auto& at = s.taps;
  const auto taps = at.weight.size();
  const auto filters = s.extent[M];
  window_.resize(taps);
  if (!at.weights_in_row) filters_.resize(taps * static_cast<std::size_t>(filters));
  std::int64_t gated = 0;
  for (std::int64_t g = 0; g < s.extent[G]; ++g) {
    const std::int16_t* first = words.weight + g * strides_.weight[0];
    if (!at.weights_in_row)
      for (std::int64_t m = 0; m < filters; ++m)
        gather(first + m * strides_.weight[1], at.weight, filters_.data() + static_cast<std::size_t>(m) * taps);
    for (std::int64_t n = 0; n < s.extent[N]; ++n)
      for (std::int64_t p = 0; p < s.extent[P]; ++p)
        for (std::int64_t q = 0; q < s.extent[Q]; ++q) {
          gather(words.input + g * strides_.input[0] + n * strides_.input[1] +
                     p * layer_.stride.rows * strides_.input[3] + q * layer_.stride.columns * strides_.input[4],
                 at.input, window_.data());
          if (gates_) gated += std::ranges::count(window_, 0) * filters;
          std::int32_t* out = words.output + g * strides_.output[0] + n * strides_.output[1] + p * strides_.output[3] +
                              q * strides_.output[4];
          for (std::int64_t m = 0; m < filters; ++m, out += strides_.output[2]) {
            const std::int16_t* filter = at.weights_in_row ? first + m * strides_.weight[1]
                                                           : filters_.data() + static_cast<std::size_t>(m) * taps;
            const auto own = dot(mode_, window_.data(), filter, std::ssize(window_), setting_.arithmetic.product_shift);
            *out =
                joined(own, words.read_psums ? *out : identity_, setting_.reduction, setting_.arithmetic.widths.psum);
          }
        }
  }
  return gated;
}

namespace {

void maximum(std::int32_t* sums, const std::int16_t* x, std::int64_t n) {
  for (std::int64_t j = 0; j < n; ++j) sums[j] = std::max<std::int32_t>(sums[j], x[j]);
}
void total(std::int32_t* sums, const std::int16_t* x, std::int64_t n, int shift) {
  for (std::int64_t j = 0; j < n; ++j) sums[j] += x[j] >> shift;
}

void total(std::int32_t* sums, const std::int16_t* numbers, std::int64_t n, const std::int32_t* terms) {
  for (std::int64_t j = 0; j < n; ++j) sums[j] += terms[numbers[j]];
}

}  // namespace

/// Maxima and sums.
void PassKernel::pools(const Shape& s, const PassWords& words) {
  const bool maxima = setting_.reduction == Reduction::Maximum;
  const std::int32_t* terms = terms_of(setting_.arithmetic);
  const auto positions = s.packed.positions();
  input_.resize(s.packed.words());
  sums_.resize(static_cast<std::size_t>(positions));
  for (std::int64_t g = 0; g < s.extent[G]; ++g)
    for (std::int64_t n = 0; n < s.extent[N]; ++n) {
      s.packed.pack(words.input + g * strides_.input[0] + n * strides_.input[1], input_.data());
      std::ranges::fill(sums_, identity_);
      for (const auto offset : s.packed.offsets())
        if (maxima)
          maximum(sums_.data(), input_.data() + offset, positions);
        else if (terms)
          total(sums_.data(), input_.data() + offset, positions, terms);
        else
          total(sums_.data(), input_.data() + offset, positions, setting_.arithmetic.product_shift);
      for (std::int64_t p = 0; p < s.extent[P]; ++p)
        for (std::int64_t q = 0; q < s.extent[Q]; ++q) {
          const auto own = sums_[static_cast<std::size_t>(p * s.packed.width() + q)];
          for (std::int64_t m = 0; m < s.extent[M]; ++m) {
            std::int32_t& out = words.output[g * strides_.output[0] + n * strides_.output[1] + m * strides_.output[2] +
                                             p * strides_.output[3] + q * strides_.output[4]];
            out = joined(own, words.read_psums ? out : identity_, setting_.reduction, setting_.arithmetic.widths.psum);
          }
        }
    }
}

}  // namespace eyrie::sim
