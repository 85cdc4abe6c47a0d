#pragma once

#include <string>
#include <vector>

#include "arch/architecture.hpp"
#include "interchange/scalesim_config.hpp"
#include "interchange/scalesim_topology.hpp"
#include "workloads/network.hpp"

namespace eyrie {

/// Words a cycle of the DRAM link where SCALE-Sim assumes as many as it takes (CALC): more than an array of 4096 x 4096
/// PEs has edges for.
inline constexpr WordsPerCycle kScaleSimUnlimited{1 << 20};

/// The machine of a configuration: a lockstep array with a skew of a cycle a row and a column, folds that pass the
/// whole array and don't overlap, a double-buffered SRAM for each tensor, networks as wide as the array's edge, DRAM
/// without latency. SCALE-Sim counts words and not bits: `word` (2 to 16) is the width of all of them.
Architecture scalesim_architecture(const ScaleSimConfig&, Bits word);

/// The layers of a topology, each with a network input of its own, without biases. Windows that hang over the IFMAP's
/// end, which SCALE-Sim counts, are padding there.
NetworkFile scalesim_workload(const ScaleSimTopology&);

/// The same as files, with a comment that says where they come from.
std::string scalesim_architecture_text(const ScaleSimConfig&, Bits word);
std::string scalesim_workload_text(const ScaleSimTopology&);

/// What SCALE-Sim doesn't say and `scalesim_architecture` has chosen, a line each.
std::vector<std::string> scalesim_choices(const ScaleSimConfig&, Bits word);

}  // namespace eyrie
