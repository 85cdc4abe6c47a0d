#pragma once

// The part of a nest that runs inside one PE, unrolled once for a PE tile's extents: which words it needs in which
// order, runs of MACs, and where psums leave. PEs with equal extents share a program.

#include <array>
#include <cstdint>
#include <vector>

#include "arch/architecture.hpp"
#include "dataflows/mapping.hpp"
#include "workloads/nest.hpp"

namespace eyrie::sim {

/// A run of MACs in consecutive issue slots: word numbers and psum slots advance by fixed steps. Word numbers count the
/// PE's arrivals in a pass.
struct Row {
  std::int32_t input = 0, input_step = 0;
  std::int32_t weight = 0, weight_step = 0;  ///< unused without weights
  std::int32_t slot = 0, slot_step = 0;
  std::int32_t length = 0;
  std::int32_t step = 0;  ///< of its first MAC among the steps of the frame, in which gaps may lie between rows
  std::int32_t inputs_dead = 0, weights_dead = 0;  ///< words so far, in any order, that are not used after this row
  bool opens_window = false;                       ///< psum slots start anew before it
  std::int32_t leaves = 0;                         ///< psums that leave after it, slots 0 to leaves - 1
};

/// Where a word lies relative to the PE's part of the tile.
struct WordAt {
  std::int64_t batch =
      0;  ///< number of the tile load (of the window, for outputs) that it belongs to, the same across PEs
  std::array<std::int32_t, 5> at{};  ///< input: g n c row column; weight: g m c r s; output: g n m p q
};

struct PeProgram {
  std::vector<Row> rows;
  std::vector<WordAt> inputs;   ///< in order of arrival
  std::vector<WordAt> weights;  ///< in order of arrival
  std::vector<WordAt> outputs;  ///< in order of leaving
};

/// What stays the same for all PE programs of a mapping.
struct PeNest {
  std::vector<NestEntry> entries;     ///< temporal loops and spad keeps inside the spatial loops
  std::vector<std::int64_t> trips;    ///< nominal, per entry
  std::array<std::size_t, 3> keep{};  ///< entry of each tensor's spad; entries.size() if it has none
};
PeNest pe_nest(const Mapping&, const LayerNest&, const Architecture&);

/// The order in which the loops inside a spad's keep walk along a word's coordinates, the slowest first, as indices
/// into (g, n, c, row, column) and (g, m, c, r, s). Words of a tile are brought in this order by every PE, so that PEs
/// that share words agree.
std::array<int, 5> input_coordinate_order(const PeNest&);
std::array<int, 5> weight_coordinate_order(const PeNest&);

/// Unrolls the nest for a PE tile of these extents. Steps are numbered as a PE whose tile is `frame`, at least as
/// large, makes them: one a MAC of it.
PeProgram compile_pe(const PeNest&, const LayerNest&, const Extents& tile, const Extents& frame);
PeProgram compile_pe(const PeNest&, const LayerNest&, const Extents& tile);

}  // namespace eyrie::sim
