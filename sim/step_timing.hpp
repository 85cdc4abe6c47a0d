#pragma once

// When the steps of a lockstep pass happen. Times are those of the PE that a wave of operands meets first; one further
// on is behind by its skew, which is added once a pass. In core cycles, from the step at which the pass may begin (0).
//
//   send[g]  = max(end[g-1], the FIFO has room)       a group of words for one step takes ceil(words / width) cycles;
//                                                     its last word has come from DRAM by its last cycle
//   fire[k]  = max(fire[k-1] + 1, words of step k are there, psums of the step before have left their registers)
//   leave[k] = max(end of the leave before, fire[k] + pipeline - 1)
//
// A word that is held in a register is written and then read, a cycle later than one that passes by; the same for
// psums. What stays in a systolic array during a pass is shifted down its columns, a word a column and cycle, and so
// takes a cycle for each row that a wave passes; the same for psums that stayed.

#include <array>
#include <cstdint>
#include <vector>

#include "arch/architecture.hpp"
#include "sim/core/engine.hpp"
#include "sim/layer_result.hpp"
#include "sim/step_schedule.hpp"

namespace eyrie::sim {

/// Words of a tile that come into a ring while the pass that sends them runs: evenly, from the first byte on.
struct Arriving {
  Time from = 0, to = 0;   ///< its first byte; its last word
  std::int64_t words = 0;  ///< of the tile; 0: all are there
  /// From when on the first `n` words may be sent, the last of them.
  [[nodiscard]] Time by(std::int64_t n) const {
    return words == 0 ? -kForever : from + ceil_div(n * (to - from), words);
  }
  bool operator==(const Arriving&) const = default;
};

/// What a pass finds when it begins. Earlier times are negative; what is too early to make a difference is cut off, so
/// that equal entries mean equal passes.
struct PassEntry {
  std::array<Time, 3> network_free{};  ///< by Operand: from when on its delivering network may send words of this pass
  Time collect_free = 0;               ///< from when on the collecting network is free
  bool read_psums = false;             ///< psums come in from the buffer
  std::array<Arriving, 2> arriving{};  ///< ifmap and filter words that are not there yet
  bool operator==(const PassEntry&) const = default;
};

/// Words of a tensor that had been sent when a cycle was over.
struct SentBy {
  std::int64_t words = 0;
  Time cycle = 0;
};

/// Times of passes of one plan that are kept to be replayed: so many ways in which it was entered.
inline constexpr std::int64_t kRememberedTimings = 64;

struct PassTiming {
  Time cycles = 0;                     ///< until the next pass may step
  Time all_out = 0;                    ///< until the last psum is in the buffer
  std::array<Time, 3> network_free{};  ///< the first cycle in which it could send more
  Time collect_free = 0;
  CycleStack waits;                         ///< cycles (not PE-cycles) of waiting, by cause
  std::array<std::vector<SentBy>, 2> sent;  ///< if recorded
};

/// Of a network at the array's edge.
struct Rate {
  std::int64_t width = 1, fifo = 1;  ///< words a cycle, words waiting
  Time latency = 0;
};

/// Psums of the pass before that have not left when a pass begins, if they take until `free`: no more than the FIFO
/// holds, as the pass before is over once they fit.
std::int64_t backlog(const Rate& out, Time free);

/// A lockstep array's rates, and the recurrences.
class StepTimer {
 public:
  explicit StepTimer(const Architecture&);
  /// `record`: also what had been sent when.
  [[nodiscard]] PassTiming time(const StepSchedule&, const PassEntry&, bool record = false) const;
  /// What of an entry makes a difference.
  [[nodiscard]] PassEntry normal(PassEntry) const;
  [[nodiscard]] Time skew(const StepSchedule&) const;
  /// Cycles that a group of words to the array takes at least: the rows, if it stays in a systolic array.
  [[nodiscard]] Time load(const StepSchedule&, std::size_t tensor) const;
  [[nodiscard]] Time drain(const StepSchedule&) const;  ///< the same of psums that leave
  [[nodiscard]] const Rate& in(std::size_t tensor) const { return in_[tensor]; }
  [[nodiscard]] const Rate& out() const { return out_; }
  [[nodiscard]] Time pipeline() const { return pipeline_; }
  [[nodiscard]] bool overlaps() const { return overlap_; }

 private:
  std::array<Rate, 3> in_;
  Rate out_;
  Time pipeline_ = 1;
  [[nodiscard]] Time rows(const StepSchedule&) const;  ///< that a wave passes
  bool overlap_ = false;
  const Architecture& a_;
};

}  // namespace eyrie::sim
