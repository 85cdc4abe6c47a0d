// `eyrie profile`, from the command line.

#include <catch2/catch.hpp>
#include <cmath>

#include <nlohmann/json.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;
using Json = nlohmann::json;

static const std::string kNetworks = "--arch eyeriss_v1 --workload dscnn_kws --workload lenet5 --jobs 2 --quiet ";

TEST_CASE("a profile compares cycles with MACs, simulated and in closed form", "[cli]") {
  for (const std::string fidelity : {"simulated", "closed"}) {
    const auto r = test::cli("profile " + kNetworks + "--format json --fidelity " + fidelity);
    CAPTURE(fidelity, r.err);
    REQUIRE(r.code == 0);
    const auto j = Json::parse(r.out);
    CHECK(j["schema"] == "eyrie.profile/1");
    CHECK(j["architecture"] == "eyeriss_v1");
    CHECK(j["command"] == "eyrie profile --arch eyeriss_v1 --workload dscnn_kws --workload lenet5 --fidelity " +
                              fidelity + " --batch 1 --seed 1");
    CHECK(j["workloads"] == Json{"dscnn_kws", "lenet5"});
    CHECK(j["machine"]["name"] == "eyeriss_v1");
    CHECK(j["machine"]["pes"] == 168);
    CHECK(j["inputs_seed"] == (fidelity == "simulated" ? Json(1) : Json()));
    const double correlation = j["rank_correlation"]["macs"];
    CHECK(correlation > -1);
    CHECK(correlation < 1);
    std::int64_t depthwise = 0;
    for (const auto& l : j["layers"]) {
      CHECK(l["cycles"] > 0);
      depthwise += l["kind"] == "depthwise" ? 1 : 0;
      double lost = l["utilization"];
      for (const auto& share : l["lost"]) lost += share.get<double>();
      if (fidelity == "simulated") CHECK(lost == Approx(1).epsilon(1e-9));
    }
    CHECK(depthwise > 0);
    // The largest disagreement comes first, either way.
    CHECK(std::abs(std::log(j["layers"].front()["factor"].get<double>())) >=
          std::abs(std::log(j["layers"].back()["factor"].get<double>())));
  }
}

TEST_CASE("a profile is written by the ending of its file, the same in every run", "[cli]") {
  const test::Folder folder;
  for (const std::string ending : {"html", "svg", "csv", "json", "md"}) {
    const auto out = folder.path() + "/profile." + ending;
    REQUIRE(test::cli("profile " + kNetworks + "--fidelity closed --out " + out).code == 0);
    const auto first = test::read_file(out);
    CHECK_THAT(first, Catch::Contains("depthwise"));
    REQUIRE(test::cli("profile " + kNetworks + "--fidelity closed --out " + out).code == 0);
    CHECK(test::read_file(out) == first);
  }
}

TEST_CASE("what is no profile's name or network is an error", "[cli][bad_input]") {
  const auto wrong = [](const std::string& arguments) {
    const auto r = test::cli("profile --arch eyeriss_v1 " + arguments);
    CHECK(r.code == 2);
    return r.err;
  };
  CHECK_THAT(wrong("--workload lenet5 --out profile.txt"),
             Catch::Contains("profile.txt is no name of a profile; let it end in .html, .svg, .csv, .json, .md"));
  CHECK(wrong("--workload lenet5 --workload lenet5") ==
        "--workload: error: lenet5 is given twice; a network counts once; leave one out\n");
  CHECK_THAT(wrong("--workload lenet5 --workload " + test::source("configs/workloads/lenet5.yaml")),
             Catch::Contains("lenet5.yaml is given twice"));
  CHECK_THAT(wrong("--workload lenet55"), Catch::Contains("lenet55"));
  CHECK_THAT(wrong(""), Catch::Contains("--workload is required"));
}
