#include "explore/study/expression.hpp"

#include <catch2/catch.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;
using test::errors_of;

namespace {

const Place kHere{"study.yaml", 7, 3};

NamedQuantities values() {
  return {{"rows", {12, Dimension::None}},
          {"columns", {14, Dimension::None}},
          {"glb", {110592, Dimension::Bytes}},
          {"spad", {224, Dimension::Words}},
          {"width2x", {4, Dimension::WordsPerCycle}},
          {"x1e3", {5, Dimension::None}},
          {"area", {4.5e6, Dimension::SquareMicrons}},
          {"unit_0", {3, Dimension::None}}};
}

std::vector<std::string> all_names() {
  std::vector<std::string> all;
  for (const auto& [name, value] : values()) all.push_back(name);
  return all;
}

AnyQuantity of(const std::string& text) { return Expression{text, all_names(), kHere}.of(values()); }

void check(const char* text, double value, Dimension d = Dimension::None) {
  CAPTURE(text);
  const auto q = of(text);
  CHECK(q.value == Approx(value).epsilon(1e-12));
  CHECK(q.dimension == d);
}

std::string errors(const std::string& text) {
  return errors_of([&] { (void)of(text); });
}

std::string broken(const std::string& text) { return StudyConstraint{text, all_names(), kHere}.broken_by(values()); }

}  // namespace

TEST_CASE("expressions are arithmetic with functions", "[unit][explore]") {
  check("1 + 2 * 3", 7);
  check("(1 + 2) * 3", 9);
  check("2 ^ 10", 1024);
  check("2 ^ 3 ^ 2", 512);
  check("-3 + 1", -2);
  check("1e3 + 2.5E-1", 1000.25);
  check("rows * columns", 168);
  check("rows/columns", 12. / 14);
  check("x1e3 * 2", 10);
  check("min(rows, columns, 20)", 12);
  check("max(rows, columns)", 14);
  check("floor(7 / 2) + ceil(7 / 2) + round(7 / 3)", 3 + 4 + 2);
  check("round(-2.5)", -3);
  check("sqrt(rows * 12)", 12);
  check("log2(1024)", 10);
  check("abs(rows - columns)", 2);
  CHECK(Expression{"columns + rows * columns", all_names(), kHere}.used() ==
        std::vector<std::string>{"columns", "rows"});
}

TEST_CASE("units go through expressions", "[unit][explore]") {
  using enum Dimension;
  check("glb", 110592, Bytes);
  check("glb / 4 KiB", 27);
  check("ceil(glb / 100 kB)", 2);
  check("glb - 4 KiB", 108 * 1024 - 4096, Bytes);
  check("2 * glb + 1 MiB", 2 * 110592 + 1048576, Bytes);
  check("4 words/cycle", 4, WordsPerCycle);
  check("4words/cycle + width2x", 8, WordsPerCycle);
  check("width2x / 2 word/cycle", 2);
  check("area / 1 mm2", 4.5);
  check("spad * rows", 224 * 12, Words);
  check("8 B/cycle", 8, BytesPerCycle);
  check("max(glb, 64 KiB)", 110592, Bytes);
  check("200 MHz / 60 MHz", 10. / 3);
  check("1e-3 mm2 * 2e3", 2e6, SquareMicrons);
  check("unit_0 * 2 KiB", 6144, Bytes);  // no name of ours
}

TEST_CASE("what is rounded keeps its unit", "[unit][explore]") {
  using enum Dimension;
  check("floor(spad / 3)", 74, Words);
  check("ceil(spad / 3)", 75, Words);
  check("round(glb / 7)", 15799, Bytes);
  check("floor(glb / 100 kB) * 100 kB", 100000, Bytes);
  check("floor(spad / 1000)", 0, Words);
  CHECK_THAT(errors("floor(glb / 7) + 1"), Catch::Contains("mixes units"));
  CHECK_THAT(errors("ceil(glb / 7) * floor(glb)"), Catch::Contains("mixes units"));
}

TEST_CASE("mixed units are an error at the place of the expression", "[unit][explore]") {
  CHECK(errors("glb + 3") ==
        "study.yaml:7:3: error: \"glb + 3\" mixes units; add and compare only what has the same unit; a quotient of "
        "two has none");
  for (const char* text : {"glb + spad", "glb * spad", "glb ^ 2", "1 GiB + 1", "3 - 2 KiB", "sqrt(area)", "2 b + 2 B",
                           "1 / glb", "4 words - 4 words/cycle"}) {
    CAPTURE(text);
    CHECK_THAT(errors(text), Catch::Contains("mixes units"));
    CHECK_THROWS_AS(of(text), UnitError);
  }
}

TEST_CASE("names that mean nothing are errors with what was meant", "[unit][explore]") {
  CHECK(errors("row * 2") == "study.yaml:7:3: error: \"row * 2\" has row, which is nothing here; did you mean rows?");
  const auto two = errors("colums + glbb");
  CHECK_THAT(two, Catch::Contains("colums, which is nothing here; did you mean columns?"));
  CHECK_THAT(two, Catch::Contains("glbb, which is nothing here; did you mean glb?"));
  CHECK_THAT(errors("4 words/cycles"), Catch::Contains("cycles, which is nothing here"));
  CHECK_THAT(errors("_unit_0 * 2 KiB"), Catch::Contains("_unit_0, which is nothing here"));
}

TEST_CASE("what is no expression, or has no value, is an error", "[unit][explore]") {
  for (const char* text : {"", "1 +", "(1", "1 2", "rows columns", "2 rows", "* 3", "\"a\"", "4 KiB KiB", "rows = 3",
                           "min()", "rows ; 1"}) {
    CAPTURE(text);
    CHECK_THAT(errors(text), Catch::StartsWith("study.yaml:7:3: error: ") && Catch::Contains("is no expression"));
  }
  for (const char* text : {"1 / 0", "rows / (columns - 14)", "0 / 0", "sqrt(-1)", "log2(0)", "1e300 * 1e300"}) {
    CAPTURE(text);
    CHECK_THAT(errors(text), Catch::Contains("is no finite number; do not divide by what may be nothing"));
  }
  CHECK_THAT(errors("rows, columns"), Catch::Contains("has several values"));
  const Expression e{"rows * 2", {"rows"}, kHere};
  CHECK_THAT(errors_of([&] { (void)e.of({}); }), Catch::Contains("needs rows, which is no number here"));
}

TEST_CASE("constraints hold or tell how they do not", "[unit][explore]") {
  for (const char* text :
       {"rows < columns", "rows <= 12", "columns > rows", "columns >= 14", "rows == 12", "rows != columns",
        "glb < 1 MiB", "area <= 4.5 mm2", "  rows*columns<=168", "0 < glb", "glb > 0", "floor(glb / 4 KiB) == 27"}) {
    CAPTURE(text);
    CHECK(broken(text).empty());
  }
  for (const char* text : {"rows < 12", "rows <= 11", "columns > 14", "columns >= 15", "rows == 13", "rows != 12"}) {
    CAPTURE(text);
    CHECK_FALSE(broken(text).empty());
  }
  CHECK(broken("rows * columns <= 100") == "rows * columns is 168, and rows * columns <= 100 is wanted");
  CHECK(broken("glb < 64 KiB") == "glb is 108 KiB, and glb < 64 KiB is wanted");
  CHECK(broken("area < 4 mm2") == "area is 4.5 mm2, and area < 4 mm2 is wanted");
}

TEST_CASE("constraints that cannot be judged are errors", "[unit][explore]") {
  const auto wrong = [](const std::string& text) { return errors_of([&] { (void)broken(text); }); };
  CHECK(wrong("area < 4") ==
        "study.yaml:7:3: error: \"area < 4\" compares different units; write numbers with their unit");
  CHECK_THAT(wrong("glb < spad"), Catch::Contains("compares different units; compare what has the same unit"));
  CHECK_THAT(wrong("rows * columns"), Catch::Contains("compares nothing; write it like \"area < 4 mm2\""));
  CHECK_THAT(wrong("rows = 12"), Catch::Contains("compares nothing"));
  CHECK_THAT(wrong("row < 12"), Catch::Contains("did you mean rows?"));
  for (const char* text : {"rows <", "< 12", "=="}) CHECK_THAT(wrong(text), Catch::Contains("is no expression"));
  for (const char* text : {"4 <= rows <= 8", "2 < rows <= 12", "rows > 1 && rows < 3", "rows < 3 || columns < 3",
                           "rows == columns == 2", "rows < (columns > 3 ? 2 : 1)"}) {
    CAPTURE(text);
    CHECK_THAT(wrong(text), Catch::Contains("compares more than once; write a constraint each"));
  }
}

TEST_CASE("a constraint knows what it needs", "[unit][explore]") {
  const StudyConstraint c{"rows * columns <= area / 1 mm2", all_names(), kHere};
  CHECK(c.used() == std::vector<std::string>{"area", "columns", "rows"});
  CHECK(c.text() == "rows * columns <= area / 1 mm2");
  auto some = values();
  CHECK(c.needs_only(some));
  some.erase("area");
  CHECK_FALSE(c.needs_only(some));
  CHECK(StudyConstraint{"1 < 2", {}, kHere}.needs_only({}));
}
