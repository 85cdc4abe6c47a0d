#pragma once

// The door of the room: one mapping in, one LayerResult out. No SystemC here.

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "arch/architecture.hpp"
#include "dataflows/mapping.hpp"
#include "sim/layer_result.hpp"
#include "workloads/forward.hpp"

namespace eyrie {

/// How time advances. All ways give the same result.
enum class Stepping : std::uint8_t {
  Replay,    ///< the timing of a pass seen before is taken over and only its data are computed
  RunAhead,  ///< units run ahead as far as their operands are known
  Cycle      ///< every unit stops at every cycle
};
template <>
struct names<Stepping> {
  static constexpr Name<Stepping> table[] = {
      {"replay", Stepping::Replay}, {"run_ahead", Stepping::RunAhead}, {"cycle", Stepping::Cycle}};
};

struct SimulateOptions {
  Stepping stepping = Stepping::Replay;
  /// Core cycles that units may run ahead between two wake-ups of the kernel; 0: a whole pass. Changes speed, never
  /// results.
  std::int64_t quantum = 0;
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
