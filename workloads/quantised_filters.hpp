#pragma once

// Filters and biases as words.

#include <span>
#include <vector>

#include "workloads/precision_plan.hpp"

namespace eyrie {

/// What one channel (or one layer, without channels) of filters becomes.
struct QuantisedFilters {
  std::vector<float> scales;        ///< one, or one a channel
  std::vector<std::int32_t> words;  ///< as the numbers stood
};

/// `weights` of `channels` filters, one behind the other, at the bits of a precision: round(w / s) from -(2^(bits-1) -
/// 1) to 2^(bits-1) - 1; of one bit -1 or 1, s the mean magnitude (Rastegari et al., ECCV 2016, eq. 6). The range is
/// the largest magnitude, or with `RangeRule::Mse` the best one; filters are no samples, so a percentile is the largest
/// one too. `least` is the smallest scale that a channel may have, or empty. Filters of zeros have
/// that or one that counts nothing.
QuantisedFilters quantised_filters(std::span<const float> weights, std::int64_t channels, const WordPrecision&,
                                   bool per_channel, std::span<const double> least, unsigned jobs);

/// Most that the psums of any channel can be without their bias: the words' magnitudes times the largest input word.
std::int64_t largest_psum(const std::vector<std::int32_t>& words, std::int64_t channels, std::int64_t largest_input);

}  // namespace eyrie
