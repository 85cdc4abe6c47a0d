#include <catch2/catch.hpp>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/support/support.hpp"
#include "tests/support/vcd.hpp"

using namespace eyrie;
using nlohmann::json;

namespace {

const std::string kRun = "run --arch eyeriss_v1 --workload tiny --batch 2 --layers conv1,fc3 --quiet";

/// Names of the files in a folder; none if there is no such folder.
std::vector<std::string> files(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

}  // namespace

TEST_CASE("a window of a layer is drawn, and the result is the same", "[cli]") {
  const test::Folder folder;
  REQUIRE(test::cli(kRun + " --out " + folder.path() + "/plain").code == 0);
  const auto drawn = test::cli(kRun + " --wave conv1:1400-1500 --trace --out " + folder.path() + "/drawn");
  CHECK(drawn.code == 0);
  CHECK(files(folder.path() + "/drawn") == std::vector<std::string>{"area.csv", "baselines.csv", "conv1.vcd",
                                                                    "layers.csv", "report.html", "result.json",
                                                                    "trace.json"});
  const auto result = [&](const char* run) {
    auto j = json::parse(test::read_file(folder.path() + "/" + run + "/result.json"));
    j.erase("host");
    return j;
  };
  CHECK(result("plain") == result("drawn"));
  const auto text = test::read_file(folder.path() + "/drawn/conv1.vcd");
  const auto vcd = test::read_vcd(text);
  CHECK(vcd.first == 1400);
  CHECK(vcd.last == 1501);
  CHECK(vcd.signals.contains("eyeriss_v1.pe_array.pe_11_13.cause"));
  CHECK(vcd.signals.contains("eyeriss_v1.dram.output_write"));
  CHECK(test::cli("simulate --arch eyeriss_v1 --layer tiny:conv1 --batch 2 --quiet --wave 1400-1500 --out " +
                  folder.path() + "/one")
            .code == 0);
  CHECK(test::read_file(folder.path() + "/one/conv1.vcd") == text);  // of any day
}

TEST_CASE("a trace has every cycle of the array, and the bytes of the link", "[cli]") {
  const test::Folder folder;
  REQUIRE(test::cli(kRun + " --trace --out " + folder.path()).code == 0);
  const auto trace = json::parse(test::read_file(folder.path() + "/trace.json"));
  const auto result = json::parse(test::read_file(folder.path() + "/result.json"));
  CHECK(trace["otherData"]["core_mhz"] == 200.0);
  CHECK(trace["otherData"]["slices_left_out"].empty());
  for (int process = 1; process <= 2; ++process) {
    const auto& layer = *std::ranges::find_if(
        result["layers"], [&](const json& l) { return l["name"] == (process == 1 ? "conv1" : "fc3"); });
    std::int64_t cycles = 0, bytes = 0, passes = 0;
    std::map<int, double> ends;
    for (const auto& e : trace["traceEvents"]) {
      if (e["pid"] != process) continue;
      if (e["name"] == "process_name") CHECK(e["args"]["name"] == layer["name"]);
      if (e["ph"] != "X") continue;
      const int track = e["tid"];
      CHECK(e["ts"].get<double>() >= ends[track] - 1e-9);  // slices of a track don't overlap
      ends[track] = e["ts"].get<double>() + e["dur"].get<double>();
      CHECK(e["ts"].get<double>() == Approx(e["args"]["from_cycle"].get<double>() * 0.005).margin(1e-9));
      if (track <= 2) cycles += e["args"]["cycles"].get<std::int64_t>();
      if (track > 2) bytes += e["args"]["bytes"].get<std::int64_t>();
      passes += track == 1 ? 1 : 0;
    }
    CHECK(passes == layer["passes"]);
    CHECK(cycles == layer["cycles"]);
    CHECK(bytes == layer["dram_bytes"]["total"]);
  }
}

TEST_CASE("what cannot be drawn is said, with what would be right, and nothing is written", "[cli][bad_input]") {
  const test::Folder folder;
  const auto out = folder.path() + "/out";
  const auto refused = [&](const std::string& options, const std::string& error) {
    CAPTURE(options);
    const auto result = test::cli(kRun + " " + options);
    CHECK(result.code == 2);
    CHECK(result.err == error + "\n");
    CHECK(result.out.empty());
    CHECK_FALSE(std::filesystem::exists(out));
  };
  refused("--wave conv1:0-9", "--wave: error: there is no folder to write to; add --out DIR");
  refused("--trace", "--trace: error: there is no folder to write to; add --out DIR");
  const auto to = " --out " + out;
  refused("--wave conv1:9-0" + to, "--wave: error: conv1:9-0 ends before it begins; write conv1:0-9");
  refused("--wave conv1" + to,
          "--wave: error: conv1 is no window; write LAYER:FROM-TO, core cycles of the layer, like conv3:1000-1200");
  refused("--wave 0-9" + to,
          "--wave: error: 0-9 is no window; write LAYER:FROM-TO, core cycles of the layer, like conv3:1000-1200");
  refused("--wave conv9:0-9" + to, "--wave: error: conv9 is no layer that this run simulates; it simulates conv1, fc3");
  refused("--wave conv1:0-9 --wave conv1:20-29" + to,
          "--wave: error: there are several windows of conv1; give one window of a layer; it may be long");
  const auto past = test::cli(kRun + " --wave conv1:0-99999999 --trace" + to);
  CHECK(past.code == 2);
  CHECK_THAT(past.err, Catch::Matches("--wave: error: conv1 has cycles 0 to (\\d+), and its window ends at 99999999; "
                                      "end it at \\1 or before\n"));
  CHECK_FALSE(std::filesystem::exists(out));
}
