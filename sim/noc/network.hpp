#pragma once

// Networks as plain cores, cycle by cycle, that anyone can drive: a flit may enter at a node that has room, and is seen
// at each of its destinations some cycles later, where it waits in a FIFO until it is taken. In each cycle users send
// and take first; `step` then moves what moves. Everything is registered, so the order within a cycle cannot show.

#include <cstdint>
#include <deque>
#include <vector>

#include "sim/core/engine.hpp"

namespace eyrie::sim::noc {

/// A PE, row-major.
using Node = std::int32_t;

/// The words that one port moves in a cycle, with where they go.
struct Flit {
  std::int64_t id = 0;
  Node from = 0;
  std::vector<Node> to;
};

struct Timing {
  Time latency = 1;       ///< cycles from leaving for a destination until visible there; at least 1
  Time credit = 1;        ///< cycles from a place's becoming free until its sender can use it; at least 1
  std::int32_t fifo = 4;  ///< flits that a FIFO holds
};

/// A sender's view of a FIFO's places.
class Credits {
 public:
  explicit Credits(std::int32_t places) : free_{places} {}
  [[nodiscard]] bool any() const { return free_ > 0; }
  void use() { --free_; }
  void give_back(Time at) { returning_.push_back(at); }  ///< in order of time
  void step(Time now) {
    for (; !returning_.empty() && returning_.front() <= now; returning_.pop_front()) ++free_;
  }

 private:
  std::int32_t free_;
  std::deque<Time> returning_;
};

class Network {
 public:
  Network(std::int32_t nodes, const Timing&);
  virtual ~Network() = default;
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// May a flit enter at this node in this cycle?
  [[nodiscard]] virtual bool room(Node from) const = 0;
  virtual void send(Flit) = 0;
  /// The oldest flit that can be seen at a node in this cycle, and is not taken; -1 if there is none.
  [[nodiscard]] std::int64_t front(Node at) const;
  void take(Node at);
  /// Ends the cycle.
  void step();
  [[nodiscard]] Time now() const { return now_; }
  [[nodiscard]] std::int32_t nodes() const { return static_cast<std::int32_t>(sinks_.size()); }

 protected:
  virtual void move() = 0;
  [[nodiscard]] const Timing& timing() const { return timing_; }
  [[nodiscard]] bool sink_room(Node at) const { return sinks_[static_cast<std::size_t>(at)].credits.any(); }
  /// Takes a place at the destination; the flit is seen there at `seen`.
  void arrive(Node at, std::int64_t id, Time seen);

 private:
  struct Sink {
    Credits credits;
    std::deque<std::pair<Time, std::int64_t>> flits;  ///< when seen, which
  };
  Timing timing_;
  Time now_ = 0;
  std::vector<Sink> sinks_;
};

}  // namespace eyrie::sim::noc
