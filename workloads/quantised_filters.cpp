#include "workloads/quantised_filters.hpp"

#include <algorithm>
#include <cmath>

#include "workloads/magnitudes.hpp"
#include "workloads/threads.hpp"

namespace eyrie {

namespace {

/// Filters of zeros count nothing, even where one bit cannot hold a zero.
constexpr float kScaleOfZeros = 1e-20F;

double mean_magnitude(std::span<const float> numbers) {
  double sum = 0;
  for (const float v : numbers) sum += std::abs(v);
  return sum / static_cast<double>(std::max<std::size_t>(1, numbers.size()));
}

/// The scale and the words of one run of numbers that share them.
float quantise_run(std::span<const float> numbers, const WordPrecision& p, double least,
                   std::span<std::int32_t> words) {
  const bool one_bit = p.weights == Bits{1};
  const auto most = one_bit ? 1 : (std::int64_t{1} << (p.weights.count() - 1)) - 1;
  double scale = one_bit                     ? mean_magnitude(numbers)
                 : p.range == RangeRule::Mse ? best_range(numbers, most) / static_cast<double>(most)
                                             : largest_magnitude(numbers) / static_cast<double>(most);
  scale = std::max(scale, least);
  const auto s = scale > 0 ? static_cast<float>(scale) : kScaleOfZeros;
  if (!(s > 0) || !std::isfinite(s)) return s;  // no words: the caller says so
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const double word = one_bit ? (numbers[i] < 0 ? -1 : 1) : std::nearbyint(static_cast<double>(numbers[i]) / s);
    const auto end = static_cast<double>(most);
    words[i] = static_cast<std::int32_t>(std::clamp(word, -end, end));
  }
  return s;
}

}  // namespace

QuantisedFilters quantised_filters(std::span<const float> weights, std::int64_t channels, const WordPrecision& p,
                                   bool per_channel, std::span<const double> least, unsigned jobs) {
  const auto runs = static_cast<std::size_t>(per_channel ? channels : 1), each = weights.size() / runs;
  QuantisedFilters all{.scales = std::vector<float>(runs), .words = std::vector<std::int32_t>(weights.size())};
  const auto floor_of = [&](std::size_t run) {
    if (least.empty()) return 0.0;
    return per_channel ? least[run] : std::ranges::max(least);
  };
  in_threads(jobs, runs, [&](std::size_t run) {
    all.scales[run] = quantise_run(weights.subspan(run * each, each), p, floor_of(run),
                                   std::span{all.words}.subspan(run * each, each));
  });
  return all;
}

std::int64_t largest_psum(const std::vector<std::int32_t>& words, std::int64_t channels, std::int64_t largest_input) {
  const auto each = std::ssize(words) / channels;
  std::int64_t most = 0;
  for (std::int64_t m = 0; m < channels; ++m) {
    std::int64_t sum = 0;
    for (std::int64_t i = 0; i < each; ++i) sum += std::abs(words[static_cast<std::size_t>(m * each + i)]);
    most = std::max(most, sum);
  }
  return most * largest_input;
}

}  // namespace eyrie
