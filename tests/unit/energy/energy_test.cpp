#include <catch2/catch.hpp>

#include <tuple>

#include "energy/price.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

EnergyTable shipped() {
  return read_energy_table(YamlDocument::from_file(test::source("configs/technologies/eyeriss_65nm.yaml")));
}

ActionCounts some_counts() {
  ActionCounts c;
  c.add("dram", Operand::Input, Action::Read, Words{100}, Bytes{80});
  c.add("glb", Operand::Output, Action::Write, Words{10}, Bytes{20});
  c.add("psum_link", Operand::Output, Action::Hop, Words{3}, Bytes{6});
  c.add("mac", Operand::Output, Action::Mac, Words{1000}, Bytes{2000});
  c.add("mac", Operand::Output, Action::GatedMac, Words{500}, Bytes{1000});
  return c;
}

}  // namespace

TEST_CASE("counts times prices, DRAM by the bytes that crossed the link", "[unit][energy]") {
  const auto r = price(some_counts(), Cycles{10}, test::eyeriss(), shipped());
  // 40 words x 460 + 10 x 15 + 3 x 4 + 1000 x 2 + 500 x 2.3 + 10 x 150
  CHECK(r.dram.count() == Approx(18400).margin(1e-9));
  CHECK(r.total.count() == Approx(18400 + 150 + 12 + 2000 + 1150 + 1500).margin(1e-9));
  CHECK(r.on_chip().count() == Approx(4812).margin(1e-9));
}

TEST_CASE("parts sum to the total", "[unit][energy]") {
  auto r = price(some_counts(), Cycles{10}, test::eyeriss(), shipped());
  r += price(some_counts(), Cycles{7}, test::eyeriss(), shipped());
  for (const auto& parts : {r.by_component(), r.by_tensor()}) {
    Picojoules sum{};
    for (const auto& [name, energy] : parts) sum += energy;
    CHECK(sum == r.total);
  }
  CHECK(r.by_tensor().back().first == "static");
}

TEST_CASE("a table scaled by k charges k times as much, exactly where prices are whole grains", "[unit][energy]") {
  auto table = shipped();
  for (auto& p : table.prices) p.energy = in_grains(p.energy);
  const auto once = price(some_counts(), Cycles{10}, test::eyeriss(), table);
  for (const int k : {2, 3, 7, 1000}) {
    auto scaled = table;
    for (auto& p : scaled.prices) p.energy = p.energy * static_cast<double>(k);
    const auto report = price(some_counts(), Cycles{10}, test::eyeriss(), scaled);
    CHECK(report.total == once.total * static_cast<double>(k));
    CHECK(report.dram == once.dram * static_cast<double>(k));
    for (std::size_t i = 0; i < once.lines.size(); ++i)
      CHECK(report.lines[i].energy == once.lines[i].energy * static_cast<double>(k));
  }
}

TEST_CASE("energies are whole grains, and their sums are exact in any order", "[unit][energy]") {
  CHECK(in_grains(Picojoules{0.1}) == kEnergyGrain * 102.0);
  CHECK(in_grains(Picojoules{0.0004}) == Picojoules{});
  CHECK(in_grains(Picojoules{0.0005}) == kEnergyGrain);
  const Picojoules much{4e12 + 1.0 / 1024};  // 4 J and a grain
  CHECK(in_grains(much) == much);
  CHECK((much + kEnergyGrain) - much == kEnergyGrain);
  auto table = shipped();
  for (auto& p : table.prices) p.energy = p.energy * 1.1;
  const auto r = price(some_counts(), Cycles{1'000'001}, test::eyeriss(), table);
  Picojoules forwards{}, backwards{};
  for (std::size_t i = 0; i < r.lines.size(); ++i) {
    CHECK(in_grains(r.lines[i].energy) == r.lines[i].energy);
    forwards += r.lines[i].energy;
    backwards += r.lines[r.lines.size() - 1 - i].energy;
  }
  CHECK(forwards == r.total);
  CHECK(backwards == r.total);
  CHECK(r.total != unrounded_energy(some_counts(), Cycles{1'000'001}, test::eyeriss(), table));
  CHECK(r.total.count() == Approx(unrounded_energy(some_counts(), Cycles{1'000'001}, test::eyeriss(), table).count())
                               .margin(kEnergyGrain.count() * static_cast<double>(r.lines.size()) / 2));
}

namespace {

/// The table with clock, leakage and control apart instead of `static`.
EnergyTable apart() {
  auto table = shipped();
  std::erase_if(table.prices, [](const Price& p) { return p.action == Priced::Static; });
  const auto add = [&](const std::string& component, Priced action, double pj, Per per) {
    table.prices.push_back({.component = component,
                            .action = action,
                            .energy = Picojoules{pj},
                            .per = per,
                            .source = "a test",
                            .note = {},
                            .where = {}});
  };
  add("chip", Priced::Clock, 7, Per::Cycle);
  add("array", Priced::Clock, 3, Per::PeCycle);
  add("chip", Priced::Leakage, 11, Per::Cycle);
  add("pe_array", Priced::Control, 0.5, Per::Slot);
  return table;
}

double of(const EnergyReport& r, const std::string& component, const std::string& tensor) {
  for (const auto& l : r.lines)
    if (l.component == component && l.tensor == tensor) return l.energy.count();
  return -1;
}

}  // namespace

TEST_CASE("clock, leakage and control are paid by cycles, PE-cycles and slots", "[unit][energy]") {
  auto counts = some_counts();
  counts.add("mac", Operand::Output, Action::Add, Words{200}, Bytes{400});
  const auto r = price(counts, {Cycles{100}, 154}, test::eyeriss(), apart());
  CHECK(of(r, "chip", "clock") == Approx(7 * 100));
  CHECK(of(r, "pe_array", "clock") == Approx(3 * 100 * 154));
  CHECK(of(r, "chip", "leakage") == Approx(11 * 100));
  CHECK(of(r, "pe_array", "control") == Approx(0.5 * (1000 + 500 + 200)));
  CHECK(of(r, "pe_array", "static") == -1);
  const double more = 7 * 100 + 3 * 100 * 154 + 11 * 100 + 0.5 * 1700;
  CHECK(r.total.count() == Approx(price(counts, Cycles{0}, test::eyeriss(), shipped()).total.count() + more));
  double parts = 0;
  for (const auto& [name, energy] : r.by_tensor()) parts += energy.count();
  CHECK(parts == Approx(r.total.count()));
}

TEST_CASE("leakage of a KiB is paid by every KiB of the buffers", "[unit][energy]") {
  auto table = apart();
  for (auto& p : table.prices)
    if (p.action == Priced::Leakage) {
      p.energy = Picojoules{0.25};
      p.per = Per::KibCycle;
    }
  const auto r = price(some_counts(), {Cycles{100}, 154}, test::eyeriss(), table);
  CHECK(of(r, "chip", "leakage") == 0.25 * 100 * 108);
  const auto twice = price(some_counts(), {Cycles{100}, 154}, test::eyeriss({"buffers.glb.capacity=216 KiB"}), table);
  CHECK(of(twice, "chip", "leakage") == 0.25 * 100 * 216);
}

TEST_CASE("PEs of which nothing is known are clocked for their slots", "[unit][energy]") {
  const auto r = price(some_counts(), Cycles{100}, test::eyeriss(), apart());
  CHECK(of(r, "pe_array", "clock") == Approx(3 * 1500));
  CHECK(r.total < price(some_counts(), {Cycles{100}, 15}, test::eyeriss(), apart()).total + Picojoules{1e-6});
}

TEST_CASE("time is never free", "[unit][energy]") {
  for (const Priced left_out : {Priced::Clock, Priced::Leakage, Priced::Control}) {
    auto table = apart();
    std::erase_if(table.prices, [&](const Price& p) { return p.action == left_out; });
    const auto error = test::errors_of([&] { price(some_counts(), Cycles{1}, test::eyeriss(), table); });
    CHECK(error.find("no price for " + std::string(name_of(left_out)) + " of chip or array; add one") !=
          std::string::npos);
  }
  auto table = apart();
  std::erase_if(table.prices, [](const Price& p) { return is_of_time(p.action); });
  const auto error = test::errors_of([&] { price(some_counts(), Cycles{1}, test::eyeriss(), table); });
  CHECK(error.find("no price for static of pe_array; add one for `component: array`") != std::string::npos);
}

TEST_CASE("an action without a price is an error, never free", "[unit][energy]") {
  auto table = shipped();
  std::erase_if(table.prices, [](const Price& p) { return p.action == Priced::Hop; });
  const auto error = test::errors_of([&] { price(some_counts(), Cycles{1}, test::eyeriss(), table); });
  CHECK(
      error.find(
          "eyeriss_65nm has no price for hop of psum_link; add one for `component: psum_link` or `component: link`") !=
      std::string::npos);
}

TEST_CASE("wires are priced by the word and millimetre", "[unit][energy]") {
  const auto a = test::eyeriss({"array.pitch=250 um"});
  ActionCounts c;
  c.add("ifmap_gin", Operand::Input, Action::Wire, Words{1200}, Bytes{2400});
  auto table = shipped();
  std::erase_if(table.prices, [](const Price& p) { return p.action == Priced::Wire; });
  const auto error = test::errors_of([&] { price(c, Cycles{0}, a, table); });
  CHECK(error.find("eyeriss_65nm has no price for wire of ifmap_gin; add one for `component: ifmap_gin` or `component: "
                   "noc`") != std::string::npos);
  table.prices.push_back({.component = "noc",
                          .action = Priced::Wire,
                          .energy = Picojoules{3.0},
                          .at = Bits{32},
                          .source = "a test",
                          .confidence = Confidence::Assumed});
  const auto r = price(c, Cycles{0}, a, table);
  CHECK(r.lines.at(0).units == Approx(300));                 // words x mm
  CHECK(r.lines.at(0).energy.count() == Approx(300 * 1.5));  // at 16 b
}

TEST_CASE("other word widths scale memories linearly and multiplications by the square", "[unit][energy]") {
  const auto eight = test::eyeriss({"words={input: 8 b, weight: 8 b, psum: 16 b, output: 8 b}"});
  ActionCounts c;
  c.add("mac", Operand::Output, Action::Mac, Words{100}, Bytes{100});
  c.add("glb", Operand::Input, Action::Read, Words{100}, Bytes{100});
  const auto r = price(c, Cycles{0}, eight, shipped());
  REQUIRE(r.lines.size() == 3);
  CHECK(r.lines[0].energy.count() == Approx(100 * 15 / 2.0).margin(1e-9));
  CHECK(r.lines[1].energy.count() == Approx(100 * 2 / 4.0).margin(1e-9));
  CHECK(r.lines[1].scaled);
}

TEST_CASE("a component's own price beats that of its kind", "[unit][energy]") {
  auto table = shipped();
  table.prices.push_back({.component = "glb",
                          .action = Priced::Write,
                          .energy = Picojoules{1},
                          .source = "here",
                          .note = {},
                          .where = {}});
  CHECK(price(some_counts(), Cycles{0}, test::eyeriss(), table).lines[1].energy.count() == Approx(10).margin(1e-9));
}

TEST_CASE("every shipped figure has a source", "[unit][energy]") {
  for (const auto& p : shipped().prices) {
    CHECK_FALSE(p.source.empty());
    if (p.confidence != Confidence::SeenInText) CHECK_FALSE(p.note.empty());
  }
}

TEST_CASE("what is missing is said once, however many tensors want it", "[unit][energy]") {
  auto table = shipped();
  std::erase_if(table.prices, [](const Price& p) { return p.component == "dram" && p.action == Priced::Read; });
  auto counts = some_counts();
  counts.add("dram", Operand::Weight, Action::Read, Words{1}, Bytes{2});
  const auto error = test::errors_of([&] { price(counts, Cycles{1}, test::eyeriss(), table); });
  const std::string problem = "eyeriss_65nm has no price for read of dram";
  CHECK(error.find(problem) != std::string::npos);
  CHECK(error.find(problem) == error.rfind(problem));
}

TEST_CASE("a price per bit holds for every width and is not scaled", "[unit][energy]") {
  auto table = shipped();
  for (auto& p : table.prices)
    if (p.component == "sram") {
      p.per = Per::Bit;
      p.energy = Picojoules{0.5};
    }
  ActionCounts c;
  c.add("glb", Operand::Input, Action::Read, Words{100}, Bytes{100});
  const auto eight = test::eyeriss({"words={input: 8 b, weight: 8 b, psum: 16 b, output: 8 b}"});
  const auto r = price(c, Cycles{0}, eight, table);
  CHECK(r.lines[0].energy.count() == Approx(100 * 8 * 0.5).margin(1e-9));
  CHECK_FALSE(r.lines[0].scaled);
}

TEST_CASE("what the prices were charged sums to the total", "[unit][energy]") {
  const auto table = shipped();
  auto r = price(some_counts(), Cycles{10}, test::eyeriss(), table);
  r += price(some_counts(), Cycles{7}, test::eyeriss(), table);
  Picojoules sum{};
  for (const Picojoules e : r.by_price(table.prices.size())) sum += e;
  CHECK(sum == r.total);
  CHECK(r.by_price(table.prices.size()).back().count() == Approx(17 * 150).margin(1e-9));  // static stands last
}

TEST_CASE("all that is wrong in an energy table is said at once", "[unit][energy]") {
  const auto errors = [](const std::string& prices) {
    return test::errors_of([&] {
      read_energy_table(YamlDocument::from_text(
          "kind: energy_table\nname: t\ntechnology: 65 nm\nvoltage: 1.0 V\nprices:" + prices, "t.yaml"));
    });
  };
  CHECK(errors(" []\n").find("t has no prices; add one for every component and action") != std::string::npos);
  const auto all = errors(R"(
- {component: dram, action: read, energy: 1 pJ, source: here, confidence: assumed}
- {component: dram, action: read, energy: 2 pJ, source: here, confidence: assumed}
- {component: sram, action: read, energy: 2 pJ, source: "", confidence: assumed}
- {component: array, action: static, energy: 2 pJ, source: here, confidence: assumed}
)");
  CHECK(all.find("t.yaml:7:") != std::string::npos);
  CHECK(all.find("read of dram is priced twice; keep one of the two") != std::string::npos);
  CHECK(all.find("read of sram has no source") != std::string::npos);
  const auto time = errors(R"(
- {component: array, action: static, energy: 1 pJ, per: pe_cycle, source: here, confidence: assumed}
- {component: array, action: clock, energy: 1 pJ, per: slot, source: here, confidence: assumed}
- {component: chip, action: leakage, energy: 1 pJ, per: bit, source: here, confidence: assumed}
- {component: chip, action: control, energy: 1 pJ, per: word, source: here, confidence: assumed}
- {component: mac, action: mac, energy: 1 pJ, per: slot, source: here, confidence: assumed}
)");
  for (const char* wrong : {"t.yaml:6:3: error: static is priced per pe_cycle; it costs a cycle",
                            "t.yaml:6:3: error: static of array stands beside clock, leakage or control; static is the "
                            "three in one figure: price either it or them",
                            "t.yaml:7:3: error: clock is priced per slot; it costs a cycle or a pe_cycle",
                            "t.yaml:8:3: error: leakage is priced per bit; it costs a cycle",
                            "t.yaml:9:3: error: control is priced per word; it costs a cycle, a pe_cycle or a slot",
                            "t.yaml:10:3: error: mac is priced per slot; it costs a word or a bit"}) {
    CAPTURE(wrong, time);
    CHECK(time.find(wrong) != std::string::npos);
  }
  CHECK(all.find("static is priced per word; it costs a cycle") != std::string::npos);
}

namespace {

EnergyTable table_of(const std::string& name) {
  return read_energy_table(YamlDocument::from_file(test::source("configs/technologies/" + name + ".yaml")));
}

/// Counts of so many words each.
ActionCounts counts_of(const std::vector<std::tuple<std::string, Operand, Action, std::int64_t>>& rows) {
  ActionCounts c;
  for (const auto& [component, tensor, action, words] : rows)
    c.add(component, tensor, action, Words{words}, Bytes{2 * words});
  return c;
}

/// Eyeriss with the names that a machine of the DianNao family has.
Architecture renamed(const std::string& forward) {
  auto a = test::eyeriss();
  a.buffers = {
      {.name = "nbin", .partitions = {}}, {.name = "sb", .partitions = {}}, {.name = "nbout", .partitions = {}}};
  for (auto& n : a.networks)
    if (n.role == NocRole::Forward) n.name = forward;
  a.array.spads = {{.name = "input_register", .tensor = Operand::Input},
                   {.name = "synapse_register", .tensor = Operand::Weight},
                   {.name = "psum_register", .tensor = Operand::Output}};
  return a;
}

double of(const EnergyReport& r, const std::string& component) {
  for (const auto& [name, energy] : r.by_component())
    if (name == component) return energy.count();
  return -1;
}

}  // namespace

TEST_CASE("a cycle of full activity costs what DianNao's blocks were reported to", "[unit][energy]") {
  using enum Operand;
  const auto counts = counts_of({{"nbin", Input, Action::Read, 16},
                                 {"ifmap_gin", Input, Action::Send, 16},
                                 {"ifmap_gin", Input, Action::Deliver, 256},
                                 {"sb", Weight, Action::Read, 256},
                                 {"nbout", Output, Action::Read, 16},
                                 {"nbout", Output, Action::Write, 16},
                                 {"adder_tree", Output, Action::Add, 240},
                                 {"input_register", Input, Action::Write, 256},
                                 {"input_register", Input, Action::Read, 256},
                                 {"synapse_register", Weight, Action::Read, 256},
                                 {"psum_register", Output, Action::Write, 16},
                                 {"mac", Output, Action::Mac, 256},
                                 {"mac", Output, Action::Activate, 16}});
  const auto r = price(counts, Cycles{1}, renamed("adder_tree"), table_of("diannao_65nm"));
  CHECK(of(r, "sb") == Approx(107.1).epsilon(1e-4));
  CHECK(of(r, "nbin") == Approx(92.86).epsilon(1e-4));
  CHECK(of(r, "nbout") == Approx(93.88).epsilon(1e-4));
  CHECK(of(r, "mac") == Approx(134.7).epsilon(1e-4));
  CHECK(of(r, "pe_array") == Approx(31.63 + 8.163 + 26.53).margin(kEnergyGrain.count()));
  CHECK(of(r, "adder_tree") == 0);  // priced at nothing, and listed
  CHECK(r.total.count() == Approx(494.9).epsilon(2e-4));
  CHECK(r.total.count() * 0.98 == Approx(485).epsilon(1e-3));  // mW at 0.98 GHz
}

TEST_CASE("DRAM costs DianNao 17.6 nJ for 256 bits", "[unit][energy]") {
  const auto r = price(counts_of({{"dram", Operand::Weight, Action::Read, 16}}), Cycles{}, renamed("adder_tree"),
                       table_of("diannao_65nm"));
  CHECK(r.dram.count() == Approx(17600).margin(kEnergyGrain.count()));
}

TEST_CASE("a thousand cycles of full activity cost ShiDianNao its 320.1 mW", "[unit][energy]") {
  using enum Operand;
  const auto counts = counts_of({{"nbin", Input, Action::Read, 8000},
                                 {"ifmap_gin", Input, Action::Hop, 56000},
                                 {"sb", Weight, Action::Read, 1000},
                                 {"nbout", Output, Action::Write, 1486},
                                 {"mac", Output, Action::Mac, 64000}});
  const auto r = price(counts, Cycles{1000}, renamed("psum_link"), table_of("shidiannao_65nm"));
  CHECK(of(r, "mac") == Approx(268820).epsilon(1e-4));
  CHECK(of(r, "nbout") == Approx(6600).epsilon(1e-3));
  CHECK(r.total.count() == Approx(320100).epsilon(1e-4));
}

TEST_CASE("an 8-bit MAC of a systolic array, its words a PE further", "[unit][energy]") {
  using enum Operand;
  const auto a = test::eyeriss({"words={input: 8 b, weight: 8 b, psum: 32 b, output: 8 b}"});
  const auto counts = counts_of({{"mac", Output, Action::Mac, 1000},
                                 {"ifmap_gin", Input, Action::Deliver, 1000},
                                 {"ifmap_spad", Input, Action::Write, 1000},
                                 {"psum_link", Output, Action::Hop, 1000},
                                 {"glb", Output, Action::Write, 10}});
  const auto r = price(counts, Cycles{}, a, table_of("systolic_45nm"));
  CHECK(of(r, "mac") == Approx(300).margin(kEnergyGrain.count()));
  CHECK(of(r, "ifmap_gin") == Approx(1000 * 8 * 0.00215).margin(kEnergyGrain.count()));
  CHECK(of(r, "ifmap_spad") == Approx(1000 * 8 * 0.009).margin(kEnergyGrain.count()));
  CHECK(of(r, "psum_link") == Approx(1000 * 32 * 0.00215).margin(kEnergyGrain.count()));
  CHECK(of(r, "glb") == Approx(10 * 35.07 / 8).epsilon(1e-3));
}

TEST_CASE("every figure of every table has a source, and a note unless it was read there", "[unit][energy]") {
  const auto name = GENERATE(as<std::string>{}, "diannao_65nm", "shidiannao_65nm", "systolic_45nm");
  for (const auto& p : table_of(name).prices) {
    CAPTURE(name, p.component, name_of(p.action));
    CHECK_FALSE(p.source.empty());
    if (p.confidence != Confidence::SeenInText) CHECK_FALSE(p.note.empty());
    if (p.energy.count() == 0)  // nothing is free without a word about where it is paid
      CHECK_THAT(p.note, Catch::Contains("in the ") || Catch::Contains("NFU figure"));
  }
}
