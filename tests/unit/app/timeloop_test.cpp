#include "app/timeloop.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "dataflows/traffic.hpp"
#include "interchange/timeloop_mapping.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

/// The n-th YAML example of docs/timeloop.md.
std::string example(int n) {
  const auto text = test::read_file(test::source("docs/timeloop.md"));
  std::size_t at = 0;
  for (int i = 0; i <= n; ++i) at = text.find("```yaml\n", at) + 8;
  return text.substr(at, text.find("```\n", at) - at);
}

TimeloopFiles documented(const test::Folder& folder) {
  return {.problem = folder.write("p.yaml", example(0)),
          .architecture = folder.write("a.yaml", example(1)),
          .mapping = folder.write("m.yaml", example(2))};
}

/// A run of one layer.
std::pair<PreparedExperiment, ExperimentResult> run_of(const Experiment& e) {
  const Catalogue catalogue{EYRIE_BINARY};
  auto prepared = prepare(e, {}, catalogue);
  map_layers(prepared, {.quiet = true}, [] { return false; });
  const auto answer = run(prepared, {.jobs = 1, .quiet = true}, [] { return false; });
  auto result = assemble(prepared.architecture, prepared.network, prepared.table, {}, answer.outcomes, {});
  return {std::move(prepared), std::move(result)};
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

}  // namespace

TEST_CASE("an imported problem, machine and mapping are simulated as they are", "[unit][app]") {
  const test::Folder folder;
  const auto out = folder.path() + "/out";
  const auto done = import_timeloop_files(documented(folder), out);
  CHECK(done.written == std::vector<std::string>{out + "/CNN_Layer.workload.yaml", out + "/system.architecture.yaml",
                                                 out + "/CNN_Layer.mappings.yaml"});
  CHECK(done.notes.size() == 5);
  CHECK(done.command == "eyrie simulate --arch " + done.written[1] + " --layer '" + done.written[0] +
                            ":CNN_Layer' --mapping " + done.written[2] + " --batch 1");
  const auto ran = test::cli(done.command.substr(6) + " --quiet");
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(ran.out.find("functional: 0 of the ofmap words differ from the reference") != std::string::npos);
}

TEST_CASE("without a mapping an imported layer is mapped by the program", "[unit][app]") {
  const test::Folder folder;
  auto files = documented(folder);
  files.mapping.clear();
  files.problem = folder.write("p.yaml", replaced(replaced(example(0), "CNN_Layer", "\"my layer\""), "N: 1", "N: 2"));
  const auto done = import_timeloop_files(files, folder.path());
  CHECK(done.written.front() == folder.path() + "/my_layer.workload.yaml");
  CHECK(done.command.find(":my layer' --batch 2") != std::string::npos);
  const auto ran = test::cli(done.command.substr(6) + " --quiet");
  INFO(ran.err);
  CHECK(ran.code == 0);
}

TEST_CASE("an import with something wrong writes nothing", "[unit][app][bad_input]") {
  const test::Folder folder;
  const auto out = folder.path() + "/out";
  auto files = documented(folder);
  files.architecture = folder.write("a.yaml", replaced(example(1), "depth: 192", "depth: 3"));
  CHECK(test::errors_of([&] {
          import_timeloop_files(files, out);
        }).find("4 words of weight do not fit weights_spad of 3 words") != std::string::npos);
  files.architecture.clear();
  CHECK(test::errors_of([&] { import_timeloop_files(files, out); }) ==
        files.mapping +
            ": error: a mapping is read for a machine, and no architecture is given; give the architecture that it is "
            "for");
  CHECK_FALSE(std::filesystem::exists(out));
}

TEST_CASE("an exported layer is read back as the same layer with the same traffic", "[unit][app]") {
  const test::Folder folder;
  const auto imported = import_timeloop_files(documented(folder), folder.path());
  const auto [prepared, result] =
      run_of({.architecture = imported.written[1], .workload = imported.written[0], .mappings = imported.written[2]});
  const auto done = export_timeloop_files(prepared, result, folder.path() + "/back");
  CHECK(done.left_out.empty());
  const auto path = folder.path() + "/back/CNN_Layer";
  REQUIRE(done.written ==
          std::vector<std::string>{path + ".problem.yaml", path + ".mapping.yaml", path + ".stats.txt"});
  const auto problem = read_timeloop_problem(YamlDocument::from_file(done.written[0]));
  CHECK(problem.nest == prepared.layers[0].nest);
  const auto mapped = read_timeloop_mapping(YamlDocument::from_file(done.written[1]), problem.nest,
                                            prepared.architecture, {.axes = problem.axes});
  CHECK(traffic(mapped.mapping, problem.nest, prepared.architecture) ==
        traffic(prepared.layers[0].mapping, problem.nest, prepared.architecture));
  const auto stats = test::read_file(done.written[2]);
  CHECK(stats.find("Cycles: " + std::to_string(result.layers[0].figures.cycles.count()) + "\n") != std::string::npos);
  CHECK(stats.find("Computes = " + std::to_string(problem.nest.macs().count()) + "\n") != std::string::npos);
}

TEST_CASE("what Timeloop has no words for is left out with its reason", "[unit][app]") {
  const test::Folder folder;
  Experiment e;
  e.architecture = "eyeriss_v1";
  e.workload = "lenet5";
  e.layers = {"c3", "s4"};
  e.mappings = folder.write("m.yaml",
                            "kind: mappings\narchitecture: eyeriss_v1\nworkload: lenet5\nlayers:\n"
                            "- {layer: c3, row_stationary: {m: 16, n: 1, e: 10, p: 16, q: 2, r: 1, t: 1}}\n");
  const auto [prepared, result] = run_of(e);
  const auto done = export_timeloop_files(prepared, result, folder.path());
  std::string left_out;
  for (const auto& d : done.left_out) left_out += to_string(d) + "\n";
  CHECK(
      left_out ==
      "c3: error: glb keeps output outside of the loop over C and input inside of it; Timeloop keeps all tensors of a "
      "memory at one place: put these keeps next to each other\n"
      "c3: error: glb keeps output outside of the loop over C and weight inside of it; Timeloop keeps all tensors of a "
      "memory at one place: put these keeps next to each other\n"
      "c3: error: ifmap_spad is kept inside of filter_spad, and eyeriss_v1 lists it before; Timeloop nests memories in "
      "the order of the machine: list them as the mapping nests them\n"
      "s4: error: a pooling layer has no Timeloop problem; give a conv or fully_connected layer\n");
  CHECK(done.written == std::vector<std::string>{folder.path() + "/c3.problem.yaml", folder.path() + "/c3.stats.txt",
                                                 folder.path() + "/s4.stats.txt"});
}
