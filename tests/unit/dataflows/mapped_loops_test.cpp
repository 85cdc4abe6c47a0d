#include <catch2/catch.hpp>

#include "dataflows/explain.hpp"
#include "dataflows/mapped_loops.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

LayerNest nest() {
  LayerNest l;
  l.extent[Dim::M] = 8;
  l.extent[Dim::P] = 7;
  l.extent[Dim::R] = 3;
  return l;
}

const Mapping kMapping{{keep("dram", {Operand::Input, Operand::Weight, Operand::Output}), temporal(Dim::P, 3),
                        keep("nbin", {Operand::Input}), keep("sb", {Operand::Weight}), temporal(Dim::M, 8),
                        spatial(Dim::R, 1, Axis::Y), spatial(Dim::M, 3, Axis::X), keep("spad", {Operand::Weight}),
                        temporal(Dim::P, 1)}};

}  // namespace

TEST_CASE("a mapping's loops have their memory, trips and what is left for the last", "[unit][dataflows]") {
  const auto loops = loops_of(kMapping, nest());
  REQUIRE(loops.size() == 5);
  CHECK(loops[0] == MappedLoop{.level = "dram", .dim = Dim::P, .axis = {}, .trips = 3, .extent = 7, .step = 3});
  CHECK(loops[0].remainder() == 1);
  CHECK(loops[1] == MappedLoop{.level = "nbin + sb", .dim = Dim::M, .axis = {}, .trips = 1, .extent = 8, .step = 8});
  CHECK(loops[1].remainder() == 0);
  CHECK(loops[2] ==
        MappedLoop{.level = "nbin + sb", .dim = Dim::R, .axis = Axis::Y, .trips = 3, .extent = 3, .step = 1});
  CHECK(loops[3] ==
        MappedLoop{.level = "nbin + sb", .dim = Dim::M, .axis = Axis::X, .trips = 3, .extent = 8, .step = 3});
  CHECK(loops[3].remainder() == 2);
  CHECK(loops[4] == MappedLoop{.level = "spad", .dim = Dim::P, .axis = {}, .trips = 3, .extent = 3, .step = 1});
}

TEST_CASE("a nest's notes stand in a column of their own", "[unit][dataflows]") {
  CHECK(nest_text({{"[dram: input]", ""},
                   {"for P in 2 x 3", ""},
                   {"  [glb: input]", "18 words"},
                   {"[s: weight]", "3 words"}}) ==
        "[dram: input]\nfor P in 2 x 3\n  [glb: input]  18 words\n[s: weight]     3 words\n");
}
