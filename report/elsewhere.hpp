#pragma once

#include <string>
#include <vector>

#include "report/experiment_result.hpp"

namespace eyrie {

/// Layers that are not on the machine for the same reason, in the network's order.
struct Elsewhere {
  PlaceOf place = PlaceOf::Host;
  std::string reason;
  std::vector<std::string> layers;  ///< "prob (softmax)"
};

/// First the host by the order of its first layer, then what is folded.
std::vector<Elsewhere> elsewhere(const ExperimentResult&);

/// "on the host, cost not modelled: 2 layers, PEs of a have no maximum: pool1 (max_pool), pool2 (max_pool)": one line a
/// reason. Layers that the workload itself places there, and folded ones, need no other reason.
std::vector<std::string> elsewhere_lines(const ExperimentResult&);

}  // namespace eyrie
