// Does every view of the energy in a result sum to the same total, and say where it lies and what it rests on?

#include <catch2/catch.hpp>
#include <filesystem>
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

TEST_CASE("the command in a result gives the result again, whatever is in its arguments", "[cli]") {
  const test::Folder folder;
  const auto at = [&](const char* name) { return folder.path() + "/" + name; };
  const auto run = [&](const std::string& command, const char* out) {
    REQUIRE(test::cli(command + " --quiet --out " + at(out)).code == 0);
    return json::parse(test::read_file(folder.path() + "/" + out + "/result.json"));
  };
  auto first = run("run --arch eyeriss_v1 --workload tiny --set 'architecture.buffers.glb.capacity=120 KiB'", "first");
  const std::string command = first["command"];
  REQUIRE(command.starts_with("eyrie "));
  CHECK(command.ends_with("--set 'architecture.buffers.glb.capacity=120 KiB'"));
  auto again = run(command.substr(6), "again");
  first.erase("host");
  again.erase("host");
  CHECK(first == again);
}

TEST_CASE("a run leaves no files of the one before it that it does not have", "[cli]") {
  const test::Folder folder;
  const auto run = [&](const std::string& options) {
    REQUIRE(test::cli("run --arch eyeriss_v1 --workload tiny --layers conv1 --quiet --out " + folder.path() + options)
                .code == 0);
    return std::filesystem::exists(folder.path() + "/area.csv");
  };
  CHECK(run(""));
  CHECK_FALSE(run(" --set architecture.energy_table=isca2016_65nm"));  // no areas
}

TEST_CASE("a folder that cannot be is said before anything runs", "[cli][bad_input]") {
  for (const char* option : {"--out", "--accelergy", "--timeloop", "--scalesim"}) {
    const auto r = test::cli(std::string("run --arch eyeriss_v1 --workload tiny --layers conv1 --quiet ") + option +
                             " /proc/none");
    CHECK(r.code == 2);
    CHECK(r.out.empty());
    CHECK(r.err == std::string(option) + ": error: nothing can be written into /proc/none; name another folder\n");
  }
  const auto map = test::cli("map --arch eyeriss_v1 --workload tiny --layers conv1 --quiet --out /proc/none");
  CHECK(map.code == 2);
}

TEST_CASE("layers without operations have no energy per operation", "[cli][energy]") {
  const test::Folder folder;
  const std::string run = "run --arch eyeriss_v1 --workload alexnet --layers pool1 --quiet ";
  const auto said = test::cli(run + "--out " + folder.path());
  CHECK_THAT(said.out, Catch::Contains("no operations, so no TOP/W and no energy per operation\n"));
  const auto r = json::parse(test::read_file(folder.path() + "/result.json"));
  CHECK(r["totals"]["energy_per_op_pj"].is_null());
}
