#include "sim/stepping.hpp"

#include <catch2/catch.hpp>

#include "dataflows/legality.hpp"
#include "dataflows/row_stationary.hpp"
#include "sim/array.hpp"
#include "sim/simulate.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using namespace eyrie::sim;

TEST_CASE("a plan says which way a cycle takes, and until when", "[unit][sim][stepping]") {
  using enum Stepping;
  const SteppingPlan plan{Replay,
                          {{Cycles{30}, Cycle}, {Cycles{10}, RunAhead}, {Cycles{30}, Replay}, {Cycles{40}, Replay}}};
  CHECK(plan.at(0) == SteppingPlan::Stretch{Replay, 10});
  CHECK(plan.at(9) == SteppingPlan::Stretch{Replay, 10});
  CHECK(plan.at(10) == SteppingPlan::Stretch{RunAhead, 30});
  CHECK(plan.at(30) == SteppingPlan::Stretch{Replay, SteppingPlan::kNever});  // the last one said of a cycle
  CHECK(SteppingPlan{RunAhead, {{Cycles{0}, Cycle}}}.at(0) == SteppingPlan::Stretch{Cycle, SteppingPlan::kNever});
  CHECK(SteppingPlan{}.at(7) == SteppingPlan::Stretch{Replay, SteppingPlan::kNever});
}

TEST_CASE("a window of a plan is stepped cycle by cycle and nothing else changes", "[unit][sim][stepping]") {
  using enum Stepping;
  const SteppingPlan plan{Replay, {{Cycles{10}, RunAhead}, {Cycles{20}, Replay}, {Cycles{50}, RunAhead}}};
  const auto stepped = plan.stepped(Cycles{5}, Cycles{29});
  for (std::int64_t cycle = 0; cycle < 60; ++cycle)
    CHECK(stepped.at(cycle).way == (cycle >= 5 && cycle <= 29 ? Cycle : plan.at(cycle).way));
  CHECK(stepped.at(5).until == 30);
  CHECK(stepped.at(30).until == 50);
  CHECK(SteppingPlan{}.stepped(Cycles{0}, Cycles{0}).at(0) == SteppingPlan::Stretch{Cycle, 1});
}

namespace {

/// An array of which somebody says that its data decide its times.
class DataTimed : public ArrayCore {
 public:
  using ArrayCore::ArrayCore;
  [[nodiscard]] bool timing_depends_on_data() const override { return true; }
};

/// How many of four equal passes are replayed.
template <class Core>
int replays() {
  using enum Dim;
  const auto a = test::eyeriss({"array.rows=3", "array.columns=2"});
  LayerNest l;
  l.extent = {{1, 1, 2, 1, 2, 4, 3, 3}};
  const auto m = row_stationary({.m = 2, .n = 1, .e = 2, .p = 2, .q = 1, .r = 1, .t = 1}, l, a);
  const auto strides = tile_strides(m, l, a);
  const auto plan = plan_pass(m, l, a, l.extent, strides);
  Tiles tiles;
  tiles.input.resize(static_cast<std::size_t>(strides.words[0]));
  tiles.weight.resize(static_cast<std::size_t>(strides.words[1]));
  tiles.output.resize(static_cast<std::size_t>(strides.words[2]));
  Core core{a, l, strides, PeSetting{.reduction = l.reduction, .arithmetic = {}}, {}, {}, {}};
  const auto pass = [&](Time replay_within) {
    PassOrder order{.plan = &plan, .base = {}};
    order.replay_within = replay_within;
    core.begin(order, tiles);
    REQUIRE(core.advance(kForever, Stepping::Replay));
    return core.replayed() ? 1 : 0;
  };
  int replayed = pass(kForever);
  CHECK(replayed == 0);  // nothing is known yet
  const auto cycles = core.outcome().cycles;
  replayed += pass(0) + pass(cycles - 1);  // it may not, or would not be over in time
  CHECK(replayed == 0);
  replayed += pass(cycles);
  CHECK(core.outcome().cycles == cycles);
  return replayed;
}

}  // namespace

TEST_CASE("a pass is replayed if its times are known, fit the stretch, and no data decide them",
          "[unit][sim][stepping]") {
  CHECK(replays<ArrayCore>() == 1);
  CHECK(replays<DataTimed>() == 0);
}

TEST_CASE("a result says how time was advanced", "[unit][sim][stepping]") {
  using enum Dim;
  const auto a = test::eyeriss({"array.rows=3", "array.columns=2"});
  LayerNest l;
  l.extent = {{1, 1, 2, 1, 8, 9, 3, 3}};
  const auto m = row_stationary({.m = 2, .n = 1, .e = 2, .p = 2, .q = 1, .r = 1, .t = 1}, l, a);
  REQUIRE(is_legal(m, l, a));
  Random random{1, "advanced"};
  const auto operands = test::random_operands(l, a.words, random);
  RunLog log;
  SimulateOptions options;
  options.log = &log;
  const auto fast = simulate(l, a, m, operands, options).advanced;
  CHECK(fast.passes == Advanced::Passes{.stepped = 0, .ahead = 1, .replayed = 3, .cut = 0});
  CHECK(fast.cycles_replayed == 3 * fast.cycles_ahead);
  CHECK(fast.array_activations == 4);
  CHECK(fast.controller_activations == 9);  // four passes begin and end, and the last tile leaves
  REQUIRE(log.passes.size() == 4);
  options.changes = {{log.passes[0].from + Cycles{5}, Stepping::Cycle}};
  const auto cut = simulate(l, a, m, operands, options).advanced;
  CHECK(cut.passes == Advanced::Passes{.stepped = 3, .ahead = 0, .replayed = 0, .cut = 1});
  CHECK(cut.cycles_ahead + cut.cycles_stepped == 4 * fast.cycles_ahead);
  CHECK(cut.tile_moves == fast.tile_moves);
  CHECK(cut.tile_moves > 4);
}
