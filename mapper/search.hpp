#pragma once

// The best legal mapping of a layer, with proof: branch and bound over the options of each dimension inside a pass, and
// for each pass over the loops outside of it.

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "arch/architecture.hpp"
#include "dataflows/closed_form.hpp"
#include "dataflows/dataflow.hpp"
#include "dataflows/mapping.hpp"
#include "mapper/cost.hpp"
#include "mapper/options.hpp"

namespace eyrie {

enum class Objective : std::uint8_t { Energy, Cycles, Edp, Front };
template <>
struct names<Objective> {
  static constexpr Name<Objective> table[] = {{"energy", Objective::Energy, "least energy, then fewest cycles"},
                                              {"cycles", Objective::Cycles, "fewest cycles, then least energy"},
                                              {"edp", Objective::Edp, "least energy x cycles"},
                                              {"front", Objective::Front, "all that no other beats in both"}};
};

/// What is sought, and how long.
struct MapQuestion {
  Objective objective = Objective::Energy;
  std::optional<Cycles> cycle_limit;  ///< only mappings whose cycle bound is within it
  Space space = Space::Ragged;
  std::size_t keep = 1;  ///< how many of the best to keep (all of the front)
  /// Partial choices after which a search stops with the best that it has met, if it has met any; 0: none. The answer
  /// depends on nothing else, as it would on time.
  std::int64_t node_limit = 0;
};

/// How much of the mapspace was looked at, and why the rest was not.
struct MapProof {
  double log10_space = 0;         ///< inner mappings x orders of keeps x loop orders outside, before any rule
  std::int64_t nodes = 0;         ///< partial choices entered
  std::int64_t passes = 0;        ///< whole inner choices (shapes of a pass and a PE)
  std::int64_t nests = 0;         ///< whole mappings weighed
  std::int64_t array_full = 0;    ///< partial choices dropped: more columns or rows than there are
  std::int64_t bound_cut = 0;     ///< dropped: no completion can be better than the best known
  std::int64_t spads_full = 0;    ///< dropped: no nest of a PE's part fits the spads
  std::int64_t buffers_full = 0;  ///< dropped: one pass doesn't fit the buffers
  std::int64_t gaps = 0;          ///< dropped: remainders would leave gaps in psum chains
  double root_bound = 0;          ///< of the objective, before the search
  double lower_bound = 0;         ///< of the objective, in the end
  bool complete = true;           ///< false: stopped early, lower_bound < best
};

/// One mapping with its cost in closed form.
struct MapCandidate {
  Mapping mapping;
  MapCost cost;
  double score = 0;  ///< of the objective: pJ, cycles, pJ x cycles; for the front pJ
};

struct MapAnswer {
  std::vector<MapCandidate> best;  ///< best first; the front by rising energy; empty: nothing is legal
  MapProof proof;
};

/// Called now and then with the best score and the bound on all that is not yet explored; false stops the search.
using MapProgress = std::function<bool(double best, double bound)>;

/// Needs at least one option in every dimension; where there is none, or nothing fits, `best` is empty and `why_not`
/// tells why.
MapAnswer search_mapping(const LayerNest&, const Architecture&, const Dataflow&, const DataFacts&, const Pricing&,
                         const MapQuestion&, const MapProgress& progress = {});

/// The number that an objective minimises.
double score_of(Objective, const MapCost&);

}  // namespace eyrie
