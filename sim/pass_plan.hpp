#pragma once

// What the array does in a pass of a given shape: which PEs work on what, which word goes to whom in which order, which
// PEs pass psums to which. Computed once per shape and used for every pass that has it; addresses are relative to the
// pass's place in the tiles.

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/pe_program.hpp"
#include "sim/step_schedule.hpp"

namespace eyrie::sim {

/// Nominal shape of the tiles in the buffers, for addresses: element (i...) of a tile lies at the row-major index.
struct TileStrides {
  std::array<std::int64_t, 5> input{};   ///< g n c row column
  std::array<std::int64_t, 5> weight{};  ///< g m c r s
  std::array<std::int64_t, 5> output{};  ///< g n m p q
  std::array<std::int64_t, 3> words{};   ///< size of each tile, by Operand
};
TileStrides tile_strides(const Mapping&, const LayerNest&, const Architecture&);

/// Words that leave a buffer together, all to the same PEs.
struct Beat {
  std::int32_t first = 0;  ///< in the stream's addresses
  std::int32_t words = 0;
  std::int32_t to = 0;  ///< destination set, or chain
};

/// Words of one tensor in the order in which a network sends them.
struct DeliverPlan {
  std::vector<std::int64_t> addresses;
  std::vector<Beat> beats;
  std::vector<std::vector<std::int32_t>> destinations;  ///< numbers of PEs in the plan
};

/// PEs of one column whose psums are summed on the way up. Psums enter at the bottom and leave at the top.
struct Chain {
  std::vector<std::int32_t> pes;        ///< bottom first
  std::vector<std::int64_t> addresses;  ///< of its psums, in order
  std::vector<std::int32_t> windows;    ///< psums of each window
};

struct PlannedPe {
  std::int64_t row = 0, column = 0;
  std::size_t program = 0;
  std::int32_t chain = 0;
  std::int64_t input_base = 0, weight_base = 0;  ///< of its part in the tiles
};

/// Where the words of a program lie, relative to a PE's part, in order of arrival.
struct PlannedWords {
  std::vector<std::int64_t> input, weight;
  std::size_t slots = 0;  ///< psums of its largest window
};

struct PassPlan {
  std::vector<PeProgram> programs;
  std::vector<PlannedWords> words;  ///< per program
  std::vector<PlannedPe> pes;
  std::vector<Chain> chains;
  DeliverPlan inputs, weights;   ///< of autonomous PEs
  std::vector<Beat> psum_beats;  ///< of autonomous PEs: how psums come in: to = chain, first = index into its addresses
  StepSchedule schedule;         ///< of PEs in lockstep
  Extents extent;                ///< of the pass
};

/// Plans a pass of these extents. The mapping is legal.
PassPlan plan_pass(const Mapping&, const LayerNest&, const Architecture&, const Extents& pass, const TileStrides&);

}  // namespace eyrie::sim
