// Does every view of the energy in a result sum to the same total, and say where it lies and what it rests on?

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;
using nlohmann::json;

namespace {

double sum(const json& parts) {
  double all = 0;
  for (const auto& [name, part] : parts.items()) all += part.get<double>();
  return all;
}

json result_of(const std::string& options) {
  const test::Folder folder;
  REQUIRE(test::cli("run --quiet --out " + folder.path() + " " + options).code == 0);
  return json::parse(test::read_file(folder.path() + "/result.json"));
}

}  // namespace

TEST_CASE("in a result all views of the energy sum to the total, to the last bit", "[cli][energy]") {
  const char* machines[] = {"eyeriss_v1", "diannao", "tpu_like_32x32", "shidiannao"};
  for (const std::string machine : machines) {
    CAPTURE(machine);
    const auto r = result_of("--workload tiny --arch " + machine);
    const auto& all = r["totals"]["energy_pj"];
    double layers = 0, prices = 0;
    for (const auto& l : r["layers"]) {
      if (l["place"] != "machine") continue;
      const auto& e = l["energy_pj"];
      layers += e["total"].get<double>();
      for (const char* view : {"by_component", "by_tensor", "by_confidence"}) CHECK(sum(e[view]) == e["total"]);
      double lines = 0;
      for (const auto& line : l["energy_lines"]) lines += line["energy_pj"].get<double>();
      CHECK(lines == e["total"]);
      CHECK(e["on_chip"].get<double>() + e["dram"].get<double>() == e["total"]);
    }
    for (const auto& p : r["energy_table"]["prices"]) prices += p["charged_pj"].get<double>();
    CHECK(layers == all["total"]);
    CHECK(prices == all["total"]);
    for (const char* view : {"by_component", "by_tensor", "by_confidence", "by_source"})
      CHECK(sum(all[view]) == all["total"]);
  }
}

TEST_CASE("a result says where its energy and its efficiency lie", "[cli][energy]") {
  const auto r = result_of("--workload tiny --arch eyeriss_v1");
  const auto check = [](const json& f) {
    const auto& e = f["energy_pj"];
    const double total = e["total"], low = e["interval"][0], high = e["interval"][1];
    CHECK(low < total);
    CHECK(total < high);
    CHECK(e["interval_on_chip"][0] < e["on_chip"]);
    CHECK(e["interval_on_chip"][1] > e["on_chip"]);
    const double ops = f["ops"];
    CHECK(f["tops_per_w_interval"][0].get<double>() == Approx(ops / high));
    CHECK(f["tops_per_w_interval"][1].get<double>() == Approx(ops / low));
  };
  check(r["totals"]);
  check(r["layers"][0]);
  // The chip's prices were calibrated together: what they charge is known as well as the chip's power.
  const auto& e = r["totals"]["energy_pj"];
  for (const auto& [source, energy] : e["by_source"].items())
    if (source.starts_with("calibrated"))
      CHECK(e["interval_by_source"][source][1].get<double>() / energy.get<double>() < 1.07);
  for (const auto& p : r["energy_table"]["prices"]) {
    CHECK(p["interval_pj"][0] <= p["energy_pj"]);
    CHECK(p["interval_pj"][1] >= p["energy_pj"]);
  }
  std::int64_t macs = 0;
  for (const auto& row : r["layers"][0]["pe_macs"])
    for (const auto& pe : row) macs += pe.get<std::int64_t>();
  CHECK(macs == r["layers"][0]["macs"]);
}
