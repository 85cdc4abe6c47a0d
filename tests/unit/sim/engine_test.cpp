#include <catch2/catch.hpp>

#include "sim/core/engine.hpp"
#include "sim/core/psum_fifo.hpp"
#include "sim/core/spad_port.hpp"

using namespace eyrie::sim;

namespace {

/// Pushes `words` numbers, one a cycle as soon as there is room.
Task produce(Engine& e, PsumFifo& out, int words, int self_waits_on, std::vector<Time>& times) {
  Time t = -1;
  for (int k = 0; k < words; ++k) {
    while (!out.room_known(1)) co_await e.blocked(out.emptied, {self_waits_on, "room"});
    t = std::max(t + 1, out.room_at(1));
    co_await e.until(t);
    out.push(t + 2, k);
    e.signal(out.filled);
    times.push_back(t);
  }
}

/// Takes a word every `period` cycles at most.
Task consume(Engine& e, PsumFifo& in, int words, Time period, int self_waits_on, std::vector<Time>& times) {
  Time t = -period;
  for (int k = 0; k < words; ++k) {
    while (!in.holds(1)) co_await e.blocked(in.filled, {self_waits_on, "a word"});
    t = std::max(t + period, in.visible());
    co_await e.until(t);
    CHECK(in.pop(t) == k);
    e.signal(in.emptied);
    times.push_back(t);
  }
}

}  // namespace

TEST_CASE("a FIFO of two slows its producer to its consumer, from known cycles on", "[unit][sim]") {
  for (const Time step : {kForever, Time{1}, Time{3}}) {
    Engine e;
    PsumFifo fifo;
    fifo.reset(2);
    std::vector<Time> pushes, pops;
    const int p = e.add([] { return "producer"; }), c = e.add([] { return "consumer"; });
    e.start(p, produce(e, fifo, 5, c, pushes));
    e.start(c, consume(e, fifo, 5, 4, p, pops));
    Time horizon = step == kForever ? kForever : 0;
    while (!e.run(horizon)) {
      REQUIRE_FALSE(e.stuck());
      horizon += step;
    }
    // A word is seen two cycles after its push; word k may be pushed the cycle after word k - 2 was taken.
    CHECK(pushes == std::vector<Time>{0, 1, 3, 7, 11});
    CHECK(pops == std::vector<Time>{2, 6, 10, 14, 18});
  }
}

TEST_CASE("units that wait for each other are named in a circle", "[unit][sim]") {
  Engine e;
  PsumFifo to_left, to_right;
  to_left.reset(1);
  to_right.reset(1);
  std::vector<Time> times;
  const int left = e.add([] { return "left"; }), right = e.add([] { return "right"; });
  e.start(left, consume(e, to_left, 1, 1, right, times));
  e.start(right, consume(e, to_right, 1, 1, left, times));
  CHECK_FALSE(e.run(kForever));
  CHECK(e.stuck());
  CHECK(e.wait_for() == "left waits for a word of right; right waits for a word of left");
}

TEST_CASE("a spad takes a word a cycle and a new word only in the place of a dead one", "[unit][sim]") {
  Engine e;
  SpadPort port;
  port.fifo = 2;
  port.depth = 3;
  port.reset(6);
  for (int k = 0; k < 2; ++k) port.push(5, static_cast<std::int16_t>(k));
  port.advance(e);
  CHECK(port.loaded == 2);
  CHECK(port.load[0] == 5);
  CHECK(port.load[1] == 6);
  CHECK(port.room_known(2));
  CHECK(port.room_at(2) == 7);  // the FIFO's second place is free the cycle after word 1 was loaded
  for (int k = 2; k < 4; ++k) port.push(8, static_cast<std::int16_t>(k));
  port.advance(e);
  CHECK(port.loaded == 3);  // the spad holds three words, all in use
  CHECK_FALSE(port.room_known(2));
  port.die(1, 20, e);
  CHECK(port.loaded == 4);
  CHECK(port.load[3] == 20);
}
