// Does the simulator hold for any layer, machine and mapping? Compared with the plain reference, with conservation
// laws, and with itself stepped another way.

#include <algorithm>
#include <catch2/catch.hpp>

#include "dataflows/legality.hpp"
#include "dataflows/row_stationary.hpp"
#include "sim/simulate.hpp"
#include "tests/support/random_cases.hpp"
#include "tests/support/seeds.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

using enum Dim;

void check_conservation(const LayerResult& r, const LayerNest& l, const Architecture& a, bool outputs_pass_by) {
  CHECK(r.stack.total() == r.cycles.count() * a.pes());
  const auto each = l.reduction == Reduction::MultiplyAdd ? Action::Mac
                    : l.reduction == Reduction::Maximum   ? Action::Compare
                                                          : Action::Add;
  const auto slots = r.counts.words("mac", Operand::Output, each).count() +
                     r.counts.words("mac", Operand::Output, Action::GatedMac).count();
  const auto joins = l.reduction == Reduction::MultiplyAdd ? 0 : r.stack[Cause::Accumulate];
  CHECK(slots - joins == l.macs().count());
  CHECK(r.stack[Cause::Mac] + r.stack[Cause::GatedMac] == l.macs().count());
  if (!outputs_pass_by) {
    CHECK(r.counts.words("glb", Operand::Output, Action::Read) ==
          r.counts.words("psum_gin", Operand::Output, Action::Deliver));
    CHECK(r.counts.words("glb", Operand::Output, Action::Write) ==
          r.counts.words("psum_gon", Operand::Output, Action::Send));
  }
  CHECK(r.counts.words("ifmap_gin", Operand::Input, Action::Deliver) +
            r.counts.words("neighbours", Operand::Input, Action::Hop) ==
        r.counts.words("ifmap_spad", Operand::Input, Action::Write));
  CHECK(r.counts.words("filter_gin", Operand::Weight, Action::Deliver) ==
        r.counts.words("filter_spad", Operand::Weight, Action::Write));
  CHECK(r.processing_cycles <= r.cycles);
}

}  // namespace

namespace {

/// How often the random cases met what they should meet.
struct Coverage {
  int simulated = 0, spilled = 0, chained = 0, gated = 0, pooled = 0, meshed = 0, unicast = 0;
};

void check_case(std::uint64_t seed, bool lockstep, Coverage& met) {
  CAPTURE(seed, lockstep);
  Random random{seed, "simulator"};
  const auto a = lockstep ? test::random_lockstep_machine(random) : test::random_machine(random);
  const auto l = test::random_layer(random);
  const auto mapping = test::random_mapping(l, a, random);
  if (!mapping) return;  // a filter taller than the array, say
  const Mapping& m = *mapping;
  CAPTURE(pretty(m, l));
  const auto operands = test::random_operands(l, a.words, random);
  const auto result = simulate(l, a, m, operands);
  REQUIRE_FALSE(result.deadlock.has_value());
  CHECK(test::differences(result.ofmap, test::reference_ofmap(l, operands)) == 0);
  check_conservation(result, l, a, passes_by(m, l, a)[2]);
  const auto agrees = [&](Stepping stepping, std::int64_t quantum) {
    SimulateOptions other;
    other.stepping = stepping;
    other.quantum = quantum;
    const auto again = simulate(l, a, m, operands, other);
    CHECK(again.cycles == result.cycles);
    CHECK(again.processing_cycles == result.processing_cycles);
    CHECK(again.stack == result.stack);
    CHECK(again.counts == result.counts);
    CHECK(again.ofmap == result.ofmap);
  };
  agrees(Stepping::RunAhead, 0);
  agrees(Stepping::RunAhead, random.between(2, 40));
  agrees(Stepping::Cycle, 0);
  ++met.simulated;
  met.spilled += result.counts.words("dram", Operand::Output, Action::Read).count() > 0 ? 1 : 0;
  met.chained += result.counts.words("psum_link", Operand::Output, Action::Hop).count() > 0 ? 1 : 0;
  met.gated += result.stack[Cause::GatedMac] > 0 ? 1 : 0;
  met.pooled += l.has_weights() ? 0 : 1;
  const auto any = [&](NocKind kind) { return std::ranges::count(a.networks, kind, &Noc::wiring) > 0; };
  met.meshed += any(NocKind::Mesh) ? 1 : 0;
  met.unicast += any(NocKind::Unicast) ? 1 : 0;
}

}  // namespace

TEST_CASE("any layer on any machine gives the reference's ofmap, and all ways of stepping agree", "[property][sim]") {
  Coverage met;
  const bool lockstep = GENERATE(false, true);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) check_case(test::first_seed() + seed, lockstep, met);
  CHECK(met.simulated > 1500);
  CHECK(met.spilled > 20);
  CHECK(met.chained > 500);
  CHECK(met.gated > 300);
  CHECK(met.pooled > 200);
  if (!lockstep) CHECK(met.meshed > 500);
  CHECK(met.unicast > 500);
}

TEST_CASE("a broken PE shows as a mismatch", "[property][sim]") {
  Random random{1, "broken"};
  const auto a = test::eyeriss({"array.rows=4", "array.columns=3"});
  LayerNest l;
  l.extent = {{1, 2, 4, 3, 6, 5, 3, 3}};
  const auto m = row_stationary({.m = 4, .n = 2, .e = 3, .p = 2, .q = 2, .r = 1, .t = 1}, l, a);
  REQUIRE(is_legal(m, l, a));
  const auto operands = test::random_operands(l, a.words, random);
  const auto truth = test::reference_ofmap(l, operands);
  CHECK(test::differences(simulate(l, a, m, operands).ofmap, truth) == 0);
  SimulateOptions broken, timed;
  broken.faulty_pe = timed.faulty_pe = {1, 2};
  timed.stepping = Stepping::RunAhead;
  const auto result = simulate(l, a, m, operands, broken);
  CHECK(test::differences(result.ofmap, truth) > 0);
  CHECK(result.ofmap == simulate(l, a, m, operands, timed).ofmap);
  broken.faulty_pe = {3, 0};  // a row that this mapping leaves idle
  CHECK(test::differences(simulate(l, a, m, operands, broken).ofmap, truth) == 0);
}

TEST_CASE("a pass that cannot end stops and says who waits for whom", "[property][sim]") {
  Random random{1, "stopped"};
  const auto a = test::eyeriss({"array.rows=3", "array.columns=2"});
  LayerNest l;
  l.extent = {{1, 1, 2, 1, 2, 9, 3, 3}};
  const auto m = row_stationary({.m = 2, .n = 1, .e = 2, .p = 2, .q = 1, .r = 1, .t = 1}, l, a);
  REQUIRE(is_legal(m, l, a));
  SimulateOptions stopped;
  stopped.stopped_pe = {1, 0};
  for (const std::int64_t quantum : {0, 1, 7}) {
    stopped.quantum = quantum;
    const auto result = simulate(l, a, m, test::random_operands(l, a.words, random), stopped);
    REQUIRE(result.deadlock.has_value());
    CHECK(result.deadlock->wait_for ==
          "pe(0,0) waits for a psum of pe(1,0); pe(1,0) waits for nothing: it was stopped");
  }
}
