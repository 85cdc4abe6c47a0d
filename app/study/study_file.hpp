#pragma once

// Files of kind `study` (docs/explore.md).

#include <optional>
#include <string>
#include <vector>

#include "app/experiment.hpp"
#include "app/study/point.hpp"
#include "explore/study/parameters.hpp"

namespace eyrie {

/// Which designs are looked at.
enum class StrategyKind : std::uint8_t { Grid, Random, LatinHypercube, Nsga2 };
template <>
struct names<StrategyKind> {
  static constexpr Name<StrategyKind> table[] = {
      {"grid", StrategyKind::Grid, "all of them"},
      {"random", StrategyKind::Random, "so many, each equally likely"},
      {"latin_hypercube", StrategyKind::LatinHypercube, "so many, spread evenly over the values of each parameter"},
      {"nsga2", StrategyKind::Nsga2, "a genetic search for the front of the objectives (Deb et al. 2002)"}};
};

struct Strategy {
  StrategyKind kind = StrategyKind::Grid;
  std::int64_t designs = 0;  ///< of a sample
  std::int64_t population = 40, generations = 10;
};

/// Which designs are simulated once all are known in closed form.
struct SimulateRequest {
  bool front = true;         ///< those of the front
  double within = 0;         ///< per cent: also those that would be on it if they were so much better
  std::int64_t sample = 16;  ///< so many others, at random, to know the closed form's error
};

/// A file of kind `study`.
struct StudyFile {
  std::string kind = "study", name, title, experiment, architecture, dataflow;
  std::vector<std::string> workloads, set, constraints, objectives;
  std::optional<std::int64_t> batch, seed;
  std::optional<Objective> objective;
  std::optional<PrecisionRequest> precision;
  std::vector<StudyParameter> parameters;
  Strategy strategy;
  std::optional<SimulateRequest> simulate;
};
void describe(Fields&, StudyFile&);

/// A study as it is run.
struct Study {
  std::string name, title, architecture, strategy_text;
  std::vector<std::string> workloads;       ///< as the file has them: results do not depend on where it lies
  std::vector<std::string> workload_files;  ///< the same, to be opened from any folder
  std::string experiment;                   ///< the base, or empty
  std::vector<std::string> overrides;       ///< of every point, before those of its parameters
  ParameterSpace space;
  std::vector<std::size_t> objectives;  ///< in `measures`
  Strategy strategy;
  std::optional<SimulateRequest> simulate;
  std::int64_t seed = 1;
  std::string text, place;                   ///< of the file
  std::vector<std::string> extra_overrides;  ///< of the command line

  /// Designs are found one generation after the other.
  [[nodiscard]] bool is_search() const { return strategy.kind == StrategyKind::Nsga2; }
  /// What is asked for one network of a design.
  [[nodiscard]] PointTask task(const Design&, std::size_t workload, PointFidelity) const;
};

/// Reads and checks a study: names of objectives and parameters, values, expressions, constraints, the files that it
/// names. All that is wrong is one InputError. `overrides` are the command line's --set.
Study read_study(const YamlDocument&, const std::vector<std::string>& overrides, const Catalogue&);

/// Reads a study and the first of its designs, for each network. Throws InputError if anything in it is wrong.
void check_study(const YamlDocument&, const Catalogue&);

/// All designs of a grid or a sample, in order. InputError if no combination keeps the constraints, or if a grid has
/// more than a million.
std::vector<Choice> choices_of(const Study&);

}  // namespace eyrie
