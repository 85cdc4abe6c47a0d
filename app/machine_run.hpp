#pragma once

// One prepared experiment, run: shared by `eyrie run` of one machine and of several.

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/options.hpp"

namespace eyrie {

/// Wall and CPU time since it was made.
class Stopwatch {
 public:
  Stopwatch();
  [[nodiscard]] double wall_s() const;
  [[nodiscard]] double cpu_s() const;  ///< of this process and its children that have ended

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  double cpu_before_;
};

/// An argument as a shell reads it back.
std::string quoted(const std::string& argument);
/// Options that change results, as they are given behind machine and workload.
std::string options_of(const Experiment&, const CommandLine&);

struct MachineRun {
  std::vector<LayerOutcome> outcomes;
  ExperimentResult result;
};

/// Simulates a prepared experiment whose layers all have mappings. Nothing after an interrupt, of which it tells on
/// stderr.
std::optional<MachineRun> run_machine(const PreparedExperiment&, const CommandLine&, const Recording*, const Stopwatch&,
                                      const std::function<bool()>& interrupted);

/// Writes `result.json`, `layers.csv` and, if there is anything to say, `area.csv` and `baselines.csv` to a folder; the
/// paths.
std::vector<std::string> write_result(const ExperimentResult&, const std::string& folder);

/// Exit code of a finished run: 1 if a layer could not go on, computed something else than the reference, or counted
/// something else than the closed form. Tells on stderr, each line after `who`.
int verdict(const ExperimentResult&, const std::string& who = {});
/// Exit code of a run whose targets must be met; as above.
int missed(const ExperimentResult&, const std::string& who = {});

/// What is called after a folder: its own name, whatever path leads to it.
std::string label_of_folder(const std::string& path);

}  // namespace eyrie
