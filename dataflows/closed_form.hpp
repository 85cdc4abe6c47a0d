#pragma once

#include <array>
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

/// What both are made of, in core cycles over all passes.
struct CycleParts {
  double busiest_pe = 0;                        ///< issue slots of the busiest PE of each pass
  std::array<double, 3> sent{};                 ///< by Operand, of the delivering networks
  double collected = 0;                         ///< of the collecting network
  double ramps = 0;                             ///< first words on their way in and last psums on their way out
  std::array<double, 3> link_least{};           ///< by Operand, of DRAM's link, coded words as short as they can be
  double chains = 0;                            ///< psums on their way up the PEs
  double inputs = 0, weights = 0, outputs = 0;  ///< of DRAM's link and latency, as expected
  bool inputs_wait = false;                     ///< the array waits for ifmap tiles
  bool outputs_pass_by = false;                 ///< and the array doesn't wait for their psums
  [[nodiscard]] double array() const;
  [[nodiscard]] double bound() const;
  [[nodiscard]] double estimate() const;
};
CycleParts cycle_parts(const Traffic&, const LayerNest&, const Architecture&, const DataFacts&);

/// What the bound is made of, so that a search can put it together from parts: all in core cycles, per word of the
/// traffic that it names.
struct CycleRates {
  std::array<double, 3> sent{};  ///< by Operand, a word into its delivering network
  double collected = 0;          ///< a psum into the collecting network
  double ramp = 0;               ///< a pass's first word on its way in and last psum on its way out
  std::array<double, 3> link{};  ///< a word of a tile, psums for outputs: its bytes, the coder, the buffer's port
  double link_finished = 0;      ///< an ofmap word
};
/// `at_least`: coded words as short as they can be; otherwise as `facts` expects them.
CycleRates cycle_rates(const Architecture&, const DataFacts&, bool at_least = true);
/// The bound of CycleModel before rounding down, from parts: `array` core cycles of the array (busiest unit and ramps),
/// then the link's.
double cycle_bound(double array, double link_outputs, double link_all, bool outputs_pass_by);

}  // namespace eyrie
