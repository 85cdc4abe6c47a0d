// Changes to a machine, ranked.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "explore/whatif.hpp"

using namespace eyrie;

namespace {

/// Figures of a run of so many cycles at 1 GHz and so many uJ.
MeasureValues figures(double cycles, double energy) {
  MeasureValues all;
  for (const auto& m : measures())
    all.emplace_back(m.name == "cycles"    ? cycles
                     : m.name == "latency" ? cycles * 1e-6
                     : m.name == "energy"  ? energy
                     : m.name == "edp"     ? energy * cycles * 1e-9
                                           : 1);
  return all;
}

ChangeOutcome outcome(const std::string& name, double cycles, double energy, AreaChange area) {
  return {.change = {.name = name, .title = "a title", .set = {"architecture.x=1"}, .impossible = {}},
          .figures = machine_figures({figures(cycles, energy)}),
          .area = area,
          .layers = 4,
          .remapped = 1};
}

AreaChange known(double mm2) { return {AreaKnowledge::Known, mm2}; }

WhatIf machine() {
  return {.architecture = "m",
          .title = "a machine",
          .energy_table = "t",
          .objective = "energy",
          .workloads = {"n"},
          .baseline = machine_figures({figures(1000, 10)}),
          .area = {.mm2 = 10, .unknown = {}},
          .commands = {"eyrie run --arch m --workload n"}};
}

std::vector<std::string> order(const WhatIf& w) {
  std::vector<std::string> all;
  for (const auto& c : w.ranked) all.push_back(c.change.name);
  return all;
}

}  // namespace

TEST_CASE("what is better at no more area stands first, then what gains most a mm2, then what loses",
          "[unit][explore]") {
  auto w = machine();
  rank(w, {outcome("loses", 1100, 10, known(0)), outcome("loses and frees 1", 1100, 10, known(-1)),
           outcome("loses and frees 2", 1100, 10, known(-2)), outcome("nothing for 1", 1000, 10, known(1)),
           outcome("half for 5", 500, 10, known(5)), outcome("a tenth for 0.5", 900, 10, known(0.5)),
           outcome("unknown area", 100, 10, {AreaKnowledge::NotPriced, 0}),
           outcome("at least 1", 200, 10, {AreaKnowledge::AtLeast, 1}), outcome("frees 1", 1000, 10, known(-1)),
           outcome("frees 2", 1000, 10, known(-2)),
           outcome("frees at least 3 and gains", 990, 10, {AreaKnowledge::AtLeast, -3}),
           outcome("free", 800, 10, known(0))});
  CHECK(order(w) == std::vector<std::string>{"free", "frees at least 3 and gains", "frees 2", "frees 1",
                                             "a tenth for 0.5", "half for 5", "unknown area", "at least 1",
                                             "loses and frees 2", "loses and frees 1", "nothing for 1", "loses"});
  CHECK(w.ranked[4].standing == ChangeStanding::Paid);
  CHECK(*w.ranked[4].latency_per_mm2 == Approx(0.2));
  CHECK(*w.ranked[5].latency_per_mm2 == Approx(0.1));
  CHECK(*w.ranked[5].energy_per_mm2 == Approx(0).margin(1e-12));
  CHECK_FALSE(w.ranked[0].latency_per_mm2);  // no area is added
  CHECK_FALSE(w.ranked[6].latency_per_mm2);  // not known
  CHECK(*w.ranked[7].latency_per_mm2 == Approx(0.8));
}

TEST_CASE("changes are ranked by the figure that is asked for", "[unit][explore]") {
  const std::vector<ChangeOutcome> all{outcome("faster", 500, 19, known(1)), outcome("thriftier", 1500, 6, known(1)),
                                       outcome("a little of both", 930, 9.3, known(1))};
  const auto by = [&](RankBy what) {
    auto w = machine();
    w.by = what;
    rank(w, all);
    return order(w);
  };
  CHECK(by(RankBy::Edp) == std::vector<std::string>{"a little of both", "thriftier", "faster"});
  CHECK(by(RankBy::Latency) == std::vector<std::string>{"faster", "a little of both", "thriftier"});
  CHECK(by(RankBy::Energy) == std::vector<std::string>{"thriftier", "a little of both", "faster"});
}

TEST_CASE("a gain of less than 0.05 % is none", "[unit][explore]") {
  auto w = machine();
  rank(w, {outcome("hair", 999.6, 10, known(1)), outcome("more", 999.4, 10, known(1)),
           outcome("hair's loss", 1000.4, 10, known(-1))});
  CHECK(w.ranked[0].standing == ChangeStanding::Smaller);
  CHECK(w.ranked[1].standing == ChangeStanding::Paid);
  CHECK(w.ranked[2].standing == ChangeStanding::Same);
}

TEST_CASE("area that a table does not follow is not called none", "[unit][explore]") {
  const MachineArea before{10, {"bus (wires)", "chip"}}, more{11, {"bus (wires)", "chip"}};
  CHECK(area_change(before, before, true, {"bus"}).knowledge == AreaKnowledge::NotPriced);
  CHECK(area_change(before, before, false, {}).knowledge == AreaKnowledge::Known);
  CHECK(area_change(before, before, false, {}).mm2 == 0);
  CHECK(area_change(before, more, true, {"bus"}).knowledge == AreaKnowledge::AtLeast);
  CHECK(area_change(before, more, true, {"buffer"}).knowledge == AreaKnowledge::Known);
  CHECK(area_change(before, more, true, {"buffer"}).mm2 == Approx(1));
  CHECK(area_change({}, {}, false, {}).knowledge == AreaKnowledge::Unknown);
  CHECK(area_change(before, more, true, {"chi"}).knowledge == AreaKnowledge::Known);  // no part's name
}

TEST_CASE("without any area changes are ranked by gain alone, and the text says so", "[unit][explore]") {
  auto w = machine();
  w.area = {};
  rank(w,
       {outcome("a", 900, 10, {}), outcome("b", 800, 10, {}), outcome("c", 1200, 10, {}), outcome("d", 1000, 10, {})});
  CHECK(order(w) == std::vector<std::string>{"b", "a", "d", "c"});
  const auto text = to_table(w);
  CHECK_THAT(text, Catch::Contains("t has no areas: changes are ranked by gain alone"));
  CHECK_THAT(text, Catch::Contains("\nbetter: by gain alone\n"));
}

TEST_CASE("what has no figures is told with its reason, in every rendering", "[unit][explore]") {
  auto w = machine();
  auto broken = outcome("broken", 1, 1, known(0));
  broken.status = PointStatus::NoMapping;
  broken.reason = "conv1 has, no mapping";
  rank(w, {broken, outcome("better | best", 900, 11, known(0.5))});
  REQUIRE(w.failed.size() == 1);
  CHECK(w.ranked.size() == 1);
  CHECK_THAT(to_table(w), Catch::Contains("  broken: no_mapping: conv1 has, no mapping\n"));
  CHECK_THAT(to_markdown(w), Catch::Contains("conv1 has, no mapping"));
  CHECK_THAT(to_markdown(w), Catch::Contains("better \\| best"));
  const auto csv = to_csv(w);
  CHECK_THAT(csv, Catch::Contains("no_mapping,\"conv1 has, no mapping\","));
  CHECK_THAT(to_table(w), Catch::Contains("-10.0 %  -10.0 %  +10.0 %"));
  const auto j = nlohmann::json::parse(to_json(w));
  CHECK(j["schema"] == "eyrie.whatif/1");
  CHECK(j["failed"][0]["reason"] == "conv1 has, no mapping");
  CHECK(j["changes"][0]["gain_percent"]["latency"].get<double>() == Approx(10));
  CHECK(j["changes"][0]["latency_percent_per_mm2"].get<double>() == Approx(20));
  CHECK(j["changes"][0]["layers_remapped"] == 1);
  // Every line of the CSV has as many fields as the head.
  std::size_t fields = 0;
  for (std::size_t at = 0; at < csv.size();) {
    const auto end = csv.find("\r\n", at);
    bool in_quotes = false;
    std::size_t commas = 0;
    for (std::size_t i = at; i < end; ++i) {
      in_quotes = in_quotes != (csv[i] == '"');
      commas += !in_quotes && csv[i] == ',';
    }
    if (at == 0) fields = commas;
    CHECK(commas == fields);
    at = end + 2;
  }
}

TEST_CASE("several networks count as their geometric mean", "[unit][explore]") {
  auto w = machine();
  w.workloads = {"n", "o"};
  w.baseline = machine_figures({figures(1000, 10), figures(4000, 40)});
  auto change = outcome("c", 1, 1, known(1));
  change.figures = machine_figures({figures(250, 10), figures(4000, 40)});
  rank(w, {change});
  CHECK(w.ranked[0].gains.latency == Approx(0.5));
  CHECK(w.ranked[0].gains.energy == Approx(0).margin(1e-12));
}
