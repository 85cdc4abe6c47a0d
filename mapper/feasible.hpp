#pragma once

// Is there any legal mapping at all? Decided without a search, because the smallest choice is the best one:
// - Every dimension may be done element by element, one PE's at a time, unless the dataflow wants it whole. No other
//   choice takes fewer columns or rows, smaller parts of a PE or smaller passes, and it leaves no gaps. So columns and
//   `x` never stand in the way.
// - For each order of a PE's keeps one nest has the smallest tiles: every dimension is cut as far out as it may be.
// - Only outputs that pass by their buffer ask for more: a pass has all of C, R and S then, in a PE or along y.

#include "arch/architecture.hpp"
#include "dataflows/dataflow.hpp"
#include "mapper/options.hpp"
#include "workloads/nest.hpp"

namespace eyrie {

/// What mappings are sought for.
struct MapProblem {
  LayerNest layer;
  Architecture machine;
  Dataflow dataflow;
  Space space = Space::Ragged;
};

/// True if and only if `search_mapping` finds a mapping when no limit is put on its cycles. False too if the PEs don't
/// know the layer's operation.
bool feasible(const MapProblem&);

}  // namespace eyrie
