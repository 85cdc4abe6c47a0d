#pragma once

// What single changes to a machine are worth: gains in time and energy, and the area that they cost (docs/whatif.md).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/fields.hpp"
#include "explore/study/measures.hpp"
#include "explore/study/store.hpp"

namespace eyrie {

inline constexpr const char* kWhatIfSchema = "eyrie.whatif/1";

/// One change, as overrides that make it.
struct MachineChange {
  std::string name, title;
  std::vector<std::string> set;  ///< `PATH=VALUE` as of --set
  std::string impossible;        ///< why there is no such change, as of half a word; empty: there is
};

/// What is known of the area that a change takes.
enum class AreaKnowledge : std::uint8_t { Known, AtLeast, NotPriced, Unknown };
template <>
struct names<AreaKnowledge> {
  static constexpr Name<AreaKnowledge> table[] = {
      {"known", AreaKnowledge::Known, "the difference of both machines' areas, or none: it is not on the chip"},
      {"at_least", AreaKnowledge::AtLeast, "the energy table has no area of a part that changes with it"},
      {"not_priced", AreaKnowledge::NotPriced, "the energy table's areas do not follow what is changed"},
      {"unknown", AreaKnowledge::Unknown, "the energy table has no areas"}};
};

/// A machine's area by its table, in mm2 and nothing where the table has none; components without a figure.
struct MachineArea {
  std::optional<double> mm2;
  std::vector<std::string> unknown;
};

struct AreaChange {
  AreaKnowledge knowledge = AreaKnowledge::Unknown;
  double mm2 = 0;  ///< more (or less, below 0); of Known and AtLeast
};
/// What a change takes. `on_chip`: it changes what lies on the chip; `parts`: the components that do.
AreaChange area_change(const MachineArea& before, const MachineArea& after, bool on_chip,
                       const std::vector<std::string>& parts);

/// What changes are ranked by.
enum class RankBy : std::uint8_t { Edp, Latency, Energy };
template <>
struct names<RankBy> {
  static constexpr Name<RankBy> table[] = {{"edp", RankBy::Edp, "energy x latency"},
                                           {"latency", RankBy::Latency, "latency"},
                                           {"energy", RankBy::Energy, "energy"}};
};

/// Where a change stands, the best first.
enum class ChangeStanding : std::uint8_t { Free, Smaller, Paid, Unpriced, Trade, Same, Worse };
template <>
struct names<ChangeStanding> {
  static constexpr Name<ChangeStanding> table[] = {
      {"free", ChangeStanding::Free, "better, at no more area"},
      {"smaller", ChangeStanding::Smaller, "the same, at less area"},
      {"paid", ChangeStanding::Paid, "better, for area: by gain a mm2"},
      {"unpriced", ChangeStanding::Unpriced, "better, for area that is not known: by gain alone"},
      {"trade", ChangeStanding::Trade, "worse, at less area: by mm2 freed a loss"},
      {"same", ChangeStanding::Same, "the same, at no less area"},
      {"worse", ChangeStanding::Worse, "worse, at no less area"}};
};

/// Figures of a machine: of all networks (geometric mean), then of each.
struct MachineFigures {
  MeasureValues all;
  std::vector<MeasureValues> network;
};
MachineFigures machine_figures(std::vector<MeasureValues> networks);

/// Shares of the baseline's figure that a change saves; below 0 it costs more.
struct Gains {
  double cycles = 0, latency = 0, energy = 0, edp = 0;
  [[nodiscard]] double of(RankBy) const;
};

/// A change and what became of it.
struct ChangeOutcome {
  MachineChange change;
  PointStatus status = PointStatus::Done;  ///< of the worst of the networks
  std::string reason;                      ///< of one that is not done
  std::vector<std::string> commands;       ///< that repeat it, by network
  MachineFigures figures;
  AreaChange area;
  std::int64_t layers = 0, remapped = 0;  ///< on the PEs, of all networks; whose mapping is another than the baseline's
  std::int64_t not_proven = 0;            ///< layers whose search for a mapping stopped at its limit
  // From here on `rank` fills in.
  Gains gains;
  ChangeStanding standing = ChangeStanding::Same;
  /// Gains a mm2 added; nothing where no area is added or it is not known. Of AtLeast they are so at most.
  std::optional<double> latency_per_mm2, energy_per_mm2;
};

/// All that `eyrie whatif` finds.
struct WhatIf {
  std::string architecture, title, energy_table, objective;
  std::vector<std::string> workloads, overrides;
  std::int64_t batch = 1, seed = 1;
  PointFidelity fidelity = PointFidelity::Simulated;
  RankBy by = RankBy::Edp;
  MachineFigures baseline;
  std::optional<MachineFigures> baseline_simulated;  ///< beside a closed form
  std::int64_t baseline_not_proven = 0;              ///< as of a change
  MachineArea area;
  std::vector<std::string> commands;  ///< that run the baseline, a network each
  std::vector<ChangeOutcome> ranked;  ///< the best first
  std::vector<ChangeOutcome> failed;  ///< illegal machines, those without a mapping, ...; in the order of the changes
};

/// Gains below it, and losses, count as none: 0.05 %.
inline constexpr double kNoGain = 0.0005;

/// Fills in gains and standings against the baseline and puts all in order; those that are not done go to `failed`.
void rank(WhatIf&, std::vector<ChangeOutcome>);

std::string to_table(const WhatIf&);
std::string to_markdown(const WhatIf&);
std::string to_csv(const WhatIf&);
std::string to_json(const WhatIf&);

}  // namespace eyrie
