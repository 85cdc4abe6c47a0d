// Does every machine of the family compute any layer, count what the closed form counts, and spend energy only on what
// it counted? Does more of anything ever make it slower?

#include <catch2/catch.hpp>

#include "dataflows/closed_form.hpp"
#include "dataflows/legality.hpp"
#include "dataflows/wires.hpp"
#include "energy/price.hpp"
#include "sim/simulate.hpp"
#include "tests/support/checks.hpp"
#include "tests/support/random_cases.hpp"
#include "tests/support/resources.hpp"
#include "tests/support/seeds.hpp"
#include "tests/support/support.hpp"
#include "workloads/zero_macs.hpp"

using namespace eyrie;

namespace {

/// A layer, a machine, a legal mapping, and data.
struct Triple {
  Architecture a;
  LayerNest l;
  Mapping m;
  LayerOperands operands;
  bool reads_network_input = false;
  [[nodiscard]] LayerResult run(const Architecture& machine) const {
    SimulateOptions options;
    options.reads_network_input = reads_network_input;
    return simulate(l, machine, m, operands, options);
  }
};

std::optional<Triple> triple(Random& random, bool lockstep) {
  Triple t;
  t.a = lockstep ? test::random_lockstep_machine(random) : test::random_machine(random);
  t.a.dram.bandwidth = BytesPerCycle{static_cast<double>(std::int64_t{1} << random.between(0, 4))};
  t.a.dram.latency = Cycles{random.between(0, 12)};
  t.a.dram.compression->rate = WordsPerCycle{random.between(1, 4)};
  t.l = test::random_layer(random);
  const auto m = test::random_mapping(t.l, t.a, random);
  if (!m) return std::nullopt;
  t.m = *m;
  t.operands = test::random_operands(t.l, t.a.words, random);
  t.reads_network_input = random.chance(0.5);
  return t;
}

/// A price of its own for every action of every component.
EnergyTable complete_table(const Architecture& a) {
  EnergyTable table{.name = "complete", .technology = {65}, .voltage = {1.0}, .where = {}};
  std::vector<std::string> components{a.dram.name, a.array.mac.name, a.array.name, "rlc"};
  for (const auto& b : a.buffers) components.push_back(b.name);
  for (const auto& n : a.networks) components.push_back(n.name);
  for (const auto& s : a.array.spads) components.push_back(s.name);
  double energy = 0.125;
  for (const auto& c : components)
    for (const auto& row : names<Priced>::table)
      table.prices.push_back({.component = c,
                              .action = row.value,
                              .energy = Picojoules{energy += 0.3},
                              .per = row.value == Priced::Clock     ? Per::PeCycle
                                     : row.value == Priced::Control ? Per::Slot
                                     : is_of_time(row.value)        ? Per::Cycle
                                                                    : Per::Word,
                              .at = Bits{16},
                              .source = "made up",
                              .note = "",
                              .where = {}});
  return table;
}

/// What a count costs, worked out from the table alone. All words have 16 bits, as the prices are for.
double cost(const ActionCount& c, const Architecture& a, const EnergyTable& table) {
  const auto units = c.component == a.dram.name ? static_cast<double>(c.bytes.count()) / 2
                     : c.action == Action::Wire ? static_cast<double>(c.words.count()) * a.array.pitch->mm
                                                : static_cast<double>(c.words.count());
  for (const auto& p : table.prices)
    if (p.component == c.component && name_of(p.action) == name_of(c.action)) return units * p.energy.count();
  return -1;
}

double sum(const std::vector<std::pair<std::string, Picojoules>>& parts) {
  double all = 0;
  for (const auto& [name, energy] : parts) all += energy.count();
  return all;
}

/// A table scaled by k charges k times as much, line by line, but for the rounding of both to grains.
void check_scaled(const LayerResult& r, const Architecture& a, EnergyTable table, const EnergyReport& once, int k) {
  for (auto& p : table.prices) p.energy = p.energy * static_cast<double>(k);
  const auto report = price(r.counts, {r.cycles, r.active_pes}, a, table);
  REQUIRE(report.lines.size() == once.lines.size());
  const auto rounding = kEnergyGrain.count() * (k + 1) / 2;
  for (std::size_t i = 0; i < report.lines.size(); ++i) {
    const double wanted = k * once.lines[i].energy.count();
    CHECK(report.lines[i].energy.count() == Approx(wanted).margin(rounding).epsilon(1e-12));
  }
}

/// Each PE's MACs are all MACs, and none did more than its slots.
void check_pe_macs(const LayerResult& r, const Architecture& a) {
  REQUIRE(std::ssize(r.pe_macs) == a.pes());
  std::int64_t all = 0;
  for (const auto macs : r.pe_macs) {
    CHECK(macs <= r.cycles.count());
    all += macs;
  }
  CHECK(all == r.slots.macs + r.slots.gated);
  CHECK(std::ranges::count_if(r.pe_macs, [](auto macs) { return macs > 0; }) >= r.active_pes);
}

void check_energy(const LayerResult& r, const Architecture& a) {
  const auto table = complete_table(a);
  const auto report = price(r.counts, {r.cycles, r.active_pes}, a, table);
  const auto total = report.total.count();  // to the last bit: sums of grains are exact
  check_scaled(r, a, table, report, 3);
  CHECK(sum(report.by_component()) == total);
  CHECK(sum(report.by_tensor()) == total);
  double by_price = 0, lines = 0, costs = 0;
  for (const auto& p : report.by_price(table.prices.size())) by_price += p.count();
  CHECK(by_price == total);
  for (const auto& line : report.lines) lines += line.energy.count();
  CHECK(lines == total);
  REQUIRE(report.lines.size() == r.counts.rows().size() + 4);  // one a count, and four for time
  for (std::size_t i = 0; i < r.counts.rows().size(); ++i) {
    const auto& count = r.counts.rows()[i];
    CHECK(report.lines[i].component == count.component);
    CHECK(report.lines[i].action == name_of(count.action));
    const auto each = cost(count, a, table);
    CHECK(report.lines[i].energy.count() == Approx(each).margin(kEnergyGrain.count() / 2).epsilon(1e-12));
    costs += each;
  }
  const auto of_time = [&](Priced p) { return table.find(a.array.name, "array", p)->energy.count(); };
  const auto cycles = static_cast<double>(r.cycles.count());
  costs += cycles * (of_time(Priced::Static) + of_time(Priced::Leakage));
  costs += cycles * static_cast<double>(r.active_pes) * of_time(Priced::Clock);
  double slots = 0;
  for (const auto& c : r.counts.rows())
    if (c.component == a.array.mac.name && c.action != Action::Activate) slots += static_cast<double>(c.words.count());
  CHECK(slots <= cycles * static_cast<double>(r.active_pes));  // no PE does two things in a cycle
  costs += slots * of_time(Priced::Control);
  const double rounding = kEnergyGrain.count() * static_cast<double>(report.lines.size()) / 2;
  CHECK(costs == Approx(total).margin(rounding).epsilon(1e-12));
}

struct Met {
  int triples = 0, spilled = 0, pooled = 0, rings = 0, trees = 0, systolic = 0, links = 0, engines = 0, overlapping = 0,
      wired = 0, gated = 0;
};

void note(const Triple& t, const LayerResult& r, Met& met) {
  const auto any = [&](NocKind kind) { return std::ranges::count(t.a.networks, kind, &Noc::kind) > 0; };
  ++met.triples;
  met.spilled += r.counts.words("dram", Operand::Output, Action::Read).count() > 0 ? 1 : 0;
  met.pooled += t.l.has_weights() ? 0 : 1;
  met.rings += t.a.partition(Operand::Input)->circular ? 1 : 0;
  met.trees += any(NocKind::AdderTree) ? 1 : 0;
  met.systolic += any(NocKind::Systolic) ? 1 : 0;
  met.links += any(NocKind::Links) ? 1 : 0;
  met.engines += t.a.dram.engines == DmaEngines::PerTensor ? 1 : 0;
  met.overlapping += t.a.array.control == Control::Lockstep && t.a.array.lockstep.overlap ? 1 : 0;
  met.wired += t.a.array.pitch ? 1 : 0;
  met.gated += r.stack[Cause::GatedMac] > 0 ? 1 : 0;
}

void check_triple(std::uint64_t seed, bool lockstep, Met& met) {
  Random random{seed, "machines"};
  const auto found = triple(random, lockstep);
  if (!found) return;
  const Triple& t = *found;
  INFO("EYRIE_TEST_SEED=" << seed << "\n" << pretty(t.m, t.l));
  const auto truth = t.run(t.a);
  REQUIRE_FALSE(truth.deadlock.has_value());
  CHECK(test::differences(truth.ofmap, test::reference_ofmap(t.l, t.operands)) == 0);
  const Traffic traffic = eyrie::traffic(t.m, t.l, t.a);
  const DataFacts facts{.gated_macs = zero_macs(t.l, t.operands.input).count(),
                        .biases = !t.operands.bias.empty(),
                        .reads_network_input = t.reads_network_input};
  auto counts = action_counts(traffic, t.l, t.a, facts);
  counts += wire_counts(t.m, t.l, t.a, traffic);
  CHECK(test::words_of(counts) == test::words_of(truth.counts));
  CHECK(cycle_model(traffic, t.l, t.a, facts).bound <= truth.cycles);
  CHECK(truth.stack.total() == truth.cycles.count() * t.a.pes());
  CHECK(truth.processing_cycles <= truth.cycles);
  check_energy(truth, t.a);
  check_pe_macs(truth, t.a);
  note(t, truth, met);
}

}  // namespace

namespace {

struct Compared {
  int strictly = 0, reordered = 0, arbitrated = 0, slower = 0;
};

/// Psums of one chain of PEs alone wait for no other's turn.
bool one_chain(const Mapping& m) {
  return std::ranges::none_of(
      m.nest, [](const NestEntry& e) { return e.spatial.has_value() && is_relevant(e.dim(), Operand::Output); });
}

/// How much longer a run with more of a resource may take (docs/architecture.md, "More is not slower").
std::int64_t allowance(const Triple& t, const test::Resource& r, const LayerResult& before, Compared& met) {
  if (t.a.array.control == Control::Autonomous && !one_chain(t.m)) {
    ++met.arbitrated;
    return before.cycles.count() / 20;
  }
  const auto latency = t.a.core_cycles(t.a.dram.latency, t.a.dram.clock).count();
  if (r.reorders && latency > 0) {
    ++met.reordered;
    return latency * before.passes;
  }
  ++met.strictly;
  return 0;
}

void check_more(std::uint64_t seed, bool lockstep, Compared& met) {
  Random random{seed, "machines"};
  const auto t = triple(random, lockstep);
  if (!t) return;
  const auto before = t->run(t->a);
  const auto all = test::resources(t->a);
  for (int i = 0; i < 4; ++i) {
    const auto& more = all[static_cast<std::size_t>(random.between(0, std::ssize(all) - 1))];
    auto machine = t->a;
    more.more_of(machine);
    // A beat that comes straight from DRAM waits for its last word: the first ones of a wider beat come later.
    if (more.beats && passes_by(t->m, t->l, t->a)[static_cast<std::size_t>(*more.beats)]) continue;
    INFO("EYRIE_TEST_SEED=" << seed << " more of " << more.name << "\n" << pretty(t->m, t->l));
    REQUIRE(is_legal(t->m, t->l, machine));
    const auto after = t->run(machine);
    REQUIRE_FALSE(after.deadlock.has_value());
    CHECK(after.ofmap == before.ofmap);
    CHECK(after.cycles.count() <= before.cycles.count() + allowance(*t, more, before, met));
    met.slower += after.cycles > before.cycles ? 1 : 0;
  }
}

}  // namespace

TEST_CASE("more bandwidth, room or speed of anything is never slower", "[property][sim]") {
  Compared met;
  const bool lockstep = GENERATE(false, true);
  for (std::uint64_t i = 0; i < 1100; ++i) check_more(test::first_seed() + i, lockstep, met);
  if (lockstep) {
    CHECK(met.strictly > 3500);
    CHECK(met.reordered > 50);
  } else {
    CHECK(met.strictly > 100);
    CHECK(met.arbitrated > 3000);
  }
  CHECK(met.slower < 40);  // of 4400
}

TEST_CASE("any machine computes any layer, counts what the closed form counts and prices all of it",
          "[property][sim]") {
  Met met;
  const bool lockstep = GENERATE(false, true);
  for (std::uint64_t i = 0; i < 1100; ++i) check_triple(test::first_seed() + i, lockstep, met);
  CHECK(met.triples >= 1000);
  CHECK(met.spilled > 20);
  CHECK(met.pooled > 150);
  CHECK(met.wired > 300);
  CHECK(met.gated > 150);
  if (!lockstep) return;
  CHECK(met.rings > 150);
  CHECK(met.trees > 150);
  CHECK(met.systolic > 150);
  CHECK(met.links > 150);
  CHECK(met.engines > 300);
  CHECK(met.overlapping > 300);
}
