#pragma once

// Answers of scenarios, as values; their JSON form is the public schema eyrie.scenario/1 (docs/scenarios.md).

#include <optional>
#include <string>
#include <vector>

#include "explore/big_little.hpp"
#include "explore/offload.hpp"

namespace eyrie {

inline constexpr const char* kScenarioSchema = "eyrie.scenario/1";

/// A network that a scenario rests on, and how far it is the published one.
struct ScenarioWorkload {
  std::string name, provenance, source;
};

/// What every scenario says of itself.
struct ScenarioHead {
  std::string name, title;
  std::vector<ScenarioWorkload> workloads;
  std::vector<StatedFigure> figures;      ///< all numbers of the file that are no result
  std::vector<std::string> not_modelled;  ///< layers that count as free somewhere: "prob (softmax), on the device"
};

/// A time within which results are wanted.
struct Deadline {
  Seconds value{};
  bool require = false;  ///< missing it is a failure
};

/// One answer of kind `offload`.
struct OffloadAnswer {
  ScenarioHead head;
  std::string workload, machine;
  OffloadNetwork network;
  OffloadTerms terms;
  OffloadObjective objective = OffloadObjective::DeviceEnergy;
  std::optional<Deadline> deadline;
  std::vector<OffloadOption> options;
  std::vector<OffloadPlan> prefixes;

  [[nodiscard]] std::string best() const;  ///< name of the option that is best by the objective
  [[nodiscard]] const OffloadPlan& best_plan() const;
  /// Does the best option meet the deadline at the percentile? True if there is none.
  [[nodiscard]] bool deadline_met() const;
};

/// One way to run the big network, weighed.
struct BigAnswer {
  BigOption option;
  BigLittleFigures at_share, big_only;
  std::vector<BigLittleFigures> sweep;
  LargestShares largest;
};

/// One answer of kind `big_little`.
struct BigLittleAnswer {
  ScenarioHead head;
  LittleHalf little;
  double share = 0;
  std::string share_origin;  ///< "given" or how it was derived
  BigLittleTargets targets;
  bool require = false;
  std::vector<BigAnswer> big;

  /// Does some way to run the big network meet all targets at the share? True if there are none.
  [[nodiscard]] bool targets_met() const;
};
/// The same for one of them: latency at the percentile, mean energy.
bool meets(const BigLittleFigures&, const BigLittleTargets&);

/// Indented, ends with a newline.
std::string to_json(const OffloadAnswer&);
std::string to_json(const BigLittleAnswer&);
/// A row an option and a row a prefix; a row a share. RFC 4180.
std::string to_csv(const OffloadAnswer&);
std::string to_csv(const BigLittleAnswer&);
/// For a terminal of 120 columns.
std::string to_table(const OffloadAnswer&);
std::string to_table(const BigLittleAnswer&);

}  // namespace eyrie
