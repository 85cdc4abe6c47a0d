// docs/adding_a_machine.md, followed to the letter: its files are written, its commands run, its outputs compared.

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

/// A fenced block of a page.
struct Block {
  std::string language;  ///< after the opening fence
  std::string text;
  int line = 0;  ///< of the opening fence, from 1
};

std::vector<Block> blocks_of(const std::string& page) {
  std::vector<Block> all;
  bool inside = false;
  int number = 0;
  std::istringstream lines{page};
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.starts_with("```")) {
      inside = !inside;
      if (inside) all.push_back({line.substr(3), "", number});
    } else if (inside) {
      all.back().text += line + "\n";
    }
  }
  return all;
}

/// The name in a first line `# file: NAME`, or empty.
std::string file_name(const Block& b) {
  const std::string mark = "# file: ";
  if (!b.text.starts_with(mark)) return {};
  return b.text.substr(mark.size(), b.text.find('\n') - mark.size());
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

/// The same lines; a line `...` of the page stands for any number of them.
bool same(const std::vector<std::string>& page, std::size_t i, const std::vector<std::string>& said, std::size_t j) {
  for (; i < page.size(); ++i, ++j) {
    if (page[i] == "...") {
      for (std::size_t k = j; k <= said.size(); ++k)
        if (same(page, i + 1, said, k)) return true;
      return false;
    }
    if (j == said.size() || page[i] != said[j]) return false;
  }
  return j == said.size();
}

/// Runs a block of shell lines in a folder, the built program being `eyrie`; what it prints, errors included.
test::CliResult shell(const std::string& commands, const test::Folder& folder, const test::Folder& aside) {
  const auto script = aside.write("commands.sh", commands);
  const auto said = aside.path() + "/said.txt";
  const auto program = std::filesystem::path(EYRIE_BINARY).parent_path().string();
  const auto line =
      "cd " + folder.path() + " && PATH=" + program + ":$PATH sh -e " + script + " >" + said + " 2>&1 </dev/null";
  const int status = std::system(line.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, test::read_file(said), ""};
}

}  // namespace

TEST_CASE("a line of dots stands for any lines, and everything else for itself", "[cli]") {
  const auto eq = [](const char* page, const char* said) { return same(lines_of(page), 0, lines_of(said), 0); };
  CHECK(eq("a\nb\n", "a\nb\n"));
  CHECK_FALSE(eq("a\nb\n", "a\n"));
  CHECK_FALSE(eq("a\n", "a\nb\n"));
  CHECK(eq("...\nb\n", "a\na\nb\n"));
  CHECK(eq("a\n...\n", "a\n"));
  CHECK_FALSE(eq("a\n...\nc\n", "a\nb\n"));
  CHECK(eq("a\n...\nb\n", "a\nb\nb\n"));
}

TEST_CASE("docs/adding_a_machine.md does what it says, word for word", "[cli]") {
  const auto blocks = blocks_of(test::read_file(test::source("docs/adding_a_machine.md")));
  const test::Folder folder, aside;
  int files = 0, commands = 0, outputs = 0;
  std::string said;
  for (const auto& b : blocks) {
    CAPTURE(b.line, b.language);
    if (b.language == "yaml") {
      REQUIRE_FALSE(file_name(b).empty());
      folder.write(file_name(b), b.text);
      ++files;
    } else if (b.language == "sh") {
      const auto result = shell(b.text, folder, aside);
      CAPTURE(b.text, result.out);
      REQUIRE(result.code == 0);
      said = result.out;
      ++commands;
    } else {
      REQUIRE(b.language == "text");
      CAPTURE(b.text, said);
      CHECK(same(lines_of(b.text), 0, lines_of(said), 0));
      ++outputs;
    }
  }
  CHECK(files >= 6);
  CHECK(commands >= 10);
  CHECK(outputs == commands);

  int results = 0, layers = 0;
  for (const auto& e : std::filesystem::recursive_directory_iterator(folder.path())) {
    if (e.path().filename() != "result.json") continue;
    ++results;
    const auto result = nlohmann::json::parse(test::read_file(e.path().string()));
    for (const auto& l : result["layers"]) {
      CAPTURE(e.path().string(), l["name"].get<std::string>());
      CHECK(l["place"] == "machine");
      CHECK(l["functional"]["checked"] == true);
      CHECK(l["functional"]["mismatches"] == 0);
      CHECK(l["analytic"]["counts_equal"] == true);
      ++layers;
    }
  }
  CHECK(results == 3);
  CHECK(layers == 9);
}

TEST_CASE("what a machine's file names may lie beside it", "[cli]") {
  const test::Folder folder;
  std::filesystem::create_directories(folder.path() + "/machines/prices");
  auto machine = test::read_file(test::source("configs/architectures/eyeriss_v1.yaml"));
  const auto change = [&](const std::string& from, const std::string& to) {
    machine.replace(machine.find(from), from.size(), to);
  };
  change("energy_table: eyeriss_v1_65nm", "energy_table: prices/mine.yaml");
  change("dataflow: row_stationary", "dataflow: flow.yaml");
  const auto path = folder.write("machines/m.yaml", machine);
  const auto missing = test::cli("check " + path);
  CHECK(missing.code == 2);
  CHECK_THAT(missing.err, Catch::Contains(path + ":8:15: error: there is no file prices/mine.yaml; a path counts") &&
                              Catch::Contains(path + ":9:11: error: there is no file flow.yaml; a path counts"));

  folder.write("machines/prices/mine.yaml", test::read_file(test::source("configs/technologies/eyeriss_v1_65nm.yaml")));
  folder.write("machines/flow.yaml", test::read_file(test::source("configs/dataflows/row_stationary.yaml")));
  CHECK(test::cli("check " + path).code == 0);
  const auto run = test::cli("run --quiet --format csv --workload tiny --layers conv2 --arch " + path);
  CHECK(run.code == 0);
  CHECK(run.out == test::cli("run --quiet --format csv --workload tiny --layers conv2 --arch eyeriss_v1").out);

  const auto experiment =
      folder.write("machines/e.yaml", "kind: experiment\narchitecture: m.yaml\nworkload: tiny\nlayers: [conv2]\n");
  CHECK(test::cli("check " + experiment).code == 0);
  CHECK(test::cli("run --quiet --format csv " + experiment).out == run.out);

  folder.write("machines/flow.yaml", "kind: dataflow\nname: f\nx: [W]\n");
  const auto wrong = test::cli("check " + path);
  CHECK(wrong.code == 2);
  CHECK_THAT(wrong.err, Catch::Contains("/machines/flow.yaml:3:5: error: "));
}
