#pragma once

// Values of which little is measured: what was known before, and what the measurements say, weighed by how sure each
// is.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace eyrie {

/// constant + slope . x, with a slope for each term.
struct Affine {
  double constant = 0;
  std::vector<double> slope;
  [[nodiscard]] double operator()(std::span<const double> x) const;
  Affine& operator+=(const Affine&);
};

/// A positive value, known before as `value` within a factor: the prior of its logarithm is normal.
struct Prior {
  double value = 1;
  double factor = 2;  ///< above 1; one standard deviation
};

/// A measurement of part(x) / whole(x), normal.
struct Measurement {
  Affine part, whole;
  double published = 0;
  double width = 1;  ///< one standard deviation
  [[nodiscard]] double operator()(std::span<const double> x) const { return part(x) / whole(x); }
};

/// The most probable values.
struct MapFit {
  std::vector<double> x;          ///< a value for each prior
  std::vector<double> moved;      ///< from its prior, in standard deviations of it
  std::vector<double> remaining;  ///< standard deviation left, in those of the prior: 1 where the data say nothing
  double prior_cost = 0, data_cost = 0;  ///< sums of squared standard deviations
  double steepest = 0;                   ///< largest slope of the cost left, by `moved`
  std::size_t starts = 0, evaluations = 0;
  double disagreement = 0;  ///< between the optima of all starts: the largest difference in `moved`
  bool converged = false;   ///< flat, the same from every start, and nothing is as far off as kFarthest
};

/// No prior is off by so many standard deviations: a fit that moves a term so far has not converged.
inline constexpr double kFarthest = 8;

/// Minimises prior_cost + data_cost from the priors and from `starts` - 1 random points up to 3 standard deviations
/// off.
MapFit fit(const std::vector<Prior>&, const std::vector<Measurement>&, std::size_t starts = 16);

}  // namespace eyrie
