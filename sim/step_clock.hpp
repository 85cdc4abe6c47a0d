#pragma once

// The same pass as step_timing.hpp's recurrences, cycle by cycle: in each cycle the networks send what fits, the array
// steps if all that the step needs is there, and the collecting network takes what has left. Slow; for those who want
// to watch, and to hold the recurrences against.

#include "sim/step_timing.hpp"

namespace eyrie::sim {

/// What StepTimer::time says, found by counting cycles.
PassTiming clocked(const StepTimer&, const StepSchedule&, const PassEntry&, bool record = false);

}  // namespace eyrie::sim
