#pragma once

// The figures of a design that a study knows: what objectives and constraints can name.

#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/quantities.hpp"
#include "report/experiment_result.hpp"

namespace eyrie {

/// Which way is better.
enum class Goal : std::uint8_t { Lower, Higher };
template <>
struct names<Goal> {
  static constexpr Name<Goal> table[] = {{"lower", Goal::Lower}, {"higher", Goal::Higher}};
};

struct Measure {
  std::string_view name, title, unit;
  Goal goal;
  Dimension dimension;  ///< of the figure in expressions
  double factor;        ///< base units of that dimension a `unit`
  std::optional<double> (*value)(const ExperimentResult&);
};

/// All, in the order of reports.
std::span<const Measure> measures();
/// Their names.
std::vector<std::string> measure_names();
/// By number in `measures`; nothing for what is not known.
using MeasureValues = std::vector<std::optional<double>>;
MeasureValues measure(const ExperimentResult&);

/// Several networks as one: the geometric mean, so that a small network counts as much as a large one; of what all have
/// in common (area) its value. Nothing where one is missing or not above 0.
MeasureValues mean_of(const std::vector<MeasureValues>&);

/// The value of a figure as constraints have it.
AnyQuantity quantity_of(const Measure&, double value);
/// Adds the figures that are known, each by its name.
void add_figures(const MeasureValues&, std::map<std::string, AnyQuantity>& named);

}  // namespace eyrie
