#include <catch2/catch.hpp>

#include "interchange/timeloop_problem.hpp"
#include "tests/support/support.hpp"
#include "workloads/network.hpp"

using namespace eyrie;

namespace {

/// A strided layer that isn't square, in the words of Timeloop's own CNN shape: P and R go along the width.
const std::string kProblem = R"(problem:
  version: 0.4
  shape:
    name: CNN_Layer
    dimensions: [ C, M, R, S, N, P, Q ]
    coefficients:
    - {name: Wstride, default: 1}
    - {name: Hstride, default: 1}
    - {name: Wdilation, default: 1}
    - {name: Hdilation, default: 1}
    data_spaces:
    - name: Weights
      projection:
      - [ [C] ]
      - [ [M] ]
      - [ [R] ]
      - [ [S] ]
    - name: Inputs
      projection:
      - [ [N] ]
      - [ [C] ]
      - [ [R, Wdilation], [P, Wstride] ]
      - [ [S, Hdilation], [Q, Hstride] ]
    - name: Outputs
      projection:
      - [ [N] ]
      - [ [M] ]
      - [ [Q] ]
      - [ [P] ]
      read_write: True
  instance:
    C: 3
    M: 96
    R: 11
    S: 7
    N: 4
    P: 55
    Q: 27
    Wstride: 4
    Hstride: 2
    Hdilation: 3
)";

std::string changed(const std::string& from, const std::string& to) {
  auto text = kProblem;
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

TimeloopProblem read(const std::string& text) {
  return read_timeloop_problem(YamlDocument::from_text(text, "layer.yaml"));
}

std::string wrong(const std::string& text) {
  return test::errors_of([&] { read(text); });
}

}  // namespace

TEST_CASE("a Timeloop problem's width becomes columns, its height rows", "[unit][interchange]") {
  const auto p = read(kProblem);
  using enum Dim;
  CHECK(p.name == "CNN_Layer");
  CHECK(p.axes == TimeloopAxes::PIsColumns);
  const auto& x = p.nest.extent;
  CHECK((x[G] == 1 && x[N] == 4 && x[M] == 96 && x[C] == 3));
  CHECK(x[P] == 27);  // Timeloop's Q
  CHECK(x[Q] == 55);
  CHECK(x[R] == 7);
  CHECK(x[S] == 11);
  CHECK(p.nest.stride == RowsColumns{2, 4});
  CHECK(p.nest.dilation == RowsColumns{3, 1});
  CHECK(p.nest.padding == Padding{});
  CHECK(p.nest.padded_columns() == 54 * 4 + 11);
}

TEST_CASE("a problem that pairs P and R with the height keeps its letters", "[unit][interchange]") {
  auto text = changed("[ [R, Wdilation], [P, Wstride] ]", "[ [R, Hdilation], [P, Hstride] ]");
  const std::string other = "[ [S, Hdilation], [Q, Hstride] ]";
  text.replace(text.find(other), other.size(), "[ [S, Wdilation], [Q, Wstride] ]");
  const auto p = read(text);
  CHECK(p.axes == TimeloopAxes::PIsRows);
  CHECK(p.nest.extent[Dim::P] == 55);
  CHECK(p.nest.extent[Dim::R] == 11);
  CHECK(p.nest.stride == RowsColumns{2, 4});
}

TEST_CASE("windows without coefficients have stride 1, and Timeloop's own direction", "[unit][interchange]") {
  auto text = changed("[ [R, Wdilation], [P, Wstride] ]", "[ [R], [P] ]");
  const std::string other = "[ [S, Hdilation], [Q, Hstride] ]";
  text.replace(text.find(other), other.size(), "[ [S], [Q] ]");
  const auto p = read(text);
  CHECK(p.nest.stride == RowsColumns{1, 1});
  CHECK(p.nest.extent[Dim::Q] == 55);
}

TEST_CASE("groups are a dimension of all three data spaces", "[unit][interchange]") {
  LayerNest layer;
  layer.extent = Extents{{6, 1, 2, 1, 5, 4, 3, 2}};
  layer.stride = {2, 1};
  const auto p = read(timeloop_problem_text(layer, "depthwise"));
  CHECK(p.nest == layer);
}

TEST_CASE("a layer written as a Timeloop problem reads back equal", "[unit][interchange]") {
  const auto p = read(kProblem);
  const auto text = timeloop_problem_text(p.nest, "conv1");
  CHECK(text.find("\n    R: 11\n") != std::string::npos);
  CHECK(text.find("\n    Hdilation: 3\n") != std::string::npos);
  CHECK(read(text).nest == p.nest);
  LayerNest pool;
  pool.reduction = Reduction::Maximum;
  CHECK(test::errors_of([&] { timeloop_problem_text(pool, "pool1"); }) ==
        "pool1: error: a pooling layer has no Timeloop problem; give a conv or fully_connected layer");
}

TEST_CASE("a problem becomes a workload of one layer with the same nest", "[unit][interchange]") {
  const auto p = read(kProblem);
  const auto text = timeloop_workload_text(p);
  const auto network = Network::from_yaml(YamlDocument::from_text(text, "workload.yaml"), 4);
  CHECK(network.layers().size() == 1);
  CHECK(network.layer("CNN_Layer").nest() == p.nest);
}

TEST_CASE("names that YAML would take for something else are quoted", "[unit][interchange]") {
  LayerNest layer;
  CHECK(read(timeloop_problem_text(layer, "a: \"b\"\n#")).name == "a: \"b\" #");
  CHECK(read(timeloop_problem_text(layer, "null")).name == "null");
  CHECK(read(timeloop_problem_text(layer, "")).name.empty());
}

TEST_CASE("what is no convolution is refused with its place", "[unit][interchange][bad_input]") {
  struct Row {
    std::string from, to, error;
  };
  const auto [from, to, error] = GENERATE(values<Row>(
      {{"version: 0.4", "version: 0.3",
        "layer.yaml:2:12: error: problem.version is 0.3; only Timeloop's version 0.4 is read"},
       {"R, S, N, P, Q ]", "R, S, N, P, Q, K ]",
        "layer.yaml:5:40: error: the dimension K is not known; a convolution has C, M, R, S, N, P, Q and, with groups, "
        "G"},
       {"C, M, R, S, N", "C, M, R, N",
        "layer.yaml:5:17: error: the dimension S is missing; a convolution has C, M, R, S, P and Q; write those that "
        "it "
        "doesn't use with extent 1"},
       {"C: 3\n", "C: 0\n", "layer.yaml:32:8: error: problem.instance.C is 0; it must be a whole number of at least 1"},
       {"    Q: 27\n", "", "layer.yaml:32:5: error: problem.instance misses the key Q; the extent of a dimension"},
       {"Wstride: 4", "Wstrid: 4", "layer.yaml:39:5: error: problem.instance has no key Wstrid; did you mean Wstride?"},
       {"      - [ [S] ]\n    - name: Inputs", "    - name: Inputs",
        "layer.yaml:14:7: error: Weights is not indexed as in a convolution; index it by C, M, R, S"},
       {"[ [R, Wdilation], [P, Wstride] ]", "[ [R, Wdilation], [Q, Wstride] ]",
        "layer.yaml:22:11: error: this coordinate of Inputs is no window; write [[R, Wdilation], [P, Wstride]] and "
        "[[S, "
        "Hdilation], [Q, Hstride]]"},
       {"[P, Wstride]", "[P, Hstride]",
        "layer.yaml:22:27: error: Hstride goes with P, and the others go the other way; pair P and R with W, Q and S "
        "with H"},
       {"[ [C] ]\n      - [ [R, W", "[ ]\n      - [ [R, W",
        "layer.yaml:21:9: error: a coordinate of Inputs has no term; write [[C]]"},
       {"[P, Wstride]", "[P, stride]",
        "layer.yaml:22:27: error: stride is no coefficient of the shape; list it in `coefficients` with its default"},
       {"name: Inputs", "name: Input",
        "layer.yaml:12:5: error: the data space Inputs is missing; describe all three\n"
        "layer.yaml:18:13: error: the data space Input is not known; did you mean Inputs?"},
       {"      read_write: True\n", "", "layer.yaml:24:7: error: Outputs is not written; write `read_write: true`"},
       {"    Hdilation: 3\n", "    densities: {Inputs: 0.5}\n",
        "layer.yaml:41:16: error: densities are not read; leave them out; a layer's zeros are in its data"},
       {"problem:", "problems:",
        "layer.yaml:1:1: error: the file has no key problem; give a Timeloop v4 file that begins with `problem:`"}}));
  CAPTURE(to);
  CHECK(wrong(changed(from, to)) == error);
}
