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
  std::int64_t gated_macs = 0;      ///< MACs with a zero input, padding included, on a machine that gates or skips them
  bool biases = true;               ///< psums start from a bias per output channel
  bool table_activation = false;    ///< finished words go through a table (sigmoid, tanh)
  bool reads_network_input = true;  ///< a machine may code all ifmaps but those of the network's inputs
  double coded_input = 1.0;         ///< bytes on the link per byte of ifmap words, where they travel coded
  double coded_output = 1.0;        ///< the same for finished ofmap words
  double coded_weight = 1.0;        ///< the same for filters
  // on machines that gate or skip zero filter words
  std::int64_t zero_weight_macs = 0;  ///< MACs with a zero filter word
  std::int64_t zero_both_macs = 0;    ///< of these, those whose input is zero as well
};

/// What becomes of a layer's MACs on a machine that gates or skips zeros.
struct ZeroSlots {
  std::int64_t skipped = 0;          ///< take no slot
  std::int64_t gated = 0;            ///< take one, and neither multiply nor add
  std::int64_t gated_by_weight = 0;  ///< of these, those that read their filter word to know
};
ZeroSlots zero_slots(const LayerNest&, const Architecture&, const DataFacts&);

/// Words and bytes of every component, tensor and action, equal to those that a simulation counts: words always; bytes
/// wherever words travel uncoded (coded ones are words x `coded_...`, rounded).
ActionCounts action_counts(const Traffic&, const LayerNest&, const Architecture&, const DataFacts&);

/// Core cycles without executing anything.
struct CycleModel {
  /// No simulation of this mapping takes less, whatever its data: the busiest of the PEs, the networks and the ports
  /// over all passes, plus the psums that the array has to wait for; or DRAM's link with what cannot go on beside it.
  Cycles bound{};
  /// What a simulation is expected to take: pass by pass, with DRAM's latency and what can't be overlapped.
  Cycles estimate{};
};
CycleModel cycle_model(const Traffic&, const LayerNest&, const Architecture&, const DataFacts&);

/// What the bound is made of, so that a search can put it together from parts: all in core cycles, per word of the
/// traffic that it names.
struct CycleRates {
  std::array<double, 3> sent{};       ///< by Operand, a word into its delivering network
  std::array<double, 3> in_passes{};  ///< the same where its pass waits for it; 0 where words are sent ahead of passes
  double collected = 0;               ///< a psum into the collecting network
  double ramp = 0;                    ///< a pass's first word on its way in and last psum on its way out
  std::array<double, 3> link{};       ///< a word of a tile, psums for outputs: its bytes, the coder, the buffer's port
  double link_finished = 0;           ///< an ofmap word
  double request = 0;                 ///< the channels of a pixel in an ifmap tile
};
/// `at_least`: coded words as short as they can be; otherwise as `facts` expects them.
CycleRates cycle_rates(const Architecture&, const DataFacts&, bool at_least = true);
/// Core cycles that parts of a layer take, each alone.
struct CycleParts {
  double array = 0;                 ///< its busiest unit that works within passes, and their ramps
  std::array<double, 3> network{};  ///< of sending each tensor's words
  std::array<double, 3> link{};     ///< of moving each tensor's words to and from DRAM
  double requests = 0;              ///< of asking for the pixels of ifmap tiles, beside other tensors' moves if need be
};
/// The bound of CycleModel before rounding down. Psums and ofmap words move while the array waits. Words of a tile that
/// is not double-buffered move neither while words of the tile before it are sent nor together with psums. A network
/// that sends ahead of passes may work while the array waits for psums.
double cycle_bound(const CycleParts&, const Architecture&, std::array<bool, 3> passes_by);

/// What bound and estimate consist of, in core cycles over all passes.
struct CycleBreakdown {
  CycleParts least, likely;        ///< coded words as short as they can be, and as expected
  double busiest_pe = 0;           ///< issue slots of the busiest PE of each pass
  double collecting = 0;           ///< of the collecting network
  double ramps = 0;                ///< first words on their way in and last psums on their way out
  double chains = 0;               ///< psums on their way up the PEs
  std::array<double, 3> moving{};  ///< by Operand, of DRAM's link and latency, as expected
  std::array<double, 3> waits{};   ///< the part of it in which the array is expected to wait
  double bound = 0, estimate = 0;  ///< those of CycleModel before rounding down
};
CycleBreakdown cycle_breakdown(const Traffic&, const LayerNest&, const Architecture&, const DataFacts&);

}  // namespace eyrie
