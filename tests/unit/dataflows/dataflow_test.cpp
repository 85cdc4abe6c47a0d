// The loop nest of a dataflow, generated from its constraints, as the whole text that a user sees.

#include "dataflows/dataflow.hpp"

#include <catch2/catch.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

std::string shipped(const std::string& name) {
  return to_text(read_dataflow(YamlDocument::from_file(test::source("configs/dataflows/" + name + ".yaml"))));
}

std::string text(const std::string& lines) {
  return to_text(read_dataflow(YamlDocument::from_text("kind: dataflow\nname: mine\n" + lines, "mine.yaml")));
}

}  // namespace

TEST_CASE("row stationary as a loop nest", "[unit][dataflows]") {
  CHECK(shipped("row_stationary") ==
        R"(row_stationary: a filter row and an ifmap row in each PE, psums summed up the columns of a PE set
source: Chen, Emer, Sze, ISCA 2016, V; Chen et al., IEEE JSSC 52(1) 2017, III-B and IV-A

for G N M C P                     tiles outside the array, loops in any order
  par-for x: P M G                columns of PEs
  par-for y: P M G, C R           rows of PEs; all of R, an element a row; psums are summed up the column over C R
    [PE: input, weight, output]   in any order; each outside the loops that use its words again
    for N M C Q S                 all of Q S in every pass
      psum += input x weight

what stays where, and for how long
  input   in a PE       words of N C Q S; each stays while M goes by, and while windows slide over it
          in the array  PEs that differ in M alone, PEs whose P and R meet in a row get the same words
          in a buffer   a tile stays while loops over M outside the array use it again
  weight  in a PE       words of M C S; each stays while N Q go by
          in the array  PEs that differ in P alone get the same words
          in a buffer   a tile stays while loops over N P outside the array use it again
  output  in a PE       words of N M Q; each stays while C S go by
          in the array  psums go up the column and are summed over C R
          in a buffer   psums rest while loops over C outside the array add to them
)");
}

TEST_CASE("weight stationary as a loop nest", "[unit][dataflows]") {
  CHECK(shipped("weight_stationary") ==
        R"(weight_stationary: each PE keeps one filter word while ofmap pixels stream past
source: taxonomy: Chen, Emer, Sze, ISCA 2016, IV-A; array: Jouppi et al., ISCA 2017, 2

for G N M C P Q R S            tiles outside the array, loops in any order
  par-for x: M                 columns of PEs
  par-for y: C R S             rows of PEs; psums are summed up the column over C R S
    [PE: weight]               outermost: its words stay longest
    for N P Q                  here or further in
      [PE: input, output]      in any order; each outside the loops that use its words again
      psum += input x weight

what stays where, and for how long
  input   in a PE       words of N P Q; each is used in one step
          in the array  PEs that differ in M alone get the same words; neighbours along R S in other steps
          in a buffer   a tile stays while loops over M outside the array use it again
  weight  in a PE       one word, the whole pass, while N P Q go by
          in the array  every PE gets words of its own
          in a buffer   a tile stays while loops over N P Q outside the array use it again
  output  in a PE       words of N P Q; each is used in one step
          in the array  psums go up the column and are summed over C R S
          in a buffer   psums rest while loops over C R S outside the array add to them
)");
}

TEST_CASE("ShiDianNao's dataflow as a loop nest", "[unit][dataflows]") {
  CHECK(
      shipped("shidiannao") ==
      R"(shidiannao: an ofmap pixel in each PE, neighbouring pixels in neighbouring PEs, psums stay until they are finished
source: Du et al., ShiDianNao, ISCA 2015, 5 and 8

for G N M C P Q R S            tiles outside the array, loops in any order
  par-for x: Q M               columns of PEs
  par-for y: P M               rows of PEs
    [PE: output]               outermost: its words stay longest
    for C R S                  here or further in
      [PE: input, weight]      in any order; each outside the loops that use its words again
      psum += input x weight

what stays where, and for how long
  input   in a PE       words of C R S; each is used in one step
          in the array  PEs that differ in M alone get the same words; neighbours along P Q in other steps
          in a buffer   a tile stays while loops over M outside the array use it again
  weight  in a PE       words of C R S; each is used in one step
          in the array  PEs that differ in Q P alone get the same words
          in a buffer   a tile stays while loops over N P Q outside the array use it again
  output  in a PE       one word, the whole pass, while C R S go by
          in the array  every PE has psums of its own
          in a buffer   psums rest while loops over C R S outside the array add to them
)");
}

TEST_CASE("C, R and S never lie along x, and what is whole has no loop outside", "[unit][dataflows]") {
  const auto all = text("x: [C, Q, R]\ny: [R]\nwhole_on_y: [R]\npe: [C, S]\nwhole_in_pe: [C, S]\n");
  CHECK_THAT(all, Catch::Contains("\nfor G N M P Q "));
  CHECK_THAT(all, Catch::Contains("\n  par-for x: Q "));
  CHECK_THAT(all, Catch::Contains("\n  par-for y: R "));
  CHECK_THAT(all, Catch::Contains("\n    for C S                       all of C S in every pass\n"));
  CHECK_THAT(all, Catch::Contains("in a buffer   psums are finished in every pass\n"));
}

TEST_CASE("with nothing in a PE and nothing spread, a pass is a step", "[unit][dataflows]") {
  const auto all = text("x: []\ny: []\npe: []\n");
  CHECK(all.find("par-for") == std::string::npos);
  CHECK_THAT(all, Catch::StartsWith("mine\n\nfor G N M C P Q R S "));
  CHECK_THAT(all, Catch::Contains("  weight  in a PE       one word, for one step\n"
                                  "          in the array  every PE gets words of its own\n"));
}
