// Is there one behaviour, however time advances? Runs that are cut anywhere, also in the middle of a pass, and go on
// another way, against runs that take one way all along.

#include <algorithm>
#include <catch2/catch.hpp>

#include "dataflows/legality.hpp"
#include "sim/simulate.hpp"
#include "tests/support/random_cases.hpp"
#include "tests/support/seeds.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

Stepping random_way(Random& r) {
  static constexpr std::array kWays{Stepping::Replay, Stepping::RunAhead, Stepping::Cycle};
  return kWays[static_cast<std::size_t>(r.between(0, 2))];
}

/// A first way, and other ways from one to four cycles on, most of them in the middle of something.
SimulateOptions random_cuts(Cycles end, Random& r) {
  SimulateOptions options;
  options.stepping = random_way(r);
  for (auto n = r.between(1, 4); n > 0; --n)
    options.changes.push_back({Cycles{r.between(0, end.count() + 3)}, random_way(r)});
  if (r.chance(0.3)) options.quantum = r.between(2, 40);
  return options;
}

void check_equal(const LayerResult& cut, const LayerResult& whole) {
  CHECK(cut.cycles == whole.cycles);
  CHECK(cut.processing_cycles == whole.processing_cycles);
  CHECK(cut.passes == whole.passes);
  CHECK(cut.active_pes == whole.active_pes);
  CHECK(cut.stack == whole.stack);
  CHECK(cut.counts == whole.counts);
  CHECK(cut.ofmap == whole.ofmap);
  CHECK(cut.deadlock == whole.deadlock);
}

/// Every pass was advanced in some way, and every cycle of the array.
void check_advanced(const LayerResult& r, bool overlaps) {
  const auto& p = r.advanced.passes;
  CHECK(p.stepped + p.ahead + p.replayed + p.cut == r.passes);
  const auto cycles = r.advanced.cycles_stepped + r.advanced.cycles_ahead + r.advanced.cycles_replayed;
  CHECK(cycles <= r.cycles.count());
  if (!overlaps) CHECK(cycles >= r.processing_cycles.count());
}

struct Met {
  int runs = 0, cut = 0, replayed_and_stepped = 0, lockstep_cut = 0;
};

void check_case(std::uint64_t seed, bool lockstep, Met& met) {
  CAPTURE(seed, lockstep);
  Random random{seed, "stepping"};
  const auto a = lockstep ? test::random_lockstep_machine(random) : test::random_machine(random);
  const auto l = test::random_layer(random);
  const auto m = test::random_mapping(l, a, random);
  if (!m) return;
  const auto operands = test::random_operands(l, a.words, random);
  RunLog whole_log, cut_log;
  SimulateOptions whole_options;
  whole_options.log = &whole_log;
  const auto whole = simulate(l, a, *m, operands, whole_options);
  for (int n = 0; n < 2; ++n) {
    auto options = random_cuts(whole.cycles, random);
    cut_log = {};
    options.log = &cut_log;
    const auto cut = simulate(l, a, *m, operands, options);
    CAPTURE(name_of(options.stepping), options.changes.size());
    check_equal(cut, whole);
    CHECK(cut_log.passes == whole_log.passes);  // every pass's outcome
    CHECK(cut_log.moves == whole_log.moves);
    CHECK(cut_log.waits == whole_log.waits);
    check_advanced(cut, a.array.lockstep.overlap);
    ++met.runs;
    const auto& passes = cut.advanced.passes;
    met.cut += passes.cut > 0 ? 1 : 0;
    met.lockstep_cut += lockstep && passes.cut > 0 ? 1 : 0;
    met.replayed_and_stepped += passes.replayed > 0 && cut.advanced.cycles_stepped > 0 ? 1 : 0;
  }
}

}  // namespace

TEST_CASE("a run that is cut anywhere and goes on another way is the same run", "[property][sim][stepping]") {
  Met met;
  for (std::uint64_t seed = 0; seed < 700; ++seed)
    for (const bool lockstep : {false, true}) check_case(test::first_seed() + seed, lockstep, met);
  CHECK(met.runs > 2000);
  CHECK(met.cut > 700);
  CHECK(met.lockstep_cut > 300);
  CHECK(met.replayed_and_stepped > 200);
}
