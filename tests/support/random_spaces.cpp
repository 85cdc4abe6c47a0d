#include "tests/support/random_spaces.hpp"

#include <fmt/format.h>

#include "energy/price.hpp"
#include "tests/support/random_cases.hpp"
#include "tests/support/support.hpp"

namespace eyrie::test {

using enum Dim;

static std::string set(const std::string& path, std::int64_t n, const char* unit = "") {
  return path + "=" + std::to_string(n) + unit;
}

Architecture tiny_machine(Random& r) {
  const auto n = [&](std::int64_t a, std::int64_t b) { return r.between(a, b); };
  const auto flag = [&](const std::string& path, double p) { return path + (r.chance(p) ? "=true" : "=false"); };
  const auto banks = n(1, 30), filter_banks = n(1, 16);
  Random kinds = r;  // a copy: what is drawn after the machine does not depend on its networks' kinds
  const auto kind = [&](const char* noc) {
    const char* all[] = {"multicast", "bus", "broadcast", "unicast", "mesh"};
    return std::string("networks.") + noc + ".kind=" + all[kinds.chance(0.4) ? 3 : kinds.between(0, 4)];
  };
  return eyeriss(
      {set("array.rows", n(1, 4)), set("array.columns", n(1, 3)),
       set("array.spads.ifmap_spad.depth", n(1, 6), " words"), set("array.spads.filter_spad.depth", n(1, 12), " words"),
       set("array.spads.psum_spad.depth", n(1, 6), " words"), "buffers.glb.bank=4 B",
       set("buffers.glb.capacity", 4 * (banks + filter_banks), " B"), set("buffers.glb.partitions.fmap.banks", banks),
       set("buffers.glb.partitions.filter.banks", filter_banks),
       flag("buffers.glb.partitions.fmap.double_buffered", 0.2), flag("buffers.glb.partitions.fmap.initial_psums", 0.7),
       flag("buffers.glb.partitions.fmap.bypass", 0.3), flag("buffers.glb.partitions.filter.bypass", 0.3),
       set("networks.ifmap_gin.width", n(1, 4), " words/cycle"), set("dram.bandwidth", n(1, 8), " B/cycle"),
       kind("ifmap_gin"), kind("filter_gin"),
       set("dram.request", kinds.chance(0.4) ? kinds.between(1, 6) : 0, " cycles"),
       std::string("dram.engines=") + (kinds.chance(0.5) ? "per_tensor" : "shared")});
}

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

/// Clock, leakage and control instead of one figure.
static void price_time_apart(EnergyTable& table, Random& r) {
  std::erase_if(table.prices, [](const Price& p) { return p.action == Priced::Static; });
  const auto add = [&](const char* component, Priced action, Per per) {
    table.prices.push_back({.component = component,
                            .action = action,
                            .energy = Picojoules{static_cast<double>(r.between(1, 400)) / 4},
                            .per = per,
                            .source = "a test",
                            .note = {},
                            .where = {}});
  };
  add("chip", Priced::Clock, Per::Cycle);
  add("array", Priced::Clock, Per::PeCycle);
  add("chip", Priced::Leakage, Per::Cycle);
  add("array", Priced::Control, Per::Slot);
}

EnergyTable random_prices(Random& r) {
  auto table = read_energy_table(YamlDocument::from_file(source("configs/technologies/eyeriss_65nm.yaml")));
  for (const Priced sum : {Priced::Add, Priced::Compare})  // of adder trees
    table.prices.push_back({.component = "link", .action = sum, .source = "a test", .confidence = Confidence::Assumed});
  Random apart = r;  // a copy: what is drawn after the table does not depend on how it prices time
  for (auto& p : table.prices) p.energy = Picojoules{static_cast<double>(r.between(1, 400)) / 4};
  if (apart.chance(0.5)) price_time_apart(table, apart);
  return table;
}

RandomSpace::RandomSpace(std::uint64_t seed, bool lockstep)
    : random{seed, "mapper"},
      machine{tiny_machine(random)},
      layer{tiny_layer(random)},
      flow{random_dataflow(random)},
      table{random_prices(random)} {
  if (lockstep) put_in_lockstep(machine, random);
  space = random.chance(0.3) ? Space::Perfect : random.chance(0.5) ? Space::Ragged : Space::Every;
  pricing = [this](const ActionCounts& counts, Cycles cycles) {
    return unrounded_energy(counts, cycles, machine, table);
  };
}

std::string RandomSpace::text() const {
  return fmt::format("space {}, layer {} stride {} {} dilation {} {}", name_of(space), fmt::join(layer.extent.of, " "),
                     layer.stride.rows, layer.stride.columns, layer.dilation.rows, layer.dilation.columns);
}

}  // namespace eyrie::test
