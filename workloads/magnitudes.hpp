#pragma once

// The magnitudes that a tensor's numbers have, and the range that words should cover.

#include <cstdint>
#include <span>
#include <vector>

#include "workloads/precision_plan.hpp"

namespace eyrie {

/// A histogram of |x| whose bins double when a number lies beyond them: one look at the numbers is enough, and what was
/// seen first makes no difference beyond the width of a bin (at most 1/1024 of the largest). Exact zeros are counted
/// apart.
class Magnitudes {
 public:
  static constexpr std::size_t kBins = 2048;

  void add(std::span<const float>);
  [[nodiscard]] double largest() const { return largest_; }
  [[nodiscard]] std::int64_t count() const { return zeros_ + others_; }
  /// 0 of no numbers.
  [[nodiscard]] double zero_share() const;
  /// What the words -`most` to `most` (or 0 to `most`) shall reach to, by a rule; 0 if all numbers are zeros.
  [[nodiscard]] double range(const WordPrecision&, std::int64_t most) const;

 private:
  void grow(double beyond);
  [[nodiscard]] double percentile(double percent) const;
  [[nodiscard]] double squared_error(double range, std::int64_t most) const;

  std::vector<std::int64_t> bins_;
  double width_ = 0, largest_ = 0;
  std::int64_t zeros_ = 0, others_ = 0;
};

/// The range with the least squared error for these very numbers: the largest magnitude times 2^(-k/8), k = 0 to 40.
double best_range(std::span<const float>, std::int64_t most);
double largest_magnitude(std::span<const float>);

}  // namespace eyrie
