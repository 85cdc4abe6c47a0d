// Published areas of chips beside those that their energy tables come to.

#include "energy/area.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

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
