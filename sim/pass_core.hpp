#pragma once

// What executes a pass: an array of autonomous PEs (array.hpp) or one in lockstep (lockstep.hpp). The controller and
// the SystemC shells know this much of either.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/array_view.hpp"
#include "sim/core/engine.hpp"
#include "sim/layer_result.hpp"
#include "sim/pass_plan.hpp"
#include "sim/pe.hpp"
#include "sim/run_log.hpp"
#include "sim/step_timing.hpp"
#include "sim/stepping.hpp"

namespace eyrie::sim {

/// Tiles of the three tensors as the buffers hold them.
struct Tiles {
  std::vector<std::int16_t> input, weight;
  std::vector<std::int32_t> output;  ///< psums
  std::int64_t weight_tile = 0;      ///< filter tiles brought so far
};

/// One pass to do: its plan, where it lies in the tiles, and whether psums start in it.
struct PassOrder {
  const PassPlan* plan = nullptr;
  std::array<std::int64_t, 3> base{};  ///< first element of the pass in each tile, by Operand
  bool read_psums = true;              ///< psums come in from the buffer
  bool computed = true;                ///< or another process computes its data
  // what a pass that overlaps the one before it has to know
  Time gap = 0;                        ///< core cycles between the end of the pass before and the start of this one
  std::array<Time, 3> since{};         ///< for how long before the start the words of each tile have been in the buffer
  std::array<Arriving, 2> arriving{};  ///< words that come in while the pass runs, after its start
  /// A pass whose timing is known may be replayed if it is over within so many cycles; 0: it is timed.
  Time replay_within = 0;
  bool told = false;  ///< its deliveries will be told, so that it has to be timed
};

/// What came of a pass.
struct PassOutcome {
  Time cycles = 0;                  ///< until the next pass may start
  Time all_out = 0;                 ///< until all psums are in the buffer
  std::array<Time, 3> last_read{};  ///< cycles after which the buffer's words of a tensor are no longer needed
  CycleStack stack;                 ///< over all PEs of the array, `cycles` each
  Time dram_waits = 0;              ///< cycles in which the array waited for words from DRAM
};

/// Words that crossed each network and buffer port, over all passes.
struct TrafficCounts {
  std::array<std::int64_t, 3> sent{}, delivered{};  ///< per Operand, buffer to PEs
  std::int64_t collected = 0, forwarded = 0;
  std::array<std::int64_t, 3> wires{};  ///< words x pitches on the way to PEs, on machines with a pitch
  std::int64_t wires_out = 0;           ///< on the way from them
  std::int64_t wires_up = 0;            ///< psums (products, to an adder tree) from PE to PE
  std::int64_t wires_links = 0;         ///< ifmap words from PE to PE
  std::int64_t handed_on = 0;           ///< ifmap words from PE to PE
  std::int64_t column_steps = 0;        ///< of a lockstep array: sums of a column of PEs
  TrafficCounts& operator+=(const TrafficCounts&);
  TrafficCounts operator-(const TrafficCounts&) const;
};

class PassCore {
 public:
  PassCore() = default;
  PassCore(const PassCore&) = delete;
  PassCore& operator=(const PassCore&) = delete;
  virtual ~PassCore() = default;

  /// Prepares a pass. `tiles` must live until it is over.
  virtual void begin(const PassOrder&, Tiles& tiles) = 0;
  /// Runs this way up to and including cycle `horizon` of the pass; true when the pass is over. Ways may change from
  /// call to call.
  virtual bool advance(Time horizon, Stepping) = 0;
  /// Was the pass begun last replayed, its times taken over from one that was timed before?
  [[nodiscard]] virtual bool replayed() const = 0;
  /// Do words decide when something happens (zeros that are skipped, say)? Then no pass is ever replayed.
  [[nodiscard]] virtual bool timing_depends_on_data() const { return false; }
  /// Of the pass that is over.
  [[nodiscard]] virtual const PassOutcome& outcome() const = 0;
  /// Nothing can move any more though the pass is not over.
  [[nodiscard]] virtual bool stuck() const = 0;
  [[nodiscard]] virtual std::string wait_for() const = 0;
  [[nodiscard]] virtual PeCounts pe_counts() const = 0;
  [[nodiscard]] virtual const TrafficCounts& traffic() const = 0;
  /// What can be seen in the cycle of the pass up to which it was advanced cycle by cycle (-1: before the first).
  virtual void view(Time cycle, ArrayView&) const = 0;
  /// Tells, once a pass is over that was timed and began at `start`, which words were on their way when.
  virtual void tell_deliveries(RunLog&, Cycles /*start*/) const {}
  /// Does a pass send each word of its tile once, in order?
  [[nodiscard]] virtual bool sends_once(const PassOrder&, Operand, Words /*tile*/) const { return false; }
  /// By when after the start of the pass that is over the first so many words had been sent; kept where a buffer is
  /// circular.
  [[nodiscard]] virtual const std::vector<SentBy>* sent(Operand) const { return nullptr; }

 protected:
  /// May a pass with these known times be replayed?
  [[nodiscard]] bool may_replay(const PassOrder& order, Time cycles) const {
    return !timing_depends_on_data() && !order.told && cycles <= order.replay_within;
  }
};

}  // namespace eyrie::sim
