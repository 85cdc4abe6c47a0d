#include <catch2/catch.hpp>
#include <sstream>

#include "report/comparison.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using nlohmann::json;

namespace {

constexpr std::string_view kSchemas[] = {"eyrie.result/1"};

/// A result with what a comparison reads.
json result(const std::string& machine, double latency_ms, double tops_per_w) {
  return {{"schema", "eyrie.result/1"},
          {"architecture", {{"name", machine}}},
          {"workload", {{"name", "net"}, {"batch", 1}}},
          {"layers",
           {{{"place", "machine"}, {"analytic", {{"counts_equal", true}}}}, {{"place", "host"}, {"name", "prob"}}}},
          {"totals",
           {{"latency_ms", latency_ms},
            {"tops_per_w", tops_per_w},
            {"dram_bytes", {{"total", 4096}}},
            {"functional", {{"checked", true}, {"mismatches", 0}}},
            {"left_out", json::array()}}},
          {"targets",
           {{{"name", "latency_ms"},
             {"unit", "ms"},
             {"bound", "at most"},
             {"wanted", 2},
             {"ours", latency_ms},
             {"met", latency_ms <= 2},
             {"margin", (2 - latency_ms) / 2},
             {"basis", "time"}}}},
          {"baselines",
           {{{"name", "mcu"},
             {"kind", "microcontroller"},
             {"comparison", "measured"},
             {"label", "measured on this network"},
             {"speedup", 10 / latency_ms},
             {"energy_ratio", nullptr},
             {"energy_ratio_chip", nullptr}}}}};
}

ComparedRun run(const json& result) {
  return compared_run(StoredJson{result.dump(2), "r.json", kSchemas}, result["architecture"]["name"], "out");
}

std::string errors(const std::string& text) {
  return test::errors_of([&] { (void)compared_run(StoredJson{text, "r.json", kSchemas}, "a", "out"); });
}

std::size_t figure(std::string_view name) {
  for (std::size_t f = 0; f < compared_figures().size(); ++f)
    if (compared_figures()[f].name == name) return f;
  throw std::runtime_error("there is no such figure");
}

/// Labels of the best by a figure.
std::string best(const Comparison& c, std::string_view name) {
  std::string all;
  for (std::size_t i = 0; i < c.runs.size(); ++i)
    if (c.is_best(i, figure(name))) all += c.runs[i].label;
  return all;
}

}  // namespace

TEST_CASE("the best of a row is the lowest or the highest, as the row has it", "[unit][report]") {
  const Comparison c{.name = "",
                     .runs = {run(result("a", 3, 0.5)), run(result("b", 1, 0.2)), run(result("c", 2, 0.4))}};
  CHECK(best(c, "latency_ms") == "b");
  CHECK(best(c, "tops_per_w") == "a");
}

TEST_CASE("ties are all best, missing values and runs that are not sound never", "[unit][report]") {
  auto stuck = result("s", 0.1, 9), wrong = result("w", 0.1, 9), unequal = result("u", 0.1, 9),
       none = result("n", 1, 9);
  stuck["layers"][0]["deadlock"] = {{"at_cycle", 5}};
  wrong["totals"]["functional"]["mismatches"] = 1;
  unequal["layers"][0]["analytic"]["counts_equal"] = false;
  none["totals"].erase("latency_ms");
  const Comparison c{
      .name = "",
      .runs = {run(result("a", 1, 0.5)), run(result("b", 1, 0.2)), run(stuck), run(wrong), run(unequal), run(none)}};
  CHECK(best(c, "latency_ms") == "ab");
  CHECK(best(c, "tops_per_w") == "n");
  CHECK(best(c, "dram_bytes") == "abn");
  CHECK(best(c, "power_mw").empty());  // nobody has it
  CHECK(json::parse(to_json(c))["runs"][5]["figures"]["latency_ms"].is_null());
  const auto won = json::parse(to_json(c))["winners"];
  REQUIRE(won.size() == 3);
  CHECK(won[0] == json::parse(R"({"workload": "net", "batch": 1, "figure": "latency_ms", "runs": ["a", "b"]})"));
}

TEST_CASE("runs of different work are not ranked against each other", "[unit][report]") {
  auto other = result("o", 0.1, 9), batch = result("n", 0.1, 9), part = result("p", 0.1, 9);
  other["workload"]["name"] = "other";
  batch["workload"]["batch"] = 4;
  part["totals"]["left_out"] = {"conv2"};
  const auto a = run(result("a", 3, 0.5)), b = run(result("b", 4, 0.1));
  CHECK(best({.name = "", .runs = {a, b, run(other), run(batch), run(part)}}, "latency_ms") == "a");
  CHECK(best({.name = "", .runs = {a}}, "latency_ms").empty());  // alone is not best
  CHECK(to_table({.name = "", .runs = {a, run(part)}}).find("layers left out") != std::string::npos);
}

TEST_CASE("table, Markdown, CSV and JSON of a comparison show the same", "[unit][report]") {
  const Comparison c{.name = "two", .runs = {run(result("a", 3, 0.5)), run(result("b", 1.25, 0.25))}};
  CHECK(to_table(c) ==
        "two\n\n"
        "                                               a                 b\n"
        "machine                                        a                 b\n"
        "workload                                     net               net\n"
        "batch                                          1                 1\n"
        "layers on the host                             1                 1\n"
        "computed right                               yes               yes\n"
        "\nfigures\n"
        "latency, ms                                    3            * 1.25\n"
        "inferences, 1/s                                -                 -\n"
        "energy/inference with DRAM, uJ                 -                 -\n"
        "energy/inference, chip, uJ                     -                 -\n"
        "efficiency with DRAM, TOP/W                * 0.5              0.25\n"
        "efficiency, chip, TOP/W                        -                 -\n"
        "power with DRAM, mW                            -                 -\n"
        "power, chip, mW                                -                 -\n"
        "utilization, of PE-cycles                      -                 -\n"
        "DRAM traffic, B                           * 4096            * 4096\n"
        "\ntargets\n"
        "latency_ms <= 2 ms              missed by 50.0 %     met by 37.5 %\n"
        "\nbaselines: their time / ours, their energy / ours with DRAM, their energy / ours of the chip\n"
        "mcu (measured)                      3.33 / - / -         8 / - / -\n"
        "\n*: the best of its row among runs of the same work; what the host computes is in no figure; one MAC is two "
        "ops\n");
  const auto text = to_markdown(c);
  CHECK(text.find("\n| latency, ms | 3 | **1.25** |\n") != std::string::npos);
  CHECK(text.find("\n| latency\\_ms \\<= 2 ms | missed by 50.0 % | met by 37.5 % |\n") != std::string::npos);
  CHECK(text.find("\n| mcu (measured) | 3.33 / - / - | 8 / - / - |\n") != std::string::npos);
  const auto csv = to_csv(c);
  CHECK(csv ==
        "label,directory,architecture,workload,batch,on_host,left_out,sound,latency_ms,inferences_per_s,energy_per_"
        "inference_uj,"
        "energy_per_inference_chip_uj,tops_per_w,tops_per_w_chip,power_mw,power_chip_mw,utilization,dram_bytes,"
        "target_latency_ms,target_latency_ms_met,target_latency_ms_margin,speedup_over_mcu,energy_ratio_mcu,"
        "energy_ratio_chip_mcu,best_of\r\n"
        "a,out,a,net,1,prob,,true,3,,,,0.5,,,,,4096,2,false,-0.5,3.3333333333333335,,,tops_per_w;dram_bytes\r\n"
        "b,out,b,net,1,prob,,true,1.25,,,,0.25,,,,,4096,2,true,0.375,8,,,latency_ms;dram_bytes\r\n");
  const auto j = json::parse(to_json(c));
  CHECK(j["schema"] == "eyrie.comparison/1");
  CHECK(j["runs"][1]["figures"]["latency_ms"] == 1.25);
  CHECK(j["runs"][1]["targets"][0]["margin"] == 0.375);
  CHECK(j["runs"][1]["baselines"][0]["speedup"] == 8);
  CHECK(j["figures"][0] ==
        json::parse(R"({"name": "latency_ms", "title": "latency", "unit": "ms", "better": "lower"})"));
}

TEST_CASE("many runs make several tables, none wider than a terminal", "[unit][report]") {
  Comparison c{.name = "", .runs = {}};
  for (int i = 0; i < 9; ++i) {
    c.runs.push_back(run(result("machine_" + std::to_string(i), 1 + i, 0.5)));
    c.runs.back().label = std::string(40, 'x') + c.runs.back().label;
  }
  std::istringstream lines{to_table(c)};
  std::size_t shown = 0;
  for (std::string line; std::getline(lines, line);) {
    CHECK(line.size() <= 120);
    for (auto at = line.find("machine_"); at != std::string::npos && line.starts_with("machine  ");
         at = line.find("machine_", at + 1))
      ++shown;
  }
  CHECK(shown == 9);
}

TEST_CASE("what is wrong in a result has a place", "[unit][report]") {
  const auto whole = result("a", 1, 1);
  CHECK(errors("{\n  \"schema\": \"eyrie.result/1\",\n  \"layers\": [") ==
        "r.json:3:14: error: the JSON ends before it is whole; let `eyrie run --out` write it again");
  CHECK(errors("") == "r.json:1:1: error: the JSON ends before it is whole; let `eyrie run --out` write it again");
  CHECK(errors("{\n  \"a\": nope}") ==
        "r.json:2:9: error: from here on this is no JSON; let `eyrie run --out` write it again");
  CHECK(errors("[1]") == "r.json:1:1: error: the file has no key schema; wanted is JSON of eyrie.result/1");
  CHECK(errors("{\n  \"schema\": \"eyrie.result/0\"\n}") ==
        "r.json:2:13: error: the schema is eyrie.result/0, which is not read here; wanted is eyrie.result/1; let "
        "`eyrie run "
        "--out` write it again");
  CHECK(errors("{\"schema\": 1e999}") ==
        "r.json:1:1: error: the JSON has a number that no computer holds; let `eyrie run --out` write it again");
  auto j = whole;
  j["workload"].erase("batch");
  j["totals"]["latency_ms"] = "fast";
  const auto both = errors(j.dump());
  const auto workload = j.dump().find("\"workload\":") + std::string("\"workload\":").size() + 1;
  CHECK(both.find("r.json:1:" + std::to_string(workload) + ": error: the key workload.batch is missing; ") !=
        std::string::npos);
  CHECK(both.find(": error: totals.latency_ms is \"fast\"; it must be a number") != std::string::npos);
  CHECK(errors(whole.dump()).empty());
}
