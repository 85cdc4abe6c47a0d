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
