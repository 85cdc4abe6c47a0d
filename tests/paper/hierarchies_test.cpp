// Energies that papers publish, read from what is charged.

#include <catch2/catch.hpp>

#include "dataflows/closed_form.hpp"
#include "energy/price.hpp"
#include "sim/simulate.hpp"
#include "tests/support/checks.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using enum Dim;

namespace {

EnergyTable table_of(const std::string& name) {
  return read_energy_table(YamlDocument::from_file(test::source("configs/technologies/" + name + ".yaml")));
}

/// What one word costs.
double charged(const std::string& component, Action action, const Architecture& a, const EnergyTable& table) {
  ActionCounts counts;
  counts.add(component, Operand::Input, action, Words{1}, bytes_of(Words{1}, a.words.input));
  return price(counts, Cycles{0}, a, table).total.count();
}

}  // namespace

TEST_CASE("ISCA 2016, Table IV, is what its table charges on Eyeriss", "[paper][energy]") {
  const auto a = test::eyeriss();
  const auto table = table_of("isca2016_65nm");
  const double mac = charged("mac", Action::Mac, a, table);
  CHECK(mac == 2);  // pJ
  for (const char* spad : {"ifmap_spad", "filter_spad", "psum_spad"})
    for (const Action action : {Action::Read, Action::Write}) CHECK(charged(spad, action, a, table) == 1 * mac);
  CHECK(charged("psum_link", Action::Hop, a, table) == 2 * mac);
  for (const char* network : {"filter_gin", "ifmap_gin", "psum_gin"})
    CHECK(charged(network, Action::Send, a, table) + charged(network, Action::Deliver, a, table) == 2 * mac);
  for (const Action action : {Action::Read, Action::Write, Action::Fill, Action::Drain})
    CHECK(charged("glb", action, a, table) == 6 * mac);
  for (const Action action : {Action::Read, Action::Write}) CHECK(charged("dram", action, a, table) == 200 * mac);
}

TEST_CASE("a run at full rate takes the powers of DianNao's blocks", "[paper][diannao]") {
  auto document = YamlDocument::from_file(test::source("configs/architectures/diannao.yaml"));
  for (const char* unlimited : {"dram.bandwidth=1048576 B/cycle", "dram.latency=0 cycles", "dram.request=0 cycles"})
    document.apply(parse_override(unlimited));
  const auto a = read_architecture(document);
  // In each cycle another group of channels: 16 inputs, 256 synapses, 16 psums out of NBout and back. Each psum is
  // read again for each further 16 inputs of its group.
  constexpr std::int64_t groups = 32, rounds = 64;
  LayerNest l;
  l.extent.of = {groups, 1, 16, 16 * rounds, 1, 1, 1, 1};
  const Mapping m{{keep("dram", {Operand::Input, Operand::Weight, Operand::Output}), keep("nbout", {Operand::Output}),
                   temporal(C, 16), keep("sb", {Operand::Weight}), keep("nbin", {Operand::Input}), temporal(G, 1),
                   spatial(C, 1, Axis::Y), spatial(M, 1, Axis::X), keep("psum_register", {Operand::Output}),
                   keep("synapse_register", {Operand::Weight}), keep("input_register", {Operand::Input})}};
  test::require_legal(m, l, a);
  Random random{1, "full rate"};
  auto operands = test::random_operands(l, a.words, random);
  operands.bias.clear();
  const auto run = simulate(l, a, m, operands);
  REQUIRE_FALSE(run.deadlock.has_value());
  CHECK(test::differences(run.ofmap, test::reference_ofmap(l, operands)) == 0);
  const auto steps = Cycles{groups * rounds};
  CHECK(l.macs() == Macs{256 * steps.count()});
  const auto report = price(run.counts, steps, a, table_of("diannao_65nm"));
  // A DMA's fills and drains come beside; the published powers are of a loop that has its data.
  const auto mw = [&](const std::string& component, std::initializer_list<const char*> actions) {
    double pj = 0;
    for (const auto& line : report.lines)
      if (line.component == component && std::ranges::count(actions, line.action) > 0) pj += line.energy.count();
    return pj / static_cast<double>(steps.count()) * a.core().count() * 1e-9;
  };
  CHECK(mw("sb", {"read"}) == Approx(105).epsilon(0.001));
  CHECK(mw("nbin", {"read"}) == Approx(91).epsilon(0.001));
  const double once = 1 - 1.0 / (2 * rounds);  // the first psums of a group are written only
  CHECK(mw("nbout", {"read", "write"}) == Approx(92 * once).epsilon(0.001));
  CHECK(mw("mac", {"mac"}) == Approx(132).epsilon(0.001));
  CHECK(mw("nfu", {"static"}) == Approx(31 + 8 + 26).epsilon(0.001));  // CP, AXIMUX, other
}
