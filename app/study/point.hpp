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
/// The same, with all its files read.
struct AskedPrepared {
  AskedPoint asked;
  PreparedExperiment prepared;
};

/// What a process that computes points is taken to hold beside the point itself, so that whether a point has memory
/// enough does not depend on what was computed before it.
inline constexpr Bytes kWorkerMemory{128 * 1024 * 1024};

/// What is known of a point before it is computed.
struct PointPlan {
  /// SHA-256 of the full input, a dash, the fidelity: the same input in both fidelities is seen to be the same.
  std::string digest;
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
  /// The point with its result and the digest of the input that it was computed from (none if that could not be read).
  /// `memory`: what it may take; none: what there is. Never throws.
  StoredPoint compute(const PointTask&, std::optional<Bytes> memory);
  /// The result as a value, for callers that want more than figures. InputError where there is none.
  ExperimentResult result(const PointTask&, std::optional<Bytes> memory);

 private:
  ExperimentResult result_of(AskedPrepared&, PointFidelity, std::optional<Bytes> memory);
  const Catalogue& catalogue_;
  DataMemo memo_;
};

/// What is wrong, in one line: places without folders, the first problem, and how many more there are.
std::string in_one_line(const InputError&);

}  // namespace eyrie
