// Every machine that ships in every technology that ships: is everything that it does priced, and is it priced once?

#include <catch2/catch.hpp>
#include <set>

#include "app/experiment.hpp"
#include "app/technology_command.hpp"
#include "dataflows/wires.hpp"
#include "energy/price.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

/// A machine with the counts of each layer of a small network, sigmoid and wires included.
struct Counted {
  Architecture architecture;
  std::vector<ActionCounts> layers;
};

Counted counted(const std::string& machine, const Catalogue& catalogue) {
  Experiment e;
  e.architecture = machine;
  e.workload = test::source("configs/workloads/tiny.yaml");
  e.baselines.clear();
  auto p = prepare(e, {}, catalogue);
  map_layers(p, map_settings(e, 1, true), [] { return false; });
  Counted c{p.architecture, {}};
  for (const auto& l : p.layers) {
    auto facts = expected_facts(to_map(p, l), p.architecture);
    facts.table_activation = true;
    c.layers.push_back(action_counts(traffic(l.mapping, l.nest, p.architecture), l.nest, p.architecture, facts));
  }
  REQUIRE_FALSE(c.layers.empty());
  return c;
}

std::vector<std::string> of_kind(const Catalogue& catalogue, const std::set<std::string>& kinds) {
  std::vector<std::string> all;
  for (const auto& name : catalogue.list(Shelf::Technologies))
    if (kinds.contains(YamlDocument::from_file(catalogue.find(Shelf::Technologies, name)).top_level_text("kind")))
      all.push_back(name);
  return all;
}

EnergyTable table_of(const std::string& technology, const Architecture& a, const Catalogue& catalogue) {
  return read_prices(YamlDocument::from_file(catalogue.find(Shelf::Technologies, technology)), a,
                     technologies_of(catalogue));
}

}  // namespace

TEST_CASE("every machine is priced in every technology", "[property][energy]") {
  const Catalogue catalogue{EYRIE_BINARY};
  const auto technologies = of_kind(catalogue, {"technology"});
  REQUIRE(technologies.size() >= 11);
  int priced = 0;
  for (const auto& machine : catalogue.list(Shelf::Architectures)) {
    const auto c = counted(machine, catalogue);
    for (const auto& technology : technologies) {
      CAPTURE(machine, technology);
      const auto table = table_of(technology, c.architecture, catalogue);
      if (technology.starts_with("generic"))  // what is scaled from a table prices what the table does
        for (const auto& counts : c.layers) {
          const auto report = price(counts, {Cycles{1000}, c.architecture.pes()}, c.architecture, table);
          ++priced;
          CHECK(report.total.count() > 0);
          CHECK(report.dram.count() > 0);
          for (const auto& line : report.lines) CHECK(line.energy.count() >= 0);
        }
      for (const auto& p : table.prices) {
        CHECK_FALSE(p.source.empty());
        CHECK(p.width() >= 1);
        CHECK(p.energy.count() >= 0);
        CHECK(right_per(p.action, p.per).empty());
      }
      std::set<std::pair<std::string, Priced>> seen;
      for (const auto& p : table.prices) CHECK(seen.insert({p.component, p.action}).second);
    }
  }
  CHECK(priced >= 6 * 10 * 4);
}

TEST_CASE("prices k times as high make energies k times as high", "[property][energy]") {
  const Catalogue catalogue{EYRIE_BINARY};
  const auto c = counted("eyeriss_v1", catalogue);
  for (const char* technology : {"generic_65nm", "generic_7nm", "eyeriss_28nm"})
    for (const double k : {0.25, 3.0}) {
      const auto table = table_of(technology, c.architecture, catalogue);
      auto other = table;
      for (auto& p : other.prices) p.energy = p.energy * k;
      for (const auto& counts : c.layers) {
        const auto of = [&](const EnergyTable& t) {
          return price(counts, {Cycles{777}, 150}, c.architecture, t).total.count();
        };
        const double rounding = kEnergyGrain.count() * (k + 1) / 2 * 64;  // of at most so many lines
        CHECK(of(other) == Approx(k * of(table)).margin(rounding).epsilon(1e-12));
      }
    }
}

TEST_CASE("a plain table in another node and back charges what it did", "[property][energy]") {
  const Catalogue catalogue{EYRIE_BINARY};
  const auto c = counted("eyeriss_v1", catalogue);
  const auto table = table_of("eyeriss_65nm", c.architecture, catalogue);
  for (const double node : {130.0, 45.0, 28.0, 7.0}) {
    const auto there = scaled(table, {node}, {0.9}), back = scaled(there, table.technology, table.voltage);
    for (const auto& counts : c.layers) {
      const auto of = [&](const EnergyTable& t) { return price(counts, Cycles{777}, c.architecture, t); };
      CHECK(of(back).total.count() == Approx(of(table).total.count()).epsilon(1e-12));
      CHECK(of(there).dram == of(table).dram);
      CHECK((of(there).on_chip() < of(table).on_chip()) == (node < 65));
    }
  }
}
