#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;

TEST_CASE("compress says what a smaller network comes to, and writes it", "[cli]") {
  const test::Folder folder;
  const auto small = folder.path() + "/small.yaml";
  const auto r = test::cli("compress lenet5 --prune 0.8 --shrink c1=0.5 --share-weights 4 --format json -o " + small);
  CAPTURE(r.out, r.err);
  REQUIRE(r.code == 0);
  CHECK(r.err == "written: " + small + "\n");
  const auto report = nlohmann::json::parse(r.out);
  CHECK(report["schema"] == "eyrie.compression/1");
  const auto& total = report["total"];
  CHECK(total["parameters"] < total["parameters_before"]);
  CHECK(total["macs"] < total["macs_before"]);
  const auto& after = total["after"];
  CHECK(after["dense_bits"] < total["before"]["dense_bits"]);
  CHECK(after["csc_bits"] < after["dense_bits"]);
  CHECK(after["run_length_bits"] < after["dense_bits"]);
  CHECK(after["codebook_bits"] < after["csc_bits"]);
  CHECK(test::cli("check " + small).code == 0);
  const auto again = test::cli("compress " + small + " --format json");  // what is done already stays as it is
  REQUIRE(again.code == 0);
  CHECK(nlohmann::json::parse(again.out)["total"]["after"] == after);
  const auto table = test::cli("compress lenet5 --prune 0.5");
  CHECK(table.out.find("lenet5: parameters and MACs before and after, filters' storage in KiB\n") == 0);
  CHECK(table.out.find("\ntotal ") != std::string::npos);
}

TEST_CASE("a compressed network runs on machines with and without use for its zeros", "[cli]") {
  const test::Folder folder;
  const auto small = folder.path() + "/small.yaml";
  REQUIRE(test::cli("compress lenet5 --prune 0.8 --share-weights 4 --quiet -o " + small).code == 0);
  const auto run = [&](const std::string& machine) {
    const auto r = test::cli("run --arch " + machine + " --workload " + small + " --quiet --format json");
    CAPTURE(r.out, r.err);
    REQUIRE(r.code == 0);
    return nlohmann::json::parse(r.out);
  };
  const auto dense = run("eyeriss_v1"), sparse = run("eyeriss_v1_sparse");
  for (const auto* result : {&dense, &sparse})
    for (const auto& l : (*result)["layers"]) {
      if (!l.contains("analytic")) continue;
      CHECK(l["analytic"]["counts_equal"] == true);
      CHECK(l["functional"]["mismatches"] == 0);
    }
  CHECK(sparse["totals"]["dram_bytes"]["weight"] < dense["totals"]["dram_bytes"]["weight"]);
  CHECK(sparse["totals"]["energy_pj"]["total"] < dense["totals"]["energy_pj"]["total"]);
}

TEST_CASE("what compress cannot do is said at its option", "[cli]") {
  const auto share = test::cli("compress lenet5 --shrink c1");
  CHECK(share.code == 2);
  CHECK(share.err ==
        "--shrink: error: c1 is no LAYER=SHARE with a share of 0 to 1; write conv1=0.5: half of conv1's channels go\n");
  const auto layer = test::cli("compress lenet5 --shrink conv77=0.5");
  CHECK(layer.code == 2);
  CHECK(layer.err.find("--shrink: error: there is no layer conv77") == 0);
  CHECK(test::cli("compress lenet5 --prune 1.5").code == 2);
}

TEST_CASE("a trained network is compressed by its own filters, and what is written runs", "[cli][trained]") {
  const test::Folder folder;
  const auto small = folder.path() + "/small.yaml";
  for (const auto& model : {std::string("lenet5_mnist"), test::source("tests/data/onnx/lenet5_mnist.onnx")}) {
    const auto r = test::cli("compress " + model + " --prune 0.6 --global --share-weights 4 --format json -o " + small);
    CAPTURE(model, r.err);
    REQUIRE(r.code == 0);
    CHECK(r.err == "written: " + small + " " + folder.path() + "/small.npz\n");
    const auto report = nlohmann::json::parse(r.out);
    // 61,470 filter words: one threshold takes its share of all of them, and another share of each layer.
    CHECK(report["total"]["zeros"] == 36882);
    CHECK(report["layers"][0]["zeros"].get<double>() < 0.5 * 150);
    CHECK(report["total"]["after"]["codebook_bits"] < report["total"]["after"]["csc_bits"]);
    const auto text = test::read_file(small);
    CHECK(text.find("global: true") != std::string::npos);
    CHECK(text.find("parameters: small.npz") != std::string::npos);
    CHECK(test::cli("check " + small).code == 0);
    const auto again = test::cli("compress " + small + " --format json");
    REQUIRE(again.code == 0);
    CHECK(nlohmann::json::parse(again.out)["total"]["after"] == report["total"]["after"]);
    const auto more = folder.path() + "/more.yaml";  // the threshold stays one for all
    REQUIRE(test::cli("compress " + small + " --prune 0.7 --quiet -o " + more).code == 0);
    CHECK(test::read_file(more).find("global: true") != std::string::npos);
    const auto run =
        test::cli("run --arch eyeriss_v1_sparse --workload " + small + " --input digits/7.png --quiet --format json");
    CAPTURE(run.err);
    REQUIRE(run.code == 0);
    const auto result = nlohmann::json::parse(run.out);
    const auto outputs = result["answer"]["samples"][0]["outputs"].get<std::vector<double>>();
    CHECK(std::ranges::max_element(outputs) - outputs.begin() == 7);
    CHECK(result["totals"]["functional"]["mismatches"] == 0);
    for (const auto& l : result["layers"])
      if (l.contains("analytic")) CHECK(l["analytic"]["counts_equal"] == true);
  }
}

TEST_CASE("a trained network gives up channels, and its parameters may lie elsewhere", "[cli][trained]") {
  const test::Folder folder, other;
  const auto small = folder.path() + "/small.yaml", weights = other.path() + "/w.npz";
  const auto r = test::cli("compress lenet5_mnist --shrink c5=0.5 --format json -o " + small + " --weights " + weights);
  CAPTURE(r.err);
  REQUIRE(r.code == 0);
  const auto report = nlohmann::json::parse(r.out);
  CHECK(report["layers"][2]["parameters"] == 60 * (16 * 25 + 1));
  CHECK(test::read_file(small).find("/w.npz") != std::string::npos);
  CHECK(test::cli("check " + small).code == 0);
}

TEST_CASE("options of compress that say nothing are refused", "[cli][bad_input]") {
  const auto refused = [](const std::string& arguments) {
    const auto r = test::cli("compress " + arguments);
    CAPTURE(arguments, r.out);
    CHECK(r.code == 2);
    CHECK(r.out.empty());
    return r.err;
  };
  CHECK(refused("lenet5_mnist --prune 0.5 --seed 3") ==
        "--seed: error: lenet5_mnist is trained: its filters come from no seed; leave it out\n");
  CHECK_THAT(refused("lenet5 --prune-layers c1 --share-weights 4"),
             Catch::Contains("--prune-layers: error: nothing says how much of these layers goes; add --prune SHARE"));
  CHECK_THAT(refused("lenet5_mnist --global --share-weights 4"), Catch::Contains("--global: error: nothing says"));
  CHECK_THAT(refused("lenet5 --global --prune 0.5"), Catch::Contains("--global: error: lenet5 is not trained"));
  CHECK_THAT(refused("lenet5 --weights w.npz --prune 0.5"), Catch::Contains("--weights: error: lenet5 is not trained"));
  CHECK_THAT(refused("lenet5"), Catch::Contains("compress: error: nothing is asked for, by options or under "
                                                "`compression` in the file; add --prune, --shrink or --share-weights"));
}
