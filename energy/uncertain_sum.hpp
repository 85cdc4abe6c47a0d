#pragma once

#include <map>
#include <string>
#include <string_view>

namespace eyrie {

/// What a value may be at least and at most.
struct Interval {
  double low = 0, high = 0;
  bool operator==(const Interval&) const = default;
};

/// Between value / within and value x within.
Interval interval_of(double value, double within);

/// A sum of figures with sources. Figures of one source are wrong together: what they may be too small (or too large)
/// by adds up. Sources are wrong each for itself: what they may be off by adds as squares. A source of which the sum is
/// known better (or worse) than its figures is off by that.
class UncertainSum {
 public:
  /// `value` >= 0 may be `within` times too small or too large; `within` >= 1.
  void add(std::string_view source, double value, double within);
  /// All that the source adds may be, in sum, `within` times too small or too large.
  void know(std::string_view source, double within);
  [[nodiscard]] double total() const { return total_; }
  [[nodiscard]] double total_of(std::string_view source) const;
  [[nodiscard]] Interval interval() const;

 private:
  struct OfSource {
    double total = 0, below = 0, above = 0;  ///< below, above: what it may be off by
  };
  std::map<std::string, OfSource, std::less<>> sources_;
  double total_ = 0;
};

}  // namespace eyrie
