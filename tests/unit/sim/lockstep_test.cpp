// Lockstep passes worked out by hand, and the recurrences against counting cycles.

#include <catch2/catch.hpp>

#include "base/random.hpp"
#include "sim/step_clock.hpp"
#include "sim/step_pass.hpp"
#include "sim/tile_gate.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using namespace eyrie::sim;

namespace {

/// Rows x columns in lockstep: one word a cycle on each network, seen in the cycle in which it is sent, FIFOs of two
/// words, and no pipeline.
Architecture machine(std::int64_t rows = 2, std::int64_t columns = 2) {
  auto a = test::eyeriss();
  a.array.rows = rows;
  a.array.columns = columns;
  a.array.control = Control::Lockstep;
  a.array.mac.pipeline = Cycles{1};
  for (auto& n : a.networks) {
    n.width = WordsPerCycle{1};
    n.latency = Cycles{0};
    n.fifo = Words{2};
    n.ahead = false;
  }
  return a;
}

/// T steps that take an ifmap word each and finish `outputs` psums after the last.
StepSchedule streaming(std::int64_t steps, std::int64_t rows, std::int64_t columns, std::int64_t outputs) {
  StepSchedule s{.steps = steps, .arrivals = {}, .leaving = {}, .psums_held = true, .rows = rows, .columns = columns};
  for (std::int64_t k = 0; k < steps; ++k) s.arrivals[0].push_back({k, 1, 1, false});
  s.leaving.push_back({steps - 1, outputs});
  return s;
}

}  // namespace

TEST_CASE("a step follows the other while one word each comes in a cycle", "[unit][sim]") {
  const auto a = machine();
  const auto t = StepTimer{a}.time(streaming(5, 2, 2, 1), {});
  // Steps in cycles 0 to 4; the last sum is in its register in cycle 5, and leaves then.
  CHECK(t.all_out == 6);
  CHECK(t.cycles == 6);
  CHECK(t.network_free[0] == 5);
  CHECK(t.collect_free == 6);
  CHECK(t.waits.total() == 0);
}

TEST_CASE("weights that stay are written before the first step", "[unit][sim]") {
  const auto a = machine();
  auto s = streaming(3, 2, 2, 1);
  s.arrivals[1].push_back({0, 4, 4, true});
  const auto t = StepTimer{a}.time(s, {});
  // Four words in cycles 0 to 3, more than the FIFO holds; read from the registers in cycle 4.
  CHECK(t.waits[Cause::WaitWeight] == 4);
  CHECK(t.network_free[1] == 4);
  CHECK(t.cycles == 4 + 3 + 1);  // the last sum leaves in cycle 7
}

TEST_CASE("a skewed 2 x 2 array takes R + C - 2 cycles more for a wave to pass", "[unit][sim]") {
  auto a = machine();
  a.array.lockstep.row_skew = a.array.lockstep.column_skew = 1;
  // T steps, a cycle in the register, an array column's psums out a row a cycle: 2R + C + T - 2.
  const std::int64_t steps = 5, rows = 2, columns = 2;
  for (auto& n : a.networks) n.width = WordsPerCycle{columns};
  auto s = streaming(steps, rows, columns, rows * columns);
  s.psums_held = false;  // the last sum leaves in the cycle of its step
  CHECK(StepTimer{a}.time(s, {}).cycles == 2 * rows + columns + steps - 3);
  s.psums_held = true;
  CHECK(StepTimer{a}.time(s, {}).cycles == 2 * rows + columns + steps - 2);
  // Folded on a larger array a wave passes all of it, or the rows and columns with work.
  auto larger = machine(4, 3);
  larger.array.lockstep = a.array.lockstep;
  CHECK(StepTimer{larger}.skew(s) == 5);
  larger.array.lockstep.fold = Fold::Used;
  CHECK(StepTimer{larger}.skew(s) == 2);
}

TEST_CASE("words are sent ahead as far as the FIFO holds them", "[unit][sim]") {
  const auto a = machine();
  StepSchedule s{.steps = 9, .arrivals = {}, .leaving = {}};
  for (const std::int64_t k : {0, 6, 7, 8}) s.arrivals[0].push_back({k, 1, 1, false});
  s.leaving.push_back({8, 1});
  const auto t = StepTimer{a}.time(s, {}, true);
  // The words for steps 6 and 7 wait in the FIFO; the first of them goes into its register when step 5 is over, in
  // cycle 6, and the word for step 8 may come in cycle 7.
  REQUIRE(t.sent[0].size() == 4);
  CHECK(t.sent[0][0].cycle == 0);
  CHECK(t.sent[0][1].cycle == 1);
  CHECK(t.sent[0][2].cycle == 2);
  CHECK(t.sent[0][3].cycle == 6);
  CHECK(t.waits.total() == 0);
  CHECK(t.cycles == 9);
}

TEST_CASE("psums that find the FIFO full hold the next step up", "[unit][sim]") {
  const auto a = machine();
  StepSchedule s{.steps = 2, .arrivals = {}, .leaving = {{0, 6}, {1, 6}}};
  const auto t = StepTimer{a}.time(s, {});
  // Six psums leave in cycles 0 to 5. All six are more than the two that the FIFO holds: step 1 waits until cycle 6,
  // its psums leave until cycle 11.
  CHECK(t.waits[Cause::WaitPsumOut] == 5);
  CHECK(t.cycles == 12);
}

TEST_CASE("passes that overlap end when the next may step", "[unit][sim]") {
  auto a = machine();
  a.array.lockstep.overlap = true;
  const StepSchedule s{.steps = 2, .arrivals = {}, .leaving = {{1, 2}}};
  const auto t = StepTimer{a}.time(s, {});
  CHECK(t.cycles == 2);
  CHECK(t.all_out == 3);
  // The next pass finds the collecting network taken for four cycles, and two psums in its FIFO: its own two leave
  // their registers when those are gone.
  const auto next = StepTimer{a}.time(s, {.collect_free = 4});
  CHECK(next.cycles == 4);
  CHECK(next.all_out == 6);
}

TEST_CASE("a pass that sends a ring's words waits for each of them", "[unit][sim]") {
  const auto a = machine();
  auto s = streaming(4, 2, 2, 1);
  // Four words between cycles 2 and 10: the first has come by cycle 4, then one each second cycle.
  const PassEntry entry{.arriving = {Arriving{2, 10, 4}, Arriving{}}};
  const auto t = StepTimer{a}.time(s, entry, true);
  REQUIRE(t.sent[0].size() == 4);
  CHECK(t.sent[0][0].cycle == 4);
  CHECK(t.sent[0][1].cycle == 6);
  CHECK(t.sent[0][3].cycle == 10);
  CHECK(t.waits[Cause::DramInput] == 4 + 1 + 1 + 1);
  CHECK(t.waits[Cause::WaitInput] == 0);
  CHECK(t.cycles == 10 + 1 + 1);  // the last sum leaves in cycle 11
}

TEST_CASE("a ring takes the next tile in behind the words that are sent", "[unit][sim]") {
  auto a = machine();
  for (auto& b : a.buffers)
    for (auto& p : b.partitions) p.circular = true;
  TileGate ring{a, Operand::Weight};
  const Words large{a.partition(Operand::Weight)->banks * (a.buffer(Operand::Weight)->bank.count() * 8 / 16)};
  ring.replace(large);
  // Sent in order by the end of cycles 9, 19, 29, from cycle 100 on; the next tile brings a word in two cycles, five
  // after it was asked for.
  const std::vector<SentBy> sent{{4, 9}, {8, 19}, {12, 29}};
  ring.use(Cycles{100}, 30, &sent, 0.5, Cycles{5});
  // Word 0 is free at 110, word 4 at 120, word 8 at 130; they would come 5, 13 and 21 cycles after being asked for.
  CHECK(ring.ask(large) == Cycles{109});
  CHECK(ring.freed() == Cycles{130});
  CHECK(ring.ask(Words{0}) == Cycles{0});  // there is room beside
  for (auto& b : a.buffers)
    for (auto& p : b.partitions) p.circular = false;
  TileGate single{a, Operand::Weight};
  single.replace(large);
  single.use(Cycles{100}, 30, &sent, 0.5, Cycles{5});
  CHECK(single.ask(large) == Cycles{130});
}

namespace {

/// A program of `macs` MACs that uses a new ifmap word each and the same filter word, and finishes one psum.
PeProgram dot_product(std::int32_t macs) {
  PeProgram p;
  p.rows.push_back({.input = 0, .input_step = 1, .slot = 0, .length = macs, .opens_window = true, .leaves = 1});
  for (std::int32_t k = 0; k < macs; ++k) p.inputs.push_back({.batch = 0, .at = {0, 0, 0, k / 3, k % 3}});
  for (std::int32_t k = 0; k < 1; ++k) p.weights.push_back({.batch = 0, .at = {}});
  return p;
}

}  // namespace

TEST_CASE("a 2 x 2 output-stationary array with a 3 x 3 kernel is sent 16 words and hands 20 on", "[unit][sim]") {
  const auto program = dot_product(9);
  ScheduleParts parts{.steps = 9, .pes = {}, .chains = {}};
  for (std::int64_t row = 0; row < 2; ++row)
    for (std::int64_t column = 0; column < 2; ++column) {
      parts.chains.push_back({static_cast<std::int32_t>(parts.pes.size())});
      parts.pes.push_back(
          {.row = row, .column = column, .program = &program, .number = 0, .input = {0, 0, 0, row, column}});
    }
  const auto s = step_schedule(parts);
  // Windows of 3 x 3 at four neighbouring places cover 4 x 4 words; each PE takes nine.
  CHECK(s.words(0) == 16);
  CHECK(s.delivered(0) == 36);
  CHECK(s.words(1) == 1);
  CHECK(s.delivered(1) == 4);
  CHECK(s.macs == 36);
  CHECK(s.column_steps == 36);  // no two PEs share a sum
  CHECK(s.hops == 0);
  REQUIRE(s.leaving.size() == 1);
  CHECK(s.leaving[0].step == 8);
  CHECK(s.leaving[0].words == 4);
  CHECK(s.psums_held);
  CHECK(s.rows == 2);
  CHECK(s.columns == 2);
  // Step 0 needs a word for each of the four; then PE (0,0) finds its words at its right neighbour until the row ends.
  CHECK(s.arrivals[0][0].words == 4);
  CHECK(s.arrivals[0][0].delivered == 9);
}

TEST_CASE("a tree of two PEs has one sum a step, a chain of two one hop a psum", "[unit][sim]") {
  const auto program = dot_product(4);
  ScheduleParts parts{.steps = 4, .pes = {}, .chains = {{1, 0}}};
  for (std::int64_t row = 0; row < 2; ++row)
    parts.pes.push_back({.row = row, .column = 0, .program = &program, .number = 0, .input = {0, 0, row * 9, 0, 0}});
  const auto s = step_schedule(parts);
  CHECK(s.macs == 8);
  CHECK(s.column_steps == 4);
  CHECK(s.hops == 1);
  CHECK(s.outputs() == 1);
  CHECK(s.words(0) == 8);
}

namespace {

StepSchedule random_schedule(Random& r) {
  StepSchedule s{.steps = r.between(1, 24),
                 .arrivals = {},
                 .leaving = {},
                 .psums_held = r.chance(0.5),
                 .rows = r.between(1, 4),
                 .columns = r.between(1, 4)};
  for (auto& arrivals : s.arrivals)
    for (std::int64_t k = 0; k < s.steps; ++k)
      if (r.chance(0.5)) arrivals.push_back({k, r.between(1, 9), 1, r.chance(0.5)});
  for (std::int64_t k = 0; k < s.steps; ++k)
    if (k + 1 == s.steps || r.chance(0.3)) s.leaving.push_back({k, r.between(1, 9)});
  return s;
}

PassEntry random_entry(const StepSchedule& s, Random& r) {
  PassEntry e{.collect_free = r.between(0, 9), .read_psums = r.chance(0.5)};
  for (auto& free : e.network_free) free = r.between(-12, 9);
  for (std::size_t t = 0; t < 2; ++t)
    if (s.words(t) > 0 && r.chance(0.3)) {
      const auto from = r.between(-30, 20);
      e.arriving[t] = {from, from + r.between(1, 90), s.words(t)};
    }
  return e;
}

/// Rates, skews and pipelines of any kind.
Architecture random_rates(Random& r) {
  auto a = machine(r.between(1, 4), r.between(1, 4));
  a.array.lockstep = {.row_skew = r.between(0, 2),
                      .column_skew = r.between(0, 2),
                      .fold = r.chance(0.5) ? Fold::Whole : Fold::Used,
                      .overlap = r.chance(0.5)};
  a.array.mac.pipeline = Cycles{r.between(1, 4)};
  for (auto& n : a.networks) {
    n.width = WordsPerCycle{r.between(1, 4)};
    n.fifo = Words{r.between(n.width.count(), 9)};
    n.latency = Cycles{r.between(0, 2)};
  }
  return a;
}

void check_equal(const PassTiming& told, const PassTiming& counted) {
  CHECK(told.cycles == counted.cycles);
  CHECK(told.all_out == counted.all_out);
  CHECK(told.network_free == counted.network_free);
  CHECK(told.collect_free == counted.collect_free);
  CHECK(told.waits == counted.waits);
  for (std::size_t t = 0; t < 2; ++t) {
    REQUIRE(told.sent[t].size() == counted.sent[t].size());
    for (std::size_t i = 0; i < told.sent[t].size(); ++i) {
      CHECK(told.sent[t][i].words == counted.sent[t][i].words);
      CHECK(told.sent[t][i].cycle == counted.sent[t][i].cycle);
    }
  }
}

}  // namespace

TEST_CASE("a pass cut in the middle goes on from there, by the clock or by the recurrences", "[unit][sim][stepping]") {
  std::int64_t cuts = 0, changes = 0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    CAPTURE(seed);
    Random r{seed, "cuts"};
    const auto a = random_rates(r);
    const auto s = random_schedule(r);
    const StepTimer timer{a};
    const auto entry = timer.normal(random_entry(s, r));
    const auto whole = timer.time(s, entry, true);
    StepPass pass{timer, s, entry};
    Stepping way = r.chance(0.5) ? Stepping::Cycle : Stepping::RunAhead;
    Time at = 0;
    for (; at < whole.cycles; ++cuts) {
      at += r.between(1, 12);
      pass.run(way, at);
      if (r.chance(0.2)) continue;
      way = way == Stepping::Cycle ? Stepping::RunAhead : Stepping::Cycle;
      ++changes;
    }
    CAPTURE(at);
    pass.run(way, kForever);
    REQUIRE(pass.over());
    check_equal(pass.timing(true), whole);
  }
  CHECK(cuts > 20000);
  CHECK(changes > 15000);
}

TEST_CASE("a clock that goes on from the recurrences counts only what is left", "[unit][sim][stepping]") {
  const auto a = machine();
  const auto s = streaming(5, 2, 2, 1);
  const StepTimer timer{a};
  StepPass pass{timer, s, {}};
  pass.run_ahead(3);
  CHECK(pass.fired().count() == 3);    // steps of cycles 0 to 2, and none of later ones
  CHECK(pass.in(0).sent.size() == 5);  // what the FIFO takes is known
  pass.run_clocked(4);
  CHECK(pass.fired().count() == 4);
  CHECK_FALSE(pass.over());
  pass.run_ahead(kForever);
  CHECK(pass.timing(false).cycles == 6);
}

TEST_CASE("the recurrences say what counting cycles finds", "[unit][sim]") {
  std::int64_t waited = 0, late = 0;
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    CAPTURE(seed);
    Random r{seed, "steps"};
    const auto a = random_rates(r);
    const auto s = random_schedule(r);
    const StepTimer timer{a};
    const auto entry = timer.normal(random_entry(s, r));
    const auto told = timer.time(s, entry, true), counted = clocked(timer, s, entry, true);
    check_equal(told, counted);
    waited += told.waits.total();
    late += told.waits[Cause::DramInput] + told.waits[Cause::DramWeight];
  }
  CHECK(waited > 50000);
  CHECK(late > 5000);
}
