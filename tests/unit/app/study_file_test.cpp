#include "app/study/study_file.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "app/study/study_run.hpp"
#include "explore/study/sampling.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using test::errors_of;

namespace {

using Texts = std::vector<std::string>;

const Catalogue& catalogue() {
  static const Catalogue all{EYRIE_BINARY};
  return all;
}

Study read(const std::string& text, const Texts& overrides = {}) {
  return read_study(YamlDocument::from_text(text, "study.yaml"), overrides, catalogue());
}

std::string errors(const std::string& text, const Texts& overrides = {}) {
  return errors_of([&] { (void)read(text, overrides); });
}

/// Seven lines that are a study; `more` begins at line 8.
std::string little(const std::string& more = {}) {
  return "kind: study\nname: little\narchitecture: eyeriss_v1\nworkloads: [tiny]\nparameters:\n"
         "- {name: rows, set: [architecture.array.rows], values: [6, 12]}\n"
         "- {name: columns, set: [architecture.array.columns], values: [4, 8, 16]}\n" +
         more;
}

std::string without(std::string text, const std::string& what, const std::string& instead = {}) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), instead);
}

Choice choice_of(const Study& s, const Texts& values) {
  for (const auto& c : full_grid(s.space.sizes(), [](const Choice&) { return true; }))
    if (s.space.design(c).values == values) return c;
  FAIL("no such design");
  return {};
}

}  // namespace

TEST_CASE("a study says what is varied, on which networks, and what is wanted", "[unit][app]") {
  const auto s = read(little("title: How?\nseed: 3\nconstraints: [rows * columns <= 96]\nsimulate: {within: 2}\n"));
  CHECK(s.name == "little");
  CHECK(s.architecture == "eyeriss_v1");
  CHECK(s.workloads == Texts{"tiny"});
  CHECK(s.strategy_text == "grid");
  CHECK(s.seed == 3);
  REQUIRE(s.simulate.has_value());
  CHECK(s.simulate->front);
  CHECK(s.simulate->within == 2);
  CHECK(s.simulate->sample == 16);
  Texts objectives;
  for (const auto o : s.objectives) objectives.emplace_back(measures()[o].name);
  CHECK(objectives == Texts{"energy", "latency", "area"});
  CHECK_FALSE(read(little()).simulate.has_value());
}

TEST_CASE("what a study does not say is the experiment's", "[unit][app]") {
  const test::Folder folder;
  const auto base = folder.write("base.yaml",
                                 "kind: experiment\nname: base\narchitecture: eyeriss_v1\nworkload: tiny\nseed: 7\n"
                                 "batch: 2\n");
  const auto text =
      without(without(little("experiment: " + base + "\n"), "architecture: eyeriss_v1\n"), "workloads: [tiny]\n");
  const auto run_of = [](const Study& s) {
    return asked_of(s.task(s.space.design(Choice(s.space.sizes().size())), 0, PointFidelity::Closed), catalogue())
        .experiment;
  };
  const auto s = read(text), other = read(text + "seed: 3\nbatch: 1\n");
  CHECK(s.seed == 7);
  CHECK(run_of(s).seed == 7);
  CHECK(run_of(s).batch == 2);
  CHECK(s.workloads == Texts{"tiny"});
  CHECK(other.seed == 3);
  CHECK(run_of(other).seed == 3);
  CHECK(run_of(other).batch == 1);
  CHECK(read(little()).seed == 1);
}

TEST_CASE("studies that ship are read", "[unit][app]") {
  for (const auto& name : catalogue().list(Shelf::Studies)) {
    CAPTURE(name);
    const auto s = read_study(YamlDocument::from_file(catalogue().find(Shelf::Studies, name)), {}, catalogue());
    CHECK(s.name == name);
    if (s.strategy.kind != StrategyKind::Nsga2 && s.space.combinations() < 5000) CHECK_FALSE(choices_of(s).empty());
  }
}

TEST_CASE("whatever is wrong in a study is told at its place", "[unit][app]") {
  const auto check = [](const std::string& text, const std::string& place, const std::string& what) {
    const auto wrong = errors(text);
    CAPTURE(text, wrong);
    CHECK_THAT(wrong, Catch::StartsWith(place));
    CHECK_THAT(wrong, Catch::Contains(what));
    CHECK(std::ranges::count(wrong, '\n') == 0);
  };
  const auto key = [&](const std::string& line, const std::string& what) {
    check(little(line + "\n"), "study.yaml:8:", what);
  };
  key("colour: red", "colour");
  key("objectives: [enrgy]", "enrgy is no figure of a design; did you mean energy?");
  key("objectives: [energy, area, energy]", "energy stands twice; each once");
  key("strategy: {kind: gird}", "grid");
  key("strategy: {kind: random}", "random does not say how many designs; write `designs: 200`");
  key("strategy: {kind: latin_hypercube}", "latin_hypercube does not say how many designs");
  key("strategy: {kind: random, designs: 0}", "designs");
  key("strategy: {kind: nsga2, population: 10}", "a population of 10; take a multiple of four");
  key("strategy: {kind: nsga2, population: 4}", "population");
  key("strategy: {kind: nsga2, generations: 0}", "generations");
  key("strategy: {size: 3}", "size");
  key("objectives: [energy]\nstrategy: {kind: nsga2}", "nsga2 weighs objectives against each other, and there is one");
  key("simulate: {within: 60}", "within");
  key("simulate: {sample: -1}", "sample");
  key("simulate: {sampel: 3}", "did you mean sample?");
  key("batch: 0", "batch");
  key("seed: -1", "seed");
  key("objective: fastest", "fastest");
  key("dataflow: row_stationery", "did you mean row_stationary?");
  key("precision: {weights: 8}", "weights");
  key("constraints: [row < 3]", "\"row\" has row, which is nothing here; did you mean rows?");
  key("constraints: [rows + columns]", "compares nothing");
  key("constraints: [energy < 5]", "\"energy < 5\" compares different units; write numbers with their unit");
  key("constraints: [energy + latency < 5 uJ]", "mixes units");
  key("constraints: [area < 4 ms]", "compares different units");
  key("set: [rows=3]", "\"rows=3\" sets nothing; write it like \"architecture.array.rows=6\"");
  key("set: [architecture.array.rows]", "sets nothing");
  key("set: [architecture.array.rows=8]",
      "architecture.array.rows is set, which the parameter rows sets too; leave one of the two out");
  key("set: [experiment.workload=lenet5]", "experiment.workload is set, and the study runs its own networks");
  key("- {name: net, set: [experiment.workload], values: [tiny, lenet5]}", "net sets experiment.workload");
  check(without(little(), "kind: study", "kind: workload"),
        "study.yaml:1:", "kind is workload, and a study was wanted");
  check(without(little(), "name: little\n"), "study.yaml:", "name");
  check(without(little(), "architecture: eyeriss_v1\n"), "study.yaml:", "the study has no machine");
  check(without(little(), "eyeriss_v1", "eyeris_v1"), "study.yaml:3:", "did you mean eyeriss_v1?");
  check(without(little(), "workloads: [tiny]\n"), "study.yaml:", "the study has no network");
  check(without(little(), "[tiny]", "[tinny]"), "study.yaml:4:", "did you mean tiny?");
  check(without(little(), "[tiny]", "[tiny, lenet5, tiny]"), "study.yaml:4:", "tiny stands twice; each network once");
  check(without(little(), "values: [6, 12]", "values: [6, 6]"), "study.yaml:6:", "rows has the value 6 twice");
  check(without(little(), "values: [6, 12]", "vlaues: [6, 12]"), "study.yaml:6:", "did you mean values?");
  check(without(little(), "name: columns", "name: rows"), "study.yaml:7:", "a second parameter called rows");
  check(without(little(), "name: columns", "name: energy"), "study.yaml:7:", "energy is the name of a figure");
  check(without(little(), "architecture.array.columns", "array.columns"), "study.yaml:7:", "sets array.columns");
  const auto head = little().substr(0, little().find("parameters:"));
  check(head + "parameters: []\n", "study.yaml:5:", "nothing is varied");
  check(head + "parameters: [{name: a, value: 1 + 1}]\nstrategy: {kind: nsga2}\n",
        "study.yaml:5:", "nsga2 has nothing to choose from");
  CHECK_THAT(errors(little("experiment: no_such_run\n")), Catch::Contains("no_such_run"));
  CHECK_THAT(errors(little(), {"architecture.array.rows"}), Catch::StartsWith("--set"));
  CHECK_THAT(errors(little(), {"architecture.array.rows=3"}),
             Catch::StartsWith("--set: error: architecture.array.rows"));
}

TEST_CASE("all that is wrong in a study is told at once", "[unit][app]") {
  const auto wrong = errors(
      "kind: study\nname: s\nworkloads: [tinny, lenet5]\nparameters:\n- {name: rows}\n- {name: energy, values: [1, "
      "1]}\n"
      "constraints: [lat < 3, rows]\nobjectives: [enrgy, energy, energy]\nstrategy: {kind: random}\nset: [x]\n");
  CHECK(std::ranges::count(wrong, '\n') == 10);
  for (const char* what :
       {"study.yaml:1:1: error: the study has no machine", "study.yaml:3:12: error: there is no workload called tinny",
        "study.yaml:5:3: error: rows has none of values, range and value",
        "study.yaml:6:3: error: energy has the value 1 twice", "study.yaml:6:3: error: energy is the name of a figure",
        "study.yaml:7:14: error: \"lat\" has lat", "study.yaml:7:14: error: \"rows\" compares nothing",
        "study.yaml:8:13: error: enrgy is no figure", "study.yaml:8:13: error: energy stands twice",
        "study.yaml:9:11: error: random does not say", "study.yaml:10:6: error: \"x\" sets nothing"}) {
    CAPTURE(what, wrong);
    CHECK(wrong.find(what) != std::string::npos);
  }
}

TEST_CASE("each strategy chooses its designs", "[unit][app]") {
  const auto count = [](const std::string& more) { return choices_of(read(little(more))).size(); };
  CHECK(count("") == 6);
  CHECK(count("constraints: [rows * columns <= 96]\n") == 5);
  CHECK(choices_of(read(little("constraints: [rows * columns <= 48]\n"))) ==
        std::vector<Choice>{{0, 0}, {0, 1}, {1, 0}});
  for (const char* kind : {"random", "latin_hypercube"}) {
    const auto strategy = [&](int designs) {
      return "strategy: {kind: " + std::string(kind) + ", designs: " + std::to_string(designs) + "}\n";
    };
    CAPTURE(kind);
    CHECK(count(strategy(4)) == 4);
    CHECK(count(strategy(40)) == 6);
    CHECK(count(strategy(40) + "constraints: [rows == 6]\n") == 3);
    const auto s = read(little(strategy(4)));
    CHECK(s.strategy_text == std::string(kind) + ", 4 designs");
    CHECK(choices_of(s) == choices_of(read(little(strategy(4)))));
  }
  CHECK(read(little("strategy: {kind: nsga2, population: 8, generations: 3}\n")).strategy_text ==
        "nsga2, population 8, 3 generations");
  CHECK_THAT(errors_of([&] { (void)count("constraints: [rows > 12]\n"); }),
             Catch::Contains("study.yaml: error: no combination of the parameters keeps the constraints"));
  std::string large = little();
  for (char c = 'a'; c < 'g'; ++c) large += std::string("- {name: ") + c + ", range: {from: 1, to: 10, step: 1}}\n";
  CHECK_THAT(errors_of([&] { (void)choices_of(read(large)); }),
             Catch::Contains("the grid has 6e+06 designs; use `strategy:"));
}

TEST_CASE("a task asks what the file, the command line and the parameters set, in this order", "[unit][app]") {
  const auto s = read(without(little("batch: 2\nseed: 7\ndataflow: row_stationary\nobjective: cycles\n"
                                     "set: [architecture.dram.latency=9 cycles]\n"),
                              "[tiny]", "[tiny, lenet5]"),
                      {"energy_table.voltage=0.9 V"});
  const auto t = s.task(s.space.design(choice_of(s, {"6", "8"})), 1, PointFidelity::Simulated);
  CHECK(t.experiment.empty());
  CHECK(t.fidelity == PointFidelity::Simulated);
  CHECK(t.overrides == Texts{"experiment.architecture=eyeriss_v1", "experiment.batch=2", "experiment.seed=7",
                             "experiment.dataflow=row_stationary", "experiment.objective=cycles",
                             "architecture.dram.latency=9 cycles", "energy_table.voltage=0.9 V",
                             "experiment.workload=lenet5", "architecture.array.rows=6",
                             "architecture.array.columns=8"});
  CHECK(point_task_from_text(to_text(t)) == t);
  const auto asked = asked_of(t, catalogue());
  CHECK(asked.experiment.batch == 2);
  CHECK(asked.experiment.seed == 7);
  CHECK(asked.experiment.workload == "lenet5");
  CHECK(asked.experiment.baselines.empty());
  CHECK(asked.overrides == Texts{"architecture.dram.latency=9 cycles", "energy_table.voltage=0.9 V",
                                 "architecture.array.rows=6", "architecture.array.columns=8"});
}

TEST_CASE("a parameter sets several places, or the experiment, or nothing", "[unit][app]") {
  const auto s = read(
      "kind: study\nname: s\narchitecture: eyeriss_v1\nworkloads: [tiny]\nparameters:\n"
      "- {name: both, set: [architecture.array.rows, architecture.array.columns], values: [6]}\n"
      "- {name: batch, set: [experiment.batch], values: [3]}\n- {name: help, values: [5]}\n"
      "- {name: depth, set: [architecture.array.spads.filter_spad.depth], value: help * 32 words}\n");
  const auto t = s.task(s.space.design({0, 0, 0}), 0, PointFidelity::Closed);
  const Texts last{t.overrides.end() - 4, t.overrides.end()};
  CHECK(last == Texts{"architecture.array.rows=6", "architecture.array.columns=6", "experiment.batch=3",
                      "architecture.array.spads.filter_spad.depth=160 words"});
}

TEST_CASE("shards are disjoint and together all designs", "[unit][app]") {
  for (const std::int64_t of : {1, 2, 3, 7, 20}) {
    std::vector<int> times(20);
    for (std::int64_t part = 1; part <= of; ++part) {
      const auto shard = read_shard(std::to_string(part) + "/" + std::to_string(of));
      CHECK(shard.whole() == (of == 1));
      std::int64_t mine = 0;
      for (std::int64_t design = 1; design <= 19; ++design)
        if (shard.has(design)) {
          ++times[static_cast<std::size_t>(design)];
          ++mine;
        }
      CHECK(mine >= 19 / of);
      CHECK(mine <= 19 / of + 1);
    }
    for (std::size_t design = 1; design <= 19; ++design) CHECK(times[design] == 1);
  }
  for (const char* text : {"", "1", "0/2", "3/2", "-1/2", "1/0", "a/b", "1/2/3", "/", "1/", "1.5/2", "1/ 2"}) {
    CAPTURE(text);
    CHECK_THAT(errors_of([&] { (void)read_shard(text); }),
               Catch::Contains("--shard: error: ") && Catch::Contains("is no part of a study; write it like 2/8"));
  }
}
