#pragma once

// Rows of suites beside our figures: who is inside its tolerance, and what the others could be explained by.

#include <optional>
#include <string>
#include <vector>

#include "app/validate/measure.hpp"

namespace eyrie {

/// What our figure would be without one of its parts.
struct Suspect {
  std::string part;
  double value = 0;    ///< of the part, in the column's unit
  double without = 0;  ///< our figure less that part
};

/// One published number beside ours.
struct RowVerdict {
  std::string experiment, layer, column, unit, origin, source, note;
  Confidence confidence = Confidence::SeenInText;
  double published = 0, ours = 0;
  std::string tolerance;
  bool judged = true, inside = true;
  std::vector<Suspect> explanations;  ///< of a row outside: parts as large as a tenth of the difference or larger

  [[nodiscard]] double difference() const { return ours - published; }
  /// (ours - published) / published; nothing if nothing was published but 0.
  [[nodiscard]] std::optional<double> error() const;
};

/// A suite with its verdicts.
struct SuiteVerdict {
  std::string name, title, source, about;
  std::vector<RowVerdict> rows;
  std::vector<NotReproduced> not_reproduced;
  std::vector<std::string> troubles;  ///< experiments that failed, and why: their rows have no figure of ours
  double wall_s = 0;
  [[nodiscard]] std::size_t judged() const;
  [[nodiscard]] std::size_t inside() const;  ///< of those judged
  [[nodiscard]] bool holds() const { return troubles.empty() && judged() == inside(); }
};

/// Experiments of a suite, in its order.
using OpenSuite = std::vector<std::unique_ptr<MeasuredExperiment>>;

/// Reads a suite's experiments and says, as InputError and all at once, which of its rows ask for what is not there.
/// Nothing is measured.
OpenSuite open_suite(const Suite&, const Catalogue&);

/// Measures every experiment that has a check and compares. An experiment without a legal mapping, or that simulated
/// something wrong, has no figures, and the verdict says so. Nothing if interrupted.
std::optional<SuiteVerdict> validate(const Suite&, const OpenSuite&, const MeasureOptions&);

}  // namespace eyrie
