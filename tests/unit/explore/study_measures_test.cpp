#include "explore/study/measures.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

using namespace eyrie;

namespace {

std::size_t number_of(std::string_view name) {
  const auto all = measure_names();
  return static_cast<std::size_t>(std::ranges::find(all, name) - all.begin());
}

MeasureValues filled(double value) { return MeasureValues(measures().size(), value); }

}  // namespace

TEST_CASE("measures have names, units, and a way that is better", "[unit][explore]") {
  const auto all = measure_names();
  CHECK(std::set<std::string>(all.begin(), all.end()).size() == all.size());
  for (const char* name : {"energy", "latency", "area"}) CHECK(number_of(name) < all.size());
  for (const auto& m : measures()) {
    CHECK_FALSE(m.unit.empty());
    CHECK_FALSE(m.title.empty());
    const bool higher = m.name == "tops_per_w" || m.name == "gops";
    CHECK((m.goal == Goal::Higher) == higher);
  }
}

TEST_CASE("figures of a result, worked by hand", "[unit][explore]") {
  ExperimentResult r;
  r.batch = 4;
  r.totals.cycles = Cycles{1000};
  r.totals.core_hz = 1e6;
  r.totals.energy.total = Picojoules{8e6};
  r.totals.energy.dram = Picojoules{2e6};
  const auto all = measure(r);
  REQUIRE(all.size() == measures().size());
  CHECK(all[number_of("energy")] == Approx(2));  // 8 uJ for 4 inferences
  CHECK(all[number_of("chip_energy")] == Approx(1.5));
  CHECK(all[number_of("latency")] == Approx(1));  // ms
  CHECK(all[number_of("cycles")] == 1000);
  CHECK_FALSE(all[number_of("area")].has_value());
  CHECK(all[number_of("edp")] == Approx(2 * 1e-3 / 4));
  CHECK(all[number_of("power")] == Approx(8));  // 8 uJ in 1 ms
}

TEST_CASE("a figure is a quantity with the dimension of its unit", "[unit][explore]") {
  for (const auto& m : measures()) {
    const auto q = quantity_of(m, 3);
    CHECK(q.dimension == m.dimension);
    CAPTURE(m.name);
    if (m.dimension == Dimension::None || m.dimension == Dimension::Cycles) continue;
    const auto read = parse_any_quantity("3 " + std::string(m.unit));
    REQUIRE(read);
    CHECK(read->dimension == q.dimension);
    CHECK(q.value == Approx(read->value).epsilon(1e-14));
  }
}

TEST_CASE("the mean over networks is geometric, of what all have in common its value", "[unit][explore]") {
  CHECK(mean_of({filled(0.1)}) == filled(0.1));  // to the bit
  CHECK(mean_of({filled(0.3), filled(0.3), filled(0.3)}) == filled(0.3));
  const auto mean = mean_of({filled(2), filled(8)});
  for (const auto& v : mean) CHECK(*v == Approx(4));
  auto a = filled(2), b = filled(4), c = filled(8);
  a[1].reset();
  b[2] = 0;
  c[3] = -1;
  const auto some = mean_of({a, b, c});
  CHECK(*some[0] == Approx(4));
  for (const std::size_t i : {1U, 2U, 3U}) CHECK_FALSE(some[i].has_value());
  CHECK(*some[4] == Approx(4));
  CHECK(mean_of({b, a, c}) == some);
  CHECK(mean_of({}) == MeasureValues(measures().size()));
}
