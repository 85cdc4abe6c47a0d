#include "base/quantities.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/random.hpp"

using namespace eyrie;

namespace {

void check(const char* text, double value, Dimension d) {
  CAPTURE(text);
  const auto q = parse_any_quantity(text);
  REQUIRE(q);
  CHECK(q->value == Approx(value).epsilon(1e-14).margin(0));
  CHECK(q->dimension == d);
}

}  // namespace

TEST_CASE("numbers with any unit are read in base units", "[unit][base]") {
  using enum Dimension;
  check("12", 12, None);
  check("-3.5", -3.5, None);
  check("+7", 7, None);
  check("1_000", 1000, None);
  check("1e3", 1000, None);
  check("64 KiB", 65536, Bytes);
  check("64KiB", 65536, Bytes);
  check("1.5 kB", 1500, Bytes);
  check("16 b", 16, Bits);
  check("1.5 GHz", 1.5e9, Hertz);
  check("3 cycles", 3, Cycles);
  check("1 cycle", 1, Cycles);
  check("24 words", 24, Words);
  check("4 words/cycle", 4, WordsPerCycle);
  check("8 B/cycle", 8, BytesPerCycle);
  check("2 uJ", 2e6, Picojoules);
  check("20 ms", 0.02, Seconds);
  check("900 mV", 0.9, Volts);
  check("65 nm", 65, Nanometres);
  check("200 um", 0.2, Millimetres);
  check("1 W", 1000, Milliwatts);
  check("2.5 mm2", 2.5e6, SquareMicrons);
}

TEST_CASE("what is no number with a known unit is none", "[unit][base]") {
  for (const char* text :
       {"",    " ",    "KiB", "true", "row_stationary", "12 bananas", "1 2", "1e999",          "nan",   "inf",
        "- 3", "1__0", "_1",  "1_",   "4 kib",          "0x10",       "12;", "4 words/cycles", "1.2.3", "--1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_any_quantity(text).has_value());
  }
}

TEST_CASE("every unit of every dimension is read as what it stands for", "[unit][base]") {
  for (const auto d : dimensions_with_units()) {
    REQUIRE(!units_of(d).empty());
    CHECK(units_of(d).front().factor == 1);
    for (const auto& u : units_of(d)) check(("3 " + std::string(u.suffix)).c_str(), 3 * u.factor, d);
    const auto example = parse_any_quantity(example_of(d));
    REQUIRE(example);
    CHECK(example->dimension == d);
  }
}

TEST_CASE("what is written is read back", "[unit][base]") {
  Random random{1, "quantities"};
  for (int i = 0; i < 2000; ++i) {
    const auto all = dimensions_with_units();
    const auto d = all[static_cast<std::size_t>(random.between(0, std::ssize(all) - 1))];
    double value = static_cast<double>(random.between(-1'000'000, 1'000'000));
    if (!is_whole(d)) value *= std::pow(10, static_cast<double>(random.between(-9, 9)));
    const auto text = write_quantity(value, d);
    CAPTURE(text);
    const auto q = parse_any_quantity(text);
    REQUIRE(q);
    CHECK(q->value == value);
    CHECK(q->dimension == d);
  }
  CHECK(write_quantity(65536, Dimension::Bytes) == "64 KiB");
  CHECK(write_quantity(4, Dimension::WordsPerCycle) == "4 words/cycle");
  CHECK(write_quantity(0.5, Dimension::None) == "0.5");
}
