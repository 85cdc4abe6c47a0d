// Counts without names, their price and the cycle bound, against those that reports are made of.

#include <catch2/catch.hpp>
#include <tuple>

#include "dataflows/action_counter.hpp"
#include "dataflows/cycle_bound.hpp"
#include "dataflows/traffic.hpp"
#include "energy/price.hpp"
#include "energy/price_vector.hpp"
#include "tests/support/random_cases.hpp"
#include "tests/support/random_spaces.hpp"
#include "tests/support/seeds.hpp"

using namespace eyrie;

TEST_CASE("numbered counts, their price and the bound are those of the named ones", "[property][dataflows][energy]") {
  int compared = 0, coded = 0;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    const auto seed = test::first_seed() + i;
    CAPTURE(seed);
    test::RandomSpace space{seed, i % 2 == 0};
    if (space.random.chance(0.5))
      space.machine.dram.compression =
          RunLengthCode{.tensors = {Operand::Input, Operand::Output}, .network_input_raw = space.random.chance(0.5)};
    const auto& [l, a] = std::tie(space.layer, space.machine);
    DataFacts facts = space.facts;
    facts.gated_macs = space.random.between(0, l.macs().count());
    facts.table_activation = space.random.chance(0.3);
    facts.biases = space.random.chance(0.5);
    facts.coded_input = space.random.unit();
    facts.coded_output = space.random.unit();
    const ActionCounter counter{l, a, facts};
    const PriceVector prices{counter.rows(), a, space.table};
    const CycleBound bound{a, facts};
    std::vector<Count> counts(counter.rows().size());
    for (int k = 0; k < 3; ++k) {
      const auto m = test::random_mapping(l, a, space.random);
      if (!m) continue;
      const auto w = traffic(*m, l, a);
      const auto named = action_counts(w, l, a, facts);
      counter.count(w, counts);
      ActionCounts numbered;
      for (std::size_t r = 0; r < counts.size(); ++r) {
        const auto& row = counter.rows()[r];
        numbered.add(row.component, row.tensor, row.action, counts[r].words, counts[r].bytes);
      }
      CHECK(numbered == named);
      CHECK(bound.of(w) == cycle_model(w, l, a, facts).bound);
      CHECK(prices.total(counts, bound.of(w)).count() == unrounded_energy(named, bound.of(w), a, space.table).count());
      ++compared;
      coded += named.words("rlc", Operand::Input, Action::Decode).count() > 0 ? 1 : 0;
    }
  }
  CHECK(compared > 5000);
  CHECK(coded > 300);
}

TEST_CASE("a numbered count without a price is an error, none is not", "[property][energy]") {
  test::RandomSpace space{1};
  const ActionCounter counter{space.layer, space.machine, space.facts};
  std::erase_if(space.table.prices, [](const Price& p) { return p.action == Priced::Hop; });
  const PriceVector prices{counter.rows(), space.machine, space.table};
  std::vector<Count> counts(counter.rows().size());
  CHECK_NOTHROW(prices.total(counts, Cycles{1}));
  for (std::size_t r = 0; r < counts.size(); ++r)
    if (counter.rows()[r].action == Action::Hop) counts[r].words = Words{1};
  CHECK_THROWS_AS(prices.total(counts, Cycles{1}), InputError);
}
