// Mapping from the command line, as docs/mapper.md shows it.

#include <catch2/catch.hpp>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/yaml.hpp"
#include "dataflows/mapping_file.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using nlohmann::json;

namespace {

const std::string kTiny = "--arch eyeriss_v1 --workload tiny --quiet ";

std::vector<LayerMapping> mappings(const std::string& path) {
  return read_mapping_file(YamlDocument::from_file(path)).layers;
}

}  // namespace

TEST_CASE("the best mappings are written with certificates, and simulate runs them", "[cli][map]") {
  const test::Folder folder;
  const auto mapped = test::cli("map " + kTiny + "-o " + folder.path());
  REQUIRE(mapped.code == 0);
  CHECK_THAT(mapped.out, Catch::Contains("tiny on eyeriss_v1, batch 1: best energy under row_stationary"));
  CHECK_THAT(mapped.out, Catch::Contains("nothing in the space is better"));
  CHECK(mappings(folder.path() + "/tiny.yaml").size() == 6);
  const auto conv2 = mappings(folder.path() + "/conv2.yaml");
  REQUIRE(conv2.size() == 1);
  REQUIRE(conv2[0].certificate.has_value());
  const Certificate& c = *conv2[0].certificate;
  CHECK(c.complete);
  CHECK(c.lower_bound == c.energy_pj);
  CHECK(c.dataflow == "row_stationary");

  const auto run = test::cli("simulate --arch eyeriss_v1 --layer tiny:conv2 --quiet --format json --mapping " +
                             folder.path() + "/conv2.yaml");
  REQUIRE(run.code == 0);
  json layer;
  const auto result = json::parse(run.out);
  for (const auto& l : result["layers"])
    if (l["name"] == "conv2") layer = l;
  REQUIRE(layer.contains("functional"));
  CHECK(layer["functional"]["mismatches"] == 0);
  CHECK(layer["analytic"]["counts_equal"] == true);
  CHECK(layer["analytic"]["cycles_bound"] == c.cycles_bound);
  CHECK(layer["cycles"].get<std::int64_t>() >= c.cycles_bound);
}

TEST_CASE("the same search writes the same files, whatever the number of jobs", "[cli][map]") {
  const test::Folder one, two;
  CHECK(test::cli("map " + kTiny + "--jobs 1 --objective edp -o " + one.path()).code == 0);
  CHECK(test::cli("map " + kTiny + "--jobs 2 --objective edp -o " + two.path()).code == 0);
  CHECK(test::read_file(one.path() + "/tiny.yaml") == test::read_file(two.path() + "/tiny.yaml"));
}

TEST_CASE("a front rises in energy and falls in cycles, its ends are the two optima", "[cli][map]") {
  const test::Folder front, energy, cycles;
  const std::string alexnet = "map --arch eyeriss_v1 --workload alexnet --batch 4 --layers conv3 --quiet ";
  CHECK(test::cli(alexnet + "--pareto -o " + front.path()).code == 0);
  CHECK(test::cli(alexnet + "--objective energy -o " + energy.path()).code == 0);
  CHECK(test::cli(alexnet + "--objective cycles -o " + cycles.path()).code == 0);
  std::vector<Certificate> all;
  for (int k = 1; std::filesystem::exists(front.path() + "/conv3_" + std::to_string(k) + ".yaml"); ++k)
    all.push_back(*mappings(front.path() + "/conv3_" + std::to_string(k) + ".yaml")[0].certificate);
  REQUIRE(all.size() >= 2);
  for (std::size_t i = 1; i < all.size(); ++i) {
    CHECK(all[i].energy_pj > all[i - 1].energy_pj);
    CHECK(all[i].cycles_bound < all[i - 1].cycles_bound);
  }
  CHECK(all.front().energy_pj == Approx(mappings(energy.path() + "/conv3.yaml")[0].certificate->energy_pj));
  CHECK(all.back().cycles_bound == mappings(cycles.path() + "/conv3.yaml")[0].certificate->cycles_bound);
}

TEST_CASE("a certificate is verified, and the best few are ranked again by simulation", "[cli][map]") {
  const auto verified = test::cli("map " + kTiny + "--layers conv1,fc3 --verify");
  CHECK(verified.code == 0);
  CHECK_THAT(verified.out, Catch::Contains("verified: ") && Catch::Contains("none better"));
  const test::Folder folder;
  const auto ranked = test::cli("map " + kTiny + "--layers conv2 --simulate-top 3 -o " + folder.path());
  CHECK(ranked.code == 0);
  CHECK_THAT(ranked.out, Catch::Contains("the best by closed form, simulated"));
  std::int64_t written = mappings(folder.path() + "/conv2.yaml")[0].certificate->simulated_cycles;
  CHECK(written > 0);
  double best = 1e300;
  for (int k = 1; k <= 3; ++k)
    best = std::min(
        best, mappings(folder.path() + "/conv2_" + std::to_string(k) + ".yaml")[0].certificate->simulated_energy_pj);
  CHECK(mappings(folder.path() + "/conv2.yaml")[0].certificate->simulated_energy_pj == best);
}

TEST_CASE("a search that may take no time tells what it has and the gap", "[cli][map]") {
  const auto r =
      test::cli("map --arch eyeriss_v1 --workload alexnet --batch 4 --layers conv3 --quiet --time-limit 0.001");
  CHECK(r.code == 0);
  CHECK_THAT(r.out, Catch::Contains("stopped early: nothing in the space is below"));
}

TEST_CASE("a run maps what no file maps, and asks for an objective map all", "[cli][map]") {
  const auto j = json::parse(test::cli("run " + kTiny + "--format json").out);
  for (const auto& l : j["layers"])
    if (l["place"] == "machine") {
      CHECK(l["mapping_origin"] == "mapper: best energy");
      CHECK(l["analytic"]["counts_equal"] == true);
    }
  const auto fast = json::parse(
      test::cli("run --arch eyeriss_v1 --workload alexnet --layers conv5 --objective cycles --quiet --format json")
          .out);
  for (const auto& l : fast["layers"])
    if (l["name"] == "conv5") CHECK(l["mapping_origin"] == "mapper: best cycles");
}

TEST_CASE("table, CSV and JSON say the same", "[cli][map]") {
  const std::string ask = "map --arch eyeriss_v1 --workload alexnet --batch 4 --layers conv3 --quiet --format ";
  const auto j = json::parse(test::cli(ask + "json").out);
  const auto& best = j["layers"][0]["mappings"][0];
  CHECK(best["complete"] == true);
  CHECK(j["layers"][0]["ships"]["energy_pj"].get<double>() > best["energy_pj"].get<double>());
  const auto csv = test::cli(ask + "csv").out;
  CHECK_THAT(csv, Catch::StartsWith("layer,rank,objective,energy_pj,"));
  CHECK_THAT(csv, Catch::Contains("," + std::to_string(best["cycles_bound"].get<std::int64_t>()) + ","));
  CHECK_THAT(test::cli(ask + "table").out, Catch::Contains("the mapping that ships (eyeriss_v1/alexnet): "));
}

TEST_CASE("a mapping is explained", "[cli][map]") {
  const auto r = test::cli("explain --arch eyeriss_v1 --layer alexnet:conv3 --batch 4");
  CHECK(r.code == 0);
  CHECK_THAT(r.out, Catch::Contains("weight  dram -> glb        M 384 x C 256 x R 3 x S 3") &&
                        Catch::Contains("=    884,736"));
  CHECK_THAT(r.out, Catch::Contains("ifmap_spad    12 of  12 words"));
}

TEST_CASE("mappings go to Timeloop where it has words for them", "[cli][map]") {
  const test::Folder folder;
  const auto r = test::cli("run " + kTiny + "--layers conv2 --timeloop " + folder.path());
  CHECK(r.code == 0);
  CHECK(std::filesystem::exists(folder.path() + "/conv2.problem.yaml"));
  CHECK(std::filesystem::exists(folder.path() + "/conv2.stats.txt"));
}
