#pragma once

// Where a lockstep pass stands. There is one state and there are two ways to advance it, each from where the other
// stopped: the recurrences (`run_ahead`, in step_timing.cpp), step by step, and a clock (`run_clocked`, in
// step_clock.cpp), cycle by cycle.

#include <array>
#include <optional>
#include <vector>

#include "sim/run_log.hpp"
#include "sim/step_timing.hpp"
#include "sim/stepping.hpp"

namespace eyrie::sim {

/// Times of the steps made so far; between two marks steps follow each other.
class FiredSteps {
 public:
  /// `n` more steps, in the cycles from `when` on.
  void add(Time when, std::int64_t n = 1) {
    if (marks_.empty() || marks_.back().second + count_ - marks_.back().first != when)
      marks_.emplace_back(count_, when);
    count_ += n;
  }
  [[nodiscard]] std::int64_t count() const { return count_; }
  /// Steps before the first are over.
  [[nodiscard]] Time operator()(std::int64_t step) const;
  /// The last step made by the end of a cycle; -1 if there is none.
  [[nodiscard]] std::int64_t last_by(Time cycle) const;

 private:
  std::vector<std::pair<std::int64_t, Time>> marks_;
  std::int64_t count_ = 0;
};

/// A delivering network: a FIFO at the array's edge, whose words move on into registers once the step before theirs is
/// over.
struct Delivering {
  Rate rate;
  Time least = 1;          ///< cycles that a group takes at least
  Arriving arriving;       ///< from DRAM
  Time end = 0;            ///< it may send on from then on
  Time ready = kForever;   ///< since when the group that is next has had room, as far as that has been seen
  std::int64_t total = 0;  ///< words of groups begun
  /// A group that is sent, or on its way.
  struct Sent {
    std::int64_t before = 0, step = 0;  ///< words before it; the step that it is for
    Time begin = 0, there = 0;          ///< its first word leaves; its last one is at the array's edge
    Time unhindered = 0;                ///< the same, had DRAM brought all words in time
  };
  std::vector<Sent> sent;
  std::size_t next = 0;     ///< the first group for a step still to come
  std::size_t waiting = 0;  ///< the recurrence's: groups before it have left the FIFO when the next one comes
  std::size_t gone = 0;     ///< the clock's: groups before it have left the FIFO
};

/// The collecting network, a group of psums after the other.
struct Collecting {
  Rate rate;
  Time least = 1;
  struct Group {
    std::int64_t upto = 0;  ///< words so far, its own included
    std::int64_t words = 0;
    Time ready = 0, end = kForever;
  };
  std::vector<Group> groups;
  std::size_t settled = 0;  ///< groups whose end is known
  Time free = 0;            ///< of the last of them
  std::size_t first = 0;    ///< the recurrence's: groups before it make room for all that came
  std::size_t gone = 0;     ///< the clock's: groups before it have left

  void leave(Time ready, std::int64_t words);
  /// Ends of all groups, one after the other.
  void settle();
  /// First cycle in which all psums so far have left their registers.
  [[nodiscard]] Time room();
};

class StepPass {
 public:
  StepPass(const StepTimer&, const StepSchedule&, const PassEntry&);
  /// Advances the pass until all of its cycles before `until` are over, if it has so many.
  void run(Stepping way, Time until) { way == Stepping::Cycle ? run_clocked(until) : run_ahead(until); }
  void run_ahead(Time until);
  void run_clocked(Time until);
  /// When the next pass may step, once that is known.
  [[nodiscard]] const std::optional<Time>& stepped() const { return stepped_; }
  [[nodiscard]] bool over() const { return stepped_ && out_.settled == out_.groups.size(); }
  /// Of a pass that is over. `record`: also what had been sent when.
  [[nodiscard]] PassTiming timing(bool record) const;

  // what can be seen
  /// Which words were on their way when, of a pass that is over and began at `start`.
  void tell(RunLog&, Cycles start) const;
  [[nodiscard]] const FiredSteps& fired() const { return fired_; }
  [[nodiscard]] const Delivering& in(std::size_t tensor) const { return in_[tensor]; }
  [[nodiscard]] const Collecting& out() const { return out_; }
  /// Why the array does not step in the cycle that was clocked last; nothing if it does, or has no steps left.
  [[nodiscard]] const std::optional<Cause>& waits_for() const { return waits_for_; }

 private:
  struct Group {
    std::int64_t step = 0, words = 0;
    bool held = false;
  };
  [[nodiscard]] std::size_t groups(std::size_t k) const;
  [[nodiscard]] Group group(std::size_t k, std::size_t i) const;
  [[nodiscard]] Time takes(std::size_t k, std::int64_t words) const;
  void begin(std::size_t k, const Group&, Time ready, Time start);
  [[nodiscard]] bool all_fired() const { return fired_.count() == s_.steps; }
  [[nodiscard]] bool leaves(std::int64_t step) const;
  void fire(Time when, std::int64_t steps);

  // the recurrences'
  bool begin_next(std::size_t k);
  void spend(Time to, Time until, Cause);
  // the clock's
  void send(std::size_t k);
  void step();
  void collect();
  void wait(Cause);
  [[nodiscard]] bool has_room(std::size_t k, const Group&);
  [[nodiscard]] bool has_words(std::size_t k);
  [[nodiscard]] bool late(std::size_t k) const;
  [[nodiscard]] bool psums_fit();

  const StepTimer& timer_;
  const StepSchedule& s_;
  bool read_psums_;
  std::array<Delivering, 3> in_;  ///< by Operand
  Collecting out_;
  FiredSteps fired_;
  std::size_t leaving_ = 0;  ///< groups of psums whose step was made
  Time now_;                 ///< cycles before it are over
  std::optional<Time> stepped_;
  CycleStack waits_;
  std::optional<Cause> waits_for_;
};

}  // namespace eyrie::sim
