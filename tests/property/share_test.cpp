// Is a layer that several processes compute the same as one that a single process computes?

#include "sim/share.hpp"

#include <catch2/catch.hpp>

#include "sim/simulate.hpp"
#include "tests/support/random_cases.hpp"
#include "tests/support/seeds.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

/// How often a layer had several tiles to share, and psums that left the chip in between.
struct Coverage {
  int layers = 0, shared = 0, spilled = 0;
};

void check_case(std::uint64_t seed, bool lockstep, Coverage& met) {
  CAPTURE(seed, lockstep);
  Random random{seed, "share"};
  const auto a = lockstep ? test::random_lockstep_machine(random) : test::random_machine(random);
  const auto l = test::random_layer(random);
  const auto mapping = test::random_mapping(l, a, random);
  if (!mapping) return;
  const auto operands = test::random_operands(l, a.words, random);
  const auto whole = simulate(l, a, *mapping, operands);
  REQUIRE_FALSE(whole.deadlock.has_value());
  const auto truth = test::reference_ofmap(l, operands);
  const auto of = random.between(2, 5);
  std::vector<LayerResult> parts;
  int computing = 0;
  for (std::int64_t part = 0; part < of; ++part) {
    SimulateOptions options;
    options.share = {.part = part, .of = of, .ofmap = &truth};
    parts.push_back(simulate(l, a, *mapping, operands, options));
    CHECK(test::differences(parts.back().ofmap, truth) == 0);
    computing += parts.back().slots.macs + parts.back().slots.gated > 0 ? 1 : 0;
  }
  const auto all = joined(parts, l, a);
  CHECK(all.cycles == whole.cycles);
  CHECK(all.processing_cycles == whole.processing_cycles);
  CHECK(all.passes == whole.passes);
  CHECK(all.active_pes == whole.active_pes);
  CHECK(all.stack == whole.stack);
  CHECK(all.counts == whole.counts);
  CHECK(all.slots == whole.slots);
  CHECK(computing <= std::min<std::int64_t>(of, output_tiles(*mapping, l, a)));  // loops with remainders make fewer
  ++met.layers;
  met.shared += computing > 1 ? 1 : 0;
  met.spilled += whole.counts.words("dram", Operand::Output, Action::Read).count() > 0 ? 1 : 0;
}

}  // namespace

TEST_CASE("shares of a layer make the whole layer", "[property][sim]") {
  for (const bool lockstep : {false, true}) {
    Coverage met;
    for (std::uint64_t seed = test::first_seed(); seed < test::first_seed() + 150; ++seed)
      check_case(seed, lockstep, met);
    CHECK(met.layers > 100);
    CHECK(met.shared > 30);
    CHECK(met.spilled > 3);
  }
}

TEST_CASE("a share that is wrong says so, and the others do not", "[unit][sim]") {
  Random random{3, "wrong share"};
  const auto a = test::random_machine(random);
  std::optional<Mapping> mapping;
  LayerNest l;
  while (!mapping || output_tiles(*mapping, l, a) < 2) {
    l = test::random_layer(random);
    mapping = test::random_mapping(l, a, random);
  }
  const auto operands = test::random_operands(l, a.words, random);
  auto truth = test::reference_ofmap(l, operands);
  truth.data().front() ^= 1;  // the first word lies in the first tile
  for (std::int64_t part = 0; part < 2; ++part) {
    SimulateOptions options;
    options.share = {.part = part, .of = 2, .ofmap = &truth};
    CHECK(test::differences(simulate(l, a, *mapping, operands, options).ofmap, truth) == (part == 0 ? 1 : 0));
  }
}
