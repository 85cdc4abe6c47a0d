// `eyrie run --fidelity closed`: what formulas say of a run.

#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/support/support.hpp"

using namespace eyrie;
using Json = nlohmann::json;

static Json result(const std::string& arguments) {
  const auto r = test::cli("run " + arguments + " --format json --quiet --jobs 1");
  CAPTURE(arguments, r.err);
  REQUIRE(r.code == 0);
  return Json::parse(r.out);
}

/// Words by component, tensor and action.
static std::map<std::string, std::int64_t> words_of(const Json& layer) {
  std::map<std::string, std::int64_t> all;
  for (const auto& c : layer["counts"])
    all[c["component"].get<std::string>() + " " + c["tensor"].get<std::string>() + " " +
        c["action"].get<std::string>()] = c["words"];
  return all;
}

TEST_CASE("the closed form counts as the simulation does, to the word", "[cli][explore]") {
  for (const std::string run : {"--arch eyeriss_v1 --workload lenet5", "--arch diannao --workload tiny --batch 2",
                                "--arch tpu_like_16x16 --workload dscnn_kws",
                                "--arch eyeriss_v1 --workload tiny --precision 'weights: 8 b, activations: 8 b'"}) {
    const auto closed = result(run + " --fidelity closed"), simulated = result(run);
    CAPTURE(run);
    CHECK(closed["fidelity"] == "closed form");
    CHECK(simulated["fidelity"] == "cycle");
    REQUIRE(closed["layers"].size() == simulated["layers"].size());
    for (std::size_t i = 0; i < closed["layers"].size(); ++i) {
      const auto &ours = closed["layers"][i], &truth = simulated["layers"][i];
      if (ours["place"] != "machine") continue;
      CAPTURE(ours["name"].get<std::string>());
      CHECK(words_of(ours) == words_of(truth));
      CHECK(ours["mapping"] == truth["mapping"]);
      CHECK(ours["cycles"] >= ours["analytic"]["cycles_bound"]);
      CHECK(ours["cycles"].get<double>() <= 1.5 * truth["cycles"].get<double>());
      CHECK(ours["cycles"].get<double>() >= 0.5 * truth["cycles"].get<double>());
    }
    CHECK(closed["totals"]["energy_pj"]["total"].get<double>() ==
          Approx(simulated["totals"]["energy_pj"]["total"].get<double>()).epsilon(0.15));
  }
}

TEST_CASE("a result in closed form claims nothing that was not executed", "[cli][explore]") {
  const auto r = result("--arch eyeriss_v1 --workload tiny --fidelity closed");
  CHECK_FALSE(r["totals"].contains("cycle_stack"));
  CHECK(r["totals"]["functional"]["checked"] == false);
  CHECK(r["command"].get<std::string>().ends_with("--fidelity closed"));
  CHECK(r["units"].get<std::string>().find("simulated") == std::string::npos);
  const auto table = test::cli("run --arch eyeriss_v1 --workload tiny --fidelity closed --quiet");
  CHECK_THAT(table.out, Catch::Contains("not simulated: closed form") && Catch::Contains("Cycles: estimated"));
  CHECK_THAT(table.out, !Catch::Contains("0 of the ofmap words differ"));
}

TEST_CASE("what shows an execution is refused in closed form", "[cli][bad_input][explore]") {
  for (const std::string option : {"--trace t.json", "--vcd w.vcd", "--stepping cycle", "--scalesim out"}) {
    const auto r = test::cli("run --arch eyeriss_v1 --workload tiny --fidelity closed " + option);
    CHECK(r.code == 2);
    CHECK_THAT(r.err, Catch::Contains(option.substr(0, option.find(' '))) && Catch::Contains("executes nothing"));
  }
  const auto unknown = test::cli("run --arch eyeriss_v1 --workload tiny --fidelity analytic");
  CHECK(unknown.code == 2);
}

TEST_CASE("a search that is limited says so and gives the same everywhere", "[cli][explore]") {
  const std::string run = "--arch eyeriss_v1 --workload alexnet --layers conv2 --fidelity closed --search-limit 10000";
  const auto one = result(run), again = result(run),
             free = result("--arch eyeriss_v1 --workload alexnet --layers conv2 --objective energy --fidelity closed");
  CHECK(one["layers"] == again["layers"]);
  CHECK_THAT(one["command"].get<std::string>(), Catch::Contains("--search-limit 10000"));
  CHECK(one["totals"]["energy_pj"]["total"] >= free["totals"]["energy_pj"]["total"]);
}
