// A regression's baseline as a file, and what is said to have moved.

#include "report/regression_moves.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/support.hpp"

using namespace eyrie;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::string_view kSchemas[] = {kRegressionSchema};

RecordedLayer conv() {
  RecordedLayer l;
  l.name = "conv1";
  l.op = "conv";
  l.mapping = "[{temporal: Q, step: 1}]";
  l.ofmap = "00000000deadbeef";
  l.macs = 1000;
  l.passes = 2;
  l.active_pes = 60;
  l.cycles = 400;
  l.processing_cycles = 200;
  l.stack = {{"mac", 1000}, {"gated_mac", 0}, {"wait_input", 30}};
  l.counts = {
      {"dram", "input", "read", 500, 1000}, {"dram", "output", "write", 20, 40}, {"glb", "input", "fill", 500, 1000}};
  l.energy = {
      {"array", "clock", "clock", 100.5}, {"dram", "input", "read", 2000}, {"dram", "output", "write", 0.0009765625}};
  return l;
}

/// An experiment with a layer on the machine and one on the host.
RecordedRun run(const std::string& name) {
  RecordedRun r;
  r.name = name;
  r.asked.architecture = "eyeriss_v1";
  r.asked.workload = "./net.yaml";
  r.asked.batch = 4;
  r.asked.layers = {"conv1", "prob"};
  r.asked.set = {"architecture.array.rows=6", "workload.title=\"a\\b\""};
  RecordedLayer host;
  host.name = "prob";
  host.op = "softmax";
  host.place = "host";
  r.layers = {conv(), host};
  r.totals = {
      .macs = 1000, .cycles = 400, .processing_cycles = 200, .energy_pj = 2100.5009765625, .energy_chip_pj = 100.5};
  return r;
}

Regression baseline() { return {{run("a"), run("b")}}; }

Regression read(const std::string& text) {
  Diagnostics wrong;
  auto all = read_regression(StoredJson{text, "b.json", kSchemas}, wrong);
  wrong.raise_if_any();
  return all;
}

std::string errors(const std::string& text) {
  return test::errors_of([&] { (void)read(text); });
}

/// Place of a text in another, as diagnostics write it.
std::string place(const std::string& text, const std::string& what) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  const auto begin = line > 0 ? text.rfind('\n', at) + 1 : 0;
  return "b.json:" + std::to_string(line + 1) + ":" + std::to_string(at - begin + 1) + ": error: ";
}

/// All that is inside a value, and itself.
std::vector<Json::json_pointer> pointers(const Json& j, const Json::json_pointer& at = Json::json_pointer{}) {
  std::vector<Json::json_pointer> all;
  if (!at.empty()) all.push_back(at);
  for (const auto& [key, inner] : j.items()) {
    if (!j.is_structured()) break;
    const auto below = j.is_array() ? at / static_cast<std::size_t>(std::stoul(key)) : at / key;
    for (auto& p : pointers(inner, below)) all.push_back(p);
  }
  return all;
}

RegressionMoves moved(void (*change)(RecordedRun&), const RegressionTolerance& tolerance = {}) {
  auto now = baseline();
  change(now.experiments[1]);
  return compare(baseline(), now, tolerance);
}

}  // namespace

TEST_CASE("a baseline reads back as it was written, and is written as it was read", "[unit][report]") {
  const auto text = to_json(baseline());
  CHECK(read(text) == baseline());
  CHECK(to_json(read(text)) == text);
  CHECK(Json::parse(text)["experiments"][0]["layers"][0]["energy_pj"][2][3] == 1.0 / 1024);
  CHECK_THAT(text, Catch::Contains("\n      [\"dram\",\"input\",\"read\",500,1000], [\"dram\",\"output\","));
}

TEST_CASE("a layer that moves is a line or a few of a baseline's text", "[unit][report]") {
  auto now = baseline();
  now.experiments[0].layers[0].cycles = 401;
  std::istringstream before{to_json(baseline())}, after{to_json(now)};
  int differ = 0;
  for (std::string a, b; std::getline(before, a) && std::getline(after, b);) differ += a != b ? 1 : 0;
  CHECK(differ == 1);
}

TEST_CASE("a value of the wrong kind anywhere in a baseline is told with its place", "[unit][report][bad_input]") {
  const auto whole = Json::parse(to_json({{run("a")}}));
  const auto all = pointers(whole);
  CHECK(all.size() > 60);
  for (const auto& at : all) {
    auto j = whole;
    j[at] = true;
    const auto text = j.dump(1);
    const auto found = errors(text);
    CAPTURE(at.to_string(), found);
    if (at.to_string() == "/schema")
      CHECK_THAT(found, Catch::StartsWith("b.json:1:1: error: the file has no key schema; "));
    else
      CHECK_THAT(found, Catch::StartsWith(place(text, "true")));
  }
}

TEST_CASE("every key of a baseline that is missing or unknown is told", "[unit][report][bad_input]") {
  const auto whole = Json::parse(to_json({{run("a")}}));
  for (const auto& at : pointers(whole)) {
    const auto parent = at.parent_pointer();
    const auto path = at.to_string();
    if (!whole[parent].is_object() || path.find("/asked/") != std::string::npos ||
        path.find("/cycle_stack/") != std::string::npos)
      continue;
    auto j = whole;
    j[parent].erase(at.back());
    CAPTURE(path);
    CHECK_THAT(errors(j.dump(1)), Catch::Contains("the key ") || Catch::Contains("has no key"));
    j = whole;
    j[parent]["spds"] = 987654321;
    const auto text = j.dump(1);
    CHECK_THAT(errors(text), Catch::Contains(place(text, "987654321")) && Catch::Contains("has no key spds; "));
  }
}

TEST_CASE("figures that no run gives and names that stand twice are told", "[unit][report][bad_input]") {
  const auto wrong = [](void (*change)(Json&)) {
    auto j = Json::parse(to_json(baseline()));
    change(j);
    return errors(j.dump(1));
  };
  CHECK_THAT(wrong([](Json& j) { j["experiments"][1]["name"] = "a"; }),
             Catch::Contains("two experiments are called a; "));
  CHECK_THAT(wrong([](Json& j) { j["experiments"][0]["layers"][1]["name"] = "conv1"; }),
             Catch::Contains("two layers are called conv1; "));
  CHECK_THAT(wrong([](Json& j) { j["experiments"][0]["name"] = ""; }),
             Catch::Contains("experiments.0.name is empty; "));
  CHECK_THAT(
      wrong([](Json& j) { j["experiments"][0]["asked"] = Json::object(); }),
      Catch::Contains("experiments.0.asked says nothing to run; give an experiment, or architecture and workload"));
  CHECK_THAT(wrong([](Json& j) { j["experiments"][0]["asked"]["batch"] = 0; }),
             Catch::Contains("experiments.0.asked.batch is 0; it must be from 1 to 4096"));
  CHECK_THAT(wrong([](Json& j) { j["experiments"][0]["layers"][0]["cycles"] = -1; }),
             Catch::Contains("layers.0.cycles is -1; it must be a whole number from 0"));
  CHECK_THAT(wrong([](Json& j) { j["experiments"][0]["layers"][0]["cycles"] = 1.5; }),
             Catch::Contains("layers.0.cycles is 1.5; it must be a whole number from 0"));
  CHECK_THAT(wrong([](Json& j) { j["experiments"][0]["layers"][0]["energy_pj"][0][3] = -2; }),
             Catch::Contains("energy_pj.0.3 is -2; no energy is negative"));
  CHECK_THAT(wrong([](Json& j) { j["experiments"][0]["layers"][0]["place"] = "hots"; }),
             Catch::Contains("layers.0.place is hots; did you mean host?"));
  CHECK_THAT(wrong([](Json& j) { j["experiments"][0]["layers"][0]["counts"][0].erase(0); }),
             Catch::Contains("counts.0 has 4 entries; it must be [component, tensor, action, words, bytes]"));
  CHECK_THAT(wrong([](Json& j) {
               j["experiments"][0]["layers"][0]["counts"][1] = {"dram", "input", "read", 1, 2};
             }),
             Catch::Contains("counts stands there twice: dram input read; "));
  // All at once, in the order of the file.
  CHECK_THAT(
      wrong([](Json& j) {
        j["experiments"][0]["name"] = "";
        j["experiments"][1]["totals"]["cycles"] = "many";
      }),
      Catch::Contains("experiments.0.name is empty") && Catch::Contains("experiments.1.totals.cycles is \"many\""));
}

TEST_CASE("runs that gave the same are equal, and every figure was compared", "[unit][report]") {
  const auto all = compare(baseline(), baseline(), {});
  CHECK(all.moves.empty());
  CHECK(all.beyond() == 0);
  // Of each: 5 numbers, 3 causes, 3 x 2 counts, 3 energies of conv1; 5 totals; none of what is on the host.
  CHECK(all.summary() == "2 experiments, 4 layers, 44 figures: all equal");
  CHECK(to_table(all) == all.summary() + "\n");
  CHECK_THAT(to_markdown(all, "t"), Catch::Contains("| a | equal | 400 | 2100.5009765625 | 2 | 22 | 0 | 0 |"));
}

TEST_CASE("a change exactly at its tolerance is within, the least more is beyond", "[unit][report]") {
  using enum FigureKind;
  const auto allows = [](double percent, double before, double now) {
    return RegressionTolerance{.cycles = percent}.allows(Cycles, before, now);
  };
  for (const double percent : {0.1, 0.3, 0.5, 1.0, 7.0, 33.0, 100.0}) {
    const double before = 1e6, step = percent / 100 * before;
    CAPTURE(percent);
    CHECK(allows(percent, before, before + step));
    CHECK(allows(percent, before, before - step));
    CHECK_FALSE(allows(percent, before, before + step + 1e-3));
    CHECK_FALSE(allows(percent, before, before - step - 1e-3));
  }
  CHECK(allows(0, 5, 5));
  CHECK_FALSE(allows(0, 9007199254740991, 9007199254740992));
  CHECK(allows(50, 0, 0));
  CHECK_FALSE(allows(50, 0, 1e-9));  // no percentage of nothing is something
  CHECK(RegressionTolerance{.cycles = 1, .counts = 2, .energy = 3}.of(Result) == 0);
}

TEST_CASE("tolerances are read by kind", "[unit][report]") {
  using T = RegressionTolerance;
  CHECK(parse_regression_tolerance("0.5") == T{.cycles = 0.5, .counts = 0.5, .energy = 0.5});
  CHECK(parse_regression_tolerance("0.5 %").text() == "0.5 %");
  CHECK(parse_regression_tolerance("cycles=1,energy=0.5 %") == T{.cycles = 1, .counts = 0, .energy = 0.5});
  CHECK(parse_regression_tolerance("2, counts=0") == T{.cycles = 2, .counts = 0, .energy = 2});
  CHECK(parse_regression_tolerance("cycles=1").text() == "cycles 1 %, counts 0 %, energy 0 %");
  const auto error = [](const char* text) { return test::errors_of([&] { (void)parse_regression_tolerance(text); }); };
  CHECK(error("cycle=1") == "--tolerance: error: there is no kind of figures called cycle; did you mean cycles?");
  CHECK_THAT(error("much"), Catch::StartsWith("--tolerance: error: \"much\" is no percentage from 0; "));
  for (const char* text : {"", "-1", "nan", "inf", "cycles=", "1,", "=1", "1 % %"}) {
    CAPTURE(text);
    CHECK_THAT(error(text), Catch::StartsWith("--tolerance: error: "));
  }
  CHECK_THAT(error("cycles=1,2"), Catch::Contains("it is not said of what kind of figures 2 is; "));
}

TEST_CASE("moves are told with what they were, the largest first", "[unit][report]") {
  const auto all = moved(
      [](RecordedRun& r) {
        r.layers[0].cycles = 404;
        r.layers[0].stack[1].second = 7;
        r.layers[0].counts[0].words = 250;
        r.layers[0].energy[1].pj = 2001;
        r.totals.cycles = 404;
      },
      {.cycles = 1, .counts = 0, .energy = 0.01});
  REQUIRE(all.moves.size() == 5);
  std::vector<std::string> figures;
  for (const auto& m : all.moves) figures.push_back(m.layer + " " + m.figure);
  CHECK(figures == std::vector<std::string>{"conv1 cycle_stack.gated_mac", "conv1 words.dram.input.read",
                                            "conv1 energy_pj.dram.input.read", "conv1 cycles", "total cycles"});
  CHECK(std::isinf(*all.moves[0].percent()));
  CHECK(*all.moves[1].percent() == -50);
  CHECK(*all.moves[3].percent() == 1);
  CHECK(all.beyond() == 3);
  CHECK(all.summary() ==
        "2 experiments, 4 layers, 44 figures: 5 moved, 3 beyond cycles 1 %, counts 0 %, energy 0.01 %");
  CHECK(all.experiments[0].moved == 0);
  CHECK(all.experiments[1].beyond == 3);
  CHECK_THAT(to_table(all), Catch::Contains("b           conv1  words.dram.input.read         500   250  -50.00 %\n") &&
                                Catch::Contains("  from 0\n"));
  CHECK_THAT(to_table(all, 2), Catch::Contains("\nand 3 more, which --format csv has\n"));
  CHECK_THAT(to_csv(all), Catch::Contains("\r\nb,conv1,words.dram.input.read,counts,500,250,-50,true,false,\r\n") &&
                              Catch::Contains("\r\nb,conv1,cycle_stack.gated_mac,cycles,0,7,,true,false,\r\n") &&
                              Catch::Contains("\r\nb,total,cycles,cycles,400,404,1,false,false,\r\n"));
  const auto j = Json::parse(to_json(all));
  CHECK(j["schema"] == "eyrie.regression_moves/1");
  CHECK(j["moved"] == 5);
  CHECK(j["beyond"] == 3);
  CHECK(j["moves"][0]["change_percent"].is_null());
  CHECK(j["moves"][1]["change_percent"] == -50);
  CHECK(j["experiments"][1]["now"]["cycles"] == 404);
}

TEST_CASE("what appeared, vanished or went elsewhere is beyond any tolerance", "[unit][report]") {
  const RegressionTolerance any{.cycles = 1e9, .counts = 1e9, .energy = 1e9};
  const auto only = [&](void (*change)(RecordedRun&)) {
    const auto all = moved(change, any);
    REQUIRE(all.moves.size() == 1);
    CHECK(all.beyond() == 1);
    return all.moves[0];
  };
  auto m = only([](RecordedRun& r) { r.layers[0].energy.pop_back(); });
  CHECK((m.figure == "energy_pj.dram.output.write" && m.before && !m.now && m.why == "vanished"));
  m = only([](RecordedRun& r) { r.layers[0].stack.emplace_back("dram_input", 0); });
  CHECK((m.figure == "cycle_stack.dram_input" && !m.before && m.now == 0.0 && m.why == "appeared"));
  m = only([](RecordedRun& r) { r.layers.erase(r.layers.begin()); });
  CHECK((m.layer == "conv1" && m.figure.empty() && m.why == "the layer is gone (17 figures)"));
  m = only([](RecordedRun& r) {
    r.layers.push_back(conv());
    r.layers.back().name = "conv2";
  });
  CHECK((m.layer == "conv2" && m.why == "the layer is new (17 figures)"));
  m = only([](RecordedRun& r) {
    r.layers[0].place = "host";
    r.layers[0].reason = "PEs have no sum";
  });
  CHECK(m.why == "it was on machine and is on host: PEs have no sum (17 figures)");
  m = only([](RecordedRun& r) { r.layers[0].ofmap = "0000000000000001"; });
  CHECK((m.figure == "ofmap" && m.why == "its words were 00000000deadbeef and are 0000000000000001"));
  m = only([](RecordedRun& r) { r.layers[0].trouble = "3 ofmap words differ from the reference"; });
  CHECK((m.layer == "conv1" && m.why == "3 ofmap words differ from the reference"));
  m = only([](RecordedRun& r) {
    r.layers.clear();
    r.totals = {};
    r.failure = "x.yaml:1:1: error: it is no map";
  });
  CHECK((m.layer.empty() && m.why == "fails now: x.yaml:1:1: error: it is no map"));
  CHECK_FALSE(m.percent());
}

TEST_CASE("another mapping is said beside what moved, and is no move itself", "[unit][report]") {
  auto all = moved([](RecordedRun& r) { r.layers[0].mapping = "[{temporal: Q, step: 2}]"; });
  CHECK(all.moves.empty());
  REQUIRE(all.remapped.size() == 1);
  CHECK(all.remapped[0] == Remapped{"b", "conv1", "[{temporal: Q, step: 1}]", "[{temporal: Q, step: 2}]"});
  CHECK_THAT(to_table(all), Catch::StartsWith("b, conv1: another mapping, which explains what moved in it\n"));
  all = moved([](RecordedRun& r) {
    r.layers[0].mapping = "[{temporal: Q, step: 2}]";
    r.layers[0].cycles = 1;
  });
  CHECK_THAT(to_csv(all), Catch::Contains("\r\nb,conv1,cycles,cycles,400,1,-99.75,true,true,\r\n"));
  CHECK_THAT(to_markdown(all, "t"),
             Catch::Contains("<details><summary>b: 1 moved, 1 beyond the tolerance</summary>\n\n") &&
                 Catch::Contains("\n#### conv1\n\n| figure | before | now | change |\n") &&
                 Catch::Contains("| `cycles` | 400 | 1 | **-99.75 %** |\n") &&
                 Catch::Contains("```diff\n- [{temporal: Q, step: 1}]\n+ [{temporal: Q, step: 2}]\n"));
}

TEST_CASE("the summary for GitHub says of each experiment how it went", "[unit][report]") {
  auto now = baseline();
  now.experiments[0].totals.cycles = 500;
  now.experiments[1].failure = "it <stopped> | making progress";
  const auto text = to_markdown(compare(baseline(), now, {.cycles = 25}), "Regression of b_c.json");
  CHECK_THAT(text, Catch::StartsWith("## Regression of b\\_c.json\n\n**2 experiments, ") &&
                       Catch::Contains(
                           "| a | within | 400 → 500 (+25.00 %) | 2100.5009765625 | 2 | 22 | 1 | 0 | +25.00 % |") &&
                       Catch::Contains("| b | **fails** | 400 → - | 2100.5009765625 → - |") &&
                       Catch::Contains("**fails now: it \\<stopped\\> \\| making progress**"));
  auto many = baseline();
  for (auto& row : many.experiments[0].layers[0].counts) row.words += 1;
  CHECK_THAT(to_markdown(compare(baseline(), many, {}), "t", 2), Catch::Contains("\nand 1 more\n"));
}
