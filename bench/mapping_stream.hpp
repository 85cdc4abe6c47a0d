#pragma once

// Many different legal mappings of one layer, as a walk through a design space meets them.

#include <vector>

#include "arch/architecture.hpp"
#include "dataflows/dataflow.hpp"
#include "dataflows/mapping.hpp"

namespace eyrie::bench {

/// `count` different mappings of a dataflow that legality accepts, the same each time: PE parts, spreads, spad nests
/// and buffer tiles drawn from all that the mapper weighs. std::runtime_error if there are not as many.
std::vector<Mapping> mapping_stream(const LayerNest&, const Architecture&, const Dataflow&, std::size_t count);

}  // namespace eyrie::bench
