#pragma once

// The mapspace walked mapping by mapping: no bound, no lemma, no dominance. For spaces small enough, it tells what the
// search must find. It shares the rules of legality and the closed form with the search and nothing else.

#include <cstdint>
#include <optional>
#include <vector>

#include "mapper/search.hpp"

namespace eyrie {

/// Everything legal in a mapspace, weighed.
struct Exhausted {
  std::vector<MapCost> front;  ///< by rising energy: what no other mapping beats in both
  double best_energy = 0;      ///< pJ
  double best_cycles = 0;
  double best_edp = 0;        ///< pJ x cycles
  std::int64_t inner = 0;     ///< nests of passes and PEs that were weighed
  std::int64_t outer = 0;     ///< sequences of loops and keeps outside of passes that were weighed
  std::int64_t mappings = 0;  ///< legal pairs of the two
};

/// Walks the space of `search_mapping` for the same arguments: every option of every dimension; inside a PE every order
/// of its loops, every place of the keeps and every cut of windows, as long as each psum and filter word comes to a PE
/// once a pass; outside every order of loops whose trips divide the passes, at most `loops` a dimension, and every
/// place of the keeps. Nothing if that would be more than `most` nests on either side.
std::optional<Exhausted> exhaust(const LayerNest&, const Architecture&, const Dataflow&, const DataFacts&,
                                 const Pricing&, Space, int loops, std::int64_t most);

}  // namespace eyrie
