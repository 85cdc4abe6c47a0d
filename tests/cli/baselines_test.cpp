// Targets, baselines and batteries as a user meets them.

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;
using nlohmann::json;

namespace {

const std::string kExperiment = "kind: experiment\narchitecture: eyeriss_v1\nworkload: tiny\nlayers: [conv1]\n";

}  // namespace

TEST_CASE("the shipped keyword spotter is judged by its targets", "[cli]") {
  const test::Folder folder;
  const std::string run = "run " + test::source("configs/experiments/kws_on_eyeriss_v1.yaml") + " --quiet --out ";
  const auto plain = test::cli(run + folder.path());
  CHECK(plain.code == 0);
  CHECK(plain.err.empty());
  CHECK_THAT(plain.out, Catch::Contains("\ntarget latency_ms: 1.1") &&
                            Catch::Contains(" ms, at most 500 wanted, met by 99.8 %\n"));
  CHECK_THAT(plain.out, Catch::Contains("\nbattery of 225 mAh at 3 V: ") && Catch::Contains("idle at 1 mW\n"));
  CHECK_THAT(plain.out,
             Catch::Contains(" measured on this network\n") && Catch::Contains(" scaled from alexnet by operations\n"));

  const auto j = json::parse(test::read_file(folder.path() + "/result.json"));
  CHECK(j["target"]["met"] == false);
  CHECK(j["targets"][0]["name"] == "tops_per_w");
  CHECK(j["targets"][1]["met"] == true);
  REQUIRE(j["baselines"].size() == 10);
  const auto& mcu = j["baselines"][0];
  CHECK(mcu["name"] == "nucleo_l4r5zi");
  CHECK(mcu["latency_ms"] == Approx(43.187).epsilon(1e-12));
  CHECK(mcu["energy_per_inference_uj"] == Approx(1820.454).epsilon(1e-12));
  const double ms = j["totals"]["latency_ms"], uj = j["totals"]["energy_per_inference_uj"];
  CHECK(mcu["speedup"] == Approx(43.187 / ms).epsilon(1e-9));
  CHECK(mcu["energy_ratio"] == Approx(1820.454 / uj).epsilon(1e-9));
  CHECK(mcu["measured"]["network"] == "dscnn_kws");
  CHECK(j["baselines"][8]["comparison"] == "scaled");
  CHECK(j["battery"]["life_h"] > 0);

  const std::string command = j["command"];  // gives the same again, targets and battery included
  REQUIRE(command.starts_with("eyrie run "));
  auto again = json::parse(test::cli(command.substr(6) + " --quiet --format json").out), first = j;
  again.erase("host");
  first.erase("host");
  CHECK(again == first);
}

TEST_CASE("--require makes missed targets the exit code and names them", "[cli]") {
  const auto missed =
      test::cli("run " + test::source("configs/experiments/kws_on_eyeriss_v1.yaml") + " --quiet --require");
  CHECK(missed.code == 1);
  CHECK_THAT(missed.err, Catch::StartsWith("target tops_per_w: 0.0") && Catch::EndsWith(" %\n"));
  CHECK_THAT(missed.err, Catch::Contains(" TOP/W with DRAM, at least 1 wanted, missed by 9"));
  CHECK(std::count(missed.err.begin(), missed.err.end(), '\n') == 1);

  const test::Folder folder;
  const auto met = test::cli("run --quiet --require " +
                             folder.write("e.yaml", kExperiment + "targets: {latency_ms: 500, inferences_per_s: 1}\n"));
  CHECK(met.code == 0);
  CHECK(met.err.empty());
  CHECK(
      json::parse(test::cli("run --quiet --format json " + folder.path() + "/e.yaml").out)["target"]["met"].is_null());
  CHECK(test::cli("run --arch eyeriss_v1 --workload tiny --layers conv1 --quiet --require").code == 1);  // 1 TOP/W
}

TEST_CASE("a run without baselines has none and writes no file of them", "[cli]") {
  const test::Folder folder;
  const auto run = test::cli("run " + folder.write("e.yaml", kExperiment + "baselines: []\n") + " --quiet --out " +
                             folder.path() + "/out");
  CHECK(run.code == 0);
  CHECK(run.out.find("\nbaseline ") == std::string::npos);
  CHECK(json::parse(test::read_file(folder.path() + "/out/result.json"))["baselines"].empty());
  CHECK(std::filesystem::exists(folder.path() + "/out/layers.csv"));
  CHECK_FALSE(std::filesystem::exists(folder.path() + "/out/baselines.csv"));
  CHECK(test::cli("run --quiet " + folder.path() + "/e.yaml").out.find("speed-up") == std::string::npos);
}

TEST_CASE("a baseline of the user's own lies beside the experiment", "[cli]") {
  const test::Folder folder;
  const auto experiment = folder.write("e.yaml", kExperiment + "baselines: [./mine.yaml, max78000]\n");
  folder.write("mine.yaml",
               "kind: baseline\nname: mine\ntitle: Mine\nfamily: gpu\nmeasurements:\n- {description: a net, macs: "
               "1000, latency: 1 s, source: me, confidence: assumed}\n");
  const auto run = test::cli("run --quiet " + experiment);
  CHECK(run.code == 0);
  CHECK_THAT(run.out, Catch::Contains("\nmine ") && Catch::Contains(" assumed      scaled from a net by operations\n"));
  CHECK_THAT(run.out, Catch::Contains("max78000         not compared: not measured on this network, and no measurement "
                                      "tells its MACs\n"));
}

TEST_CASE("wrong baselines, targets and batteries are refused", "[cli][bad_input]") {
  const test::Folder folder;
  const auto error = [&](const std::string& more) {
    const auto result = test::cli("check " + folder.write("e.yaml", kExperiment + more));
    CHECK(result.code == 2);
    return result.err.substr(result.err.find("error: "));
  };
  CHECK(error("targets: {}\n") ==
        "error: targets ask for nothing; tops_per_w, latency_ms, energy_per_inference_uj, inferences_per_s or "
        "power_mw\n");
  CHECK(error("battery: {capacity_mah: 1, voltage: 3 V, idle_power: 1 uW}\n") ==
        "error: how often the battery is used is not said; either inferences_per_hour or duty\n");
  CHECK(error("battery: {capacity_mah: 1, voltage: 3 V, idle_power: 1 uW, duty: 0.5, inferences_per_hour: 2}\n") ==
        "error: both inferences_per_hour and duty are given; either inferences_per_hour or duty\n");
  CHECK_THAT(error("baselines: [jetson_tx3]\n"), Catch::Contains("there is no baseline called jetson_tx3"));
  CHECK_THAT(error("baselines: [simd_128bit]\n"), Catch::Contains("kind is simd_core, and a baseline was wanted"));
  CHECK(error("baselines: [zuluko, zuluko]\n") == "error: zuluko stands twice among the baselines; name it once\n");

  const auto macs = test::cli("check " + folder.write("b.yaml",
                                                      "kind: baseline\nname: b\ntitle: B\nfamily: gpu\nmeasurements:\n"
                                                      "- {network: dscnn_kws, macs: 5, latency: 1 s, source: s, "
                                                      "confidence: assumed}\n"));
  CHECK(macs.code == 2);
  CHECK(
      macs.err.ends_with("b.yaml:6:3: error: dscnn_kws has 2656768 MACs, and the measurement says 5; if it is another "
                         "network, write `description:` instead of `network:`\n"));
}
