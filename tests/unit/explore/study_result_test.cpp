#include "explore/study/study_result.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

using namespace eyrie;
using nlohmann::json;

namespace {

using Numbers = std::vector<std::int64_t>;

std::size_t number_of(std::string_view name) {
  const auto all = measure_names();
  return static_cast<std::size_t>(std::ranges::find(all, name) - all.begin());
}

/// Figures of one network, which are also those over all.
DesignFigures figures(std::optional<double> energy, double latency, double gops = 1) {
  MeasureValues v(measures().size(), 1.0);
  v[number_of("energy")] = energy;
  v[number_of("latency")] = latency;
  v[number_of("gops")] = gops;
  return {.all = v, .network = {v}};
}

DesignResult design(std::int64_t number, DesignFigures closed) {
  DesignResult d;
  d.number = number;
  d.values = {std::to_string(number), "64 KiB"};
  d.numbers = {AnyQuantity{static_cast<double>(number)}, AnyQuantity{65536, Dimension::Bytes}};
  d.closed = std::move(closed);
  return d;
}

StudyResult study(std::vector<DesignResult> designs) {
  StudyResult r;
  r.name = "little";
  r.title = "How \"large\"?";
  r.architecture = "eyeriss_v1";
  r.strategy = "grid";
  r.workloads = {"tiny"};
  r.parameters.resize(2);
  r.parameters[0].name = "rows";
  r.parameters[0].title = "rows of PEs";
  r.parameters[0].values = {"1", "2", "3", "4"};
  r.parameters[0].labels = {"one", "two", "three", "four"};
  r.parameters[1].name = "glb";
  r.parameters[1].value = "64 KiB * 1";
  r.objectives = {number_of("energy"), number_of("latency")};
  r.designs = std::move(designs);
  return r;
}

Numbers front_of(StudyResult r) {
  rank(r);
  for (const auto& d : r.designs) CHECK(d.front == (std::ranges::count(r.front, d.number) == 1));
  return r.front;
}

/// Fields of a CSV row, as RFC 4180 has it.
std::vector<std::vector<std::string>> rows_of(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, {""});
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    auto& field = rows.back().back();
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"')
      field += text[i++];
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && c == ',')
      rows.back().emplace_back();
    else if (!quoted && c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') {
      rows.push_back({""});
      ++i;
    } else {
      CHECK((quoted || (c != '\n' && c != '\r')));
      field += c;
    }
  }
  CHECK_FALSE(quoted);
  CHECK(rows.back() == std::vector<std::string>{""});  // the last line has an end
  rows.pop_back();
  return rows;
}

std::set<std::string> keys(const json& j) {
  std::set<std::string> all;
  for (const auto& [key, value] : j.items()) all.insert(key);
  return all;
}

}  // namespace

TEST_CASE("the front of a study, by rising first objective, equal designs by number", "[unit][explore]") {
  CHECK(front_of(study({design(1, figures(3, 1)), design(2, figures(2, 2)), design(3, figures(2, 2)),
                        design(4, figures(3, 3)), design(5, figures(1, 3))})) == Numbers{5, 2, 3, 1});
  CHECK(front_of(study({})).empty());
}

TEST_CASE("a measure whose goal is higher is maximised", "[unit][explore]") {
  auto r = study({design(1, figures(1, 1, 10)), design(2, figures(2, 1, 20)), design(3, figures(3, 1, 15))});
  r.objectives = {number_of("gops"), number_of("energy")};
  CHECK(front_of(r) == Numbers{2, 1});  // the best first objective first
  CHECK(objectives_of(figures(3, 1, 15).all, r.objectives) == std::vector<double>{-15, 3});
}

TEST_CASE("designs without an objective, failed or excluded are not ranked", "[unit][explore]") {
  auto r = study({design(1, figures(std::nullopt, 0)), design(2, figures(2, 2)), design(3, figures(0, 0)),
                  design(4, figures(3, 3))});
  r.designs[2].status = PointStatus::Excluded;
  r.designs.push_back({.number = 5});
  CHECK(front_of(r) == Numbers{2});
  CHECK(objectives_of({}, r.objectives).empty());
  CHECK(objectives_of(figures(std::nullopt, 1).all, r.objectives).empty());
}

TEST_CASE("simulated designs are ranked among themselves once there are any", "[unit][explore]") {
  auto r = study({design(1, figures(1, 1)), design(2, figures(2, 2)), design(3, figures(3, 3))});
  CHECK(front_of(r) == Numbers{1});
  r.designs[1].simulated = figures(9, 9);
  CHECK(front_of(r) == Numbers{2});
  r.designs[2].simulated = figures(8, 10);
  CHECK(front_of(r) == Numbers{3, 2});
  rank(r);
  CHECK(r.simulated);
  CHECK(r.designs[1].best() == &*r.designs[1].simulated);
  CHECK(r.designs[0].best() == &*r.designs[0].closed);
  r.designs[1].status = r.designs[2].status = PointStatus::Deadlocked;
  rank(r);
  CHECK(r.simulated);  // the closed form's front is not what simulations found
  CHECK(r.front.empty());
}

TEST_CASE("the closed form's errors, worked by hand", "[unit][explore]") {
  auto r =
      study({design(1, figures(1, 1)), design(2, figures(2, 2)), design(3, figures(3, 3)), design(4, figures(4, 4))});
  r.designs[0].simulated = figures(1, 1.25);  // 20 % below
  r.designs[1].simulated = figures(2, 1.6);   // 25 % above
  r.designs[3].simulated = figures(std::nullopt, 4);
  rank(r);
  const auto of = [&](const char* name) {
    return *std::ranges::find(r.errors, number_of(name), &FidelityError::measure);
  };
  CHECK(of("energy").points == 2);
  CHECK(of("energy").worst == 0);
  CHECK(of("energy").worst_design == 1);
  CHECK(of("latency").points == 3);
  CHECK(of("latency").median == Approx(0.2));
  CHECK(of("latency").worst == Approx(0.25));
  CHECK(of("latency").worst_design == 2);
  CHECK(of("latency").worst_workload == "tiny");
  r.designs[3].simulated.reset();
  rank(r);
  CHECK(of("latency").median == Approx(0.225));  // of two, their mean
  for (auto& d : r.designs) d.simulated.reset();
  rank(r);
  CHECK(r.errors.empty());
}

TEST_CASE("study.json has the keys of docs/study_json.md", "[unit][explore]") {
  auto r = study({design(1, figures(1, 3)), design(2, figures(2, 2)), design(3, figures(std::nullopt, 1))});
  r.constraints = {"rows <= 4"};
  r.designs[0].simulated = figures(1.25, 3);
  r.designs[1].sampled = true;
  r.designs.push_back(design(4, {}));
  r.designs[3].closed.reset();
  r.designs[3].status = PointStatus::NoMapping;
  r.designs[3].reason = "tiny: \"no\" \xC3\xA4\n";
  r.reports = true;
  rank(r);
  const auto j = json::parse(to_json(r));
  CHECK(keys(j) == std::set<std::string>{"schema", "eyrie_version", "name", "title", "strategy", "seed", "architecture",
                                         "workloads", "parameters", "measures", "objectives", "constraints", "designs",
                                         "front", "front_of", "errors"});
  CHECK(j["schema"] == "eyrie.study/1");
  CHECK(j["title"] == "How \"large\"?");
  CHECK(j["objectives"] == json({"energy", "latency"}));
  CHECK(j["constraints"] == json({"rows <= 4"}));
  CHECK(j["front"] == json({1}));
  CHECK(j["front_of"] == "simulated");

  REQUIRE(j["parameters"].size() == 2);
  for (const auto& p : j["parameters"])
    CHECK(keys(p) == std::set<std::string>{"name", "title", "unit", "numeric", "values", "labels", "derived"});
  CHECK(j["parameters"][0]["unit"] == "");
  CHECK(j["parameters"][0]["numeric"] == true);
  CHECK(j["parameters"][0]["derived"] == false);
  CHECK(j["parameters"][0]["labels"][2] == "three");
  CHECK(j["parameters"][1]["unit"] == "B");
  CHECK(j["parameters"][1]["derived"] == true);

  REQUIRE(j["measures"].size() == measures().size());
  for (const auto& m : j["measures"]) {
    CHECK(keys(m) == std::set<std::string>{"name", "title", "unit", "goal"});
    CHECK((m["goal"] == "lower" || m["goal"] == "higher"));
  }

  REQUIRE(j["designs"].size() == 4);
  for (const auto& d : j["designs"])
    CHECK(keys(d) == std::set<std::string>{"number", "values", "numbers", "status", "reason", "front", "sampled",
                                           "closed", "simulated", "report"});
  const auto& first = j["designs"][0];
  CHECK(first["values"] == json({"1", "64 KiB"}));
  CHECK(first["numbers"] == json({1.0, 65536.0}));
  CHECK(first["front"] == true);
  REQUIRE(first["closed"].size() == 2);  // over all networks, then a row a network
  CHECK(first["closed"][0].size() == measures().size());
  CHECK(first["simulated"][1][number_of("energy")] == 1.25);
  CHECK(first["report"] == "designs/report.html#1");
  CHECK(j["designs"][1]["sampled"] == true);
  CHECK(j["designs"][1]["simulated"].is_null());
  CHECK(j["designs"][2]["closed"][0][number_of("energy")].is_null());
  const auto& last = j["designs"][3];
  CHECK(last["status"] == "no_mapping");
  CHECK(last["reason"] == "tiny: \"no\" \xC3\xA4\n");
  CHECK(last["closed"].is_null());
  CHECK(last["report"].is_null());

  REQUIRE_FALSE(j["errors"].empty());
  for (const auto& e : j["errors"])
    CHECK(keys(e) == std::set<std::string>{"measure", "points", "median_percent", "worst_percent", "worst_design",
                                           "worst_workload"});
  CHECK(j["errors"][0]["measure"] == "energy");
  CHECK(j["errors"][0]["worst_percent"] == Approx(20));
}

TEST_CASE("a parameter is numeric if all its values are numbers of one unit", "[unit][explore]") {
  auto r = study({design(1, figures(1, 3)), design(2, figures(2, 2))});
  const auto glb = [&] { return json::parse(to_json(r))["parameters"][1]; };
  r.designs[1].numbers[1] = AnyQuantity{0, Dimension::None};  // no bytes are written without their unit
  CHECK(glb()["numeric"] == true);
  CHECK(glb()["unit"] == "B");
  r.designs[1].numbers[1] = AnyQuantity{12, Dimension::Words};
  CHECK(glb()["numeric"] == false);
  CHECK(glb()["unit"] == "");
  r.designs[1].numbers[1].reset();
  CHECK(glb()["numeric"] == false);
}

TEST_CASE("tables of designs are RFC 4180 with units in their heads", "[unit][explore]") {
  auto r = study({design(1, figures(1, 3)), design(2, figures(2.5, 2)), design(3, figures(std::nullopt, 4))});
  r.workloads = {"tiny", "a, \"b\""};
  for (auto& d : r.designs) d.closed->network.emplace_back();  // the second network has nothing
  r.designs[2].values[1] = "x,\"y\"\r\nz";
  r.designs[2].status = PointStatus::Illegal;
  r.designs[2].reason = "no, \"never\"";
  rank(r);
  const auto rows = rows_of(to_csv(r, false));
  REQUIRE(rows.size() == 4);
  const auto width = 1 + 2 + 4 + 2 * 3 * measures().size();
  for (const auto& row : rows) CHECK(row.size() == width);
  const auto at = [&](const std::string& column) {
    const auto n = std::ranges::find(rows[0], column) - rows[0].begin();
    REQUIRE(n < std::ssize(rows[0]));
    return static_cast<std::size_t>(n);
  };
  CHECK(std::vector<std::string>(rows[0].begin(), rows[0].begin() + 7) ==
        std::vector<std::string>{"design", "rows", "glb", "status", "reason", "front", "sampled"});
  CHECK(rows[1][at("closed all latency [ms]")] == "3");
  CHECK(rows[2][at("closed tiny energy [uJ]")] == "2.5");
  CHECK(rows[2][at("closed a, \"b\" energy [uJ]")].empty());
  CHECK(rows[2][at("simulated tiny area [mm2]")].empty());
  CHECK(rows[1][at("front")] == "1");
  CHECK(rows[3][at("front")] == "0");
  CHECK(rows[3][at("glb")] == "x,\"y\"\r\nz");
  CHECK(rows[3][at("status")] == "illegal");
  CHECK(rows[3][at("reason")] == "no, \"never\"");
  CHECK(rows[3][at("closed all energy [uJ]")].empty());
  const auto front = rows_of(to_csv(r, true));
  REQUIRE(front.size() == 3);
  CHECK(front[0] == rows[0]);
  CHECK(front[1] == rows[1]);
  CHECK(front[2] == rows[2]);
}

TEST_CASE("the table shows the front with labels and how far the closed form is off", "[unit][explore]") {
  auto r = study({design(1, figures(1, 3)), design(2, figures(2, 2)), design(3, figures(3, 3))});
  r.designs[2].status = PointStatus::NoMapping;
  rank(r);
  CHECK(to_table(r) ==
        "little: 3 designs, 2 done, 1 no_mapping; tiny\n\n"
        "Pareto front (closed form): 2 designs\n\n"
        "design  rows     glb  energy  latency\n"
        "                          uJ       ms\n"
        "     1   one  64 KiB       1        3\n"
        "     2   two  64 KiB       2        2\n");
  r.designs[1].simulated = figures(2, 2.5);
  rank(r);
  CHECK_THAT(to_table(r),
             Catch::Contains("Pareto front (simulated): 1 designs") &&
                 Catch::Contains("latency: off by 20 % in the median of 1 points, 20 % at worst (design 2, tiny)"));
  for (auto& d : r.designs) d.status = PointStatus::Excluded;
  rank(r);
  CHECK_THAT(to_table(r), Catch::Contains("there is no front"));
}
