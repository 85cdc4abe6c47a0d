#pragma once

// What one simulated layer comes to. No SystemC here.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/fields.hpp"
#include "dataflows/action_counts.hpp"
#include "workloads/tensor.hpp"

namespace eyrie {

/// The one reason for what a PE did in a cycle.
enum class Cause : std::uint8_t {
  Mac,          ///< a useful MAC (or comparison, or pooling sum)
  GatedMac,     ///< a MAC slot with a zero input
  Accumulate,   ///< adding an incoming psum to the PE's own: the adder is taken
  WaitInput,    ///< an ifmap word has not arrived
  WaitWeight,   ///< a filter word has not arrived
  WaitPsumIn,   ///< a psum from below or from the buffer has not arrived
  WaitPsumOut,  ///< the way out of the PE is full
  PassBarrier,  ///< done with its pass; others or the drain of psums are not
  DramInput,    ///< the array waits for ifmap words from DRAM
  DramWeight,   ///< the array waits for filter words from DRAM
  DramOutput,   ///< the array waits until ofmap words or psums have gone to (or come from) DRAM
  Unmapped,     ///< the mapping gives this PE nothing to do (in lockstep: not in this step)
  FillDrain     ///< operands on their way in, psums on their way out of an array in lockstep
};
inline constexpr std::size_t kCauses = 13;

template <>
struct names<Cause> {
  static constexpr Name<Cause> table[] = {
      {"mac", Cause::Mac, "useful MAC"},
      {"gated_mac", Cause::GatedMac, "MAC slot with a zero input"},
      {"accumulate", Cause::Accumulate, "incoming psum added"},
      {"wait_input", Cause::WaitInput, "no ifmap word yet"},
      {"wait_weight", Cause::WaitWeight, "no filter word yet"},
      {"wait_psum_in", Cause::WaitPsumIn, "no incoming psum yet"},
      {"wait_psum_out", Cause::WaitPsumOut, "the way out is full"},
      {"pass_barrier", Cause::PassBarrier, "waiting for the end of the pass"},
      {"dram_input", Cause::DramInput, "array idle: ifmap from DRAM"},
      {"dram_weight", Cause::DramWeight, "array idle: filters from DRAM"},
      {"dram_output", Cause::DramOutput, "array idle: ofmap or psums to or from DRAM"},
      {"unmapped", Cause::Unmapped, "PE without work"},
      {"fill_drain", Cause::FillDrain, "lockstep: operands on their way in, psums on their way out"}};
};

/// PE-cycles by cause; they sum to cycles x PEs.
struct CycleStack {
  std::array<std::int64_t, kCauses> pe_cycles{};
  std::int64_t& operator[](Cause c) { return pe_cycles[static_cast<std::size_t>(c)]; }
  std::int64_t operator[](Cause c) const { return pe_cycles[static_cast<std::size_t>(c)]; }
  [[nodiscard]] std::int64_t total() const;
  CycleStack& operator+=(const CycleStack&);
  bool operator==(const CycleStack&) const = default;
};

/// A run that cannot go on: who waits for whom.
struct Deadlock {
  Cycles at{};
  std::string wait_for;  ///< "pe(3,1) waits for ...; ... waits for pe(3,1)"
  bool operator==(const Deadlock&) const = default;
};

/// How time was advanced, by component. It says how the host did the run and nothing of the machine.
struct Advanced {
  /// Passes of the array by how they were timed; `cut`: a part of them cycle by cycle, the others ahead.
  struct Passes {
    std::int64_t stepped = 0, ahead = 0, replayed = 0, cut = 0;
    bool operator==(const Passes&) const = default;
  };
  Passes passes;
  /// Core cycles inside passes, of PEs and networks together; waits for DRAM between passes are jumped over.
  std::int64_t cycles_stepped = 0, cycles_ahead = 0, cycles_replayed = 0;
  std::int64_t array_activations = 0;       ///< by the SystemC kernel
  std::int64_t controller_activations = 0;  ///< the same
  std::int64_t tile_moves = 0;              ///< on DRAM's link; their times are found when they are asked for
  Advanced& operator+=(const Advanced&);
  bool operator==(const Advanced&) const = default;
};

/// What the PEs' slots were used for.
struct SlotCounts {
  std::int64_t macs = 0, gated = 0, accumulates = 0;
  std::int64_t column_steps = 0;     ///< of a lockstep array: sums of a column of PEs
  std::int64_t gated_by_weight = 0;  ///< of `gated`, those that read a zero filter word
  std::int64_t skipped = 0;          ///< MACs with a zero operand that took no slot
  bool operator==(const SlotCounts&) const = default;
};

struct LayerResult {
  Cycles cycles{};             ///< core cycles from the first DRAM request to the last ofmap word in DRAM
  Cycles processing_cycles{};  ///< the part in which the array was not waiting for DRAM
  std::int64_t passes = 0;
  std::int64_t active_pes = 0;  ///< PEs with work in the largest pass
  std::vector<std::int64_t>
      pe_macs;  ///< MACs that each PE did, gated and skipped ones among them; row-major, rows x columns
  CycleStack stack;
  ActionCounts counts;  ///< of a share of a layer without those of `slots`
  SlotCounts slots;
  Tensor ofmap;  ///< as DRAM holds it in the end
  std::optional<Deadlock> deadlock;
  Advanced advanced;
  double wall_s = 0;  ///< host time; the only field that differs from run to run of the same way
};

}  // namespace eyrie
