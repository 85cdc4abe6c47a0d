#include "interchange/flatbuffer.hpp"

#include <catch2/catch.hpp>

#include "tests/support/support.hpp"
#include "tests/support/tflite_builder.hpp"

using namespace eyrie;
using namespace eyrie::test;

namespace {

const Place kWhere{"a.bin", 0, 0};

std::string broken_by(FileBytes bytes, std::size_t at, std::uint32_t value) {
  std::memcpy(bytes.data() + at, &value, 4);
  const FlatBytes flat{bytes, kWhere};
  return errors_of([&] {
    const auto root = FlatTable::root(flat, "TEST");
    static_cast<void>(root.number<std::int32_t>(0, 0));
    static_cast<void>(root.numbers<std::int64_t>(1));
    static_cast<void>(root.text(2));
    const auto tables = root.tables(3);
    for (std::size_t i = 0; i < tables.size(); ++i) static_cast<void>(tables[i].number<std::int8_t>(0, 0));
  });
}

FileBytes sample() {
  FlatNode node;
  node.number(0, std::int32_t{-7}).numbers(1, std::vector<std::int64_t>{1, -2, 3}).text(2, "word");
  node.tables(3, {FlatNode{}.number(0, std::int8_t{5}), FlatNode{}});
  return node.file("TEST");
}

}  // namespace

TEST_CASE("fields of a FlatBuffer are found, absent ones have their default", "[interchange][unit]") {
  const auto bytes = sample();
  const FlatBytes flat{bytes, kWhere};
  const auto root = FlatTable::root(flat, "TEST");
  CHECK(root.number<std::int32_t>(0, 1) == -7);
  CHECK(root.number<std::int32_t>(9, 1) == 1);
  const auto numbers = root.numbers<std::int64_t>(1);
  REQUIRE(numbers.size() == 3);
  CHECK(numbers[1] == -2);
  CHECK(root.text(2) == "word");
  CHECK(root.text(8).empty());
  CHECK_FALSE(root.table(7).has_value());
  const auto tables = root.tables(3);
  REQUIRE(tables.size() == 2);
  CHECK(tables[0].number<std::int8_t>(0, 0) == 5);
  CHECK(tables[1].number<std::int8_t>(0, 4) == 4);
  CHECK(root.tables(6).size() == 0);
}

TEST_CASE("a file without its identifier is named as such", "[interchange][unit]") {
  const auto bytes = sample();
  const FlatBytes flat{bytes, kWhere}, none{std::span<const std::byte>{}, kWhere};
  const std::string wanted =
      "a.bin: error: the file has no TFL3 behind its first four bytes; give a TensorFlow Lite model (.tflite)";
  CHECK(errors_of([&] { FlatTable::root(flat, "TFL3"); }) == wanted);
  CHECK(errors_of([&] { FlatTable::root(none, "TFL3"); }) == wanted);
}

TEST_CASE("whatever four bytes of a FlatBuffer say, nothing outside of it is read", "[interchange][unit]") {
  const auto bytes = sample();
  int refused = 0;
  for (std::size_t at = 0; at + 4 <= bytes.size(); ++at)
    for (const auto value : {0U, 1U, 4U, 0x7fffffffU, 0x80000000U, 0xffffffffU, 0xfffffff0U}) {
      const auto error = broken_by(bytes, at, value);
      if (error.empty()) continue;
      ++refused;
      CHECK(error.starts_with("a.bin: error: the file "));
    }
  CHECK(refused > 200);
  CHECK(broken_by(bytes, 0, 0xffffffff) ==
        "a.bin: error: the file is broken: an offset points behind its end; get it again, or export it again");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    FileBytes part(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    part.resize(std::max<std::size_t>(size, 4));
    static_cast<void>(broken_by(part, 0, 0));
  }
}
