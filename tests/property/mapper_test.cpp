// Does the search find what a walk through the whole mapspace finds? And is what it finds real?

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "dataflows/legality.hpp"
#include "energy/price.hpp"
#include "mapper/brute_force.hpp"
#include "mapper/search.hpp"
#include "sim/simulate.hpp"
#include "tests/support/random_cases.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

using enum Dim;

std::string set(const std::string& path, std::int64_t n, const char* unit = "") {
  return path + "=" + std::to_string(n) + unit;
}

/// Few PEs, spads of a few words, buffers of a few banks of two words.
Architecture tiny_machine(Random& r) {
  const auto n = [&](std::int64_t a, std::int64_t b) { return r.between(a, b); };
  const auto flag = [&](const std::string& path, double p) { return path + (r.chance(p) ? "=true" : "=false"); };
  const auto banks = n(1, 30), filter_banks = n(1, 16);
  return test::eyeriss(
      {set("array.rows", n(1, 4)), set("array.columns", n(1, 3)),
       set("array.spads.ifmap_spad.depth", n(1, 6), " words"), set("array.spads.filter_spad.depth", n(1, 12), " words"),
       set("array.spads.psum_spad.depth", n(1, 6), " words"), "buffers.glb.bank=4 B",
       set("buffers.glb.capacity", 4 * (banks + filter_banks), " B"), set("buffers.glb.partitions.fmap.banks", banks),
       set("buffers.glb.partitions.filter.banks", filter_banks),
       flag("buffers.glb.partitions.fmap.double_buffered", 0.2), flag("buffers.glb.partitions.fmap.initial_psums", 0.7),
       flag("buffers.glb.partitions.fmap.bypass", 0.3), flag("buffers.glb.partitions.filter.bypass", 0.3),
       set("networks.ifmap_gin.width", n(1, 4), " words/cycle"), set("dram.bandwidth", n(1, 8), " B/cycle")});
}

/// Two to four dimensions of more than one element.
LayerNest tiny_layer(Random& r) {
  LayerNest l;
  l.reduction = r.chance(0.9) ? Reduction::MultiplyAdd : Reduction::Maximum;
  const auto dims = r.between(2, 4);
  for (int i = 0; i < dims; ++i) {
    Dim d = kAllDims[static_cast<std::size_t>(r.between(0, 7))];
    if (!l.has_weights() && (d == M || d == C)) d = G;
    l.extent[d] = r.between(2, d == R || d == S ? 3 : 5);
  }
  l.stride = {r.between(1, 2), r.between(1, 2)};
  if (l.has_weights()) l.dilation = {r.between(1, 2), r.between(1, 2)};
  return l;
}

Dataflow random_dataflow(Random& r) {
  Dataflow flow;
  const auto some = [&](std::vector<Dim>& dims, double p) { std::erase_if(dims, [&](Dim) { return !r.chance(p); }); };
  some(flow.x, 0.5);
  some(flow.y, 0.5);
  some(flow.pe, 0.6);
  if (r.chance(0.2)) flow.whole_in_pe = {flow.pe.empty() ? G : flow.pe.front()};
  if (flow.pe.empty()) flow.whole_in_pe.clear();
  if (r.chance(0.2)) flow.longest = kAllOperands[static_cast<std::size_t>(r.between(0, 2))];
  return flow;
}

/// Prices that weigh the levels differently each time.
Pricing random_prices(Random& r, const Architecture& a, EnergyTable& table) {
  table = read_energy_table(YamlDocument::from_file(test::source("configs/technologies/eyeriss_65nm.yaml")));
  for (auto& p : table.prices) p.energy = Picojoules{static_cast<double>(r.between(1, 400)) / 4};
  return [&a, &table](const ActionCounts& counts, Cycles cycles) { return price(counts, cycles, a, table).total; };
}

struct Met {
  int compared = 0, none = 0, bypassing = 0, fronts = 0;
  std::int64_t mappings = 0;
};

void compare(std::uint64_t seed, std::int64_t most, Met& met) {
  Random r{seed, "mapper"};
  const auto a = tiny_machine(r);
  const auto l = tiny_layer(r);
  const auto flow = random_dataflow(r);
  EnergyTable table;
  const auto pricing = random_prices(r, a, table);
  const Space space = r.chance(0.3) ? Space::Perfect : r.chance(0.5) ? Space::Ragged : Space::Every;
  const DataFacts facts;
  const auto all = exhaust(l, a, flow, facts, pricing, space, 3, most);
  if (!all) return;
  INFO("seed " << seed << ", space " << name_of(space));
  INFO("layer " << fmt::format("{}", fmt::join(l.extent.of, " ")) << " stride " << l.stride.rows << " "
                << l.stride.columns << " dilation " << l.dilation.rows << " " << l.dilation.columns);
  const auto search = [&](Objective o) {
    return search_mapping(l, a, flow, facts, pricing, {.objective = o, .cycle_limit = {}, .space = space, .keep = 1});
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
  for (std::uint64_t seed = std::getenv("SEED") ? std::stoul(std::getenv("SEED")) : 0;
       met.compared < 500 && seed < 30000; ++seed)
    compare(seed, std::getenv("MOST") ? std::stol(std::getenv("MOST")) : 4000, met);
  WARN(met.compared << " spaces, " << met.mappings << " mappings, " << met.none << " spaces without any, " << met.fronts
                    << " fronts of several, " << met.bypassing << " best ones pass by a buffer");
  CHECK(met.compared >= 500);
  CHECK(met.fronts > 50);
  CHECK(met.bypassing > 20);
  CHECK(met.none > 10);
}
