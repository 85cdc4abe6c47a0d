// Published areas of chips beside those that their energy tables come to.

#include "energy/area.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "energy/technology.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

EnergyTable table_of(const std::string& name) {
  return read_energy_table(YamlDocument::from_file(test::source("configs/technologies/" + name + ".yaml")));
}

Architecture machine(const std::string& name) {
  return read_architecture(YamlDocument::from_file(test::source("configs/architectures/" + name + ".yaml")));
}

double area(const AreaReport& r, const std::string& component) {
  double um2 = -1;
  for (const auto& l : r.lines)
    if (l.component == component) um2 = std::max(um2, 0.0) + l.area.um2;
  return um2;
}

}  // namespace

TEST_CASE("DianNao's blocks come to its published area, exactly", "[paper][area]") {
  const auto r = area_of(machine("diannao"), table_of("diannao_65nm"));
  CHECK(r.total.um2 == 3023077);
  CHECK(r.complete());
  CHECK(area(r, "mac") == 846563);  // NFU
  CHECK(area(r, "chip") == 141809 + 9767 + 9226);
  CHECK(r.interval.low < 3.02e6);
  CHECK(r.interval.high > 3.02e6);
  CHECK(r.interval.high / r.interval.low < 1.005);
}

TEST_CASE("ShiDianNao's blocks come to 4.86 mm2", "[paper][area]") {
  const auto r = area_of(machine("shidiannao"), table_of("shidiannao_65nm"));
  CHECK(r.total.um2 == Approx(4.86e6).epsilon(1e-12));
  CHECK(r.complete());
}

TEST_CASE("Eyeriss's shares come to its core, parts with a figure to less", "[paper][area]") {
  const auto shares = area_of(machine("eyeriss_v1"), table_of("eyeriss_v1_65nm"));
  CHECK(shares.complete());
  CHECK(shares.total.um2 == Approx(12.25e6).epsilon(1e-6));
  const auto spads = area(shares, "ifmap_spad") + area(shares, "filter_spad") + area(shares, "psum_spad");
  CHECK(spads / area(shares, "glb") == Approx(2.5).epsilon(1e-6));
  CHECK((spads + area(shares, "glb")) / 12.25e6 == Approx(2.0 / 3).epsilon(1e-6));
  CHECK(area(shares, "mac") / 12.25e6 == Approx(0.074).epsilon(1e-6));

  const auto parts = area_of(machine("eyeriss_v1"), table_of("eyeriss_65nm"));
  CHECK(parts.unknown ==
        std::vector<std::string>{"filter_gin", "ifmap_gin", "psum_gin", "psum_gon", "psum_link", "rlc", "chip"});
  CHECK(parts.total.um2 < 12.25e6);
  // 168 x (3191.4 + 10090.08 + 3725.04 + 20000) + 110,592 B x 12.7
  CHECK(parts.total.um2 == Approx(168 * (3191.4 + 10090.08 + 3725.04 + 20000) + 110592 * 12.7).epsilon(1e-5));
}

namespace {

/// A machine's areas from parts, in 65 nm.
AreaReport from_parts(const std::string& name) {
  const OpenNamed open = [](const std::string& n, const std::string&) {
    return YamlDocument::from_file(test::source("configs/technologies/" + n + ".yaml"));
  };
  const auto a = machine(name);
  return area_of(a, read_prices(open("generic_65nm", ""), a, open));
}

}  // namespace

// docs/area.md shows these figures. No figure of a part was chosen by them.
TEST_CASE("areas from parts in 65 nm, beside three chips", "[paper][area]") {
  struct Row {
    const char* machine;
    double published, ours, off;  // mm2, mm2, share of the published
  };
  const auto row = GENERATE(Row{"eyeriss_v1", 12.25, 9.54, -0.22}, Row{"diannao", 3.02, 2.54, -0.16},
                            Row{"shidiannao", 4.86, 3.86, -0.21});
  const auto r = from_parts(row.machine);
  CAPTURE(row.machine);
  CHECK(r.total.um2 / 1e6 == Approx(row.ours).margin(0.005));
  CHECK(r.total.um2 / 1e6 / row.published - 1 == Approx(row.off).margin(0.005));
  CHECK_FALSE(r.complete());
  CHECK(r.interval.low / 1e6 < row.published);
  CHECK(r.interval.high / 1e6 > row.published);
}

TEST_CASE("blocks of Eyeriss from parts, beside the chip's shares and the area model of ISCA 2016", "[paper][area]") {
  const auto r = from_parts("eyeriss_v1");
  const auto mm2 = [&](const std::string& component) { return area(r, component) / 1e6; };
  const auto spads = mm2("ifmap_spad") + mm2("filter_spad") + mm2("psum_spad");
  CHECK(mm2("glb") == Approx(0.87).margin(0.005));  // chip 2.33
  CHECK(spads == Approx(2.62).margin(0.005));       // chip 5.83
  CHECK(mm2("mac") == Approx(0.81).margin(0.005));  // chip 0.91
  double fifos = 0;
  for (const char* n : {"filter_gin", "ifmap_gin", "psum_gin", "psum_gon", "psum_link"}) fifos += mm2(n);
  CHECK(fifos == Approx(1.89).margin(0.005));
  CHECK(mm2("pe_array") == Approx(0.65).margin(0.005));
  // logic of a PE, all but its memories: 20,000 um2 there
  CHECK((mm2("mac") + fifos + mm2("pe_array")) * 1e6 / 168 == Approx(19950).margin(50));
}

TEST_CASE("blocks of DianNao from parts, beside its layout's", "[paper][area]") {
  const auto r = from_parts("diannao");
  const auto mm2 = [&](const std::string& component) { return area(r, component) / 1e6; };
  CHECK(mm2("sb") == Approx(0.45).margin(0.005));                     // layout 1.15
  CHECK(mm2("nbin") + mm2("nbout") == Approx(0.056).margin(0.0005));  // layout 0.86
  const auto registers = mm2("input_register") + mm2("synapse_register") + mm2("psum_register");
  CHECK(mm2("mac") + mm2("adder_tree") + registers ==
        Approx(1.10).margin(0.005));  // layout 0.85, truncated multipliers
}
