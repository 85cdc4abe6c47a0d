#pragma once

// Runs and what they gave, to be compared with what they give later: the baseline of `eyrie regress`. Its JSON form is
// the schema eyrie.regression/1 (docs/regress.md).

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "report/experiment_result.hpp"
#include "report/stored_json.hpp"

namespace eyrie {

inline constexpr const char* kRegressionSchema = "eyrie.regression/1";

/// What `eyrie run` was asked, as its options have it; empty: not said. Files are named by a path from the baseline's
/// folder that begins with `./` or `../` (or `/`); everything else is a name of what ships.
struct AskedRun {
  std::string experiment, architecture, workload, mappings, dataflow, input, calibration;
  std::string objective, space, host, precision;  ///< as the options of these names spell them
  std::optional<std::int64_t> batch, seed;
  std::vector<std::string> layers, set;
  bool operator==(const AskedRun&) const = default;
};

/// A row of a layer's counts. Components, tensors and actions are words: an older file may have others.
struct RecordedCount {
  std::string component, tensor, action;
  std::int64_t words = 0, bytes = 0;
  bool operator==(const RecordedCount&) const = default;
};

/// A line of a layer's energy; lines of one name are one.
struct RecordedEnergy {
  std::string component, tensor, action;
  double pj = 0;
  bool operator==(const RecordedEnergy&) const = default;
};

struct RecordedLayer {
  std::string name, op, place = "machine";  ///< of one that is elsewhere nothing more is known
  std::string mapping;                      ///< its nest as YAML on one line
  std::string ofmap;                        ///< digest of the words, 16 hexadecimal digits
  std::int64_t macs = 0, passes = 0, active_pes = 0, cycles = 0, processing_cycles = 0;
  std::vector<std::pair<std::string, std::int64_t>> stack;  ///< PE-cycles by cause
  std::vector<RecordedCount> counts;
  std::vector<RecordedEnergy> energy;
  std::string reason;   ///< why it is elsewhere; of a fresh run only
  std::string trouble;  ///< why its figures cannot be relied on; of a fresh run only
  [[nodiscard]] bool on_machine() const { return place == name_of(PlaceOf::Machine); }
  bool operator==(const RecordedLayer&) const = default;
};

struct RecordedTotals {
  std::int64_t macs = 0, cycles = 0, processing_cycles = 0;
  double energy_pj = 0, energy_chip_pj = 0;
  bool operator==(const RecordedTotals&) const = default;
};

/// An experiment: what was asked, and what it gave.
struct RecordedRun {
  std::string name;
  AskedRun asked;
  std::vector<RecordedLayer> layers;
  RecordedTotals totals;
  std::string failure;  ///< why there is no result; of a fresh run only
  /// Failure and troubles, a line each; none: what it gave can be a baseline.
  [[nodiscard]] std::vector<std::string> troubles() const;
  bool operator==(const RecordedRun&) const = default;
};

struct Regression {
  std::vector<RecordedRun> experiments;
  [[nodiscard]] const RecordedRun* find(const std::string& name) const;
  bool operator==(const Regression&) const = default;
};

/// What a result comes to.
RecordedRun recorded(std::string name, AskedRun, const ExperimentResult&);

/// Deterministic text; layers with a line for their sizes and times, one for the mapping, one for cycles by cause, and
/// one a component for counts and one for energies.
std::string to_json(const Regression&);

/// Reads what `to_json` wrote. All that is wrong goes to the diagnostics with its place: keys that are missing, unknown
/// or of another type, figures that no run gives, names that stand twice.
Regression read_regression(const StoredJson&, Diagnostics&);

}  // namespace eyrie
