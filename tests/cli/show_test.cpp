// `eyrie show dataflow` and `eyrie show program`, from the command line.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

/// The text of the n-th fenced block of a page.
std::string block(const std::string& page, int n) {
  std::size_t at = 0;
  for (int k = 0; k < 2 * n; ++k) at = page.find("```", at) + 3;
  const auto from = page.find('\n', page.find("```", at)) + 1;
  return page.substr(from, page.find("```", from) - from);
}

}  // namespace

TEST_CASE("the example of docs/dataflows.md is what the program says", "[cli]") {
  const auto page = test::read_file(test::source("docs/dataflows.md"));
  const test::Folder folder;
  const auto path = folder.write("channels_meet.yaml", block(page, 1));
  CHECK(test::cli("check " + path).code == 0);
  const auto shown = test::cli("show dataflow " + path);
  CHECK(shown.code == 0);
  CHECK(shown.out.substr(0, shown.out.find("\na mapping that")) == block(page, 2));
  const auto map = test::cli("explain --arch eyeriss_v1 --layer tiny:conv1 --quiet --dataflow " + path);
  CHECK(map.code == 0);
  CHECK_THAT(map.out, Catch::Contains(block(page, 3)));
}

TEST_CASE("docs/dataflows.md names every dataflow that ships", "[cli]") {
  const auto page = test::read_file(test::source("docs/dataflows.md"));
  std::istringstream names{test::cli("list dataflows").out};
  int all = 0;
  for (std::string name; std::getline(names, name); ++all) {
    CHECK_THAT(page, Catch::Contains("| `" + name + "` |"));
    const auto shown = test::cli("show dataflow " + name);
    CHECK(shown.code == 0);
    CHECK_THAT(shown.out, Catch::StartsWith(name + ": "));
    CHECK_THAT(shown.out, Catch::Contains("--dataflow " + name + "\n"));
  }
  CHECK(all == 9);
}

TEST_CASE("a program is printed as a table, as rows and as objects, all or in part", "[cli]") {
  const test::Folder folder;
  auto machine = test::read_file(test::source("configs/architectures/eyeriss_v1.yaml"));
  machine.replace(machine.find("  rows: 12"), 10, "  control: lockstep\n  rows: 12");
  const std::string ahead = ", ahead: true";
  machine.erase(machine.find(ahead), ahead.size());
  const auto path = folder.write("m.yaml", machine);
  const std::string ask = "show program --quiet --batch 4 --layer alexnet:conv5 --arch " + path;
  const auto j = nlohmann::json::parse(test::cli(ask + " --format json --limit 3").out);
  CHECK(j["schema"] == "eyrie.program/1");
  CHECK(j["instructions"].size() == 3);
  const auto passes = j["passes"].get<std::int64_t>();
  CHECK(passes > 3);
  CHECK(j["instructions"][0]["input"]["read_op"] == "LOAD");
  const auto csv = test::cli(ask + " --format csv").out;
  CHECK(std::count(csv.begin(), csv.end(), '\n') == passes + 1);
  CHECK_THAT(test::cli(ask + " --limit 3").out, Catch::Contains(" instructions, one a pass; the first 3\n"));
}

TEST_CASE("show says what it needs", "[cli]") {
  for (const auto& [arguments, says] : {std::pair<std::string, std::string>{"show", "kind is required"},
                                        {"show dataflow", "name is required"},
                                        {"show dataflow row_stationery", "did you mean row_stationary?"},
                                        {"show program --arch eyeriss_v1", "--layer is required"},
                                        {"show program --arch eyeriss_v1 --layer tiny:conv1 --quiet",
                                         "the PEs of eyeriss_v1 go on by themselves; no program controls them"}}) {
    const auto result = test::cli(arguments);
    CAPTURE(arguments);
    CHECK(result.code == 2);
    CHECK(result.out.empty());
    CHECK_THAT(result.err, Catch::Contains(says));
  }
}
