#pragma once

#include <map>
#include <string>
#include <string_view>

namespace eyrie {

/// Where a sum lies, in the unit of what was summed.
struct Interval {
  double low = 0, high = 0;
  bool operator==(const Interval&) const = default;
};

/// How far a sum of figures may be off, when figures of one source are wrong together and sources are wrong apart.
///
/// A figure `v` known within a factor `w` lies between v / w and v w. Figures of one source share their error: they
/// are all at the low or all at the high end, and their distances from `v` add. Sources are independent: their
/// distances add as squares. No shape of a distribution is taken beyond that; an interval is no confidence level.
class SumOfSources {
 public:
  /// Adds a figure of a source, known within the factor `within` >= 1.
  void add(std::string_view source, double value, double within);
  /// All figures of a source together are known within this factor, whatever each of them is.
  void know_sum(std::string_view source, double within);

  [[nodiscard]] double total() const;
  [[nodiscard]] Interval interval() const;
  /// Of the figures of one source; {0, 0} if there is none.
  [[nodiscard]] Interval interval_of(std::string_view source) const;
  [[nodiscard]] std::map<std::string, double, std::less<>> by_source() const;

 private:
  struct Source {
    double value = 0, below = 0, above = 0;  ///< the sum, and how far down and up it may be off
    double sum_within = 0;                   ///< 0: not known
    [[nodiscard]] Interval distances() const;
  };
  std::map<std::string, Source, std::less<>> sources_;
};

}  // namespace eyrie
