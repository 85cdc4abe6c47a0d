#pragma once

// What can be seen of an array in one cycle. No SystemC here.

#include <array>
#include <cstdint>
#include <vector>

#include "sim/layer_result.hpp"

namespace eyrie::sim {

struct PeView {
  Cause cause = Cause::Unmapped;
  std::int32_t psum = 0;                                        ///< that left it last in this pass
  std::int32_t input_fifo = 0, weight_fifo = 0, psum_fifo = 0;  ///< words that wait at its inputs
  std::int32_t input_spad = 0, weight_spad = 0;                 ///< words that are still to be used
};

struct NetworkView {
  bool busy = false;       ///< words leave its buffer (for a collecting one: arrive there)
  std::int64_t words = 0;  ///< so far in the layer
};

struct ArrayView {
  std::vector<PeView> pes;        ///< row-major; empty for an array in lockstep
  std::array<NetworkView, 3> in;  ///< by Operand
  NetworkView out;
  Cause cause = Cause::PassBarrier;  ///< of an array in lockstep, for its PEs with work
  std::int64_t step = 0;             ///< of an array in lockstep: made so far in the pass
};

}  // namespace eyrie::sim
