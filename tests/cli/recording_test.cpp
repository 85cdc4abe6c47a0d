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
  const auto drawn = test::cli(kRun + " --window conv1:1400-1500 --vcd " + folder.path() + "/new/conv1.vcd --out " +
                               folder.path() + "/drawn");
  CHECK(drawn.code == 0);
  CHECK(files(folder.path() + "/drawn") == files(folder.path() + "/plain"));
  CHECK(files(folder.path() + "/new") == std::vector<std::string>{"conv1.vcd"});
  const auto result = [&](const char* run) {
    auto j = json::parse(test::read_file(folder.path() + "/" + run + "/result.json"));
    j.erase("host");
    return j;
  };
  CHECK(result("plain") == result("drawn"));
  const auto text = test::read_file(folder.path() + "/new/conv1.vcd");
  const auto vcd = test::read_vcd(text);
  CHECK(vcd.first == 1400);
  CHECK(vcd.last == 1501);
  CHECK(vcd.signals.contains("eyeriss_v1.pe_array.pe_11_13.cause"));
  CHECK(vcd.signals.contains("eyeriss_v1.dram.output_write"));
  CHECK(test::cli("simulate --arch eyeriss_v1 --layer tiny:conv1 --batch 2 --quiet --window 1400-1500 --vcd " +
                  folder.path() + "/one.vcd")
            .code == 0);
  CHECK(test::read_file(folder.path() + "/one.vcd") == text);  // of any day
}

TEST_CASE("a trace has every cycle of the array, and the bytes of the link", "[cli]") {
  const test::Folder folder;
  REQUIRE(test::cli(kRun + " --trace " + folder.path() + "/trace.json --out " + folder.path()).code == 0);
  const auto trace = json::parse(test::read_file(folder.path() + "/trace.json"));
  const auto result = json::parse(test::read_file(folder.path() + "/result.json"));
  CHECK(trace["otherData"]["core_mhz"] == 200.0);
  CHECK(trace["otherData"]["slices_left_out"].empty());
  for (int process = 1; process <= 2; ++process) {
    const auto& layer = *std::ranges::find_if(
        result["layers"], [&](const json& l) { return l["name"] == (process == 1 ? "conv1" : "fc3"); });
    std::int64_t cycles = 0, bytes = 0, passes = 0, levels = 0;
    std::map<int, double> ends;
    for (const auto& e : trace["traceEvents"]) {
      if (e["pid"] != process) continue;
      if (e["name"] == "process_name") CHECK(e["args"]["name"] == layer["name"]);
      if (e["ph"] == "C") {
        levels += 1;
        double pes = 0;
        for (const auto& [cause, mean] : e["args"].items()) pes += mean.get<double>();
        CHECK(pes <= 168.01);
      }
      if (e["ph"] != "X") continue;
      const int track = e["tid"];
      CHECK(e["ts"].get<double>() >= ends[track] - 1e-9);  // slices of a track don't overlap
      ends[track] = e["ts"].get<double>() + e["dur"].get<double>();
      CHECK(e["ts"].get<double>() == Approx(e["args"]["from_cycle"].get<double>() * 0.005).margin(1e-9));
      if (track <= 2) cycles += e["args"]["cycles"].get<std::int64_t>();
      if (track > 2 && track < 6) bytes += e["args"]["bytes"].get<std::int64_t>();
      if (track >= 6) CHECK(ends[track] <= ends[1] + 1e-9);  // a buffer serves a pass while it runs
      if (track != 1) continue;
      ++passes;
      std::int64_t pe_cycles = 0;
      for (const auto& [cause, n] : e["args"]["pe_cycles"].items()) pe_cycles += n.get<std::int64_t>();
      CHECK(pe_cycles == 168 * e["args"]["cycles"].get<std::int64_t>());
    }
    CHECK(passes == layer["passes"]);
    CHECK(levels > passes);
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
  const auto to = " --vcd " + out + "/a.vcd --trace " + out + "/a.json";
  refused("--window conv1:0-9", "--window: error: nothing is drawn of it; add --trace FILE or --vcd FILE");
  refused("--vcd " + out + "/a.vcd", "--vcd: error: there is no window of cycles; add --window LAYER:FROM-TO");
  refused("--window conv1:0-9 --vcd " + out + " --trace " + out,
          "--vcd: error: " + out + " is the trace's file; name another file");
  refused("--window conv1:0-9 --vcd /proc/none/a.vcd",
          "--vcd: error: nothing can be written into /proc/none; name another folder");
  refused("--window conv1:0-9 --vcd " + out + "/a --trace " + out + "/b/../a",
          "--vcd: error: " + out + "/a is the trace's file; name another file");
  refused("--window conv1:9-0" + to, "--window: error: conv1:9-0 ends before it begins; write conv1:0-9");
  refused("--window conv1" + to,
          "--window: error: conv1 is no window; write LAYER:FROM-TO, core cycles of the layer, like conv3:1000-1200");
  refused("--window 0-9" + to,
          "--window: error: 0-9 is no window; write LAYER:FROM-TO, core cycles of the layer, like conv3:1000-1200");
  refused("--window conv9:0-9" + to,
          "--window: error: conv9 is no layer that this run simulates; it simulates conv1, fc3");
  refused("--window conv1:0-9 --window conv1:20-29" + to,
          "--window: error: there are several windows of conv1; give one window of a layer; it may be long");
  const auto past = test::cli(kRun + " --window conv1:0-99999999" + to);
  CHECK(past.code == 2);
  CHECK_THAT(past.err, Catch::Matches("--window: error: conv1 has cycles 0 to (\\d+), and its window ends at 99999999; "
                                      "end it at \\1 or before\n"));
  CHECK_FALSE(std::filesystem::exists(out));
}

TEST_CASE("with windows a trace has their cycles, and each layer its own waveforms", "[cli]") {
  const test::Folder folder;
  const auto at = [&](const char* name) { return folder.path() + "/" + name; };
  REQUIRE(
      test::cli(kRun + " --window conv1:1400-1500 --window fc3:10-60 --trace " + at("t.json") + " --vcd " + at("w.vcd"))
          .code == 0);
  CHECK(files(folder.path()) == std::vector<std::string>{"t.json", "w.conv1.vcd", "w.fc3.vcd"});
  CHECK(test::read_vcd(test::read_file(at("w.fc3.vcd"))).first == 10);
  REQUIRE(test::cli(kRun + " --window conv1:1400-1500 --trace " + at("one.json")).code == 0);
  int slices = 0;
  const auto trace = json::parse(test::read_file(at("one.json")));
  for (const auto& e : trace["traceEvents"]) {
    CHECK(e["pid"] == 1);  // conv1 alone
    if (e["ph"] != "X" || e["tid"] > 5) continue;
    ++slices;
    const auto from = e["args"]["from_cycle"].get<std::int64_t>();
    CHECK(from <= 1500);
    CHECK(from + e["args"]["cycles"].get<std::int64_t>() > 1400);
  }
  CHECK(slices > 0);
}
