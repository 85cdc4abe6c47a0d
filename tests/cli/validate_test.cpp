// `eyrie validate` as a user meets it.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;
using nlohmann::json;

namespace {

/// Two layers of the toy network; `published`: of conv2's MACs.
std::string suite(const std::string& published) {
  return "kind: validation\nname: toy\ntitle: a toy\nsource: nowhere\nexperiments:\n"
         "- {name: it, architecture: eyeriss_v1, workload: tiny, batch: 2}\nchecks:\n"
         "- {experiment: it, column: macs, source: by hand, confidence: derived, tolerance: exact, rows: "
         "[{layer: conv2, published: " +
         published +
         "}]}\n"
         "- {experiment: it, column: processing_ms, source: a guess, confidence: assumed, tolerance: 1 %, rows: "
         "[{layer: conv1, published: 0.001}, {layer: total, published: 5, tolerance: shown}]}\n"
         "- {experiment: it, column: active_pes, source: by hand, confidence: derived, tolerance: factor 20, rows: "
         "[{geomean: [conv1, conv2], label: both, published: 100}]}\n"
         "not_reproduced:\n- {what: its price, reason: nobody asked}\n";
}

/// MACs of conv2, as `eyrie run` says.
std::string true_macs() {
  const auto run = test::cli("run --arch eyeriss_v1 --workload tiny --batch 2 --layers conv2 --quiet --format json");
  const auto result = json::parse(run.out);
  for (const auto& l : result["layers"])
    if (l["name"] == "conv2") return std::to_string(l["macs"].get<std::int64_t>());
  return "none";
}

}  // namespace

TEST_CASE("a row outside its tolerance is named, explained, and makes the exit code", "[cli]") {
  const test::Folder folder;
  const auto file = folder.write("toy.yaml", suite(true_macs()));
  const auto r = test::cli("validate --quiet " + file);
  CHECK(r.code == 1);
  CHECK_THAT(r.err, Catch::Matches("outside its tolerance: toy it conv1 processing_ms: ours [0-9.]+, published 0.001 "
                                   "\\(\\+[0-9.]+ %, allowed 1 %\\)\n"));
  CHECK_THAT(r.out, Catch::Contains("What could explain the rows outside"));
  CHECK_THAT(r.out, Catch::Contains("\n  mac "));
  CHECK_THAT(r.out, Catch::Contains("; without it "));
  CHECK_THAT(r.out, Catch::Contains("not reproduced: its price: nobody asked"));
  CHECK_THAT(r.out, Catch::Contains("toy: 2 of 3 rows inside their tolerance, 1 more shown"));
}

TEST_CASE("every format says the same", "[cli]") {
  const test::Folder folder;
  const auto file = folder.write("toy.yaml", suite("1"));
  const auto j = json::parse(test::cli("validate --quiet --format json " + file).out);
  CHECK(j["schema"] == "eyrie.validation/1");
  CHECK(j["holds"] == false);
  const auto& s = j["suites"][0];
  CHECK(s["judged"] == 3);
  CHECK(s["inside"] == 1);
  REQUIRE(s["rows"].size() == 4);
  CHECK(std::to_string(s["rows"][0]["ours"].get<std::int64_t>()) == true_macs());
  CHECK(s["rows"][0]["inside"] == false);
  CHECK(s["rows"][1]["unit"] == "ms");
  CHECK(s["rows"][2]["judged"] == false);
  double parts = 0;
  for (const auto& e : s["rows"][1]["explanations"]) parts += e["value"].get<double>();
  CHECK(parts <= s["rows"][1]["ours"].get<double>() * 1.0001);
  CHECK(parts > 0.8 * s["rows"][1]["ours"].get<double>());
  CHECK(s["not_reproduced"][0]["what"] == "its price");

  const auto csv = test::cli("validate --quiet --format csv " + file).out;
  CHECK(std::ranges::count(csv, '\n') == 5);
  CHECK_THAT(csv, Catch::Contains("toy,it,macs,1," + true_macs() + ","));
  const auto page = test::cli("validate --quiet --format markdown " + file).out;
  CHECK_THAT(page, Catch::Contains("| it | both | active_pes | 100 |"));
}

TEST_CASE("--out writes the rows as JSON, CSV and Markdown", "[cli]") {
  const test::Folder folder;
  const auto file = folder.write("toy.yaml", suite("1"));
  const auto r = test::cli("validate --quiet --out " + folder.path() + "/out " + file);
  CHECK(r.code == 1);
  CHECK_THAT(r.out, Catch::StartsWith("toy: a toy\n"));
  for (const auto& [format, name] : {std::pair{"csv", "csv"}, std::pair{"markdown", "md"}})
    CHECK(test::read_file(folder.path() + "/out/validation." + name) ==
          test::cli("validate --quiet --format " + std::string(format) + " " + file).out);
  CHECK(json::parse(test::read_file(folder.path() + "/out/validation.json"))["suites"].size() == 1);
}

TEST_CASE("what is wrong in any suite is said before anything is measured", "[cli]") {
  const test::Folder folder;
  const auto good = folder.write("good.yaml", suite("1"));
  auto text = suite("1");
  text.replace(text.find("layer: conv2"), 12, "layer: conv3");
  const auto bad = folder.write("bad.yaml", text);
  const auto r = test::cli("validate " + good + " " + bad);
  CHECK(r.code == 2);
  CHECK(r.out.empty());
  CHECK_THAT(r.err, Catch::EndsWith("bad.yaml:8:97: error: the experiment has no layer conv3; did you mean conv1?\n"));
  CHECK(test::cli("check " + good).code == 0);
  CHECK(test::cli("check " + bad).err == r.err);
  const auto unknown = test::cli("validate eyeris_v1_alexnet");
  CHECK(unknown.code == 2);
  CHECK_THAT(unknown.err, Catch::Contains("there is no validation suite called eyeris_v1_alexnet; did you mean "
                                          "eyeriss_v1_alexnet?"));
}

TEST_CASE("the suite of docs/validation.md is right", "[cli]") {
  const auto page = test::read_file(test::source("docs/validation.md"));
  const auto from = page.find("```yaml\n") + 8;
  const test::Folder folder;
  const auto file = folder.write("my_chip.yaml", page.substr(from, page.find("```\n", from) - from));
  CHECK(test::cli("check " + file).out == file + ": right\n");
}

TEST_CASE("an experiment without figures fails its suite, and the others go on", "[cli]") {
  const test::Folder folder;
  // filters of five rows do not fit two rows of PEs, and the fallback is no other dataflow
  auto text = suite(true_macs());
  text.replace(text.find("architecture: eyeriss_v1"), 24,
               "architecture: eyeriss_v1, objective: energy, set: [architecture.fallback=row_stationary, "
               "architecture.array.rows=2]");
  const auto stuck = folder.write("stuck.yaml", text);
  const auto good = folder.write("toy2.yaml", suite(true_macs()));
  const auto r = test::cli("validate --quiet --format json " + stuck + " " + good);
  CHECK(r.code == 1);
  const auto j = json::parse(r.out);
  REQUIRE(j["suites"].size() == 2);
  const auto& failed =
      j["suites"][0]["holds"] == false && !j["suites"][0]["troubles"].empty() ? j["suites"][0] : j["suites"][1];
  CHECK_FALSE(failed["troubles"].empty());
  CHECK(failed["rows"][0]["ours"].is_null());
  CHECK_THAT(r.err, Catch::Contains("no figures: toy it: "));
}

TEST_CASE("a folder that cannot be written is said before anything is measured", "[cli]") {
  const test::Folder folder;
  const auto file = folder.write("toy.yaml", suite("1"));
  const auto r = test::cli("validate --out /proc/nowhere " + file);
  CHECK(r.code == 2);
  CHECK(r.out.empty());
  CHECK(r.err == "--out: error: nothing can be written into /proc/nowhere; name another folder\n");
}
