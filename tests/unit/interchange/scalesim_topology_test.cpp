#include "interchange/scalesim_topology.hpp"

#include <catch2/catch.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

const std::string kHeader =
    "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\n";

ScaleSimTopology convolutions(const std::string& lines) {
  return read_scalesim_topology(kHeader + lines, "nets/net.csv", ScaleSimForm::Convolution);
}
ScaleSimTopology products(const std::string& lines) {
  return read_scalesim_topology("Layer, M, N, K,\n" + lines, "net.csv", ScaleSimForm::Gemm);
}

}  // namespace

TEST_CASE("convolutions of a SCALE-Sim topology are read", "[unit][interchange]") {
  const auto t = convolutions("Conv1, 224, 220, 11, 9, 3, 96, 4,\nFC 2, 1, 4096, 1, 4096, 1, 1000, 1,\n");
  CHECK(t.name == "net");
  REQUIRE(t.layers.size() == 2);
  const auto& l = t.layers[0];
  CHECK(l.name == "Conv1");
  CHECK(l.input == RowsColumns{224, 220});
  CHECK(l.kernel == RowsColumns{11, 9});
  CHECK(l.stride == RowsColumns{4, 4});
  CHECK(l.channels == 3);
  CHECK(l.filters == 96);
  CHECK(l.output() == RowsColumns{55, 54});  // rounded up: 53.25 + 1 and 52.75 + 1
  CHECK(l.where == Place{"nets/net.csv", 2, 1});
  CHECK(t.layers[1].name == "FC 2");
  CHECK(t.layers[1].output() == RowsColumns{1, 1});
  CHECK(t.notes.empty());
}

TEST_CASE("a line may end with a stride width, a ratio of 1:1, commas or none", "[unit][interchange]") {
  const auto t = convolutions(
      "\r\na,9,8,3,3,4,5,2\r\nb,9,8,3,3,4,5,2,1,\r\n\r\n  ,,\r\nc,9,8,3,3,4,5,2,1:1,,\r\nd,9,8,3,3,4,5,2,1,4:4");
  REQUIRE(t.layers.size() == 4);
  CHECK(t.layers[0].stride == RowsColumns{2, 2});
  CHECK(t.layers[1].stride == RowsColumns{2, 1});
  CHECK(t.layers[2].stride == RowsColumns{2, 2});
  CHECK(t.layers[3].stride == RowsColumns{2, 1});
}

TEST_CASE("a matrix product is a convolution of one column", "[unit][interchange]") {
  const auto t = products("Test 1, 256, 128, 64,\nTest 2, 7, 5, 3, 2:2,\n");
  REQUIRE(t.layers.size() == 2);
  const auto& l = t.layers[0];
  CHECK(l.input == RowsColumns{256, 1});
  CHECK(l.channels == 64);
  CHECK(l.filters == 128);
  CHECK(l.kernel == RowsColumns{1, 1});
  CHECK(l.output() == RowsColumns{256, 1});
}

TEST_CASE("layers with DP in their names are depthwise; names that come again are numbered", "[unit][interchange]") {
  const auto t = convolutions("a_2,9,9,3,3,4,5,1,\na,9,9,3,3,4,5,1,\na,9,9,3,3,4,5,1,\nDP1,9,9,3,3,16,2,1,\n");
  CHECK(t.layers[2].name == "a_3");
  CHECK(t.layers[3].groups == 16);
  CHECK(t.layers[3].filters == 2);
  CHECK(t.layers[0].groups == 1);
  CHECK(t.notes ==
        std::vector<std::string>{
            "DP1 is depthwise, as DP in its name says: one layer of 16 groups, which SCALE-Sim runs as 16 layers",
            "the layer a of line 4 is called a_3, as names are taken once"});
}

TEST_CASE("what is wrong in a topology is said at its cell", "[unit][interchange][bad_input]") {
  using Row = std::pair<std::string, std::string>;
  const auto [line, says] = GENERATE(
      Row{"a, 9, 9, 3, 3, 4, five, 1,", "error: Num Filter is \"five\"; it must be a whole number from 1 to 16777216"},
      Row{"a, 9, 9, 3, 3, 4, 5, 0,", "error: Strides is 0; it must be a whole number from 1 to 65536"},
      Row{"a, -9, 9, 3, 3, 4, 5, 1,", "error: IFMAP Height is -9; it must be a whole number from 1 to 1048576"},
      Row{"a, 9, 9.0, 3, 3, 4, 5, 1,", "error: IFMAP Width is \"9.0\"; it must be a whole number from 1 to 1048576"},
      Row{"a, 9, 9, 3, 3, , 5, 1,", "error: Channels is empty; it must be a whole number from 1 to 1048576"},
      Row{"a, 9, 9, 99999, 3, 4, 5, 1,", "error: Filter Height is 99999; it must be a whole number from 1 to 65536"},
      Row{"a, 9, 9, 3, 3, 4, 5, 1, x,", "error: Stride Width is \"x\"; it must be a whole number from 1 to 65536"},
      Row{", 9, 9, 3, 3, 4, 5, 1,", "error: the layer has no name; write one in the first cell"},
      Row{"a, 9, 9, 3, 10, 4, 5, 1,",
          "error: Filter Width is 10, larger than IFMAP Width, 9; padding is part of the IFMAP here; make that larger"},
      Row{"a, 9, 9, 3, 3, 4, 5, 1, 2:4,",
          "error: the sparsity is 2:4, and sparse filters are not modelled; write 1:1 or leave it out"},
      Row{"a, 9, 9, 3, 3, 4, 5,",
          "error: the line has 7 cells; a convolution has 8 or 9: name, IFMAP Height, IFMAP Width, Filter Height, "
          "Filter Width, Channels, Num Filter, Strides[, Stride Width]"},
      Row{"a, 9, 9, 3,",
          "error: the line has 4 cells; a convolution has 8 or 9: name, IFMAP Height, IFMAP Width, Filter Height, "
          "Filter Width, Channels, Num Filter, Strides[, Stride Width]; with --gemm lines are name, M, N, K"},
      Row{"DP, 1, 1, 1, 1, 2, 16777216, 1,", "error: DP has 33554432 output channels; have at most 16777216"},
      Row{"a, 99999, 99999, 3, 3, 4, 5, 1,",
          "error: a tensor of a has more than 2^31 elements; make the layer smaller"},
      Row{"a, 40000, 40000, 4000, 4000, 1, 1, 1,", "error: a has more than 9e15 MACs; make it smaller"});
  CAPTURE(line);
  const auto all = test::errors_of([line = line] { convolutions("first, 9, 9, 3, 3, 4, 5, 1,\n" + line + "\n"); });
  CHECK(all.substr(std::min(all.find("error"), all.size())) == says);
  CHECK(all.starts_with("nets/net.csv:3:"));
}

TEST_CASE("errors stand at the columns of their cells, all lines at once", "[unit][interchange][bad_input]") {
  CHECK(test::errors_of([] { convolutions("a, 9, x, 3, 3, 4, 5, 1,\n\nb,9,9,3,3,4,5,\tq\n"); }) ==
        "nets/net.csv:2:7: error: IFMAP Width is \"x\"; it must be a whole number from 1 to 1048576\n"
        "nets/net.csv:4:16: error: Strides is \"q\"; it must be a whole number from 1 to 65536");
  CHECK(test::errors_of([] { products("a, 9, 9,\nb, 9, 9, 0,\nc,9,9,3,3,4,5,1,\nd, 9, 9, 9, 1:2,\n"); }) ==
        "net.csv:2:1: error: the line has 3 cells; a matrix product has 4: name, M, N, K\n"
        "net.csv:3:10: error: K is 0; it must be a whole number from 1 to 1048576\n"
        "net.csv:4:1: error: the line has 8 cells; a matrix product has 4: name, M, N, K; without --gemm lines are "
        "convolutions\n"
        "net.csv:5:13: error: the sparsity is 1:2, and sparse filters are not modelled; write 1:1 or leave it out");
}

TEST_CASE("a topology without a header or without layers is refused", "[unit][interchange][bad_input]") {
  const auto read = [](const std::string& text, ScaleSimForm form) {
    return test::errors_of([&] { read_scalesim_topology(text, "t.csv", form); });
  };
  CHECK(read("a, 9, 9, 3, 3, 4, 5, 1,\n", ScaleSimForm::Convolution) ==
        "t.csv:1:1: error: a stands where the header belongs, which is not read; begin with a line like `Layer name, "
        "IFMAP Height, ..., Strides,`");
  CHECK(read("a, 9, 9, 3,\n", ScaleSimForm::Gemm) ==
        "t.csv:1:1: error: a stands where the header belongs, which is not read; begin with a line like `Layer, M, N, "
        "K,`");
  CHECK(read(kHeader, ScaleSimForm::Convolution) ==
        "t.csv: error: there is no layer; give a header line and a line a layer");
  CHECK(read("", ScaleSimForm::Gemm) == "t.csv: error: there is no layer; give a header line and a line a layer");
}
