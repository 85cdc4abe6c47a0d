#include <catch2/catch.hpp>
#include <cmath>

#include <algorithm>

#include "energy/area.hpp"
#include "energy/estimate.hpp"
#include "energy/scaling.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

YamlDocument shipped(const std::string& name) {
  return YamlDocument::from_file(test::source("configs/technologies/" + name + ".yaml"));
}

const OpenNamed kOpen = [](const std::string& name, const std::string&) { return shipped(name); };

/// Opens shipped files but for one, which is `text`.
OpenNamed with(const std::string& other, const std::string& text) {
  return [=](const std::string& name, const std::string&) {
    return name == other ? YamlDocument::from_text(text, other + ".yaml") : shipped(name);
  };
}

/// What is wrong in a technology of this text.
std::string errors(const std::string& text, const OpenNamed& open = kOpen) {
  return test::errors_of([&] { (void)read_technology(YamlDocument::from_text(text, "t.yaml"), open); });
}

Technology technology(const std::string& text) {
  return read_technology(YamlDocument::from_text(text, "t.yaml"), kOpen);
}

Technology generic(double nm, double volts) {
  return technology("kind: technology\nname: t\nbase: generic_45nm\ntechnology: " + std::to_string(nm) +
                    " nm\nvoltage: " + std::to_string(volts) + " V\n");
}

double energy(const EnergyTable& t, const std::string& component, Priced action) {
  const auto* p = t.find(component, component, action);
  return p ? p->energy.count() : -1;
}

}  // namespace

TEST_CASE("a figure at its own node and supply is what its source has", "[unit][energy]") {
  const auto t = read_technology(shipped("generic_45nm"), kOpen);
  const Parts parts{t};
  CHECK(parts.multiply(Bits{8}, Bits{8}).value == Approx(0.2));
  CHECK(parts.multiply(Bits{16}, Bits{16}).value == Approx(0.8));
  CHECK(parts.multiply(Bits{32}, Bits{32}).value == Approx(3.1));
  CHECK(parts.add(Bits{32}).value == Approx(0.1));
  CHECK(parts.multiply(Bits{8}, Bits{8}).confidence == Confidence::SeenInText);
  CHECK(parts.multiply(Bits{8}, Bits{8}).source == "Horowitz");
}

TEST_CASE("between and beyond widths figures follow their exponents", "[unit][energy]") {
  const auto t = read_technology(shipped("generic_45nm"), kOpen);
  const Parts parts{t};
  CHECK(parts.multiply(Bits{4}, Bits{4}).value == Approx(0.05));  // 0.2 / 4
  CHECK(parts.multiply(Bits{8}, Bits{32}).value == Approx(parts.multiply(Bits{16}, Bits{16}).value));
  CHECK(parts.add(Bits{4}).value == Approx(0.015));
  CHECK(parts.multiply(Bits{11}, Bits{11}).value ==
        Approx(0.2 * std::pow(4.0, std::log2(11.0 / 8))));  // the points at 8 and 16 have exponent 2
  CHECK(parts.multiply(Bits{4}, Bits{4}).within > parts.multiply(Bits{8}, Bits{8}).within);
  CHECK(parts.multiply(Bits{4}, Bits{4}).confidence == Confidence::Derived);
}

TEST_CASE("register files cost by depth and width", "[unit][energy]") {
  const auto t = read_technology(shipped("generic_65nm"), kOpen);
  const Parts parts{t};
  CHECK(parts.register_read(Words{12}, Bits{16}).value == Approx(0.2024));
  CHECK(parts.register_read(Words{16}, Bits{8}).value == Approx(0.2513 / 2));
  CHECK(parts.register_write(Words{192}, Bits{16}).value == Approx(1.8817));
  double last = 0;
  for (std::int64_t depth = 1; depth < 400; ++depth) {
    const double now = parts.register_read(Words{depth}, Bits{16}).value;
    CHECK(now > last);
    last = now;
  }
}

TEST_CASE("wires cost by length and the square of the supply, in every node alike", "[unit][energy]") {
  for (const double nm : {130.0, 65.0, 28.0, 7.0}) {
    const auto t = generic(nm, 1.0);
    CHECK(Parts{t}.wire(2).value == Approx(0.2));
  }
  const auto t = generic(28, 0.8);
  CHECK(Parts{t}.wire(1).value == Approx(0.064));
}

TEST_CASE("SRAM comes from the sweep of the nearest node, by the square of the supply", "[unit][energy]") {
  const Bytes bytes{32768};
  const Bits bits{64};
  const auto at_65 = sram_estimate(generic(65, 1.0), SramFigure::Read, bytes, bits);
  CHECK(at_65.value == Approx(13.79 * 1.0 / (0.8 * 0.8)).epsilon(0.001));
  CHECK(at_65.note == "32768 B x 64 b in 65 nm at 0.8 V, x 1.56");
  const auto at_90 = sram_estimate(generic(90, 1.1), SramFigure::Read, bytes, bits);
  CHECK(at_90.value == Approx(13.79 * 1.21 / 0.64 * energy_ratio({65}, {1.1}, {90}, {1.1})).epsilon(0.001));
  CHECK(at_90.within > at_65.within);
  CHECK(sram_estimate(generic(28, 0.9), SramFigure::Leakage, bytes, bits).value ==
        Approx(2.63 * 0.9 / 0.6).epsilon(0.001));
  CHECK(sram_area(generic(65, 1.0), bytes, bits).value == Approx(0.2552e6).epsilon(0.001));  // 32 b; 64 b: 0.2335
  CHECK(sram_area(generic(65, 1.0), bytes, Bits{16}).value == Approx(0.2393e6).epsilon(0.001));
  CHECK(sram_area(generic(16, 0.8), bytes, bits).value == Approx(0.03165e6 * area_ratio({22}, {16})).epsilon(0.001));
}

TEST_CASE("a machine's prices rise with capacity, width, node and supply", "[unit][energy]") {
  const auto glb = [](const Technology& t, const std::string& capacity, const std::string& banks) {
    return energy(
        table_for(t, test::eyeriss({"buffers.glb.capacity=" + capacity, "buffers.glb.partitions.fmap.banks=" + banks})),
        "glb", Priced::Read);
  };
  const auto t = generic(65, 1.0);
  CHECK(glb(t, "108 KiB", "25") < glb(t, "256 KiB", "62"));
  CHECK(glb(t, "16 KiB", "2") < glb(t, "108 KiB", "25"));
  const auto mac = [&](const std::string& width) {
    return energy(table_for(t, test::eyeriss({"words.weight=" + width, "words.input=" + width})), "mac", Priced::Mac);
  };
  CHECK(mac("8 b") < mac("12 b"));
  CHECK(mac("12 b") < mac("16 b"));
  const auto depth = [&](const std::string& words) {
    const auto table = table_for(t, test::eyeriss({"array.spads.filter_spad.depth=" + words}));
    return energy(table, "filter_spad", Priced::Read) + energy(table, "filter_spad", Priced::Write);
  };
  CHECK(depth("16 words") < depth("64 words"));
  CHECK(depth("64 words") < depth("224 words"));
  const std::pair<double, double> nodes[] = {{180, 1.8}, {130, 1.2}, {90, 1.1}, {65, 1.0}, {45, 0.9},
                                             {32, 0.9},  {28, 0.9},  {22, 0.8}, {16, 0.8}, {7, 0.7}};
  for (const Priced action : {Priced::Read, Priced::Write})
    for (std::size_t i = 1; i < std::size(nodes); ++i) {
      CAPTURE(nodes[i].first);
      const auto larger = table_for(generic(nodes[i - 1].first, nodes[i - 1].second), test::eyeriss());
      const auto smaller = table_for(generic(nodes[i].first, nodes[i].second), test::eyeriss());
      for (const char* component : {"glb", "ifmap_spad", "filter_spad", "psum_spad"})
        CHECK(energy(smaller, component, action) < energy(larger, component, action));
      CHECK(energy(smaller, "mac", Priced::Mac) < energy(larger, "mac", Priced::Mac));
      CHECK(energy(smaller, "dram", action) == energy(larger, "dram", action));
    }
  for (double v = 0.7; v < 1.25; v += 0.1)
    for (const char* component : {"glb", "filter_spad", "psum_spad"})
      CHECK(energy(table_for(generic(65, v), test::eyeriss()), component, Priced::Read) <
            energy(table_for(generic(65, v + 0.1), test::eyeriss()), component, Priced::Read));
}

TEST_CASE("leakage is power over the core clock's period", "[unit][energy]") {
  const auto t = generic(65, 1.0);
  const auto slow = table_for(t, test::eyeriss({"clocks.core.frequency=100 MHz", "clocks.link.frequency=50 MHz"}));
  const auto fast = table_for(t, test::eyeriss({"clocks.core.frequency=200 MHz", "clocks.link.frequency=50 MHz"}));
  for (const char* component : {"chip", "pe_array"})
    CHECK(energy(slow, component, Priced::Leakage) == Approx(2 * energy(fast, component, Priced::Leakage)));
  CHECK(energy(slow, "glb", Priced::Read) == energy(fast, "glb", Priced::Read));
}

TEST_CASE("with a pitch wires are counted by themselves, and networks are not charged for them", "[unit][energy]") {
  const auto t = generic(65, 1.0);
  const auto without = table_for(t, test::eyeriss()), with_pitch = table_for(t, test::eyeriss({"array.pitch=0.2 mm"}));
  CHECK(energy(with_pitch, "ifmap_gin", Priced::Send) == 0);
  CHECK(energy(without, "ifmap_gin", Priced::Send) > 0);
  CHECK(energy(with_pitch, "ifmap_gin", Priced::Deliver) < energy(without, "ifmap_gin", Priced::Deliver));
  CHECK(energy(with_pitch, "ifmap_gin", Priced::Wire) == Approx(0.1));
}

TEST_CASE("a technology's DRAM, or the machine's own choice, is priced", "[unit][energy]") {
  const auto t = generic(65, 1.0);
  CHECK(energy(table_for(t, test::eyeriss()), "dram", Priced::Read) == 8);
  CHECK(energy(table_for(t, test::eyeriss({"dram.type=ddr3"})), "dram", Priced::Write) == 70);
  const auto rows = table_for(t, test::eyeriss({"dram.type=hbm2_rows"}));
  const auto* row = rows.find("dram", "dram", Priced::Row);
  REQUIRE(row);
  CHECK(row->energy == Picojoules{909});
  CHECK(row->at == Bits{2048});  // a quarter of 1 KiB
  CHECK(row->confidence == Confidence::Assumed);
  CHECK(row->note == "a row of 1024 B, 25 % of it moved each time it is opened");
  const auto wrong = test::errors_of([&] { (void)table_for(t, test::eyeriss({"dram.type=lpddr5"})); });
  CHECK(wrong.find("eyeriss_v1.yaml:") != std::string::npos);
  CHECK(wrong.find("t knows no DRAM called lpddr5; did you mean lpddr") != std::string::npos);
}

TEST_CASE("a plain table prices one DRAM, and says so to a machine that asks for another", "[unit][energy]") {
  const auto wrong =
      test::errors_of([] { (void)read_prices(shipped("eyeriss_65nm"), test::eyeriss({"dram.type=hbm2"}), kOpen); });
  CHECK(wrong.find("the dram of eyeriss_v1 is hbm2, and eyeriss_65nm prices one DRAM, whatever it is") !=
        std::string::npos);
}

TEST_CASE("a table in another node is scaled price by price, DRAM stays", "[unit][energy]") {
  const auto base = read_energy_table(shipped("eyeriss_65nm"));
  const auto there = scaled(base, {28}, {0.9});
  const double ratio = energy_ratio({65}, {1.0}, {28}, {0.9});
  REQUIRE(there.prices.size() == base.prices.size());
  for (std::size_t i = 0; i < base.prices.size(); ++i) {
    const auto &from = base.prices[i], &to = there.prices[i];
    CAPTURE(from.component, name_of(from.action));
    if (from.component == "dram") {
      CHECK(to.energy == from.energy);
      CHECK(to.confidence == from.confidence);
      continue;
    }
    CHECK(to.energy.count() == Approx(from.energy.count() * ratio));
    const bool mixed = from.action == Priced::Static;  // clock, leakage and control in one
    CHECK(to.confidence == (mixed ? Confidence::Assumed : std::max(from.confidence, Confidence::Derived)));
    CHECK(to.source == from.source + "; scaled by Stillmaker and Baas, 2017");
    const double causes[] = {from.width(), scaling_width({65}, {1.0}, {28}, {0.9}), mixed ? 2.0 : 1.0};
    CHECK(to.width() == Approx(combined(causes)));
    CHECK(to.note.find("x 0.307 from 65 nm, 1 V") != std::string::npos);
  }
  const auto back = scaled(there, {65}, {1.0});
  for (std::size_t i = 0; i < base.prices.size(); ++i)
    CHECK(back.prices[i].energy.count() == Approx(base.prices[i].energy.count()).epsilon(1e-12));
  const auto same = scaled(base, {65}, {1.0});
  for (std::size_t i = 0; i < base.prices.size(); ++i) CHECK(same.prices[i].source == base.prices[i].source);
}

TEST_CASE("leakage of a scaled table goes with the supply and, if its clock is known, with the machine's",
          "[unit][energy]") {
  const auto of = [](const std::string& more) {
    const auto t =
        technology("kind: technology\nname: t\nbase: eyeriss_v1_65nm\ntechnology: 45 nm\nvoltage: 0.9 V\n" + more);
    return energy(table_for(t, test::eyeriss({"clocks.core.frequency=100 MHz", "clocks.link.frequency=50 MHz"})),
                  "chip", Priced::Leakage);
  };
  CHECK(of("") == Approx(41.62427 * 0.9));
  CHECK(of("frequency: 200 MHz\n") == Approx(41.62427 * 0.9 * 2));
}

TEST_CASE("areas and what is known in sum of them go to the other node, less sure", "[unit][energy][area]") {
  const auto from = read_energy_table(shipped("eyeriss_v1_65nm"));
  const auto to = scaled(from, {28}, {0.9});
  const double ratio = area_ratio({65}, {28});
  REQUIRE(to.areas.size() == from.areas.size());
  for (std::size_t i = 0; i < to.areas.size(); ++i) {
    CHECK(to.areas[i].area.um2 == Approx(from.areas[i].area.um2 * ratio));
    CHECK(to.areas[i].width() > from.areas[i].width());
    CHECK(to.areas[i].confidence >= Confidence::Derived);
    CHECK(to.areas[i].source != from.areas[i].source);
  }
  const auto a = test::eyeriss();
  CHECK(area_of(a, to).total.um2 == Approx(12.25e6 * ratio));
  const auto spread = [](const Interval& i) { return i.high / i.low; };
  CHECK(spread(area_of(a, to).interval) > 1.2 * spread(area_of(a, from).interval));
}

TEST_CASE("a scaled static is taken as switching and believed to a factor of two at best", "[unit][energy]") {
  const auto from = read_energy_table(shipped("eyeriss_65nm"));
  const auto to = scaled(from, {28}, {0.9});
  const auto* p = to.find("array", "array", Priced::Static);
  REQUIRE(p != nullptr);
  CHECK(p->confidence == Confidence::Assumed);
  CHECK(p->width() > 2);
  CHECK(p->note.find("taken as switching") != std::string::npos);
}

TEST_CASE("what a calibration knows in sum leaves leakage out in another node", "[unit][energy]") {
  const auto to = scaled(read_energy_table(shipped("eyeriss_v1_65nm")), {28}, {0.9});
  const auto known = std::ranges::find_if(to.known_sums, [](const KnownSum& k) { return !k.area; });
  REQUIRE(known != to.known_sums.end());
  for (const auto& p : to.prices)
    CHECK((p.source == known->source) == (p.source.starts_with("calibrated") && p.action != Priced::Leakage));
}

TEST_CASE("a sum that was measured on a machine says nothing of another", "[unit][energy]") {
  const auto sums = [](const std::vector<std::string>& overrides) {
    const auto t = read_prices(shipped("eyeriss_v1_65nm"), test::eyeriss(overrides), kOpen);
    return std::ranges::count_if(t.known_sums, [](const KnownSum& k) { return !k.area; });
  };
  CHECK(sums({}) == 1);
  CHECK(sums({"array.rows=6"}) == 0);
  CHECK(sums({"buffers.glb.capacity=216 KiB"}) == 0);
  CHECK(outline(test::eyeriss()).starts_with("12 x 14 PEs, glb 108 KiB, "));
}

TEST_CASE("a scaled table may have another DRAM", "[unit][energy]") {
  const auto t = technology(
      "kind: technology\nname: t\nbase: eyeriss_65nm\ntechnology: 65 nm\nvoltage: 1.0 V\ndrams: dram_types\ndram: "
      "hbm3\n");
  const auto table = table_for(t, test::eyeriss());
  CHECK(energy(table, "dram", Priced::Read) == 4.05);
  CHECK(table.find("dram", "dram", Priced::Read)->per == Per::Bit);
  CHECK(energy(table, "sram", Priced::Read) == 15);
  CHECK(table.name == "t");
}

TEST_CASE("the last file of a chain decides on node and supply", "[unit][energy]") {
  const std::string middle =
      "kind: technology\nname: m\nbase: generic_45nm\ntechnology: 90 nm\nvoltage: 1.1 V\ndram: ddr3\n";
  const auto t = read_technology(
      YamlDocument::from_text("kind: technology\nname: t\nbase: m\ntechnology: 65 nm\nvoltage: 1.0 V\n", "t.yaml"),
      with("m", middle));
  CHECK(energy(table_for(t, test::eyeriss()), "mac", Priced::Mac) ==
        Approx(energy(table_for(generic(65, 1.0), test::eyeriss()), "mac", Priced::Mac)));
  CHECK(energy(table_for(t, test::eyeriss()), "dram", Priced::Read) == 70);
}

TEST_CASE("what is wrong in a technology is said at its place", "[unit][energy][config]") {
  CHECK(errors("kind: technology\nname: t\nbase: eyeriss_65nm\ntechnology: 28 nm\nvoltage: 0.9 V\nfrequency: 1 GHz\n")
            .find("t.yaml:6:12: error: the base has no price for leakage, which is all that it is for") !=
        std::string::npos);
  const std::string head = "kind: technology\nname: t\ntechnology: 65 nm\nvoltage: 1.0 V\n";
  CHECK(errors(head) ==
        "t.yaml:1:1: error: t has neither figures nor a base; give it `figures` of its own, or the name of a `base` to "
        "scale");
  CHECK(errors("kind: technology\nname: t\ntechnology: 5 nm\nvoltage: 0.7 V\nbase: generic_45nm\n")
            .find("t.yaml:3:13: error: 5 nm lies outside of what can be scaled") == 0);
  CHECK(errors("kind: technology\nname: t\ntechnology: 65 nm\nvoltage: 0.4 V\nbase: eyeriss_65nm\n")
            .find("t.yaml:3:13: error: 0.4 V at 65 nm lies outside of what can be scaled") == 0);
  CHECK(errors(head + "base: generic_45nm\ndram: lpdr4\n") ==
        "t.yaml:6:7: error: t knows no DRAM called lpdr4; did you mean lpddr4?");
  CHECK(errors(head + "base: eyeriss_65nm\ndram: lpddr4\n") ==
        "t.yaml:6:7: error: t knows no types of DRAM, and lpddr4 was asked for; name a file of kind `dram_types` under "
        "`drams`");
  CHECK(errors(head + "base: t\n", with("t", head + "base: t\n"))
            .find("leads to ever more bases; name a base that doesn't come back to this file") != std::string::npos);
  CHECK(errors("kind: technology\nname: t\ntechnology: 65 nm\nvoltage: 1.0 V\nwidth: 3\nbase: generic_45nm\n")
            .find("t.yaml:5:1: error: ") == 0);
  const auto one =
      errors(head +
             "dram: lpddr4\ndrams: dram_types\nsrams: [cacti/cacti_65nm_lop]\nfigures:\n"
             "- {what: add, energy: 1 pJ, technology: 65 nm, voltage: 1.0 V, source: here, confidence: assumed}\n"
             "- {what: multiply, technology: 65 nm, voltage: 1.0 V, source: here, confidence: assumed}\n"
             "- {what: compare, energy: 1 pJ, technology: 65 nm, voltage: 2.0 V, source: here, confidence: assumed}\n");
  for (const char* said :
       {"t.yaml:10:3: error: the figure of multiply has no value; give energy, area or leakage",
        "t.yaml:11:3: error: 2 V at 65 nm lies outside of what can be scaled",
        "t.yaml:1:1: error: t has no energy of register_read; machines need it: add a figure with its source",
        "t has no energy of wire", "t has no energy of control", "t has no area of multiply",
        "t has no leakage of add"}) {
    CAPTURE(said, one);
    CHECK(one.find(said) != std::string::npos);
  }
}

TEST_CASE("a buffer that no macro is near is an error at the machine", "[unit][energy]") {
  const auto wrong = test::errors_of([] {
    (void)table_for(generic(65, 1.0), test::eyeriss({"buffers.glb.capacity=4 GiB", "buffers.glb.bank=128 MiB"}));
  });
  CHECK(wrong.find("eyeriss_v1.yaml:") != std::string::npos);
  CHECK(wrong.find("t cannot price eyeriss_v1: cacti_65nm_lop reaches no macro of 4294967296 B") != std::string::npos);
}

TEST_CASE("DRAM types have to be told apart and have sources", "[unit][energy][config]") {
  CHECK(test::errors_of([] {
          (void)read_dram_types(YamlDocument::from_text(
              "kind: dram_types\nname: d\ntypes:\n"
              "- {name: a, energy: 1 pJ, source: here, confidence: assumed}\n"
              "- {name: a, energy: 1 pJ, source: '', confidence: assumed, activation: 900 pJ}\n",
              "d.yaml"));
        }) ==
        "d.yaml:5:3: error: a is there twice; keep one of the two\n"
        "d.yaml:5:3: error: a has no source; say where the figure comes from\n"
        "d.yaml:5:3: error: a has an activation and no row; say how many bytes a `row` has");
}
