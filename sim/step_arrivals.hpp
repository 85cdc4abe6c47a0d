#pragma once

// Internal to sim: which words a lockstep pass needs for which step.

#include "sim/step_schedule.hpp"

namespace eyrie::sim {

/// Arrivals of one tensor (0: input, 1: weight), by step.
std::vector<StepArrivals> step_arrivals(const ScheduleParts&, std::size_t tensor);

}  // namespace eyrie::sim
