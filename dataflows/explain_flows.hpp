#pragma once

// Internal to dataflows: the rows of an explanation, one a tensor and boundary.

#include <vector>

#include "dataflows/explain.hpp"
#include "dataflows/traffic.hpp"

namespace eyrie {

std::vector<FlowRow> explain_flows(const Mapping&, const LayerNest&, const Architecture&, bool biases);

}  // namespace eyrie
