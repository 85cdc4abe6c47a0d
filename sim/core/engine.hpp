#pragma once

// Units over timed channels. A unit carries its own time and runs ahead until it needs a word or a credit whose time is
// not known yet; the order in which units are run cannot show in any result, because every channel is registered: what
// is done at time t is seen at t + 1 or later (a timed Kahn network). Only arbiters, which ask "who is there now?", are
// ordered in global time: when all units rest, every event still unknown depends on a decision still to come, so the
// earliest decision is safe to take.
//
// A horizon stops all units at a time. Stepping cycle by cycle is a horizon that advances by one; the results are the
// same.

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "sim/core/task.hpp"

namespace eyrie::sim {

/// Core cycles since the start of a pass.
using Time = std::int64_t;
inline constexpr Time kForever = std::numeric_limits<Time>::max() / 4;
inline constexpr Time kAlways = -kForever;  ///< before anything that happens

/// A place where one unit can wait for one condition, and why it would.
struct WaitSlot {
  int waiter = -1;
};

/// What a blocked unit waits for: the unit that has to act (-1: none can be named) and the reason in words.
struct WaitsFor {
  int unit = -1;
  const char* reason = "";
};

class Engine {
 public:
  /// Adds a unit; `name` is asked only when something is to be told about it.
  int add(std::function<std::string()> name);
  /// Gives a unit its body for the next run and makes it runnable.
  void start(int unit, Task body);
  /// An arbiter is asked whenever all units rest: it takes its earliest decision at or before `horizon` and says
  /// whether it took one.
  void set_arbiter(std::function<bool(Time horizon)> arbiter) { arbiter_ = std::move(arbiter); }

  /// Runs all units as far as they get with no action later than `horizon`. True when all have ended.
  bool run(Time horizon);
  /// Is nothing but a later horizon able to move the run on? Only meaningful after `run` returned false.
  [[nodiscard]] bool stuck() const { return parked_ == 0; }
  /// Who waits for whom, as a cycle where there is one.
  [[nodiscard]] std::string wait_for() const;

  void signal(WaitSlot& slot) {
    if (slot.waiter >= 0) {
      enqueue(slot.waiter);
      slot.waiter = -1;
    }
  }

  /// `while (!condition) co_await engine.blocked(slot, {...});`: always test again after waking.
  auto blocked(WaitSlot& slot, WaitsFor why) {
    struct Awaiter {
      Engine& engine;
      WaitSlot& slot;
      WaitsFor why;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<>) const noexcept {
        slot.waiter = engine.current_;
        engine.units_[static_cast<std::size_t>(engine.current_)].why = why;
      }
      void await_resume() const noexcept {}
    };
    return Awaiter{*this, slot, why};
  }

  /// Nothing if `time` is inside the horizon; otherwise waits until the horizon includes it.
  auto until(Time time) {
    struct Awaiter {
      Engine& engine;
      Time time;
      bool await_ready() const noexcept { return time <= engine.horizon_; }
      void await_suspend(std::coroutine_handle<>) const noexcept { engine.park(time); }
      void await_resume() const noexcept {}
    };
    return Awaiter{*this, time};
  }

 private:
  struct Unit {
    std::function<std::string()> name;
    Task body;
    WaitsFor why;
    Time parked_until = -1;
    bool queued = false;
  };
  void enqueue(int unit);
  void park(Time time);
  void unpark();
  void drain();

  std::vector<Unit> units_;
  std::vector<int> queue_, next_queue_;
  std::function<bool(Time)> arbiter_;
  Time horizon_ = 0;
  int current_ = -1;
  int running_ = 0;
  int parked_ = 0;
};

}  // namespace eyrie::sim
