#include "energy/area.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

EnergyTable table_of(const std::string& name) {
  return read_energy_table(YamlDocument::from_file(test::source("configs/technologies/" + name + ".yaml")));
}

Architecture machine(const std::string& name, const std::vector<std::string>& overrides = {}) {
  auto text = YamlDocument::from_file(test::source("configs/architectures/" + name + ".yaml"));
  for (const auto& o : overrides) text.apply(parse_override(o));
  return read_architecture(text);
}

/// A table with these areas.
EnergyTable with_areas(const std::string& areas) {
  return read_energy_table(
      YamlDocument::from_text("kind: energy_table\nname: t\ntechnology: 65 nm\nvoltage: 1.0 V\nprices:\n"
                              "- {component: mac, action: mac, energy: 1 pJ, source: here, confidence: assumed}\n" +
                                  areas,
                              "t.yaml"));
}

double area(const AreaReport& r, const std::string& component) {
  double um2 = -1;
  for (const auto& l : r.lines)
    if (l.component == component) um2 = std::max(um2, 0.0) + l.area.um2;
  return um2;
}

}  // namespace

TEST_CASE("what the table has no area of is unknown, never nothing", "[unit][energy][area]") {
  auto table = table_of("diannao_65nm");
  std::erase_if(table.areas, [](const AreaFigure& f) { return f.component == "sb"; });
  const auto r = area_of(machine("diannao"), table);
  CHECK(r.unknown == std::vector<std::string>{"sb"});
  CHECK_FALSE(r.complete());
  CHECK(r.total.um2 == 3023077 - 1153814);
  CHECK(r.interval.low < 0.9 * r.total.um2);  // the sum that is known is another's
  table.areas.clear();
  const auto none = area_of(machine("diannao"), table);
  CHECK_FALSE(none.known());
  CHECK(none.unknown.size() == area_components(machine("diannao")).size());
}

TEST_CASE("every figure goes with what it is per", "[unit][energy][area]") {
  // 12 x 14 PEs; glb of 108 KiB; filter_gin moves 4 words of 16 b, ifmap_spad holds 12
  const auto of = [](const std::string& row, const std::string& component) {
    return area(
        area_of(machine("eyeriss_v1"), with_areas("areas:\n- {" + row + ", source: here, confidence: assumed}\n")),
        component);
  };
  CHECK(of("component: glb, area: 2 um2, per: bit", "glb") == 2.0 * 8 * 108 * 1024);
  CHECK(of("component: glb, area: 2 um2, per: word, at: 64 b", "glb") == 2.0 * 8 * 108 * 1024 / 64);
  CHECK(of("component: glb, area: 7 um2, size: 54 KiB", "glb") == 14);
  CHECK(of("component: noc, area: 3 um2, per: bit", "filter_gin") == 3.0 * 64);
  CHECK(of("component: noc, area: 3 um2, per: word", "filter_gin") == 3.0 * 4);
  CHECK(of("component: noc, area: 3 um2, per: pe", "filter_gin") == 3.0 * 168);
  CHECK(of("component: noc, area: 3 um2", "filter_gin") == 3);
  CHECK(of("component: ifmap_spad, area: 5 um2, per: word, at: 8 b", "ifmap_spad") == 5.0 * 2 * 12 * 168);
  CHECK(of("component: ifmap_spad, area: 5 um2, size: 12 B", "ifmap_spad") == 5.0 * 2 * 168);
  CHECK(of("component: mac, area: 5 um2", "mac") == 5.0 * 168);
  CHECK(of("component: mac, area: 5 um2, at: 8 b", "mac") == 5.0 * 4 * 168);
  CHECK(of("component: mac, area: 5 um2, at: 8 b, scaling: linear", "mac") == 5.0 * 2 * 168);
  CHECK(of("component: array, area: 5 um2, per: pe, at: 8 b", "pe_array") == 5.0 * 168);
  CHECK(of("component: chip, area: 5 um2", "chip") == 5);
}

TEST_CASE("a figure of another width or capacity is marked as scaled, a component's own beats its kind's",
          "[unit][energy][area]") {
  const auto table = with_areas(
      "areas:\n- {component: sram, area: 8 um2, size: 108 KiB, source: here, confidence: assumed}\n"
      "- {component: spad, area: 1 um2, per: bit, source: here, confidence: assumed}\n"
      "- {component: psum_spad, area: 3 um2, per: bit, source: here, confidence: assumed}\n"
      "- {component: mac, area: 4 um2, source: here, confidence: assumed}\n");
  const auto r = area_of(machine("eyeriss_v1"), table);
  for (const auto& l : r.lines) CHECK_FALSE(l.scaled);
  CHECK(area(r, "psum_spad") == 3 * area(r, "ifmap_spad") * 2);
  const auto other = area_of(machine("eyeriss_v1", {"words.input=8 b", "words.weight=8 b", "array.rows=6"}), table);
  CHECK(area(other, "mac") == 4.0 / 4 * 6 * 14);
  for (const auto& l : other.lines) CHECK(l.scaled == (l.component == "mac"));
}

TEST_CASE("a memory of another capacity is the less sure the further it is", "[unit][energy][area]") {
  const auto table = with_areas(
      "areas:\n- {component: glb, area: 8 um2, size: 108 KiB, within: 1.2, source: here, confidence: assumed}\n"
      "- {component: filter_spad, area: 1 um2, size: 448 B, within: 1.2, source: here, confidence: assumed}\n");
  const auto width = [&](const std::string& component, const std::vector<std::string>& overrides) {
    for (const auto& l : area_of(machine("eyeriss_v1", overrides), table).lines)
      if (l.component == component) return l.interval.high / l.area.um2;
    return 0.0;
  };
  const auto also = [](double octaves, double each) {  // beside the width of what is derived, 1.5
    return std::exp(std::hypot(std::log(1.5), octaves * std::log(each)));
  };
  CHECK(width("glb", {}) == Approx(1.2));
  CHECK(width("glb", {"buffers.glb.capacity=216 KiB"}) == Approx(also(1, 1.1)));
  CHECK(width("glb", {"buffers.glb.capacity=864 KiB"}) == Approx(also(3, 1.1)));
  CHECK(width("filter_spad", {"array.spads.filter_spad.depth=56 words"}) == Approx(also(2, 1.35)));
}

TEST_CASE("tables of one machine follow its rows, spads, buffer and words, and say what is scaled",
          "[unit][energy][area]") {
  const auto name = GENERATE(as<std::string>{}, "eyeriss_65nm", "eyeriss_v1_65nm");
  const auto table = table_of(name);
  const auto own = area_of(machine("eyeriss_v1"), table);
  const auto of = [&](const std::vector<std::string>& overrides) {
    return area_of(machine("eyeriss_v1", overrides), table);
  };
  const auto scaled = [](const AreaReport& r) {
    std::vector<std::string> names;
    for (const auto& l : r.lines)
      if (l.scaled && l.area.um2 > 0) names.push_back(l.component);
    return names;
  };
  using Names = std::vector<std::string>;
  const bool parts = name == "eyeriss_65nm";
  CAPTURE(name);
  CHECK(scaled(own).empty());
  const auto rows = of({"array.rows=24"});
  CHECK(rows.total.um2 - own.total.um2 == Approx(own.total.um2 - area(own, "glb")));
  CHECK(scaled(rows).empty());
  const auto spad = of({"array.spads.filter_spad.depth=448 words"});
  CHECK(area(spad, "filter_spad") == Approx(2 * area(own, "filter_spad")));
  CHECK(scaled(spad) == (parts ? Names{"filter_spad"} : Names{}));  // the chip's spads are known per bit
  const auto buffer = of({"buffers.glb.capacity=216 KiB"});
  CHECK(area(buffer, "glb") == Approx(2 * area(own, "glb")));
  CHECK(scaled(buffer) == (parts ? Names{} : Names{"glb"}));
  const auto words = of({"words.input=8 b", "words.weight=8 b"});
  CHECK(area(words, "pe_array") == Approx(area(own, "pe_array") / 2));
  CHECK(std::ranges::count(scaled(words), "pe_array") == 1);
  for (const auto* r : {&rows, &spad, &buffer, &words})  // what is known in sum is the chip's
    CHECK(r->interval.high / r->total.um2 > 1.02);
}

TEST_CASE("parts that a table leaves out are unknown beside those that it has", "[unit][energy][area]") {
  const auto table = with_areas(
      "areas:\n- {component: noc, area: 2 um2, source: here, confidence: assumed}\n"
      "unknown_areas:\n- {component: noc, part: wires}\n- {component: mac, part: clock}\n");
  const auto r = area_of(machine("eyeriss_v1"), table);
  CHECK(std::ranges::count(r.unknown, "filter_gin (wires)") == 1);
  CHECK(std::ranges::count(r.unknown, "mac") == 1);  // all of it
  CHECK(std::ranges::count(r.unknown, "psum_link") == 1);
  const auto wrong = test::errors_of([] {
    with_areas(
        "areas:\n- {component: noc, part: wires, area: 2 um2, source: here, confidence: assumed}\n"
        "unknown_areas:\n- {component: noc, part: wires}\n- {component: '', part: clock}\n");
  });
  CHECK(wrong.find("t.yaml:10:3: error: area of noc, wires, is known and unknown; keep one of the two") !=
        std::string::npos);
  CHECK(wrong.find("t.yaml:11:3: error: an unknown area names no component or no part; write both") !=
        std::string::npos);
}

TEST_CASE("all that is wrong in areas is said at once", "[unit][energy][area][bad_input]") {
  const auto all = test::errors_of([] {
    with_areas(
        "areas:\n"
        "- {component: dram, area: 1 um2, source: here, confidence: assumed}\n"
        "- {component: mac, area: 1 um2, source: '', confidence: assumed}\n"
        "- {component: mac, area: 1 um2, source: here, confidence: assumed}\n"
        "- {component: chip, area: 1 um2, per: bit, source: here, confidence: assumed}\n"
        "- {component: sram, area: 1 um2, per: bit, size: 1 KiB, source: here, confidence: assumed}\n"
        "- {component: '', area: 1 um2, source: here, confidence: assumed}\n"
        "known_sums:\n- {source: nowhere, within: 1.1, area: 5 um2}\n");
  });
  for (const char* wrong :
       {"t.yaml:8:3: error: dram has an area, and it is off chip", "t.yaml:9:3: error: area of mac has no source",
        "t.yaml:10:3: error: area of mac is given twice; keep one of the two, or name their parts",
        "t.yaml:11:3: error: area of chip is per bit, and it has none; it is per instance or pe",
        "t.yaml:12:3: error: area of sram is per bit and for a size; a size is of an instance",
        "t.yaml:13:3: error: an area names no component",
        "t.yaml:15:3: error: no area has the source `nowhere`; write it as the areas have it"}) {
    CAPTURE(wrong, all);
    CHECK(all.find(wrong) != std::string::npos);
  }
  const auto on_machine = test::errors_of([] {
    area_of(machine("eyeriss_v1"),
            with_areas("areas:\n- {component: glb, area: 1 um2, source: here, confidence: assumed}\n"
                       "- {component: pe_array, area: 1 um2, per: word, source: here, confidence: assumed}\n"
                       "- {component: mac, area: 1 um2, size: 1 KiB, source: here, confidence: assumed}\n"));
  });
  CHECK(on_machine.find("t.yaml:8:3: error: the area of glb does not say for which capacity it is; give `size`, or an "
                        "area per bit") != std::string::npos);
  CHECK(on_machine.find("t.yaml:9:3: error: the area of pe_array is per word, and it has none") != std::string::npos);
  CHECK(on_machine.find("t.yaml:10:3: error: the area of mac is for a size, and it is no memory") != std::string::npos);
}

TEST_CASE("every shipped area has a source, and a note unless it was read there", "[unit][energy][area]") {
  const auto name = GENERATE(as<std::string>{}, "diannao_65nm", "eyeriss_65nm", "eyeriss_v1_65nm", "eyeriss_v2_65nm",
                             "shidiannao_65nm", "systolic_45nm");
  const auto table = table_of(name);
  REQUIRE_FALSE(table.areas.empty());
  for (const auto& f : table.areas) {
    CAPTURE(name, f.component, f.part);
    if (f.confidence != Confidence::SeenInText) CHECK_FALSE(f.note.empty());
    if (f.area.um2 == 0)
      CHECK_THAT(f.note,
                 Catch::StartsWith("in the ") || Catch::Contains(" in the ") || Catch::Contains("no such buffer"));
  }
}
