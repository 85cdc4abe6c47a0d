#include "app/study/point.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <regex>

#include "app/precision.hpp"
#include "app/study/engine.hpp"
#include "app/study/work.hpp"
#include "base/gzip.hpp"
#include "explore/study/measures.hpp"
#include "sim/simulate.hpp"
#include "tests/support/checks.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using test::words_of;

namespace {

using Texts = std::vector<std::string>;

const Catalogue& catalogue() {
  static const Catalogue all{EYRIE_BINARY};
  return all;
}

PointTask task(const Texts& more = {}, PointFidelity fidelity = PointFidelity::Closed) {
  PointTask t{.experiment = {},
              .overrides = {"experiment.architecture=eyeriss_v1", "experiment.workload=tiny"},
              .fidelity = fidelity};
  t.overrides.insert(t.overrides.end(), more.begin(), more.end());
  return t;
}

/// A reason is one line that names no folder.
void require_reason(const std::string& reason) {
  CAPTURE(reason);
  CHECK_FALSE(reason.empty());
  CHECK(reason.find('\n') == std::string::npos);
  CHECK(reason.find("/configs/") == std::string::npos);
  CHECK(reason.find("/tmp") == std::string::npos);
  CHECK_FALSE(reason.starts_with("/"));
}

/// Bytes of DRAM are coded, and the code's length depends on where the zeros are.
bool same_bytes_but_dram(const ActionCounts& a, const ActionCounts& b) {
  if (a.rows().size() != b.rows().size()) return false;
  for (std::size_t i = 0; i < a.rows().size(); ++i)
    if (a.rows()[i].component != "dram" && a.rows()[i].bytes != b.rows()[i].bytes) return false;
  return true;
}

}  // namespace

TEST_CASE("a point that is simulated has the figures of each layer's simulation", "[unit][app]") {
  PointComputer computer{catalogue()};
  const auto t = task({"experiment.seed=3", "architecture.array.columns=8"}, PointFidelity::Simulated);
  const auto r = computer.result(t, std::nullopt);
  const auto asked = asked_of(t, catalogue());
  auto p = prepare(asked.experiment, asked.overrides, catalogue());
  map_layers(p, map_settings(p.experiment, 1, true), [] { return false; });
  const auto forward = reference_of(p, 1);
  REQUIRE_FALSE(p.layers.empty());
  for (const auto& l : p.layers) {
    const auto& name = p.network.layers()[l.number].name;
    CAPTURE(name);
    const auto report = std::ranges::find(r.layers, name, &LayerReport::name);
    REQUIRE(report != r.layers.end());
    const auto truth = simulate(l.nest, machine_of(p, l), l.mapping, forward.operands(l.number),
                                {.reads_network_input = forward.reads_network_input(l.number)});
    CHECK(report->figures.cycles == truth.cycles);
    CHECK(words_of(report->figures.counts).find(words_of(truth.counts).substr(0, 20)) != std::string::npos);
    for (const auto& row : truth.counts.rows()) {
      CAPTURE(row.component, name_of(row.action));
      CHECK(report->figures.counts.words(row.component, row.tensor, row.action) == row.words);
      CHECK(report->figures.counts.bytes(row.component, row.tensor, row.action) == row.bytes);
    }
    CHECK(report->figures.mismatches == 0);
  }
  const auto point = computer.compute(t, std::nullopt);
  CHECK(point.status == PointStatus::Done);
  CHECK(point.reason.empty());
  CHECK(point.figures == measure(r));
  for (const auto& v : point.figures) CHECK(v.has_value());
  const auto json = nlohmann::json::parse(gunzipped(point.result));
  CHECK(json["schema"] == "eyrie.result/1");
  CHECK_FALSE(json.contains("host"));
  CHECK(computer.compute(t, std::nullopt) == point);
}

TEST_CASE("the closed form counts what the simulation counts, but for coded bytes of DRAM", "[unit][app]") {
  PointComputer computer{catalogue()};
  for (const auto& more : {Texts{}, Texts{"architecture.array.rows=6", "experiment.batch=2"},
                           Texts{"experiment.seed=5"}, Texts{"experiment.precision={weights: 8 b, packed: true}"},
                           Texts{"experiment.architecture=eyeriss_v1_sparse"}}) {
    const auto closed = computer.result(task(more), std::nullopt);
    const auto simulated = computer.result(task(more, PointFidelity::Simulated), std::nullopt);
    CAPTURE(more);
    REQUIRE(closed.layers.size() == simulated.layers.size());
    for (std::size_t i = 0; i < closed.layers.size(); ++i) {
      const auto &c = closed.layers[i].figures, &s = simulated.layers[i].figures;
      CAPTURE(closed.layers[i].name);
      CHECK(words_of(c.counts) == words_of(s.counts));
      CHECK(same_bytes_but_dram(c.counts, s.counts));
      CHECK(c.macs == s.macs);
      CHECK(closed.layers[i].mapping == simulated.layers[i].mapping);
      CHECK(closed.layers[i].passes == simulated.layers[i].passes);
      CHECK(closed.layers[i].active_pes == simulated.layers[i].active_pes);
      CHECK(closed.layers[i].input_zeros == Approx(simulated.layers[i].input_zeros).margin(1e-12));
    }
    CHECK(closed.area.total.um2 == simulated.area.total.um2);
  }
}

TEST_CASE("what points have in common changes none of them", "[unit][app]") {
  PointComputer together{catalogue()};
  for (const auto& more : {Texts{}, Texts{"architecture.array.columns=4"}, Texts{"experiment.seed=2"},
                           Texts{"experiment.architecture=eyeriss_v1_sparse"}, Texts{"experiment.batch=2"}, Texts{}}) {
    CAPTURE(more);
    CHECK(together.compute(task(more), std::nullopt) == PointComputer{catalogue()}.compute(task(more), std::nullopt));
  }
}

TEST_CASE("a plan tells a point's digest and area before it is computed", "[unit][app]") {
  PointComputer computer{catalogue()};
  const auto plan = computer.plan(task());
  CHECK(plan.status == PointStatus::Done);
  CHECK(plan.reason.empty());
  CHECK(std::regex_match(plan.digest, std::regex{"[0-9a-f]{64}-closed"}));
  CHECK(computer.plan(task({}, PointFidelity::Simulated)).digest == std::string(input_of(plan.digest)) + "-simulated");
  CHECK(computer.compute(task(), std::nullopt).digest == plan.digest);
  CHECK(plan.digest == computer.plan(task({"architecture.array.rows=12"})).digest);
  REQUIRE(plan.area_mm2.has_value());
  const auto area = std::ranges::find(measures(), "area", &Measure::name) - measures().begin();
  CHECK(computer.compute(task(), std::nullopt).figures[static_cast<std::size_t>(area)] == plan.area_mm2);
}

TEST_CASE("what cannot be is illegal, with a reason of one line", "[unit][app]") {
  const test::Folder folder;
  const auto machine = folder.write("broken.yaml", "kind: architecture\nname: broken\nrows: 3\n");
  PointComputer computer{catalogue()};
  for (const char* o : {"architecture.array.rows=0", "architecture.array.rows=many", "architecture.array.rosw=3",
                        "machine.rows=3", "architecture.array.rows", "experiment.batch=0", "experiment.colour=red",
                        "experiment.workload=no_such_network", "experiment.workload=/tmp/no/such/network.yaml",
                        "experiment.architecture=no_such_machine", "experiment.dataflow=no_such_dataflow",
                        "workload.layers.conv1.kernel.rows=99", "architecture.energy_table=no_such_table", "BROKEN"}) {
    const auto t = task({o == std::string("BROKEN") ? "experiment.architecture=" + machine : o});
    CAPTURE(o);
    const auto plan = computer.plan(t);
    CHECK(plan.status == PointStatus::Illegal);
    require_reason(plan.reason);
    CHECK(std::regex_match(plan.digest, std::regex{"[0-9a-f]{64}-closed"}));
    const auto point = computer.compute(t, std::nullopt);
    CHECK(point.status == PointStatus::Illegal);
    require_reason(point.reason);
    CHECK(point.figures.empty());
    CHECK(point.result.empty());
  }
  CHECK(computer.plan(task({"architecture.array.rows=0"})).digest !=
        computer.plan(task({"experiment.batch=0"})).digest);
}

TEST_CASE("a layer without a mapping, and too little memory, are told", "[unit][app]") {
  PointComputer computer{catalogue()};
  const auto low = task({"architecture.array.rows=4", "experiment.dataflow=row_stationary"});
  CHECK(computer.plan(low).status == PointStatus::Done);
  const auto none = computer.compute(low, std::nullopt);
  CHECK(none.status == PointStatus::NoMapping);
  CHECK_THAT(none.reason, Catch::Contains("conv1"));
  require_reason(none.reason);
  const auto large = computer.compute(task({}, PointFidelity::Simulated), Bytes{1 << 20});
  CHECK(large.status == PointStatus::OutOfMemory);
  CHECK_THAT(large.reason, Catch::StartsWith("--memory"));
  require_reason(large.reason);
  CHECK(large.figures.empty());
}

TEST_CASE("whether a point has memory enough does not depend on what was computed before", "[unit][app]") {
  const auto t = task({}, PointFidelity::Simulated);
  PointComputer computer{catalogue()};
  const auto memory = Bytes{kWorkerMemory.count() + (std::int64_t{32} << 20)};
  const auto first = computer.compute(t, memory);
  CHECK(first.status == PointStatus::Done);
  std::vector<std::string> held(64, std::string(std::size_t{4} << 20, 'x'));  // 256 MB more than at first
  CHECK(computer.compute(t, memory) == first);
  CHECK(held.front().front() == 'x');
  CHECK(computer.compute(t, kWorkerMemory).status == PointStatus::OutOfMemory);
}

namespace {

/// Computes at once, and changes what it is asked for if it is told to.
class EngineOfFiles : public Engine {
 public:
  explicit EngineOfFiles(std::function<void()> before) : before_{std::move(before)} {}
  void deal(const std::vector<std::string>& tasks, const std::function<void(TaskEnd)>& ended,
            const std::function<bool()>&) override {
    before_();
    StudyWorker worker{catalogue(), std::nullopt};
    for (std::size_t i = 0; i < tasks.size(); ++i) ended({i, true, worker.answer(tasks[i])});
  }
  void deal_alone(const std::vector<std::string>& tasks, const std::function<void(TaskEnd)>& ended,
                  const std::function<bool()>& stop) override {
    deal(tasks, ended, stop);
  }
  [[nodiscard]] unsigned workers() const override { return 1; }

 private:
  std::function<void()> before_;
};

}  // namespace

TEST_CASE("a point is not kept whose files changed after it was planned", "[unit][app]") {
  const test::Folder folder;
  const auto machine = test::read_file(test::source("configs/architectures/eyeriss_v1.yaml"));
  auto smaller = machine;
  const auto at = smaller.find("rows: 12");
  REQUIRE(at != std::string::npos);
  smaller.replace(at, 8, "rows: 6 ");
  const auto file = folder.write("machine.yaml", machine);
  const auto t = task({"experiment.architecture=" + file});
  const std::vector<PointWork> work{{PointComputer{catalogue()}.plan(t).digest, compute_work(t)}};
  int kept = 0;
  const auto run = [&](const std::function<void()>& before) {
    EngineOfFiles engine{before};
    return test::errors_of([&] {
      compute_points(
          engine, work, [&](const StoredPoint& p) { kept += p.digest == work[0].digest ? 1 : 100; },
          [] { return false; });
    });
  };
  CHECK(run([] {}).empty());
  CHECK(kept == 1);
  CHECK_THAT(run([&] { folder.write("machine.yaml", smaller); }), Catch::Contains("changed between planning"));
  CHECK_THAT(run([&] { std::filesystem::remove(file); }), Catch::Contains("changed between planning"));
  CHECK(kept == 1);
  CHECK(run([&] { folder.write("machine.yaml", "# a remark\n" + machine); }).empty());
  CHECK(kept == 2);
}

TEST_CASE("what is wrong stands in one line, without folders", "[unit][app]") {
  const InputError one{{"/home/me/configs/machine.yaml", 3, 7}, "rows\nis 0", "write more"};
  CHECK(in_one_line(one) == "machine.yaml:3:7: error: rows is 0; write more");
  const InputError more{{{{"a/b.yaml", 1, 2}, "x", ""}, {{"c.yaml", 1, 2}, "y", ""}, {{"d.yaml", 1, 2}, "z", ""}}};
  CHECK(in_one_line(more) == "b.yaml:1:2: error: x (and 2 more)");
}

TEST_CASE("work goes to workers and back as texts", "[unit][app]") {
  const auto good = task(), bad = task({"architecture.array.rows=0"});
  CHECK(point_task_from_text(to_text(good)) == good);
  StudyWorker worker{catalogue(), std::nullopt};
  PointComputer computer{catalogue()};
  const auto plans = plans_from_text(worker.answer(plan_work({good, bad})));
  REQUIRE(plans.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto wanted = computer.plan(i == 0 ? good : bad);
    CHECK(plans[i].digest == wanted.digest);
    CHECK(plans[i].status == wanted.status);
    CHECK(plans[i].reason == wanted.reason);
    CHECK(plans[i].area_mm2 == wanted.area_mm2);
  }
  CHECK(point_from_text(worker.answer(compute_work(good))) == computer.compute(good, std::nullopt));
  CHECK(point_from_text(worker.answer(compute_work(bad))) == computer.compute(bad, std::nullopt));
  CHECK(plans_from_text(worker.answer(plan_work({}))).empty());
}
