#include "energy/derived_areas.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "energy/area.hpp"
#include "energy/scaling.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

const OpenNamed kOpen = [](const std::string& name, const std::string&) {
  return YamlDocument::from_file(test::source("configs/technologies/" + name + ".yaml"));
};

/// The shipped figures at Aladdin's own node.
Technology at_40nm() {
  return read_technology(YamlDocument::from_text("kind: technology\nname: t\nbase: generic_45nm\ntechnology: 40 nm\n"
                                                 "voltage: 0.9 V\n",
                                                 "t.yaml"),
                         kOpen);
}

Architecture machine(const std::string& name, const std::vector<std::string>& overrides = {}) {
  auto text = YamlDocument::from_file(test::source("configs/architectures/" + name + ".yaml"));
  for (const auto& o : overrides) text.apply(parse_override(o));
  return read_architecture(text);
}

/// Areas of a machine in a technology.
struct Areas {
  Areas(const Technology& t, const Architecture& a) : table{table_for(t, a)}, report{area_of(a, table)} {}

  /// um2 of a component's part, -1 if it has none.
  [[nodiscard]] double of(const std::string& component, const std::string& part = "") const {
    for (const auto& l : report.lines)
      if (l.component == component && l.part == part) return l.area.um2;
    return -1;
  }
  [[nodiscard]] bool unknown(const std::string& name) const { return std::ranges::count(report.unknown, name) == 1; }

  EnergyTable table;
  AreaReport report;
};

}  // namespace

TEST_CASE("parts of a machine take what their figures say, by capacity, width and operands", "[unit][energy][area]") {
  const auto t = at_40nm();
  const Areas areas{t, machine("eyeriss_v1")};  // 168 PEs, words of 16 b
  CHECK(areas.of("mac", "multiplier") == Approx(168 * 6350.0 / 4));
  CHECK(areas.of("mac", "adder") == Approx(168 * 278.0 / 2));
  CHECK(areas.of("mac", "comparators") == Approx(168 * 71.0));            // zero of 16 b, maximum of 16 b
  CHECK(areas.of("mac", "registers") == Approx(168 * 5.98 * (48 + 64)));  // three operands, two stages of a product
  CHECK(areas.of("pe_array", "control") == Approx(168 * 4 * 495.5));      // a loop, three spads
  CHECK(areas.of("ifmap_gin", "FIFOs") == Approx(168 * 5.98 * 4 * 16));
  CHECK(areas.of("filter_gin", "FIFOs") == Approx(168 * 5.98 * 8 * 16));
  CHECK(areas.of("ifmap_spad") == Approx(168 * 5.98 * 12 * 16));  // 24 B: flip-flops are the smaller
  CHECK(areas.of("chip", "control") == Approx(141809 * area_ratio({65}, {40})));
  CHECK(areas.of("glb") == Approx(sram_area(t, Bytes{108 * 1024}, Bits{64}).value));
}

TEST_CASE("a spad is flip-flops or a register file, whichever is smaller", "[unit][energy][area]") {
  const auto t = at_40nm();
  const double r = area_ratio({65}, {40});
  const auto spad = [&](const std::string& words) {
    return Areas{t, machine("eyeriss_v1", {"array.spads.filter_spad.depth=" + words + " words"})}.of("filter_spad") /
           168;
  };
  CHECK(spad("1") == Approx(5.98 * 16));
  CHECK(spad("8") == Approx(5.98 * 8 * 16));      // 16 B, 2718 um2 as a register file in 65 nm
  CHECK(spad("128") == Approx(r * 256 * 27.48));  // on the curve of ISCA 2016
  CHECK(spad("256") == Approx(r * 512 * 20.87));
  CHECK(spad("4096") == Approx(r * 8192 * 12.70));  // beyond 4 KiB in proportion
  CHECK(spad("181") == Approx(r * std::sqrt(256 * 27.48 * 512 * 20.87)).epsilon(0.001));
}

TEST_CASE("what no figure is of is unknown, and the rest is the least that the chip has", "[unit][energy][area]") {
  auto t = at_40nm();
  const Areas areas{t, machine("eyeriss_v1")};
  CHECK(areas.report.unknown == std::vector<std::string>{"filter_gin (wires and tags)", "ifmap_gin (wires and tags)",
                                                         "psum_gin (wires and tags)", "psum_gon (wires)",
                                                         "psum_link (wires)", "rlc",
                                                         "chip (clock tree and top level)"});
  std::erase_if(t.figures, [](const PartFigure& f) {
    return f.area && (f.what == PartKind::Count || f.what == PartKind::Control || f.what == PartKind::Compare);
  });
  const Areas fewer{t, machine("eyeriss_v1", {"array.mac.zero_skipping=input"})};
  CHECK(fewer.unknown("pe_array"));
  CHECK(fewer.unknown("chip (control)"));
  CHECK(fewer.unknown("mac (comparators)"));
  CHECK(fewer.unknown("mac (what finds the next operands)"));
  CHECK(fewer.report.total.um2 < areas.report.total.um2);
}

TEST_CASE("an adder tree has an adder a PE, its sums a register a column", "[unit][energy][area]") {
  const Areas areas{at_40nm(), machine("diannao")};  // 16 x 16
  CHECK(areas.of("adder_tree", "adders") == Approx(256 * 139.0));
  CHECK(areas.of("mac", "adder") == -1);
  CHECK(areas.of("psum_register") == Approx(16 * 16 * 5.98));
  CHECK(areas.of("input_register") == Approx(256 * 16 * 5.98));
  CHECK(areas.of("mac", "registers") == Approx(5.98 * (256 * 32 + 16 * 6 * 16)));  // products; sums of six stages
  CHECK(areas.of("nfu", "control") == 0);
}

TEST_CASE("FIFOs of an array in lockstep are counted once, and none where words go straight through",
          "[unit][energy][area]") {
  const Areas areas{at_40nm(), machine("diannao")};
  CHECK(areas.of("sb_bus", "FIFOs") == Approx(512 * 16 * 5.98));
  CHECK(areas.of("nbin_bus", "FIFOs") == Approx(32 * 16 * 5.98));
  const Areas systolic{at_40nm(), machine("tpu_like_32x32")};
  CHECK(systolic.of("input_edge", "FIFOs") == -1);
  CHECK(systolic.unknown("input_edge"));
  CHECK(systolic.of("mac", "registers") == -1);  // they are its spads
}

TEST_CASE("cells fill a layout as DianNao's do", "[unit][energy][area]") {
  const Areas areas{at_40nm(), machine("eyeriss_v1")};
  double others = 0;
  for (const auto& l : areas.report.lines)
    if (l.part != "room between cells") others += l.area.um2;
  CHECK(areas.of("chip", "room between cells") == Approx(others * 0.2685 / 0.7315));
  CHECK(areas.report.total.um2 == Approx(others / 0.7315));
}

TEST_CASE("derived areas say where they are from, and are less sure the further they were taken",
          "[unit][energy][area]") {
  const auto of = [](const std::string& name) {
    return table_for(read_technology(kOpen(name, ""), kOpen), machine("eyeriss_v1")).areas;
  };
  const auto near = of("generic_45nm"), far = of("generic_7nm");
  REQUIRE(near.size() == far.size());
  for (std::size_t i = 0; i < near.size(); ++i) {
    CAPTURE(near[i].component, near[i].part);
    CHECK_FALSE(near[i].source.empty());
    CHECK_FALSE(near[i].note.empty());
    CHECK(near[i].confidence >= Confidence::Derived);
    CHECK(far[i].width() > near[i].width());
    CHECK(far[i].area.um2 < near[i].area.um2);
  }
}
