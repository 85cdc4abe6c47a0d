#pragma once

#include "dataflows/mapping.hpp"
#include "mapper/cost.hpp"

namespace eyrie {

/// Of mappings that cost the same, one whose tiles are larger and move less often: buffers' keeps go outwards over the
/// loops before them while that is legal, costs nothing and is expected to save cycles (DRAM's latency, mostly).
Mapping settled(Mapping, const LayerNest&, const Architecture&, const DataFacts&, const Pricing&);

}  // namespace eyrie
