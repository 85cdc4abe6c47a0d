#pragma once

#include <cstdint>

#include "arch/architecture.hpp"
#include "dataflows/action_counts.hpp"
#include "dataflows/mapping.hpp"
#include "dataflows/traffic.hpp"

namespace eyrie {

/// What counts depend on besides shapes. The same for every mapping of a layer.
struct DataFacts {
  std::int64_t gated_macs = 0;      ///< MAC slots with a zero input, padding included, on a machine that gates them
  bool biases = true;               ///< psums start from a bias per output channel
  bool reads_network_input = true;  ///< a machine may code all ifmaps but those of the network's inputs
  double coded_input = 1.0;         ///< bytes on the link per byte of ifmap words, where they travel coded
  double coded_output = 1.0;        ///< the same for finished ofmap words
};

/// Words and bytes of every component, tensor and action, equal to those that a simulation counts: words always; bytes
/// wherever words travel uncoded (coded ones are words x `coded_...`, rounded).
ActionCounts action_counts(const Traffic&, const LayerNest&, const Architecture&, const DataFacts&);

/// Core cycles without executing anything.
struct CycleModel {
  /// No simulation of this mapping takes less, whatever its data: the busiest of the PEs, the networks and the ports
  /// over all passes, plus the psums that the array has to wait for; or DRAM's link alone, if that takes longer.
  Cycles bound{};
  /// What a simulation is expected to take: pass by pass, with DRAM's latency and what can't be overlapped.
  Cycles estimate{};
};
CycleModel cycle_model(const Traffic&, const LayerNest&, const Architecture&, const DataFacts&);

/// Core cycles that a word of `t` takes of DRAM's link at least: its bytes, the coder and the buffer's port.
/// `finished` for ofmap words, which may travel coded.
double link_cycles(const Architecture&, Operand t, const DataFacts&, bool finished = false, bool at_least = true);

}  // namespace eyrie
