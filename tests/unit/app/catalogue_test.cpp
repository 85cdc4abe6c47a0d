#include "app/catalogue.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/support/support.hpp"

using namespace eyrie;

TEST_CASE("inputs are found in the current folder, then among those that ship", "[unit][app]") {
  const Catalogue catalogue{EYRIE_BINARY};
  const auto find = [&](const std::string& name) { return catalogue.find(Shelf::Inputs, name); };
  CHECK(std::filesystem::exists(find("digits/7.png")));
  CHECK(find("digits/7.png").ends_with("configs/inputs/digits/7.png"));
  CHECK(find("digits_256.npz").ends_with("configs/inputs/digits_256.npz"));
  CHECK(std::filesystem::is_directory(find("digits")));
  const test::Folder folder;
  const auto own = folder.write("digits_256.npz", "");
  CHECK(find(own) == own);
  CHECK(find(folder.path()) == folder.path());
  CHECK(test::errors_of([&] { find("digits_265.npz"); }) ==
        "error: there is no input called digits_265.npz; did you mean digits_256.npz? A path does, too");
}
