#pragma once

// What a run is asked to reach, and how long a battery lasts.

#include <optional>
#include <string>
#include <vector>

#include "base/fields.hpp"

namespace eyrie {

struct ExperimentResult;

/// Whether energies have DRAM in them.
enum class Basis : std::uint8_t { WithDram, Chip };
template <>
struct names<Basis> {
  static constexpr Name<Basis> table[] = {{"with_dram", Basis::WithDram, "energy and power with DRAM"},
                                          {"chip", Basis::Chip, "energy and power of the chip alone"}};
};

/// What is asked; each one only if it is there.
struct Targets {
  std::optional<double> tops_per_w, latency_ms, energy_per_inference_uj, inferences_per_s, power_mw;
  Basis basis = Basis::WithDram;
  Place where;
  [[nodiscard]] bool empty() const {
    return !tops_per_w && !latency_ms && !energy_per_inference_uj && !inferences_per_s && !power_mw;
  }
};
void describe(Fields&, Targets&);
/// What a run is judged by that names no targets: 1 TOP/W with DRAM.
Targets standard_targets();

/// One target and what became of it.
struct TargetVerdict {
  std::string name, unit;
  bool at_least = true;  ///< else at most
  double wanted = 0, ours = 0;
  bool met = false;
  double margin = 0;  ///< distance to what was wanted, as a share of it; negative if missed
  std::string basis;  ///< "with DRAM", "chip only", or "time" of what no energy is in
};
/// In the order of `Targets`. A run in which a layer is stuck, or that had none on the machine, meets nothing. Latency
/// is that of the whole batch.
std::vector<TargetVerdict> judge(const Targets&, const ExperimentResult&);
/// "tops_per_w: 0.0033 TOP/W with DRAM, at least 1 wanted, missed by 99.7 %".
std::string to_text(const TargetVerdict&);

/// A battery and how often it is asked for an inference.
struct Battery {
  double capacity_mah = 0;
  Volts voltage{};
  std::optional<double> inferences_per_hour;
  std::optional<double> duty;  ///< instead: share of time in which inferences run
  Milliwatts idle_power{};     ///< of all that the battery feeds, while nothing runs
  Basis basis = Basis::WithDram;
  Place where;
};
void describe(Fields&, Battery&);

/// capacity x voltage over the average of the run's power and idle power. A battery's own losses are not in it.
struct BatteryLife {
  Battery asked;
  double energy_j = 0;          ///< that the battery holds
  double duty = 0;              ///< share of time with inferences; above 1 they cannot be done
  double average_power_mw = 0;  ///< 0 if they cannot be done
  double hours = 0;             ///< 0 if they cannot be done
  double inferences = 0;        ///< in all that time
  double most_per_hour = 0;     ///< that this machine can do
  [[nodiscard]] bool possible() const { return duty <= 1; }
};
/// Nothing if no layer ran, or one is stuck.
std::optional<BatteryLife> life_of(const Battery&, const ExperimentResult&);
std::string to_text(const BatteryLife&);

/// What is wrong with either beyond single values.
void check(const Targets&, Diagnostics&);
void check(const Battery&, Diagnostics&);

}  // namespace eyrie
