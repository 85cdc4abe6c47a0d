// `eyrie run` of several machines and `eyrie report`, as a user meets them.

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

const std::string kThree =
    "kind: experiment\nname: three\narchitectures: [eyeriss_v1, diannao, tpu_like_16x16]\nworkload: tiny\n"
    "layers: [conv1, fc3]\ntargets: {latency_ms: 0.02, tops_per_w: 0.01}\nbaselines: [zuluko, titan_x]\n";

/// A result without what differs from run to run.
std::string comparable(const std::string& path) {
  auto j = nlohmann::ordered_json::parse(test::read_file(path));
  j.erase("host");
  j.erase("command");
  return j.dump(2);
}

json parsed(const std::string& path) { return json::parse(test::read_file(path)); }

std::size_t files_in(const std::string& folder) {
  return fs::exists(folder) ? static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {})) : 0;
}

json page_data(const std::string& path) {
  const auto page = test::read_file(path);
  const auto at = page.find("{\"schema\":\"eyrie.report/1\",\"eyrie_version\":");
  REQUIRE(at != std::string::npos);
  return json::parse(page.substr(at, page.find("</script", at) - at));
}

/// The cells of a CSV row, none of which holds a comma here.
std::vector<std::string> cells(const std::string& csv, int row) {
  std::istringstream lines{csv};
  std::string line, cell;
  for (int i = 0; i <= row; ++i) std::getline(lines, line);
  std::vector<std::string> all;
  std::istringstream in{line.substr(0, line.find('\r'))};
  while (std::getline(in, cell, ',')) all.push_back(cell);
  return all;
}

}  // namespace

TEST_CASE("an experiment of several machines gives what each machine alone gives, and compares", "[cli]") {
  const test::Folder folder;
  const auto file = folder.write("e.yaml", kThree), out = folder.path() + "/out";
  const auto all = test::cli("run " + file + " --jobs 2 --out " + out);
  CAPTURE(all.err);
  REQUIRE(all.code == 0);
  CHECK_THAT(all.err, Catch::Contains("machine 2 of 3: diannao\n") && Catch::Contains("/comparison.json "));
  CHECK_THAT(all.out, Catch::StartsWith("three\n\n") && Catch::Contains("\nlatency, ms ") &&
                          Catch::Contains("\ntops_per_w >= 0.01 TOP/W with DRAM ") &&
                          Catch::Contains("\ntitan_x (scaled) "));
  CHECK(files_in(out) == 6);

  const auto j = parsed(out + "/comparison.json");
  CHECK(j["schema"] == "eyrie.comparison/1");
  CHECK(j["name"] == "three");
  REQUIRE(j["runs"].size() == 3);
  for (const auto& run : j["runs"]) {
    const std::string machine = run["architecture"], alone = folder.path() + "/" + machine;
    CHECK(run["directory"] == machine);
    CHECK(run["sound"] == true);
    CHECK(run["on_host"].size() == (machine == "tpu_like_16x16" ? 5 : 2));
    CHECK(test::cli("run " + file + " --quiet --arch " + machine + " --out " + alone).code == 0);
    CHECK(comparable(out + "/" + machine + "/result.json") == comparable(alone + "/result.json"));
    for (const char* csv : {"/layers.csv", "/baselines.csv"})
      CHECK(test::read_file(out + "/" + machine + csv) == test::read_file(alone + csv));
    const auto result = parsed(alone + "/result.json");
    CHECK(run["figures"]["latency_ms"] == result["totals"]["latency_ms"]);
    CHECK(run["figures"]["energy_per_inference_chip_uj"] == result["totals"]["energy_per_inference_chip_uj"]);
    CHECK(run["figures"]["dram_bytes"] == result["totals"]["dram_bytes"]["total"]);
    CHECK(run["targets"] == result["targets"]);
    CHECK(run["baselines"][0]["speedup"] == result["baselines"][0]["speedup"]);
    const std::string command = result["command"];  // gives one machine again
    CHECK_THAT(command, Catch::Contains(" --arch " + machine + " "));
  }
  const auto page = page_data(out + "/report.html");
  REQUIRE(page["runs"].size() == 3);
  CHECK(page["runs"][1]["label"] == "diannao");
  CHECK(page["runs"][1]["result"] == parsed(out + "/diannao/result.json"));
}

TEST_CASE("table, CSV, JSON and Markdown of a comparison show the same figures", "[cli]") {
  const test::Folder folder;
  const auto run = [&, file = folder.write("e.yaml", kThree)](const std::string& format) {
    const auto r = test::cli("run " + file +
                             " --quiet --layers conv1 --set workload.layers.conv1.input_zeros=0.5 --format " + format);
    REQUIRE(r.code == 0);
    CHECK(r.err.empty());
    return r.out;
  };
  const auto j = json::parse(run("json"));
  const auto csv = run("csv"), table = run("table"), text = run("markdown");
  const auto head = cells(csv, 0);
  for (int i = 0; i < 3; ++i) {
    const auto row = cells(csv, i + 1);
    for (std::size_t c = 0; c < row.size(); ++c)
      if (j["runs"][i]["figures"].contains(head[c]))
        CHECK(std::stod(row[c]) == j["runs"][i]["figures"][head[c]].get<double>());
  }
  // a row of the table and of the Markdown: marks off, numbers as they are
  for (const auto& f : j["figures"]) {
    const auto name = f["title"].get<std::string>() + ", " + f["unit"].get<std::string>();
    for (const auto* shown : {&table, &text}) {
      const auto begin = (shown == &table ? "\n" : "\n| ") + name;
      const auto at = shown->find(begin);
      REQUIRE(at != std::string::npos);
      const auto from = at + begin.size();
      auto line = shown->substr(from, shown->find('\n', from) - from);
      std::ranges::replace_if(
          line, [](char c) { return c == '*' || c == '|'; }, ' ');
      std::istringstream in{line};
      for (const auto& r : j["runs"]) {
        double value = -1;
        in >> value;
        CHECK(value == Approx(r["figures"][f["name"].get<std::string>()].get<double>()).epsilon(0.006));
      }
    }
  }
}

TEST_CASE("--require of several machines names the machine that misses", "[cli]") {
  const test::Folder folder;
  const auto run = test::cli("run " + folder.write("e.yaml", kThree) + " --quiet --require --layers fc3");
  CHECK(run.code == 1);
  CHECK_THAT(run.err,
             Catch::Contains("eyeriss_v1: target tops_per_w: ") && Catch::Contains("diannao: target tops_per_w"));
}

TEST_CASE("what cannot be asked of several machines is refused, and nothing is written", "[cli][bad_input]") {
  const test::Folder folder;
  const auto file = folder.write("e.yaml", kThree), out = folder.path() + "/out";
  const auto refused =
      test::cli("run " + file + " --quiet --out " + out + " --window conv1:0-9 --trace t.json --scalesim s");
  CHECK(refused.code == 2);
  for (const char* option : {"--window", "--trace", "--scalesim"})
    CHECK_THAT(refused.err, Catch::Contains(std::string(option) +
                                            ": error: its files are of one machine, and this experiment has several; "
                                            "choose a machine with --arch\n"));
  CHECK(
      test::cli("run " + file + " --quiet --mapping eyeriss_v1/alexnet").err ==
      "--mapping: error: mappings are of one machine, and this experiment has several; choose a machine with --arch\n");
  const auto map = test::cli("map " + file + " --quiet");
  CHECK(map.code == 2);
  CHECK(map.err == file +
                       ":3:16: error: this experiment is of several machines, and one is wanted here; choose one with "
                       "--arch\n");
  CHECK(test::cli("map " + file + " --quiet --arch diannao --layers fc3").code == 0);
  CHECK(files_in(out) == 0);

  const auto error = [&](const std::string& from, const std::string& to) {
    auto text = kThree;
    text.replace(text.find(from), from.size(), to);
    const auto path = folder.write("bad.yaml", text);
    const auto checked = test::cli("check " + path), run = test::cli("run " + path + " --quiet --out " + out);
    CHECK(checked.code == 2);
    CHECK(run.code == 2);
    CHECK(checked.err == run.err);
    CHECK(files_in(out) == 0);
    return checked.err.substr(checked.err.find("bad.yaml"));
  };
  CHECK(error("workload: tiny", "workload: tiny\narchitecture: diannao") ==
        "bad.yaml:3:16: error: both architecture and architectures are given; leave one of them out\n");
  CHECK(error("architectures: [eyeriss_v1, diannao, tpu_like_16x16]\n", "") ==
        "bad.yaml:1:1: error: the experiment has no machine; write `architecture:` or `architectures:`\n");
  CHECK(
      error("workload: tiny", "workload: tiny\nmappings: eyeriss_v1/alexnet") ==
      "bad.yaml:5:11: error: mappings are of one machine, and this experiment has several; leave them out: those that "
      "ship for a machine and network are found\n");
  CHECK(error("diannao,", "eyeriss_v1,") ==
        "bad.yaml:3:16: error: two of the machines are called eyeriss_v1; give each its own name\n");
  const auto two = test::cli("run --quiet " + folder.write("two.yaml",
                                                           "kind: experiment\narchitectures: [eyeris_v1, dianao]\n"
                                                           "workload: tiny\n"));
  CHECK(two.code == 2);
  CHECK_THAT(two.err, Catch::Contains("eyeris_v1") && Catch::Contains("dianao"));  // both at once
  auto text = kThree;
  text.replace(text.find("tiny"), 4, "tinny");
  const auto once = test::cli("run --quiet " + folder.write("net.yaml", text));
  CHECK(std::count(once.err.begin(), once.err.end(), '\n') == 1);  // not once a machine
}

TEST_CASE("the shipped comparison is right, shown in full, and reads back", "[cli]") {
  const auto path = test::source("configs/experiments/kws_at_the_edge.yaml");
  CHECK(test::cli("check " + path).code == 0);
  const auto full = test::cli("show experiments kws_at_the_edge");
  CHECK(full.code == 0);
  const test::Folder folder;
  CHECK(test::cli("check " + folder.write("full.yaml", full.out)).err == "");
  CHECK_THAT(full.out, Catch::Contains("architectures: [eyeriss_v1, diannao, tpu_like_16x16]"));
  CHECK(json::parse(test::cli("show experiments schema").out)["properties"].contains("architectures"));
  CHECK_THAT(test::cli("list experiments").out, Catch::Contains("kws_at_the_edge\n"));
}

TEST_CASE("report shows results of any kind side by side, as a page and as tables", "[cli]") {
  const test::Folder folder;
  const auto at = [&](const std::string& name) { return folder.path() + "/" + name; };
  REQUIRE(test::cli("run --quiet --out " + at("three") + " " + folder.write("e.yaml", kThree)).code == 0);
  REQUIRE(test::cli("run --quiet --arch eyeriss_v1 --workload lenet5 --layers f6 --out " + at("a/eyeriss_v1")).code ==
          0);
  REQUIRE(
      test::cli("run --quiet --out " + at("cut") + " " + test::source("configs/experiments/offload_kws.yaml")).code ==
      0);
  CHECK(page_data(at("a/eyeriss_v1/report.html"))["runs"][0]["result"] == parsed(at("a/eyeriss_v1/result.json")));
  CHECK(page_data(at("cut/report.html"))["scenarios"][0]["scenario"] == parsed(at("cut/scenario.json")));

  const auto all = test::cli("report " + at("three") + " " + at("a/eyeriss_v1/result.json") + " " + at("cut") + " -o " +
                             at("r/page.html") + " --format json");
  CAPTURE(all.err);
  REQUIRE(all.code == 0);
  CHECK(all.err == "written: " + at("r/page.html") + "\n");
  const auto j = json::parse(all.out);
  std::vector<std::string> labels;
  for (const auto& r : j["runs"]) labels.push_back(r["label"]);
  CHECK(labels == std::vector<std::string>{"three/eyeriss_v1", "three/diannao", "three/tpu_like_16x16", "eyeriss_v1"});
  CHECK(j["scenarios"][0]["label"] == "cut");
  CHECK(j["scenarios"][0]["kind"] == "offload");
  for (const auto& w : j["winners"]) CHECK(w["workload"] == "tiny");  // lenet5 is alone
  const auto page = page_data(at("r/page.html"));
  REQUIRE(page["runs"].size() == 4);
  CHECK(page["runs"][3]["label"] == "eyeriss_v1");
  CHECK(page["runs"][3]["result"] == parsed(at("a/eyeriss_v1/result.json")));
  CHECK(page["scenarios"][0]["scenario"] == parsed(at("cut/scenario.json")));

  const auto same = test::cli("report " + at("three") + " " + at("three/diannao") + " " + at("three/diannao"));
  CHECK(same.code == 0);
  CHECK_THAT(same.out, Catch::Contains("  three/diannao ") && Catch::Contains("  three/diannao (2)") &&
                           Catch::Contains("  three/diannao (3)"));
  CHECK_THAT(test::cli("report --format markdown " + at("three")).out, Catch::Contains("\n| latency, ms | "));
  CHECK(cells(test::cli("report --format csv " + at("three")).out, 2)[0] == "diannao");
}

TEST_CASE("report refuses what it cannot read, all at once, and writes nothing", "[cli][bad_input]") {
  const test::Folder folder;
  const auto at = [&](const std::string& name) { return folder.path() + "/" + name; };
  REQUIRE(test::cli("run --quiet --arch eyeriss_v1 --workload tiny --layers fc3 --out " + at("ok")).code == 0);
  const auto whole = test::read_file(at("ok/result.json"));
  fs::create_directories(at("cut"));
  fs::create_directories(at("empty"));
  fs::create_directories(at("both"));
  fs::create_directories(at("gone"));
  const auto cut = folder.write("cut/result.json", whole.substr(0, whole.size() / 2));
  auto old = whole;
  old.replace(old.find("eyrie.result/1"), 14, "eyrie.result/0");
  const auto before = folder.write("old.json", old);
  folder.write("both/result.json", whole);
  folder.write("both/scenario.json", "{}");
  folder.write("gone/comparison.json",
               R"({"schema": "eyrie.comparison/1", "runs": [{"label": "x", "directory": "nowhere"}]})");
  const auto bad = test::cli("report " + at("ok") + " " + at("cut") + " " + before + " " + at("empty") + " " +
                             at("both") + " " + at("gone") + " " + at("missing.json") + " -o " + at("page.html"));
  CHECK(bad.code == 2);
  CHECK(bad.out.empty());
  CHECK_FALSE(fs::exists(at("page.html")));
  CHECK_THAT(bad.err,
             Catch::Contains(cut + ":") &&
                 Catch::Contains(": error: the JSON ends before it is whole; let `eyrie run --out` write it again\n"));
  CHECK_THAT(bad.err, Catch::Contains(before + ":2:13: error: the schema is eyrie.result/0, which is not read here; "));
  CHECK_THAT(bad.err,
             Catch::Contains(at("empty") + ": error: there is no result.json, comparison.json, scenario.json in "
                                           "it; name a folder that `eyrie run --out` wrote\n"));
  CHECK_THAT(bad.err,
             Catch::Contains(at("both") + ": error: result.json and scenario.json are in it; name the one that "
                                          "is meant\n"));
  CHECK_THAT(bad.err, Catch::Contains(at("gone/nowhere/result.json") + ": error: "));
  CHECK_THAT(bad.err, Catch::Contains(at("missing.json") + ": error: "));
  CHECK(std::count(bad.err.begin(), bad.err.end(), '\n') == 6);

  CHECK(test::cli("report").code == 2);
  CHECK(test::cli("report " + at("ok") + " --format xml").code == 2);
  CHECK(test::cli("report " + at("ok") + " -o " + at("ok/result.json")).err ==
        "--out: error: " + at("ok/result.json") + " is no name of a page; name a file that ends in .html\n");
  CHECK(test::cli("report " + at("ok") + " -o " + at("empty")).code == 2);
  const auto blocked = test::cli("report " + at("ok") + " -o " + at("old.json/page.html"));  // a file is no folder
  CHECK(blocked.code == 2);
  CHECK(blocked.out.empty());
  CHECK(test::read_file(at("ok/result.json")) == whole);
}

TEST_CASE("a run is printed as Markdown, a scenario is not", "[cli]") {
  const auto run = test::cli("run --arch eyeriss_v1 --workload tiny --layers fc3 --quiet --format markdown");
  CHECK(run.code == 0);
  CHECK_THAT(run.out,
             Catch::StartsWith("# tiny on eyeriss\\_v1\n\nBatch 1, row\\_stationary, 200 MHz, 65 nm. All ofmap "
                               "words equal the reference, bit for bit.\n"));
  for (const char* section :
       {"Summary", "Layers", "Energy by component", "Targets", "Baselines", "Sources", "Not modelled", "Again"})
    CHECK_THAT(run.out, Catch::Contains("\n## " + std::string(section) + "\n\n"));
  const auto scenario =
      test::cli("run --quiet --format markdown " + test::source("configs/experiments/offload_kws.yaml"));
  CHECK(scenario.code == 2);
  CHECK(scenario.err == "--format: error: a scenario has no Markdown; table, json or csv; `eyrie report` shows it\n");
}

TEST_CASE("docs/comparisons.md shows what its command prints", "[cli]") {
  const auto page = test::read_file(test::source("docs/comparisons.md"));
  const auto said = test::cli("run --quiet " + test::source("configs/experiments/kws_at_the_edge.yaml"));
  REQUIRE(said.code == 0);
  CAPTURE(said.out);
  CHECK(page.find("```\n" + said.out + "```") != std::string::npos);
}
