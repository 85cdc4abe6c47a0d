// `eyrie show dataflow`, from the command line.

#include <catch2/catch.hpp>

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
  CHECK(all == 8);
}

TEST_CASE("show says what it needs", "[cli]") {
  for (const auto& [arguments, says] : {std::pair<std::string, std::string>{"show", "kind is required"},
                                        {"show dataflow", "name is required"},
                                        {"show dataflow row_stationery", "did you mean row_stationary?"}}) {
    const auto result = test::cli(arguments);
    CAPTURE(arguments);
    CHECK(result.code == 2);
    CHECK(result.out.empty());
    CHECK_THAT(result.err, Catch::Contains(says));
  }
}
