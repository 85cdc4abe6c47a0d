#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/units.hpp"

namespace eyrie {

/// What Timeloop's summary is made of.
struct TimeloopStats {
  Cycles cycles{};
  double utilization = 0;  ///< useful MACs / (PEs x cycles), 0 to 1
  Macs macs{};
  Words outputs{};  ///< ofmap words; the first product of each needs no addition, as Timeloop counts operations
  std::vector<std::pair<std::string, Picojoules>> energy;  ///< a component's total, in the order to be listed
};

/// The section "Summary Stats" of a `timeloop-mapper.stats.txt`: operations a cycle (GFLOPs at 1 GHz), utilization,
/// cycles, energy in uJ, energy-delay product in J x cycles, pJ a MAC of each component and of all. There is no line
/// for area. A run without cycles or MACs has zeros in their ratios. Source of the form: NVlabs/timeloop,
/// src/model/topology.cpp, as printed in the exercises' reference outputs.
std::string timeloop_stats_text(const TimeloopStats&);

}  // namespace eyrie
