#include <catch2/catch.hpp>

#include "interchange/npy.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

using namespace std::string_literals;

/// An .npy file of version 1 with this dictionary.
std::string npy(const std::string& dictionary, const std::string& data) {
  return "\x93NUMPY\x01\x00"s + static_cast<char>(dictionary.size()) + '\x00' + dictionary + data;
}

std::string wrong(const std::string& bytes) {
  return test::errors_of([&] { read_npy(bytes, "a.npy"); });
}

const std::string kPlain = "{'descr': '|i1', 'fortran_order': False, 'shape': (2, 3), }\n";

}  // namespace

TEST_CASE("an array is read as NumPy writes it", "[unit][interchange]") {
  const auto a = read_npy(npy(kPlain, "\x01\x02\x03\xff\xfe\x80"), "a.npy");
  CHECK(a.shape == std::vector<std::int64_t>{2, 3});
  CHECK(a.type() == "i1");
  CHECK_FALSE(a.real());
  CHECK(std::get<std::vector<std::int8_t>>(a.numbers) == std::vector<std::int8_t>{1, 2, 3, -1, -2, -128});
  const auto one =
      read_npy(npy("{\"shape\":(1,),\"descr\":\"<f8\",\"fortran_order\":False}", "\0\0\0\0\0\0\xf8\xbf"s), "a.npy");
  CHECK(std::get<std::vector<double>>(one.numbers) == std::vector{-1.5});
  const auto lone = read_npy(npy("{'descr': '<u2', 'fortran_order': False, 'shape': (), }", "\x01\x02"), "a.npy");
  CHECK(lone.shape.empty());
  CHECK(std::get<std::vector<std::uint16_t>>(lone.numbers) == std::vector<std::uint16_t>{0x201});
}

TEST_CASE("arrays of versions 2 and 3 have longer headers", "[unit][interchange]") {
  for (const char version : {'\x02', '\x03'}) {
    const auto text =
        "\x93NUMPY"s + version + '\x00' + static_cast<char>(kPlain.size()) + "\x00\x00\x00"s + kPlain + "abcdef";
    CHECK(read_npy(text, "a.npy").shape == std::vector<std::int64_t>{2, 3});
  }
  CHECK(wrong("\x93NUMPY\x04\x00\x00\x00"s) == "a.npy: error: its format is version 4; known are 1 to 3");
}

TEST_CASE("Fortran's order becomes row-major", "[unit][interchange]") {
  // numbers 100 i + 10 j + k of shape (2, 3, 2), i running fastest
  std::string data;
  for (int k = 0; k < 2; ++k)
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 2; ++i) data += static_cast<char>(100 * i + 10 * j + k);
  const auto a = read_npy(npy("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 2), }", data), "a.npy");
  CHECK(std::get<std::vector<std::uint8_t>>(a.numbers) ==
        std::vector<std::uint8_t>{0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121});
}

TEST_CASE("every kind of numbers comes back as it was written", "[unit][interchange]") {
  const std::vector<std::int64_t> two{2};
  const auto array = GENERATE_COPY(values<NumpyArray>({
      {two, std::vector<float>{1e-45F, -3.25F}},
      {two, std::vector<double>{0.1, -1e308}},
      {two, std::vector<std::int8_t>{-128, 127}},
      {two, std::vector<std::uint8_t>{0, 255}},
      {two, std::vector<std::int16_t>{-32768, 32767}},
      {two, std::vector<std::uint16_t>{0, 65535}},
      {two, std::vector<std::int32_t>{-2147483647 - 1, 2147483647}},
      {two, std::vector<std::int64_t>{-9223372036854775807 - 1, 9223372036854775807}},
      {{}, std::vector<float>{7}},
      {{0, 4}, std::vector<std::int16_t>{}},
      {{1, 2, 1, 3}, std::vector<std::int8_t>{1, 2, 3, 4, 5, 6}},
  }));
  const auto bytes = npy_bytes(array);
  CHECK(read_npy(bytes, "a.npy") == array);
  const auto header = static_cast<std::size_t>(bytes[8]) + 10;
  CHECK(header % 64 == 0);  // where NumPy has its numbers begin
  CHECK(bytes[header - 1] == '\n');
}

TEST_CASE("a file that its header does not bear out is refused before anything is made of it", "[unit][interchange]") {
  CHECK(wrong(npy(kPlain, "12345")) ==
        "a.npy: error: its shape is 2 x 3, which takes more than the 5 bytes that are there; it may be cut off");
  CHECK(wrong(npy(kPlain, "1234567")) == "a.npy: error: 1 bytes stand behind its numbers; write it with numpy.save");
  const auto shaped = [](const std::string& shape) {
    return npy("{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }", "12345678");
  };
  CHECK(wrong(shaped("(9223372036854775807, 9223372036854775807)")) ==
        "a.npy: error: its shape is 9223372036854775807 x 9223372036854775807, which takes more than the 8 bytes that "
        "are there; it may be cut off");
  CHECK(wrong(shaped("(4611686018427387904, 1)")) ==
        "a.npy: error: its shape is 4611686018427387904 x 1, which takes more than the 8 bytes that are there; it may "
        "be cut off");
  CHECK(wrong(shaped("(-1,)")) == "a.npy: error: its shape has the entry \"-1\"; write it with numpy.save");
  CHECK(wrong(shaped("(1 1)")) == "a.npy: error: its shape is no tuple; write it with numpy.save");
}

TEST_CASE("what no number can be read from is refused by name", "[unit][interchange]") {
  const auto typed = [](const std::string& descr) {
    return npy("{'descr': " + descr + ", 'fortran_order': False, 'shape': (1,), }", "12345678");
  };
  CHECK(wrong(typed("'|O'")) == "a.npy: error: it holds Python objects; save an array of numbers");
  CHECK(wrong(typed("'>f4'")) == "a.npy: error: its numbers are big-endian (>f4); save them as little-endian");
  CHECK(wrong(typed("'<c8'")) ==
        "a.npy: error: its numbers are of another kind (<c8); known are f4 f8 i1 u1 i2 u2 i4 i8");
  CHECK(wrong(typed("[('a', '<f4')]")) ==
        "a.npy: error: its entries are records of several fields; save one array a field");
  CHECK(wrong("PK\x03\x04") == "a.npy: error: this is no NumPy array; give one that begins with \\x93NUMPY");
}

TEST_CASE("no file that is cut off anywhere is read, and none does harm", "[unit][interchange]") {
  const auto whole = npy_bytes({{3, 2}, std::vector<std::int32_t>{1, 2, 3, 4, 5, 6}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(wrong(whole.substr(0, size)).empty());
  }
  for (std::size_t at = 0; at < 128; ++at)
    for (const char c : {'\0', '\xff', '(', '9', '\''}) {
      auto changed = whole;
      changed[at] = c;
      std::size_t numbers = 0;
      const auto said = test::errors_of([&] { numbers = read_npy(changed, "a.npy").size(); });
      CHECK((said.empty() ? numbers <= whole.size() : said.starts_with("a.npy: error: ")));
    }
}
