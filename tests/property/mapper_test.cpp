// Does the search find what a walk through the whole mapspace finds? And is what it finds real?

#include <catch2/catch.hpp>

#include "dataflows/legality.hpp"
#include "mapper/brute_force.hpp"
#include "mapper/search.hpp"
#include "tests/support/random_spaces.hpp"

using namespace eyrie;

namespace {

struct Met {
  int compared = 0, none = 0, bypassing = 0, fronts = 0;
  std::int64_t mappings = 0;
};

void compare(std::uint64_t seed, std::int64_t most, bool lockstep, Met& met) {
  const test::RandomSpace s{seed, lockstep};
  const auto& a = s.machine;
  const auto& l = s.layer;
  const auto all = exhaust(l, a, s.flow, s.facts, s.pricing, s.space, 3, most);
  if (!all) return;
  INFO("seed " << seed << ", " << s.text());
  const auto search = [&](Objective o) {
    return search_mapping(l, a, s.flow, s.facts, s.pricing,
                          {.objective = o, .cycle_limit = {}, .space = s.space, .keep = 1});
  };
  const auto energy = search(Objective::Energy);
  if (all->mappings == 0) {
    CHECK(energy.best.empty());
    ++met.none;
    return;
  }
  REQUIRE(energy.best.size() == 1);
  INFO(pretty(energy.best[0].mapping, l));
  CHECK(energy.best[0].score == Approx(all->best_energy).epsilon(1e-9));
  const auto cycles = search(Objective::Cycles), edp = search(Objective::Edp), front = search(Objective::Front);
  CHECK(cycles.best.at(0).score == all->best_cycles);
  CHECK(edp.best.at(0).score == Approx(all->best_edp).epsilon(1e-9));
  CHECK(front.best.size() == all->front.size());
  for (std::size_t i = 0; i < std::min(front.best.size(), all->front.size()); ++i) {
    CHECK(front.best[i].cost.cycles == all->front[i].cycles);
    CHECK(front.best[i].cost.energy.count() == Approx(all->front[i].energy.count()).epsilon(1e-9));
  }
  ++met.compared;
  met.mappings += all->mappings;
  met.fronts += all->front.size() > 1 ? 1 : 0;
  const auto past = passes_by(energy.best[0].mapping, l, a);
  met.bypassing += past[0] || past[1] || past[2] ? 1 : 0;
}

}  // namespace

TEST_CASE("the search equals a walk through every mapping, for each objective and the whole front",
          "[property][mapper]") {
  Met met;
  const bool lockstep = GENERATE(false, true);
  for (std::uint64_t seed = 0; met.compared < 500 && seed < 30000; ++seed) compare(seed, 4000, lockstep, met);
  WARN(met.compared << " spaces, " << met.mappings << " mappings, " << met.none << " spaces without any, " << met.fronts
                    << " fronts of several, " << met.bypassing << " best ones pass by a buffer");
  CHECK(met.compared >= 500);
  CHECK(met.fronts > (lockstep ? 15 : 50));
  if (!lockstep) CHECK(met.bypassing > 20);
  CHECK(met.none > 10);
}
