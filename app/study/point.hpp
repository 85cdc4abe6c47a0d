#pragma once

// One point of a study: a network on a machine, as a pure function of what is asked.

#include <memory>
#include <string>
#include <vector>

#include "app/catalogue.hpp"
#include "app/study/closed_form.hpp"
#include "explore/study/store.hpp"
#include "report/experiment_result.hpp"

namespace eyrie {

/// What is asked. It crosses process and machine boundaries as text.
struct PointTask {
  std::string experiment;              ///< a file of kind `experiment`, or a name of one; empty: what ships as defaults
  std::vector<std::string> overrides;  ///< `PATH=VALUE` of architecture, workload, energy_table, dataflow, experiment
  PointFidelity fidelity = PointFidelity::Closed;
  bool operator==(const PointTask&) const = default;
};
std::string to_text(const PointTask&);
PointTask point_task_from_text(const std::string&);

/// The experiment of a task, with overrides that are not of the experiment itself.
struct AskedPoint {
  Experiment experiment;
  std::vector<std::string> overrides;
};
AskedPoint asked_of(const PointTask&, const Catalogue&);

/// What is known of a point before it is computed.
struct PointPlan {
  std::string digest;                      ///< of the full input and the fidelity
  PointStatus status = PointStatus::Done;  ///< Illegal: it cannot be computed, `reason` tells why
  std::string reason;
  std::optional<double> area_mm2;  ///< of the machine
};

/// Computes points in this process. What points have in common is kept between them.
class PointComputer {
 public:
  explicit PointComputer(const Catalogue& catalogue) : catalogue_{catalogue} {}
  /// Never throws but for bugs of ours.
  PointPlan plan(const PointTask&);
  /// The point with its result. `memory`: what it may take; none: what there is. Never throws.
  StoredPoint compute(const PointTask&, std::optional<Bytes> memory);
  /// The result as a value, for callers that want more than figures. InputError where there is none.
  ExperimentResult result(const PointTask&, std::optional<Bytes> memory);

 private:
  const Catalogue& catalogue_;
  DataMemo memo_;
};

/// What is wrong, in one line: places without folders, the first problem, and how many more there are.
std::string in_one_line(const InputError&);

}  // namespace eyrie
