#pragma once

// Finished runs side by side, as their result.json tells them.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "report/stored_json.hpp"

namespace eyrie {

inline constexpr const char* kComparisonSchema = "eyrie.comparison/1";

/// Which of two figures is ahead.
enum class Ahead : std::uint8_t { Lower, Higher };
template <>
struct names<Ahead> {
  static constexpr Name<Ahead> table[] = {{"lower", Ahead::Lower}, {"higher", Ahead::Higher}};
};

/// A row of the comparison. Its name is the key in `totals` of a result, its unit that key's.
struct ComparedFigure {
  std::string_view name, title, unit;
  Ahead ahead = Ahead::Lower;
  std::string_view key;  ///< path in a result
};
/// All rows, in their order.
std::span<const ComparedFigure> compared_figures();

/// What became of a target, as in the result.
struct ComparedTarget {
  std::string name, unit, bound, basis;
  double wanted = 0, ours = 0, margin = 0;
  bool met = false;
  bool operator==(const ComparedTarget&) const = default;
};

/// A baseline beside a run, as in the result.
struct ComparedBaseline {
  std::string name, kind, comparison, label;
  std::optional<double> speedup, energy_ratio, energy_ratio_chip;
  bool operator==(const ComparedBaseline&) const = default;
};

struct ComparedRun {
  std::string label, directory;
  std::string architecture, workload;
  std::int64_t batch = 1;
  std::vector<std::string> on_host;   ///< layers that the machine cannot do; no figure contains them
  std::vector<std::string> left_out;  ///< layers that were not run
  bool sound = false;                 ///< all ofmaps equal the reference, all counts the closed form, no layer stuck
  std::vector<std::optional<double>> values;  ///< by `compared_figures`
  std::vector<ComparedTarget> targets;
  std::vector<ComparedBaseline> baselines;
  /// The same work was asked: figures can be ranked. What of it went to the host is told beside.
  [[nodiscard]] bool does_as(const ComparedRun& o) const {
    return workload == o.workload && batch == o.batch && left_out == o.left_out;
  }
};

/// A run from its result. InputError for keys that are missing or of another type.
ComparedRun compared_run(const StoredJson& result, std::string label, std::string directory);

/// A scenario beside the runs; it has a page, and no row.
struct ComparedScenario {
  std::string label, directory, kind, name;
};
ComparedScenario compared_scenario(const StoredJson& scenario, std::string label, std::string directory);

struct Comparison {
  std::string name;
  std::vector<ComparedRun> runs;
  std::vector<ComparedScenario> scenarios;

  /// Is a run the best of those that do the same work, of which there are several with this figure? Ties are all best;
  /// a run that is not sound is not ranked.
  [[nodiscard]] bool is_best(std::size_t run, std::size_t figure) const;
};

/// Of the runs that do the same work as the first of them.
struct Winners {
  std::size_t figure = 0;         ///< in `compared_figures`
  std::vector<std::size_t> runs;  ///< in Comparison::runs
};
std::vector<Winners> winners(const Comparison&);

/// The schema eyrie.comparison/1 (docs/comparisons.md).
std::string to_json(const Comparison&);
/// One row a run, units in the column names, RFC 4180.
std::string to_csv(const Comparison&);
/// For a terminal of 120 columns, a column a run; as many tables as that takes.
std::string to_table(const Comparison&);
std::string to_markdown(const Comparison&);

}  // namespace eyrie
