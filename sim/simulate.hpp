#pragma once

// The door of the room: one mapping in, one LayerResult out. No SystemC here.

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "arch/architecture.hpp"
#include "dataflows/mapping.hpp"
#include "sim/layer_result.hpp"
#include "sim/run_log.hpp"
#include "sim/share.hpp"
#include "sim/stepping.hpp"
#include "workloads/forward.hpp"

namespace eyrie {

struct SimulateOptions {
  Stepping stepping = Stepping::Replay;
  /// Where the way changes: core cycles of the layer, in the middle of a pass as well. Changes speed, never results.
  std::vector<SteppingChange> changes;
  /// Core cycles that units may run ahead between two wake-ups of the kernel; 0: a whole pass. Changes speed, never
  /// results.
  std::int64_t quantum = 0;
  RunLog* log = nullptr;             ///< told what happens when; it must live as long as the run
  Share share;                       ///< the part of the data that is computed
  std::optional<WaveRequest> wave;   ///< a window to draw; it is stepped cycle by cycle
  bool reads_network_input = false;  ///< the ifmap is a network input (travels uncoded where the machine says so)
  /// Row and column of a PE that flips the lowest bit of what it passes on. For tests.
  std::optional<std::pair<std::int64_t, std::int64_t>> faulty_pe;
  /// Row and column of a PE that does nothing, so that the pass cannot end. For tests.
  std::optional<std::pair<std::int64_t, std::int64_t>> stopped_pe;
};

/// Executes a legal mapping of one layer on a SystemC model of the machine, with these operands. Cycles, stack and
/// counts are exact; the ofmap is what the machine computed. A run that cannot go on has `deadlock` set and an ofmap of
/// what got finished. One call at a time per process; `legality` must have found nothing.
LayerResult simulate(const LayerNest&, const Architecture&, const Mapping&, const LayerOperands&,
                     const SimulateOptions& = {});

}  // namespace eyrie
