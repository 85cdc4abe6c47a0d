// Evaluating many mappings with what was learned from others gives the same as evaluating each on its own.

#include <catch2/catch.hpp>

#include "dataflows/nest_pieces.hpp"
#include "dataflows/traffic_evaluator.hpp"
#include "tests/support/random_cases.hpp"
#include "tests/support/random_spaces.hpp"
#include "tests/support/seeds.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

struct Met {
  int compared = 0, shared = 0, bypassed = 0, ragged = 0;
};

/// PEs share windows, and loops in them bring parts of these: what is remembered from mapping to mapping.
bool shares_windows(const Mapping& m, const LayerNest& l, const Architecture& a) {
  const NestPieces nest{m, l, a};
  const auto above = nest.above_spad(Operand::Input);
  const auto at = [](Dim d) { return static_cast<std::size_t>(d); };
  const auto both = [&](Dim out, Dim tap) {
    return (!nest.spread[at(out)].empty() || !nest.spread[at(tap)].empty()) &&
           (!above[at(out)].empty() || !above[at(tap)].empty());
  };
  return !sends_to_each(a, Operand::Input) && (both(Dim::P, Dim::R) || both(Dim::Q, Dim::S));
}

/// Mappings of one layer on one machine, one after the other and again from the last to the first.
void stream(const LayerNest& l, const Architecture& a, int count, Random& random, Met& met) {
  TrafficEvaluator evaluator{l, a};
  std::vector<Mapping> mappings;
  while (count-- > 0)
    if (auto m = test::random_mapping(l, a, random)) mappings.push_back(std::move(*m));
  std::vector<Traffic> alone;
  for (const auto& m : mappings) {
    INFO(pretty(m, l));
    alone.push_back(traffic(m, l, a));
    CHECK(evaluator.traffic(m) == alone.back());
    ++met.compared;
    met.shared += shares_windows(m, l, a) ? 1 : 0;
    met.bypassed += alone.back().passes_by != std::array{false, false, false} ? 1 : 0;
    met.ragged += alone.back().macs % alone.back().pe_passes != 0 ? 1 : 0;
  }
  for (std::size_t i = mappings.size(); i-- > 0;) {
    INFO(pretty(mappings[i], l));
    CHECK(evaluator.traffic(mappings[i]) == alone[i]);
  }
}

}  // namespace

TEST_CASE("the traffic of a mapping does not depend on the mappings evaluated before it", "[property][dataflows]") {
  Met met;
  for (std::uint64_t i = 0; i < 1500; ++i) {
    const auto seed = test::first_seed() + i;
    CAPTURE(seed);
    Random random{seed, "traffic evaluator"};
    const bool lockstep = random.chance(0.5);
    if (random.chance(0.2)) {
      const test::RandomSpace space{seed, lockstep};
      stream(space.layer, space.machine, 6, random, met);
    } else {
      const auto a = lockstep ? test::random_lockstep_machine(random) : test::random_machine(random);
      stream(test::random_layer(random), a, 6, random, met);
    }
  }
  CHECK(met.compared > 5000);
  CHECK(met.shared > 300);
  CHECK(met.bypassed > 200);
  CHECK(met.ragged > 1000);
}

TEST_CASE("more windows than an evaluator remembers are counted right as well", "[property][dataflows]") {
  // A row of windows in PEs of every size, with loops of every step in them: thousands of different unions.
  auto a = test::eyeriss();
  a.array.rows = 64;
  LayerNest l;
  l.extent[Dim::P] = 61;
  l.extent[Dim::R] = 7;
  TrafficEvaluator evaluator{l, a};
  const auto mapping = [](std::int64_t part, std::int64_t step, std::int64_t taps) {
    Mapping m;
    m.nest = {keep("dram", {Operand::Input, Operand::Weight, Operand::Output}),
              keep("glb", {Operand::Input}),
              keep("glb", {Operand::Output}),
              spatial(Dim::P, part, Axis::Y),
              spatial(Dim::R, taps, Axis::Y),
              keep("filter_spad", {Operand::Weight}),
              keep("psum_spad", {Operand::Output}),
              temporal(Dim::P, step),
              temporal(Dim::R, 1),
              keep("ifmap_spad", {Operand::Input}),
              temporal(Dim::P, 1)};
    return m;
  };
  int compared = 0;
  for (int round = 0; round < 2; ++round)
    for (std::int64_t part = 1; part <= 61; ++part)
      for (std::int64_t step = 1; step <= part; ++step)
        for (std::int64_t taps : {1, 3}) {
          const auto m = mapping(part, step, taps);
          if (evaluator.traffic(m) != traffic(m, l, a)) FAIL(pretty(m, l));
          ++compared;
        }
  CHECK(compared > 7000);
}
