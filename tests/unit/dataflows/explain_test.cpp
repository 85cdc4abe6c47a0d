#include "dataflows/explain.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "dataflows/row_stationary.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using enum Dim;

namespace {

/// The lines of an explanation that contain `part`.
std::string lines_with(const std::string& text, const std::string& part) {
  std::istringstream in(text);
  std::string all, line;
  while (std::getline(in, line))
    if (line.find(part) != std::string::npos) all += line + "\n";
  return all;
}

LayerNest layer(const Extents& extent) {
  LayerNest l;
  l.extent = extent;
  return l;
}

// Parameters: JSSC 2017, Table III, batch 4.
std::string conv2(const Architecture& a) {
  const auto l = layer({{2, 4, 128, 48, 27, 27, 5, 5}});
  return to_text(explain(row_stationary({64, 1, 27, 16, 2, 1, 1}, l, a), l, a));
}
std::string conv3(const Architecture& a) {
  const auto l = layer({{1, 4, 384, 256, 13, 13, 3, 3}});
  return to_text(explain(row_stationary({64, 4, 13, 16, 4, 1, 4}, l, a), l, a));
}

}  // namespace

TEST_CASE("the printed mapping of conv3 is explained row by row", "[unit][dataflows]") {
  const auto text = conv3(test::eyeriss());
  CHECK(lines_with(text, "dram -> ") ==
        "  input   dram -> glb        N 4 x C 256 x rows 15 x columns 15 x 6 times (M 384 by 64)                     = "
        " 1,382,400\n"
        "  weight  dram -> glb        M 384 x C 256 x R 3 x S 3                                                      = "
        "   884,736\n"
        "  bias    dram -> glb        M 384                                                                          = "
        "       384\n");
  CHECK(lines_with(text, "PE above") ==
        "  psum    PE -> PE above     N 4 x M 384 x P 13 x Q 13 x 64 passes (C 256 by 4) x 2 hops (R 3 by 1)         = "
        "33,226,752\n");
  CHECK(lines_with(text, "filter_gin -> PEs") ==
        "  weight  filter_gin -> PEs  M 384 x C 256 x R 3 x S 3 x 13 PEs (P 13 by 1)                                 = "
        "11,501,568\n");
  // a PE loads a row of its window once and then slides along it
  CHECK(lines_with(text, "13 windows") ==
        "                               x columns 15 (13 windows: 13 x 3 - 12 x 2 kept) "
        "x 6 passes (M 384 by 64)\n");
}

TEST_CASE("an explanation says what the keeps take and how the array is filled", "[unit][dataflows]") {
  const auto text = conv3(test::eyeriss());
  CHECK(text.substr(text.find("memories"), text.find("traffic") - text.find("memories")) ==
        "memories\n"
        "  glb fmap      24 of  25 banks  (input 2, output 22)\n"
        "  glb filter     2 of   2 banks  (weight 2)\n"
        "  ifmap_spad    12 of  12 words  (input)\n"
        "  filter_spad  192 of 224 words  (weight)\n"
        "  psum_spad     16 of  24 words  (output)\n"
        "array\n"
        "  156 of 168 PEs in the largest pass, 156.0 on average over the work\n"
        "  598,081,536 MACs / (4,153,344 slots of the busiest PE x 168 PEs) = 85.7 %\n"
        "  M 64 of 384 on 4 rows: 4 x 16\n"
        "  P 13 on 13 columns: 13 x 1\n"
        "  R 3 on 3 rows: 3 x 1\n");
  CHECK(lines_with(conv2(test::eyeriss()), "columns x") == "  P 27 on 14 columns x 2 rows: 14 + 13\n");
}

TEST_CASE("an explanation names what limits the cycles", "[unit][dataflows]") {
  const auto text = conv3(test::eyeriss());
  CHECK(lines_with(text, "  bound") ==
        "  bound        4,220,160  PEs 4,153,344 + ramps 1,920 + psums and outputs on the link 64,896\n");
  CHECK(lines_with(text, "  estimate") ==
        "  estimate     5,256,790  PEs 4,153,344 + ramps 1,920 + chains 2,304 + output 216,560 + input 882,662\n");
  // with a quarter of its width the network that brings psums takes longer than the PEs
  const auto narrow = conv3(test::eyeriss({"networks.psum_gin.width=1 words/cycle"}));
  CHECK(lines_with(narrow, "  bound") ==
        "  bound        16,680,192  psum_gin 16,613,376 + ramps 1,920 + psums and outputs on the link 64,896\n");
}

TEST_CASE("halos are told from rows that stay when a tile slides", "[unit][dataflows]") {
  const auto a = test::eyeriss();
  auto l = layer({{1, 1, 1, 1, 55, 1, 11, 1}});
  l.stride = {4, 4};
  Mapping m;
  m.nest = {keep("dram", {Operand::Input, Operand::Weight, Operand::Output}),
            temporal(P, 7),
            keep("glb", {Operand::Input, Operand::Weight, Operand::Output}),
            spatial(R, 1, Axis::Y),
            spatial(P, 1, Axis::X),
            keep("ifmap_spad", {Operand::Input}),
            keep("filter_spad", {Operand::Weight}),
            keep("psum_spad", {Operand::Output})};
  const auto text = to_text(explain(m, l, a));
  CHECK(text.find("input   dram -> glb        rows 227 (8 windows: 7 x 35 + 31 - 7 x 7 kept) ") != std::string::npos);
  // every pass sends the rows of its own window
  CHECK(text.find("input   glb -> ifmap_gin   rows 276 (8 passes: 7 x 35 + 31) ") != std::string::npos);
}

TEST_CASE("where remainders make it no product the sum is printed", "[unit][dataflows]") {
  const auto a = test::eyeriss();
  const auto l = layer({{1, 4, 5, 1, 1, 1, 1, 1}});
  Mapping m;
  m.nest = {keep("dram", {Operand::Input, Operand::Weight, Operand::Output}),
            temporal(M, 2),
            temporal(N, 1),
            temporal(M, 1),
            keep("glb", {Operand::Input, Operand::Weight, Operand::Output}),
            spatial(M, 1, Axis::X),
            keep("ifmap_spad", {Operand::Input}),
            keep("filter_spad", {Operand::Weight}),
            keep("psum_spad", {Operand::Output})};
  // the fifth filter is alone in its tile and stays for all four inputs
  const auto e = explain(m, l, a);
  REQUIRE(e.flows[3].boundary == Boundary::Fill);
  CHECK(e.flows[3].what == "weight");
  CHECK(e.flows[3].words == 17);
  REQUIRE(e.flows[3].sum.size() == 2);
  CHECK(e.flows[3].sum[0].factors ==
        std::vector<Factor>{{.label = "M", .value = 1, .detail = "of 5", .counts = false}});
  CHECK(e.flows[3].sum[1].factors ==
        std::vector<Factor>{{.label = "M", .value = 4, .detail = "of 5", .counts = false},
                            {.label = "times", .value = 4, .detail = "N 4 by 1", .counts = true}});
}
