#pragma once

// How much memory simulating a layer takes, told beforehand. No SystemC here.

#include "arch/architecture.hpp"
#include "base/units.hpp"
#include "dataflows/mapping.hpp"
#include "workloads/nest.hpp"

namespace eyrie {

/// Bytes that `simulate` takes at most for a legal mapping of this layer, its operands and its answer included: both,
/// the tiles in the buffers, a plan for every shape that a pass can have, and what making the largest plan takes
/// besides. Costs as much as unrolling one PE's part of a pass.
Bytes simulation_memory(const LayerNest&, const Architecture&, const Mapping&);

}  // namespace eyrie
