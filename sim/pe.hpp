#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/array_view.hpp"
#include "sim/core/psum_fifo.hpp"
#include "sim/core/spad_port.hpp"
#include "sim/layer_result.hpp"
#include "sim/pe_program.hpp"
#include "workloads/arithmetic.hpp"

namespace eyrie::sim {

/// What all PEs of an array share while a layer runs.
struct PeSetting {
  Reduction reduction = Reduction::MultiplyAdd;
  Arithmetic arithmetic;
  bool zero_gating = false, weight_gating = false;
  bool skips_inputs = false, skips_weights = false;  ///< MACs with zeros that take no slot
  bool skips = false;                                ///< any of the two
  bool minds_weights = false;                        ///< zero filter words are gated or skipped
  Time to_neighbour = 1;  ///< cycles from an addition's issue until its psum can be seen at the FIFO's other end
};

/// How often a PE did what, over all passes.
struct PeCounts {
  std::int64_t macs = 0, gated = 0, accumulates = 0, input_loads = 0, weight_loads = 0;
  std::int64_t gated_by_weight = 0;  ///< of `gated`: a filter word was read and was zero
  std::int64_t skipped = 0;
  PeCounts& operator+=(const PeCounts& o) {
    macs += o.macs;
    gated += o.gated;
    accumulates += o.accumulates;
    input_loads += o.input_loads;
    weight_loads += o.weight_loads;
    gated_by_weight += o.gated_by_weight;
    skipped += o.skipped;
    return *this;
  }
};

/// One PE as plain state and a body that the engine runs: the behaviour of a PE, written once. A row of MACs takes an
/// issue slot each; then the psums of a window leave one a cycle through the same adder, each joined by a psum from
/// below (from the buffer at a chain's bottom).
struct Pe {
  // wiring of a pass
  const PeProgram* program = nullptr;
  PsumFifo* psums_in = nullptr;  ///< null: nothing comes in
  PsumFifo* psums_out = nullptr;
  std::array<int, 4> feeders{-1, -1, -1,
                             -1};  ///< units behind input, weight, psums in, psums out; for wait-for reports
  bool faulty = false;             ///< flips the lowest bit of every psum that leaves (for tests)
  bool stopped = false;            ///< does nothing (for tests)
  SpadPort input, weight;

  // results of a pass
  std::array<std::int64_t, kCauses> cycles{};
  Time end = 0;  ///< issue slots used or waited for: 0 .. end - 1
  PeCounts counts;

  /// Prepares a pass. The entries of its two spads say what may come ahead.
  void arm(const PeProgram&, std::int32_t psum_slots, const std::array<SpadEntry, 2>&);
  /// The behaviour.
  Task run(Engine&, const PeSetting&);
  /// What can be seen of it in the cycle up to which it was run.
  [[nodiscard]] PeView view(Time cycle) const;

 private:
  void spend(Cause cause, std::int64_t n) { cycles[static_cast<std::size_t>(cause)] += n; }
  std::int32_t compute(const Row&, std::int32_t k, std::int32_t n, const PeSetting&);
  [[nodiscard]] std::int32_t zero_weights(const Row&, std::int32_t k, std::int32_t n) const;
  std::int32_t combine(std::int32_t own, std::int32_t incoming, const PeSetting&) const;
  [[nodiscard]] Cause cause(Time cycle) const;
  void wait(Cause first, Time until = kForever, Cause then = Cause::WaitInput) { waits_ = {first, until, then}; }

  std::vector<std::int32_t> psums_;
  // what it does, for those who watch
  struct Waits {
    Cause first = Cause::WaitInput;  ///< why it waits in cycles before `until`
    Time until = kForever;
    Cause then = Cause::WaitInput;  ///< and after it
  };
  Time slot_ = -1;           ///< the last issue slot used
  Cause busy_ = Cause::Mac;  ///< with what
  Waits waits_;              ///< why there is nothing to do in the cycles after it
  std::int32_t left_ = 0;    ///< the psum that left last
  bool done_ = true;
};

/// Psum before the first value: 0 for sums, the smallest word for maxima.
std::int32_t psum_identity(Reduction, const Widths&);

}  // namespace eyrie::sim
