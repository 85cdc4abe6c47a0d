// The suites under configs/validation: published figures as data. Every row that is judged is inside its tolerance, but
// for one that is known.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;
using nlohmann::json;

namespace {

struct Known {
  const char* suite;
  std::size_t judged, rows;
};

/// A suite of one ISCA 2016 experiment and one check.
std::string suite(const std::string& check) {
  return "kind: validation\nname: s\ntitle: t\nsource: x\nexperiments:\n"
         "- {name: one, gauge: isca2016, workload: tiny, layers: [conv1]}\n"
         "- {name: sim, architecture: shidiannao, workload: tiny, layers: [conv1]}\n"
         "checks:\n- {source: x, confidence: assumed, tolerance: shown, " +
         check + "}\n";
}

}  // namespace

TEST_CASE("every judged row of a suite is inside its tolerance", "[paper][validation]") {
  // How many rows there are is part of the claim: a row that is only shown can't be outside.
  const auto known = GENERATE(values<Known>({{"isca2016", 280, 295},
                                             {"systolic", 113, 114},
                                             {"shidiannao", 41, 49},
                                             {"eyeriss_v2", 21, 27},
                                             {"eyeriss_v1_power", 6, 6},
                                             {"diannao", 48, 48}}));
  CAPTURE(known.suite);
  const auto ran = test::cli(std::string("validate ") + known.suite + " --quiet --format json");
  INFO(ran.err);
  CHECK(ran.code == 0);
  const auto s = json::parse(ran.out)["suites"][0];
  for (const auto& row : s["rows"])
    if (!row["inside"].get<bool>()) FAIL_CHECK(row.dump());
  CHECK(s["holds"] == true);
  CHECK(s["judged"] == known.judged);
  CHECK(s["inside"] == known.judged);
  CHECK(s["rows"].size() == known.rows);
}

// The chip's CONV5 pass is shorter than its MACs and adder slots together; see docs/eyeriss_v1.md.
TEST_CASE("of Eyeriss v1 on AlexNet all rows are inside but CONV5's total latency", "[paper][validation]") {
  const auto ran = test::cli("validate eyeriss_v1_alexnet --quiet --format json");
  CHECK(ran.code == 1);
  const auto s = json::parse(ran.out)["suites"][0];
  CHECK(s["judged"] == 44);
  CHECK(s["rows"].size() == 49);
  for (const auto& row : s["rows"])
    if (!row["inside"].get<bool>()) {
      CHECK(row["layer"] == "conv5");
      CHECK(row["column"] == "total_ms");
      CHECK(row["error"].get<double>() < 0.125);
    }
  CHECK(s["inside"] == 43);
}

TEST_CASE("rows of a check may name their own experiments", "[cli][validation]") {
  const test::Folder folder;
  const auto run = [&](const std::string& check) {
    return test::cli("validate " + folder.write("s.yaml", suite(check)) + " --quiet --format csv");
  };
  const auto ran = run("column: macs, rows: [{experiment: sim, layer: conv1, published: 1}]");
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Catch::Contains("s,sim,macs,"));
  const auto nobody = run("column: macs, rows: [{layer: conv1, published: 1}]");
  CHECK(nobody.code == 2);
  CHECK_THAT(nobody.err, Catch::Contains("neither the row nor its check has an experiment; write `experiment: NAME`"));
  const auto typo = run("column: macs, rows: [{experiment: simm, layer: conv1, published: 1}]");
  CHECK(typo.code == 2);
  CHECK_THAT(typo.err, Catch::Contains("there is no experiment called simm; did you mean sim?"));
  const auto column = run("column: macs, rows: [{experiment: one, layer: conv1, published: 1}]");
  CHECK(column.code == 2);
  CHECK_THAT(column.err, Catch::Contains("the ISCA 2016 model has no column macs"));
}

TEST_CASE("power by component and traffic in KiB are columns", "[cli][validation]") {
  const test::Folder folder;
  const auto run = [&](const std::string& column) {
    return test::cli(
        "validate " +
        folder.write("s.yaml", suite("experiment: sim, column: " + column + ", rows: [{layer: conv1, published: 1}]")) +
        " --quiet --format json");
  };
  const auto ours = [&](const std::string& column) {
    const auto ran = run(column);
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    return json::parse(ran.out)["suites"][0]["rows"][0]["ours"].get<double>();
  };
  CHECK(ours("kib.dram.weight.read") * 1024 == Approx(ours("bytes.dram.weight.read")));
  double sum = 0;
  for (const std::string component : {"mac", "nbin", "nbout", "sb", "nfu"}) sum += ours("power_mw." + component);
  CHECK(sum == Approx(ours("on_chip_mw")));     // the table prices nothing else of this machine
  CHECK(ours("power_mw.nfu") == Approx(2.38));  // static: 2.38 pJ a cycle at 1 GHz
  CHECK(ours("macs_per_cycle") == Approx(ours("macs") / ours("cycles")));
  CHECK_THAT(run("power_mw.nbon").err, Catch::Contains("simulations have no column power_mw.nbon"));
}

TEST_CASE("speed and energy over another experiment's are columns", "[cli][validation]") {
  const test::Folder folder;
  const auto run = [&](const std::string& experiment, const std::string& column, const std::string& keys = "") {
    return test::cli("validate " +
                     folder.write("s.yaml",
                                  "kind: validation\nname: s\ntitle: t\nsource: x\nexperiments:\n"
                                  "- {name: a, architecture: eyeriss_v1, workload: tiny, layers: [conv1, conv2]}\n"
                                  "- {name: b, architecture: shidiannao, workload: tiny, layers: [conv1]" +
                                      keys +
                                      "}\n- {name: c, gauge: isca2016, workload: tiny}\nchecks:\n- {experiment: " +
                                      experiment + ", column: " + column +
                                      ", source: x, confidence: assumed, tolerance: shown, "
                                      "rows: [{layer: conv1, published: 1}]}\n") +
                     " --quiet --format json");
  };
  const auto ours = [&](const std::string& experiment, const std::string& column, const std::string& keys = "") {
    const auto ran = run(experiment, column, keys);
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    return json::parse(ran.out)["suites"][0]["rows"][0]["ours"].get<double>();
  };
  const std::string over_a = ", relative_to: a";
  CHECK(ours("b", "speedup", over_a) == Approx(ours("a", "total_ms") / ours("b", "total_ms")));
  CHECK(ours("b", "energy_gain", over_a) == Approx(ours("a", "on_chip_uj") / ours("b", "on_chip_uj")));
  const auto wrong = [&](const std::string& keys) {
    const auto ran = run("b", "speedup", keys);
    CHECK(ran.code == 2);
    return ran.err;
  };
  CHECK_THAT(wrong(""), Catch::Contains("speedup needs another experiment to compare with; write `relative_to: "));
  CHECK_THAT(wrong(", relative_to: b"), Catch::Contains("b is itself relative to b; choose"));
  CHECK_THAT(wrong(", relative_to: c"), Catch::Contains("b has gauge simulate, and c has isca2016; choose"));
  CHECK_THAT(wrong(", gauge: closed_form, relative_to: a"),
             Catch::Contains("gauge closed_form has no column that compares experiments"));
}
