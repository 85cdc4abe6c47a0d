// `eyrie calibrate`, from the command line.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>

#include "energy/energy_table.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

const std::string kFile = "configs/calibrations/eyeriss_v1.yaml", kTable = "configs/technologies/eyeriss_v1_65nm.yaml";

/// The shipped calibration with one text replaced by another.
std::string changed(const std::string& from, const std::string& to) {
  auto text = test::read_file(test::source(kFile));
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

EnergyTable table_at(const std::string& path) { return read_energy_table(YamlDocument::from_file(path)); }

}  // namespace

TEST_CASE("the shipped calibration gives the shipped energy table", "[cli]") {
  const test::Folder folder;
  const auto out = folder.path() + "/new/table.yaml";
  const auto result = test::cli("calibrate eyeriss_v1 --jobs 2 --out " + out);
  CHECK(result.code == 0);
  CHECK_THAT(result.err, Catch::Contains("written: " + out));
  const auto ours = table_at(out), shipped = table_at(test::source(kTable));
  CHECK(ours.name == shipped.name);
  REQUIRE(ours.prices.size() == shipped.prices.size());
  for (std::size_t i = 0; i < ours.prices.size(); ++i) {
    const auto &p = ours.prices[i], &q = shipped.prices[i];
    CAPTURE(p.component, name_of(p.action));
    CHECK(p.component == q.component);
    CHECK(p.action == q.action);
    CHECK(p.per == q.per);
    CHECK(p.energy.count() == Approx(q.energy.count()).epsilon(1e-6));
    CHECK(p.source == q.source);
    CHECK(p.note == q.note);
  }
  CHECK(test::cli("check " + out).code == 0);
}

TEST_CASE("docs/calibration.md shows what the command prints", "[cli]") {
  const auto page = test::read_file(test::source("docs/calibration.md"));
  const auto printed = test::cli("calibrate eyeriss_v1 --quiet --jobs 2");
  CHECK(printed.code == 0);
  CHECK_THAT(page, Catch::Contains("```\n" + printed.out + "```"));
}

TEST_CASE("a calibration as JSON", "[cli]") {
  const auto result = test::cli("calibrate eyeriss_v1 --quiet --jobs 2 --format json");
  CHECK(result.code == 0);
  const auto j = nlohmann::json::parse(result.out);
  CHECK(j["schema"] == "eyrie.calibration/1");
  CHECK(j["ok"] == true);
  CHECK(j["fit"]["converged"] == true);
  CHECK(j["terms"].size() == 13);
  for (const auto& p : j["powers"]) {
    double sum = j["rest_mw"][p["layer"]];
    for (const auto& t : j["terms"]) sum += t["power_mw"][p["layer"]].get<double>();
    CHECK(p["ours_mw"].get<double>() == Approx(sum));
  }
}

TEST_CASE("what is held out too far off, or a fit that cannot be, is exit code 1 and no file", "[cli]") {
  const test::Folder folder;
  const auto run = [&](const std::string& text) {
    return test::cli("calibrate " + folder.write("c.yaml", text) + " --jobs 2 --out " + folder.path() + "/t.yaml");
  };
  const auto tight = run(changed("layer_percent: 10", "layer_percent: 1"));
  CHECK(tight.code == 1);
  CHECK_THAT(tight.out, Catch::Contains("held out, NOT WITHIN 1 %"));
  CHECK_THAT(tight.err, Catch::Contains("not written: "));
  auto far = changed("layer: conv1, power: 332 mW", "layer: conv1, power: 332 W");
  const auto never = run(far);
  CHECK(never.code == 1);
  CHECK_FALSE(std::filesystem::exists(folder.path() + "/t.yaml"));
}

TEST_CASE("what is wrong in a calibration and in what it names is said at its place", "[cli][bad_input]") {
  const test::Folder folder;
  const auto errors = [&](const std::string& command, const std::string& text) {
    const auto result = test::cli(command + " " + folder.write("c.yaml", text));
    CHECK(result.code == 2);
    CHECK(result.out.empty());
    return result.err;
  };
  for (const char* command : {"calibrate", "check"}) {
    CAPTURE(command);
    auto text = changed("layer: conv4, power", "layer: conv9, power");
    text.replace(text.find("component: filter_spad"), 22, "component: filtr_spad ");
    text.replace(text.find("base: eyeriss_65nm"), 18, "base: eyeris_65nm ");
    const auto all = errors(command, text);
    CHECK_THAT(
        all, Catch::Contains(
                 "/c.yaml:21:3: error: alexnet_on_eyeriss_v1 runs no layer conv9 on its machine; did you mean conv1?"));
    CHECK_THAT(all, Catch::Contains("error: eyeriss_v1 has no component filtr_spad; did you mean filter_spad?"));
    CHECK_THAT(all, Catch::Contains("/c.yaml:11:7: error: there is no technologies called eyeris_65nm"));
    CHECK_THAT(errors(command, changed("experiment: alexnet_on", "experiment: alexnt_on")),
               Catch::Contains("/c.yaml:10:13: error: there is no experiment called alexnt_on_eyeriss_v1"));
    CHECK_THAT(errors(command, changed("factor: 1.5", "factor: 0.5")),
               Catch::Contains("factor is 0.5; it must be more than 1"));
  }
  CHECK_THAT(test::cli("calibrate nothing").err, Catch::Contains("there is no calibration called nothing"));
  CHECK_THAT(test::cli("calibrate").err, Catch::Contains("calibration is required"));
  CHECK_THAT(test::cli("calibrate eyeriss_v1 --format csv").err, Catch::Contains("--format"));
}

TEST_CASE("an experiment and a table may lie beside the calibration", "[cli]") {
  const test::Folder folder;
  folder.write("mine.yaml", test::read_file(test::source("configs/experiments/alexnet_on_eyeriss_v1.yaml")));
  folder.write("base.yaml", test::read_file(test::source("configs/technologies/eyeriss_65nm.yaml")));
  auto text = changed("experiment: alexnet_on_eyeriss_v1", "experiment: mine.yaml");
  text.replace(text.find("base: eyeriss_65nm"), 18, "base: base.yaml");
  const auto path = folder.write("c.yaml", text);
  CHECK(test::cli("check " + path).code == 0);

  folder.write("mine.yaml", "kind: experiment\narchitecture: eyeriss_v1\nworkload: alexnet\nlayers: [conv1, conv2]\n");
  const auto fewer = test::cli("check " + path);
  CHECK(fewer.code == 2);
  for (const char* layer : {"conv3", "conv4", "conv5"})
    CHECK_THAT(fewer.err, Catch::Contains(std::string("mine.yaml runs no layer ") + layer + " on its machine"));
}

TEST_CASE("calibrations are a kind like any other", "[cli]") {
  CHECK(test::cli("list calibrations").out == "eyeriss_v1\n");
  CHECK(test::cli("show calibrations eyeriss_v1").code == 0);
  const auto schema = nlohmann::json::parse(test::cli("show calibrations schema").out);
  CHECK(schema["properties"].contains("terms"));
  const test::Folder folder;
  const auto shown = folder.write("again.yaml", test::cli("show calibrations eyeriss_v1").out);
  CHECK(test::cli("check " + shown).code == 0);
}
