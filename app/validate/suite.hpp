#pragma once

// Published figures as data: a file of kind `validation` names experiments and, of each, what its source says that a
// column of the result should be.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/experiment.hpp"
#include "app/validate/tolerance.hpp"
#include "energy/energy_table.hpp"
#include "mapper/isca2016.hpp"

namespace eyrie {

/// How figures of ours come about.
enum class Gauge : std::uint8_t { Simulate, ClosedForm, Isca2016, Activity, SimdCore };
template <>
struct names<Gauge> {
  static constexpr Name<Gauge> table[] = {
      {"simulate", Gauge::Simulate, "the layers are mapped and simulated, as `eyrie run` does it"},
      {"closed_form", Gauge::ClosedForm, "the layers are mapped; words and cycle bounds follow without simulating"},
      {"isca2016", Gauge::Isca2016, "the analytic model of the ISCA 2016 Eyeriss paper, mapped by its own optimiser"},
      {"activity", Gauge::Activity, "a cycle in which the components do what `activity` states, priced; and peaks"},
      {"simd_core", Gauge::SimdCore, "tiled code on a core with short vectors, in closed form"}};
};

/// What a component does in a cycle.
struct CycleAction {
  std::string component;
  Operand tensor = Operand::Output;
  Action action = Action::Read;
  std::int64_t words = 0;
};

/// One thing to run.
struct SuiteExperiment {
  std::string name;
  Gauge gauge = Gauge::Simulate;
  Experiment run;                     ///< of isca2016: workload, batch, layers
  std::vector<std::string> set;       ///< PATH=VALUE, as `--set`
  isca2016::Dataflow dataflow{};      ///< of isca2016
  std::int64_t pes = 256;             ///< of isca2016
  std::string relative_to;            ///< the experiment that this one is compared with; of isca2016, empty: itself
  std::string baseline;               ///< of simd_core: which one
  std::vector<CycleAction> activity;  ///< of activity
  Place where;
};

/// One published number.
struct PublishedRow {
  std::string experiment;            ///< where it is not the check's
  std::string layer;                 ///< or `total`
  std::vector<std::string> geomean;  ///< instead: the geometric mean over these layers
  std::string label;                 ///< how the row is called; empty: by its layer
  double published = 0;
  double times = 1;  ///< ours is multiplied by this: what was published is so many times what was run
  std::optional<std::string> tolerance, source, note;  ///< where they differ from the check's
  std::optional<Confidence> confidence;
  Place where;
  [[nodiscard]] const std::string& name() const { return label.empty() ? layer : label; }
};

/// Published numbers of one column, of one experiment or of one a row.
struct Check {
  std::string experiment, column, source, note, tolerance;
  Confidence confidence = Confidence::SeenInText;
  std::vector<PublishedRow> rows;
  Place where;
  [[nodiscard]] Tolerance tolerance_of(const PublishedRow& r) const {
    return *parse_tolerance(r.tolerance.value_or(tolerance));
  }
  [[nodiscard]] const std::string& experiment_of(const PublishedRow& r) const {
    return r.experiment.empty() ? experiment : r.experiment;
  }
};

/// A published figure that no row stands for, and why.
struct NotReproduced {
  std::string what, reason;
};

struct Suite {
  std::string kind = "validation", name, title, source, about;
  std::vector<SuiteExperiment> experiments;
  std::vector<Check> checks;
  std::vector<NotReproduced> not_reproduced;
  Place where;
};
void describe(Fields&, Suite&);

/// Reads and checks a suite: experiments named once, every check's experiment there, tolerances that can be read. Paths
/// count from its folder. All errors at once as InputError. Whether layers and columns exist is the gauges' to say.
Suite read_suite(const YamlDocument&);

}  // namespace eyrie
