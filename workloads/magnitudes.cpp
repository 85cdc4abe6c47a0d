#include "workloads/magnitudes.hpp"

#include <algorithm>
#include <cmath>

namespace eyrie {

namespace {

/// Candidates are 2^(1/8) apart and end at 1/32 of the largest magnitude.
constexpr int kCandidates = 41;

template <class Error>
double least_error(double largest, Error error) {
  double best = largest, least = error(largest);
  for (int k = 1; k < kCandidates; ++k) {
    const double range = largest * std::exp2(-k / 8.0), e = error(range);
    if (e < least) {
      least = e;
      best = range;
    }
  }
  return best;
}

}  // namespace

void Magnitudes::add(std::span<const float> numbers) {
  double most = 0;
  for (const float v : numbers) most = std::max<double>(most, std::abs(v));
  if (most > largest_) {
    largest_ = most;
    grow(most);
  }
  for (const float v : numbers) {
    if (v == 0) {
      ++zeros_;
      continue;
    }
    ++others_;
    const auto bin = static_cast<std::size_t>(std::abs(v) / width_);
    ++bins_[std::min(bin, kBins - 1)];
  }
}

/// Bins reach at least to `beyond` then.
void Magnitudes::grow(double beyond) {
  if (bins_.empty()) {
    bins_.assign(kBins, 0);
    width_ = beyond / static_cast<double>(kBins);
  }
  while (width_ * static_cast<double>(kBins) < beyond) {
    for (std::size_t i = 0; i < kBins / 2; ++i) bins_[i] = bins_[2 * i] + bins_[2 * i + 1];
    std::fill(bins_.begin() + kBins / 2, bins_.end(), 0);
    width_ *= 2;
  }
}

double Magnitudes::zero_share() const {
  return count() == 0 ? 0 : static_cast<double>(zeros_) / static_cast<double>(count());
}

/// The upper end of the first bin up to which `percent` of all numbers lie, zeros among them.
double Magnitudes::percentile(double percent) const {
  const double wanted = percent / 100 * static_cast<double>(count());
  auto below = static_cast<double>(zeros_);
  for (std::size_t i = 0; i < bins_.size(); ++i) {
    below += static_cast<double>(bins_[i]);
    if (bins_[i] > 0 && below >= wanted) return std::min(largest_, width_ * static_cast<double>(i + 1));
  }
  return largest_;
}

/// Of rounding and clipping. Numbers stand in the middle of their bins where steps are wider than those; narrower steps
/// leave step^2 / 12.
double Magnitudes::squared_error(double range, std::int64_t most) const {
  const double step = range / static_cast<double>(most);
  double sum = 0;
  for (std::size_t i = 0; i < bins_.size(); ++i) {
    if (bins_[i] == 0) continue;
    const double x = (static_cast<double>(i) + 0.5) * width_;
    const double e = x > range       ? x - range
                     : step > width_ ? x - std::fmin(std::nearbyint(x / step), static_cast<double>(most)) * step
                                     : step / std::sqrt(12.0);
    sum += static_cast<double>(bins_[i]) * e * e;
  }
  return sum;
}

double Magnitudes::range(const WordPrecision& p, std::int64_t most) const {
  if (p.range == RangeRule::Max || largest_ == 0) return largest_;
  if (p.range == RangeRule::Percentile) return percentile(p.percentile);
  return least_error(largest_, [&](double range) { return squared_error(range, most); });
}

double largest_magnitude(std::span<const float> numbers) {
  float most = 0;
  for (const float v : numbers) most = std::max(most, std::abs(v));
  return most;
}

double best_range(std::span<const float> numbers, std::int64_t most) {
  // Adding and taking away 1.5 x 2^23 rounds a float below 2^22 to nearest even, and vectors can do it.
  constexpr float kRound = 12582912.0F;
  return least_error(largest_magnitude(numbers), [&](double range) {
    const auto step = static_cast<float>(range / static_cast<double>(most)), end = static_cast<float>(most);
    double sum = 0;
    for (std::size_t from = 0; from < numbers.size(); from += 256) {
      float part[8] = {};
      const auto to = std::min(numbers.size(), from + 256);
      for (std::size_t i = from; i < to; ++i) {
        const float x = std::abs(numbers[i]) / step;
        const float e = x - std::min((std::min(x, end + 1) + kRound) - kRound, end);
        part[i % 8] += e * e;
      }
      for (const float v : part) sum += v;
    }
    return sum * step * step;
  });
}

}  // namespace eyrie
