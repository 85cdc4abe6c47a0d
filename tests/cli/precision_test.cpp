// Runs at other widths than the machine's, from the command line.

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;
using Json = nlohmann::json;

namespace {

const std::string kLayer = "--arch eyeriss_v1 --workload alexnet --layers conv3 --jobs 2 --quiet --format json ";

Json run(const std::string& precision) {
  const auto r = test::cli("run " + kLayer + (precision.empty() ? "" : "--precision '" + precision + "'"));
  CAPTURE(precision, r.err);
  REQUIRE(r.code == 0);
  return Json::parse(r.out);
}

double energy(const Json& result) { return result["totals"]["energy_pj"]["total"]; }
/// Layers on the host stand beside it.
Json conv3(const Json& result) {
  for (const auto& l : result["layers"])
    if (l["name"] == "conv3") return l;
  return {};
}
std::int64_t dram(const Json& result) { return result["totals"]["dram_bytes"]["total"]; }

}  // namespace

TEST_CASE("fewer bits, packed, move fewer bytes for less energy, and every result is right", "[cli]") {
  const auto own = run(""), eight = run("weights: 8 b, activations: 8 b, packed: true"),
             four = run("weights: 4 b, activations: 4 b, packed: true");
  CHECK_FALSE(conv3(own).contains("widths"));
  CHECK(conv3(eight)["widths"] == Json{{"input", 8}, {"weight", 8}, {"psum", 16}, {"output", 8}});
  CHECK(conv3(eight)["packing"] == "packed");
  CHECK(conv3(eight)["arithmetic"]["weight_bits"] == 8);
  CHECK(conv3(eight)["functional"]["mismatches"] == 0);
  CHECK(conv3(eight)["analytic"]["counts_equal"] == true);
  CHECK(dram(eight) < dram(own));
  CHECK(dram(four) < dram(eight));
  CHECK(energy(eight) < energy(own));
  CHECK(energy(four) < energy(eight));
  double sum = 0;
  const auto layer = conv3(four);
  for (const auto& line : layer["energy_lines"]) sum += line["energy_pj"].get<double>();
  CHECK(sum == energy(four));  // in grains, exactly
}

TEST_CASE("narrow words that take whole ones save no traffic", "[cli]") {
  const auto own = run(""), whole = run("weights: 8 b, activations: 8 b");
  const auto bytes = [](const Json& r) { return r["totals"]["dram_bytes"]["weight"].get<std::int64_t>(); };
  CHECK(bytes(whole) == bytes(own));
  CHECK(conv3(whole)["packing"] == "whole");
  const auto macs = [](const Json& r) { return r["totals"]["energy_pj"]["by_component"]["mac"].get<double>(); };
  CHECK(macs(whole) < 0.8 * macs(own));  // multiplications whose low bits are zero
}

TEST_CASE("a layer may have widths of its own", "[cli]") {
  const auto r = run("psums: 32 b, packed: true, layers: [{layer: conv3, weights: 4 b}]");
  CHECK(conv3(r)["widths"] == Json{{"input", 16}, {"weight", 4}, {"psum", 32}, {"output", 16}});
  CHECK(conv3(r)["functional"]["mismatches"] == 0);
}

TEST_CASE("a run names its precision in its command, and the command gives the same", "[cli]") {
  const auto r = run("weights: 8 b, layers: [{layer: conv3, psums: 24 b}]");
  const std::string command = r["command"];
  CHECK_THAT(command, Catch::Contains("--precision 'weights: 8 b, layers: [{layer: conv3, psums: 24 b}]'"));
}

TEST_CASE("precisions that cannot be are errors with their place", "[cli][bad_input]") {
  const auto errors = [](const std::string& precision) {
    const auto r = test::cli("run " + kLayer + "--precision '" + precision + "'");
    CHECK(r.code == 2);
    return r.err;
  };
  CHECK_THAT(errors("weights: 17 b"), Catch::Contains("--precision:1:") && Catch::Contains("weights"));
  CHECK_THAT(errors("wieghts: 8 b"), Catch::Contains("wieghts"));
  CHECK_THAT(errors("layers: [{layer: conv9, weights: 8 b}]"), Catch::Contains("conv9"));
  CHECK_THAT(errors("psums: 8 b"),
             Catch::Contains("conv3: psums of 8 b are narrower than outputs of 16 b; make psums at least as wide"));
}
