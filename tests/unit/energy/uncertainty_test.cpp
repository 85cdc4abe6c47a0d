#include <catch2/catch.hpp>

#include <cmath>

#include "energy/uncertainty.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

EnergyLine line(std::size_t price, double pj, bool off_chip = false, bool scaled = false) {
  return {.component = "c",
          .tensor = "input",
          .action = "read",
          .units = 1,
          .energy = Picojoules{pj},
          .price = price,
          .scaled = scaled,
          .off_chip = off_chip};
}

Price figure(const std::string& source, Confidence confidence, std::optional<double> within = {}) {
  return {.component = "c",
          .action = Priced::Read,
          .energy = Picojoules{1},
          .source = source,
          .confidence = confidence,
          .note = {},
          .within = within,
          .where = {}};
}

EnergyTable table(std::vector<Price> prices) {
  EnergyTable t;
  t.prices = std::move(prices);
  return t;
}

EnergyReport report(std::vector<EnergyLine> lines) {
  EnergyReport r;
  for (const auto& l : lines) {
    r.total += l.energy;
    if (l.off_chip) r.dram += l.energy;
  }
  r.lines = std::move(lines);
  return r;
}

using enum Confidence;

}  // namespace

TEST_CASE("figures of one source are wrong together", "[unit][energy]") {
  const auto t = table({figure("one", Assumed, 2), figure("one", Assumed, 1.5)});
  const auto i = interval_of(report({line(0, 100), line(1, 60)}), t);
  CHECK(i.low == Approx(160 - 50 - 20));
  CHECK(i.high == Approx(160 + 100 + 30));
}

TEST_CASE("sources are wrong apart: distances add as squares", "[unit][energy]") {
  const auto t = table({figure("one", Assumed, 2), figure("other", Assumed, 1.5)});
  const auto i = interval_of(report({line(0, 30), line(1, 80)}), t);
  CHECK(i.high == Approx(110 + std::hypot(30, 40)));
  CHECK(i.low == Approx(110 - std::hypot(15, 80.0 / 3)));
}

TEST_CASE("a known sum beats the widths of its parts, for its source alone", "[unit][energy]") {
  auto t = table({figure("fit", Derived, 3), figure("fit", Derived, 3), figure("other", Assumed, 2)});
  t.known_sums.push_back({.source = "fit", .within = 1.25, .note = {}, .where = {}});
  const auto r = report({line(0, 60), line(1, 40), line(2, 10)});
  const auto i = interval_of(r, t);
  CHECK(i.high == Approx(110 + std::hypot(25, 10)));
  CHECK(i.low == Approx(110 - std::hypot(20, 5)));
  const auto sources = by_source(r, t);
  REQUIRE(sources.size() == 2);
  CHECK(sources[0].source == "fit");
  CHECK(sources[0].energy.count() == 100);
  CHECK(sources[0].interval.high == Approx(125));
  CHECK(sources[1].interval.low == Approx(5));
}

TEST_CASE("prices scaled to another width make another sum than the one that is known", "[unit][energy]") {
  auto t = table({figure("fit", Derived, 3), figure("fit", Derived, 3)});
  t.known_sums.push_back({.source = "fit", .within = 1.25, .note = {}, .where = {}});
  CHECK(interval_of(report({line(0, 60), line(1, 40)}), t).high == Approx(125));
  CHECK(interval_of(report({line(0, 60), line(1, 40, false, true)}), t).high == Approx(300));
}

TEST_CASE("the chip's interval leaves DRAM out, and DRAM's the chip", "[unit][energy]") {
  const auto t = table({figure("one", Assumed, 2), figure("dram", Assumed, 2)});
  const auto r = report({line(0, 10), line(1, 1000, true)});
  CHECK(interval_of(r, t, Scope::Chip) == Interval{5, 20});
  CHECK(interval_of(r, t, Scope::Dram) == Interval{500, 2000});
  CHECK(interval_of(r, t).high == Approx(1010 + std::hypot(10, 1000)));
}

TEST_CASE("a figure without a width has that of its confidence, a scaled one that of a derived one", "[unit][energy]") {
  const auto t = table({figure("s", SeenInText), figure("s", FromMemory), figure("s", SeenInText, 4)});
  CHECK(width_of(line(0, 1), t) == usual_width(SeenInText));
  CHECK(width_of(line(1, 1), t) == usual_width(FromMemory));
  CHECK(width_of(line(2, 1), t) == 4);
  CHECK(width_of(line(0, 1, false, true), t) == usual_width(Derived));
  CHECK(width_of(line(2, 1, false, true), t) == 4);
  CHECK(usual_width(SeenInText) < usual_width(Derived));
  CHECK(usual_width(Derived) < usual_width(Assumed));
}

TEST_CASE("energy by confidence sums to the total; scaled figures are derived at best", "[unit][energy]") {
  const auto t = table({figure("s", SeenInText), figure("s", Assumed), figure("s", FromMemory)});
  const auto r = report({line(0, 1), line(0, 2, false, true), line(1, 4), line(1, 8, false, true), line(2, 16)});
  const auto parts = by_confidence(r, t);
  using Part = std::pair<Confidence, Picojoules>;
  CHECK(parts == std::vector<Part>{{SeenInText, Picojoules{1}},
                                   {Derived, Picojoules{2}},
                                   {FromMemory, Picojoules{16}},
                                   {Assumed, Picojoules{12}}});
}

TEST_CASE("an exact figure has no interval, and none costs nothing", "[unit][energy]") {
  const auto t = table({figure("s", SeenInText, 1)});
  CHECK(interval_of(report({line(0, 7)}), t) == Interval{7, 7});
  CHECK(interval_of(report({}), t) == Interval{0, 0});
}

TEST_CASE("a sum of sources knows each source's total; a sum known of a source that adds nothing is of no account",
          "[unit][energy]") {
  SumOfSources sum;
  sum.add("a", 100, 2);
  sum.add("a", 300, 2);
  CHECK(sum.total() == 400);
  CHECK(sum.interval() == Interval{200, 800});
  sum.add("b", 300, 2);
  CHECK(sum.total_of("a") == 400);
  CHECK(sum.total_of("c") == 0);
  CHECK(sum.interval().low == Approx(700 - std::hypot(200, 150)));
  sum.know_sum("b", 1);
  CHECK(sum.interval() == Interval{500, 1100});
  sum.know_sum("c", 5);
  CHECK(sum.interval() == Interval{500, 1100});
  CHECK(interval_of(10, 2) == Interval{5, 20});
}

TEST_CASE("widths below one and sums of sources that are not there are refused", "[unit][energy]") {
  const std::string head = "kind: energy_table\nname: t\ntechnology: 65 nm\nvoltage: 1.0 V\nprices:\n";
  const auto errors = [&](const std::string& rest) {
    return test::errors_of([&] { read_energy_table(YamlDocument::from_text(head + rest, "t.yaml")); });
  };
  const std::string price = "- {component: sram, action: read, energy: 1 pJ, source: s, confidence: assumed";
  CHECK(errors(price + ", within: 0.5}\n").find("t.yaml:6:") != std::string::npos);
  const auto missing = errors(price + "}\nknown_sums: [{source: other, within: 1.1}]\n");
  CHECK(missing.find("t.yaml:7:14: error: no price has the source `other`") != std::string::npos);
  CHECK(errors(price + ", within: 1.2}\nknown_sums: [{source: s, within: 1.1}]\n").empty());
}
