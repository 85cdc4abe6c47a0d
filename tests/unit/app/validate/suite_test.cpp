#include "app/validate/suite.hpp"

#include <catch2/catch.hpp>

#include "app/validate/render.hpp"
#include "app/validate/verdicts.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

/// A suite of one experiment and the given checks.
std::string suite(const std::string& checks, const std::string& experiment = "architecture: eyeriss_v1, ") {
  return "kind: validation\nname: s\ntitle: t\nsource: p\nexperiments:\n- {name: e, " + experiment +
         "workload: tiny}\nchecks:\n" + checks;
}
std::string check(const std::string& rows, const std::string& column = "macs", const std::string& tolerance = "exact") {
  return "- experiment: e\n  column: " + column + "\n  source: p\n  confidence: derived\n  tolerance: " + tolerance +
         "\n  rows:\n" + rows;
}
const std::string kRow = "  - {layer: conv1, published: 1}\n";

std::string errors(const std::string& text) {
  return test::errors_of([&] { open_suite(read_suite(YamlDocument::from_text(text, "s.yaml")), Catalogue{"eyrie"}); });
}

RowVerdict row(double published, double ours, const std::string& tolerance = "5 %") {
  RowVerdict r;
  r.published = published;
  r.ours = ours;
  r.tolerance = tolerance;
  return r;
}

}  // namespace

TEST_CASE("a suite that is right has no errors", "[unit][app]") {
  CHECK(errors(suite(check(kRow))).empty());
  for (const char* column : {"processing_ms", "words.glb.weight.read", "bytes.dram.output.write", "buffer_kib.input"})
    CHECK(errors(suite(check(kRow, column))).empty());
}

TEST_CASE("what is wrong in a suite is said at its place", "[unit][app]") {
  const auto later = check(kRow);
  CHECK(errors(suite("- experiment: f" + later.substr(later.find("\n  column")))) ==
        "s.yaml:8:3: error: there is no experiment called f; did you mean e?");
  CHECK(
      errors(suite(check(kRow, "macs", "about right"))) ==
      "s.yaml:8:3: error: about right is no tolerance; write exact, 5 %, 0.05 (in the column's unit), factor 2, shown, "
      "or two with `or` between them");
  CHECK(errors(suite(check("  - {layer: conv1, geomean: [conv1], label: x, published: 1}\n"))) ==
        "s.yaml:14:5: error: a row is of one layer or of a geometric mean; write either `layer: NAME` or `geomean: "
        "[NAMES]`");
  CHECK(errors(suite(check("  - {geomean: [conv1, conv2], published: 1}\n"))) ==
        "s.yaml:14:5: error: a mean has no layer's name; write `label: NAME`");
  CHECK(errors(suite(check(kRow), "")) ==
        "s.yaml:6:3: error: experiment e has no architecture; write `architecture: NAME`");
}

TEST_CASE("rows that ask for what is not there are told apart", "[unit][app]") {
  CHECK(errors(suite(check("  - {layer: conv9, published: 1}\n"))) ==
        "s.yaml:14:5: error: the experiment has no layer conv9; did you mean conv1?");
  CHECK(errors(suite(check(kRow, "procesing_ms"))) ==
        "s.yaml:8:3: error: simulations have no column procesing_ms; did you mean processing_ms?; or write "
        "words.COMPONENT.TENSOR.ACTION, bytes..., kib... or buffer_kib.TENSOR, or power_mw.COMPONENT");
  CHECK(errors(suite(check(kRow, "words.gbl.weight.read"))).find("no column words.gbl.weight.read") !=
        std::string::npos);
  CHECK(errors(suite(check(kRow), "gauge: closed_form, architecture: eyeriss_v1, ")).empty());
  CHECK(errors(suite(check(kRow, "total_ms"), "gauge: closed_form, architecture: eyeriss_v1, "))
            .find("the closed form has no column total_ms") != std::string::npos);
  CHECK(errors(suite(check(kRow, "dram_10"), "gauge: isca2016, ")).find("the ISCA 2016 model has no column dram_10") !=
        std::string::npos);
}

TEST_CASE("a suite that compares nothing is no suite", "[unit][app]") {
  const std::string head = "kind: validation\nname: s\ntitle: t\nsource: p\n";
  CHECK(
      errors(head + "experiments: []\nchecks: []\n") ==
      "s.yaml:1:1: error: the suite has no experiments; add one\ns.yaml:1:1: error: the suite has no checks; add one");
  CHECK(
      errors(suite("- {experiment: e, column: macs, source: p, confidence: derived, tolerance: exact, rows: []}\n")) ==
      "s.yaml:8:3: error: the check of macs has no rows; add one");
}

TEST_CASE("keys that a gauge makes no use of are errors", "[unit][app]") {
  CHECK(errors(suite(check(kRow), "gauge: isca2016, architecture: eyeriss_v1, objective: energy, ")) ==
        "s.yaml:6:3: error: gauge isca2016 makes no use of architecture; leave it out, or choose another gauge\n"
        "s.yaml:6:3: error: gauge isca2016 makes no use of objective; leave it out, or choose another gauge");
  CHECK(errors(suite(check(kRow), "architecture: eyeriss_v1, pes: 12, ")).find("gauge simulate makes no use of pes") !=
        std::string::npos);
}

TEST_CASE("columns that all layers together do not have are errors", "[unit][app]") {
  const std::string total = "  - {layer: total, published: 1}\n";
  CHECK(errors(suite(check(total, "buffer_kib.input"))) ==
        "s.yaml:14:5: error: buffer_kib.input is of a layer's tile, and all layers together have none; name a layer");
  CHECK(errors(suite(check(total, "active_pes"), "gauge: isca2016, ")).find("name a layer") != std::string::npos);
}

TEST_CASE("a ratio needs a reference that has what it compares, of the same layers", "[unit][app]") {
  const auto with = [&](const std::string& other, const std::string& column) {
    return errors("kind: validation\nname: s\ntitle: t\nsource: p\nexperiments:\n- {name: o, " + other +
                  "}\n- {name: e, architecture: eyeriss_v1, workload: tiny, relative_to: o}\nchecks:\n" +
                  check("  - {layer: total, published: 1}\n", column));
  };
  const std::string core = "gauge: simd_core, baseline: simd_128bit, workload: tiny";
  CHECK(with(core, "energy_gain").find("a SIMD core has no column on_chip_uj") != std::string::npos);
  CHECK(with("architecture: eyeriss_v1, workload: tiny, layers: [conv1]", "speedup")
            .find("speedup of all layers compares experiments of different layers") != std::string::npos);
  CHECK(with("architecture: eyeriss_v1, workload: tiny", "speedup").empty());
}

TEST_CASE("an experiment whose machine is unknown is said where it is asked for", "[unit][app]") {
  CHECK(errors(suite(check(kRow), "architecture: eyeriss_v9, "))
            .find("s.yaml:6:3: error: there is no architecture "
                  "called eyeriss_v9; did you mean eyeriss_v1?") == 0);
}

TEST_CASE("all that is wrong is said at once", "[unit][app]") {
  const auto text = errors(suite(check("  - {layer: a, published: 1}\n  - {layer: b, published: 1}\n", "nothing")));
  CHECK(std::ranges::count(text, '\n') == 2);
}

TEST_CASE("numbers and errors as rows show them", "[unit][app]") {
  CHECK(shown(421660800) == "421,660,800");
  CHECK(shown(16.42392) == "16.424");
  CHECK(shown(123456.7) == "123,457");
  CHECK(shown(0.00416) == "0.00416");
  CHECK(shown(1e308) == "1e+308");
  CHECK(shown_error(row(10, 11.5)) == "+15.0 %");
  CHECK(shown_error(row(100, 100.04)) == "+0.04 %");
  CHECK(shown_error(row(100, 100)) == "0 %");
  CHECK(shown_error(row(100, 99.9999)) == "0.00 %");
  CHECK(shown_error(row(0, 1)) == "-");
  CHECK(shown_error(row(600, 400, "factor 2")) == "x 0.67");
  CHECK(shown_error(row(0, 0, "factor 2")) == "0 %");
}
