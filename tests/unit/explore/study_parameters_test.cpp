#include "explore/study/parameters.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/yaml.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using test::errors_of;

namespace {

using Texts = std::vector<std::string>;

const Place kHere{"study.yaml", 5, 2};

struct ParameterList {
  std::vector<StudyParameter> parameters;
};
void describe(Fields& f, ParameterList& p) { f.required("parameters", p.parameters, "what is varied"); }

/// Parameters as files have them, one a line.
std::vector<StudyParameter> parameters(const Texts& lines) {
  std::string text = "parameters:\n";
  for (const auto& line : lines) text += "- " + line + "\n";
  return read_yaml<ParameterList>(YamlDocument::from_text(text, "study.yaml")).parameters;
}

ParameterSpace space(const Texts& lines, const Texts& constraints = {}) {
  return {parameters(lines), constraints, {"study.yaml", 99, 1}, {"energy", "area"}};
}

Texts range(const std::string& text) {
  const auto all = parameters({"{name: a, range: {" + text + "}}"});
  return values_of(*all.at(0).range, kHere);
}

std::string range_errors(const std::string& text) {
  return errors_of([&] { (void)range(text); });
}

}  // namespace

TEST_CASE("ranges by step, factor and points", "[unit][explore]") {
  CHECK(range("from: 4, to: 16, step: 4") == Texts{"4", "8", "12", "16"});
  CHECK(range("from: 4, to: 15, step: 4") == Texts{"4", "8", "12"});
  CHECK(range("from: 64 KiB, to: 160 KiB, step: 32 KiB") == Texts{"64 KiB", "96 KiB", "128 KiB", "160 KiB"});
  CHECK(range("from: 0.1, to: 0.5, step: 0.1") == Texts{"0.1", "0.2", "0.3", "0.4", "0.5"});
  CHECK(range("from: -2, to: -1, step: 0.5") == Texts{"-2", "-1.5", "-1"});
  CHECK(range("from: -1, to: 1, step: 1") == Texts{"-1", "0", "1"});
  CHECK(range("from: 0, to: 2, step: 1") == Texts{"0", "1", "2"});
  CHECK(range("from: 3, to: 3, step: 1") == Texts{"3"});
  CHECK(range("from: 56 words, to: 224 words, factor: 2") == Texts{"56 words", "112 words", "224 words"});
  CHECK(range("from: 100 MHz, to: 1 GHz, factor: 10") == Texts{"100 MHz", "1 GHz"});
  CHECK(range("from: 1, to: 8, factor: 2") == Texts{"1", "2", "4", "8"});
  CHECK(range("from: 8, to: 16, points: 3") == Texts{"8", "12", "16"});
  CHECK(range("from: 0.5 V, to: 1 V, points: 3") == Texts{"500 mV", "750 mV", "1 V"});
  CHECK(range("from: 1, to: 1000, points: 4, spacing: log") == Texts{"1", "10", "100", "1000"});
  CHECK(range("from: 1 KiB, to: 64 KiB, points: 4, spacing: log") == Texts{"1 KiB", "4 KiB", "16 KiB", "64 KiB"});
}

TEST_CASE("values of a whole unit are whole, and each stands once", "[unit][explore]") {
  CHECK(range("from: 1 words, to: 10 words, points: 4") == Texts{"1 words", "4 words", "7 words", "10 words"});
  CHECK(range("from: 10 words, to: 100 words, points: 3, spacing: log") == Texts{"10 words", "32 words", "100 words"});
  CHECK(range("from: 1 cycles, to: 3 cycles, points: 9") == Texts{"1 cycles", "2 cycles", "3 cycles"});
  CHECK(range("from: 4, to: 9, factor: 1.5") == Texts{"4", "6", "9"});
  for (const auto& value : range("from: 3 words, to: 1000 words, factor: 1.3")) {
    const auto q = parse_any_quantity(value);
    REQUIRE(q);
    CHECK(q->value == std::round(q->value));
  }
}

TEST_CASE("ranges that are none", "[unit][explore]") {
  CHECK(range_errors("from: 4 KiB, to: 16, step: 4") ==
        "study.yaml:5:2: error: 4 KiB to 16 is no range; give both ends in the same unit");
  CHECK_THAT(range_errors("from: 4 KiB, to: 16 words, step: 4"), Catch::Contains("is no range"));
  CHECK_THAT(range_errors("from: few, to: many, step: 4"), Catch::Contains("few to many is no range"));
  CHECK(range_errors("from: 16, to: 4, step: 4") == "study.yaml:5:2: error: 4 is less than 16; let the range rise");
  for (const char* text :
       {"from: 4, to: 16", "from: 4, to: 16, step: 4, factor: 2", "from: 4, to: 16, step: 4, points: 2",
        "from: 4, to: 16, points: 1", "from: 4, to: 16, step: 0", "from: 4, to: 16, step: -1",
        "from: 4, to: 16, step: 4 KiB", "from: 4 KiB, to: 16 KiB, step: 4", "from: 4, to: 16, step: much",
        "from: 4, to: 16, factor: 1", "from: 4, to: 16, factor: 0.5", "from: 4, to: 16, factor: 0"}) {
    CAPTURE(text);
    CHECK_THAT(range_errors(text), Catch::Contains("; write one of `step: 32 KiB` (in the unit of the ends)"));
  }
  CHECK_THAT(range_errors("from: 4, to: 16"), Catch::Contains("the values between 4 and 16 are not said"));
  CHECK_THAT(range_errors("from: 4, to: 16, step: 4, points: 2"), Catch::Contains("are said twice"));
  CHECK_THAT(range_errors("from: 4 KiB, to: 16 KiB, step: 4"), Catch::Contains("4 is no step from 4 KiB to 16 KiB"));
  CHECK_THAT(range_errors("from: 4, to: 16, factor: 0.5"), Catch::Contains("0.5 is no factor from 4 to 16"));
  CHECK_THAT(range_errors("from: 4, to: 16, points: 1"), Catch::Contains("one point is no range from 4 to 16"));
  CHECK_THAT(range_errors("from: 0, to: 16, factor: 2"), Catch::Contains("ratios cannot begin at 0; begin above 0"));
  CHECK_THAT(range_errors("from: 0, to: 1, points: 3, spacing: log"), Catch::Contains("ratios cannot begin at 0"));
  CHECK(
      range_errors("from: 1, to: 8, factor: 2, spacing: log") ==
      "study.yaml:5:2: error: spacing: log, and no points to space; say how many `points`, or leave it out: steps are "
      "equal differences, factors equal ratios");
  CHECK_THAT(range_errors("from: 1, to: 8, step: 1, spacing: linear"), Catch::Contains("no points to space"));
  CHECK_THAT(range_errors("from: 0, to: 1, step: 0.00001"), Catch::Contains("a range of 10000 values and more"));
  CHECK_THAT(range_errors("from: 1, to: 1e9, factor: 1.000001"), Catch::Contains("take larger steps"));
}

TEST_CASE("designs have a text and a number a parameter, derived ones after those above them", "[unit][explore]") {
  const auto s = space({"{name: rows, values: [6, 12]}", "{name: mode, values: [fast, slow], labels: [Fast, Slow]}",
                        "{name: glb, values: [64 KiB, 128 KiB]}", "{name: banks, value: glb / 4 KiB * rows}",
                        "{name: third, value: floor(glb / 3)}", "{name: more, value: banks + 1}"});
  CHECK(s.sizes() == std::vector<std::size_t>{2, 2, 2});
  CHECK(s.combinations() == 8);
  const auto d = s.design({1, 0, 1});
  CHECK(d.values == Texts{"12", "fast", "128 KiB", "384", "43690 B", "385"});
  REQUIRE(d.numbers.size() == 6);
  CHECK_FALSE(d.numbers[1].has_value());
  CHECK(d.numbers[2]->value == 131072);
  CHECK(d.numbers[4]->dimension == Dimension::Bytes);
  CHECK(d.named.size() == 5);
  CHECK(d.named.at("more").value == 385);
  CHECK(s.label(1, "slow") == "Slow");
  CHECK(s.label(1, "other") == "other");
  CHECK(s.label(0, "6") == "6");
}

TEST_CASE("a fraction of what is whole is an error with its remedy", "[unit][explore]") {
  const auto s = space({"{name: depth, values: [56 words, 57 words]}", "{name: half, value: depth / 2}"});
  CHECK(s.design({0}).values == Texts{"56 words", "28 words"});
  CHECK(errors_of([&] { (void)s.design({1}); }) ==
        "study.yaml:3:3: error: half is 28.5 words; round it: floor(...), ceil(...)");
  CHECK(space({"{name: depth, values: [57 words]}", "{name: half, value: floor(depth / 2)}"}).design({0}).values ==
        Texts{"57 words", "28 words"});
  CHECK(space({"{name: n, values: [3]}", "{name: half, value: n / 2}"}).design({0}).values == Texts{"3", "1.5"});
}

TEST_CASE("constraints are judged once what they need is known", "[unit][explore]") {
  const auto s = space({"{name: rows, values: [6, 12]}"}, {"rows <= 6", "area < 4 mm2"});
  CHECK(s.broken(s.design({0}).named).empty());
  CHECK(s.broken(s.design({1}).named) == "rows is 12, and rows <= 6 is wanted");
  auto named = s.design({0}).named;
  named["area"] = {5e6, Dimension::SquareMicrons};
  CHECK(s.broken(named) == "area is 5 mm2, and area < 4 mm2 is wanted");
  CHECK(s.constraints().size() == 2);
}

TEST_CASE("a key is set by one parameter, and once", "[unit][explore]") {
  const auto wrong = errors_of([] {
    (void)space({"{name: a, values: [1], set: [architecture.array.rows, workload.batch]}",
                 "{name: b, values: [1], set: [architecture.array.rows]}",
                 "{name: c, values: [1], set: [experiment.batch, experiment.batch]}"});
  });
  CHECK(wrong ==
        "study.yaml:3:3: error: b sets architecture.array.rows, which a sets too; let one parameter set it\n"
        "study.yaml:4:3: error: c sets experiment.batch, which c sets too; let one parameter set it");
}

TEST_CASE("all that is wrong with parameters is told at once, each at its place", "[unit][explore]") {
  const auto wrong = errors_of([] {
    (void)space({"{name: 2rows, values: [1]}", "{name: a, values: [1]}", "{name: a, values: [2]}", "{name: none}",
                 "{name: both, values: [1], value: a}", "{name: range, range: {from: 4, to: 1, step: 1}}",
                 "{name: twice, values: [1, 2, 1]}", "{name: labels, values: [1, 2], labels: [one]}",
                 "{name: path, values: [1], set: [machine.rows, rows, experiment.batch]}", "{name: area, values: [1]}",
                 "{name: early, value: late + 1}", "{name: late, values: [1]}", "{name: syntax, value: 1 +}",
                 "{name: mode, values: [fast, 1]}", "{name: faster, value: mode * 2}", "{name: _x, values: [1]}"},
                {"lat < 2", "late", "mode == 1"});
  });
  CHECK(wrong ==
        "study.yaml:2:3: error: \"2rows\" is no name for a parameter; a letter, then letters, digits and _\n"
        "study.yaml:4:3: error: a second parameter called a; give each its own name\n"
        "study.yaml:5:3: error: none has none of values, range and value; write one of them\n"
        "study.yaml:6:3: error: both has several of values, range and value; write one of them\n"
        "study.yaml:7:3: error: 1 is less than 4; let the range rise\n"
        "study.yaml:8:3: error: twice has the value 1 twice; each value once\n"
        "study.yaml:9:3: error: labels has 1 labels for 2 values; a label a value\n"
        "study.yaml:10:3: error: path sets machine.rows, which is no key of a document; begin with architecture., "
        "workload., energy_table., dataflow. or experiment.\n"
        "study.yaml:10:3: error: path sets rows, which is no key of a document; begin with architecture., workload., "
        "energy_table., dataflow. or experiment.\n"
        "study.yaml:11:3: error: area is the name of a figure; call the parameter something else\n"
        "study.yaml:12:3: error: \"late + 1\" has late, which has no value yet; a parameter may use those above it: "
        "move it "
        "below them\n"
        "study.yaml:14:3: error: \"1 +\" is no expression: Unexpected end of expression at position 4; write it like "
        "\"ceil(glb / 4 KiB) - 2\"\n"
        "study.yaml:16:3: error: \"mode * 2\" needs numbers, and mode has the value fast; use it for parameters whose "
        "values are all numbers\n"
        "study.yaml:17:3: error: \"_x\" is no name for a parameter; a letter, then letters, digits and _\n"
        "study.yaml:99:1: error: \"lat\" has lat, which is nothing here; did you mean late?\n"
        "study.yaml:99:1: error: \"late\" compares nothing; write it like \"area < 4 mm2\"\n"
        "study.yaml:99:1: error: \"mode == 1\" needs numbers, and mode has the value fast; use it for parameters whose "
        "values are all numbers");
}
