// How dimensions are divided inside a pass, and what a PE does with its part.

#include "mapper/options.hpp"

#include <catch2/catch.hpp>

#include "mapper/outer.hpp"
#include "mapper/pe_nest.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

using enum Dim;

Dataflow row_stationary() {
  return read_dataflow(YamlDocument::from_file(test::source("configs/dataflows/row_stationary.yaml")));
}

LayerNest conv2() {
  LayerNest l;
  l.extent = {{2, 4, 128, 48, 27, 27, 5, 5}};
  return l;
}

}  // namespace

TEST_CASE("27 rows go on 14 columns as 14 and 13", "[unit][mapper]") {
  const auto o = dim_option(27, 1, 14, 2);
  CHECK(o.pass == 27);
  CHECK(o.passes == 1);
  CHECK(o.parts == 27);
  CHECK(o.busiest == 1);
  const auto found = dim_options(P, conv2(), test::eyeriss(), row_stationary(), Space::Ragged);
  CHECK(std::ranges::count(found, o) == 1);
  for (const auto& option : found) CHECK(option.pe == 1);  // row stationary: an ofmap row a PE
}

TEST_CASE("a remainder makes the last pass smaller", "[unit][mapper]") {
  const auto o = dim_option(10, 2, 1, 3);  // 6 and 4: three PEs of 2, then two
  CHECK(o.pass == 6);
  CHECK(o.passes == 2);
  CHECK(o.parts == 5);
  CHECK(o.busiest == 4);
  CHECK(o.gap);
  CHECK_FALSE(dim_option(12, 2, 1, 3).gap);
}

TEST_CASE("spaces hold each other", "[unit][mapper]") {
  const auto a = test::eyeriss();
  for (Dim d : {M, C, P, N}) {
    const auto perfect = dim_options(d, conv2(), a, row_stationary(), Space::Perfect),
               ragged = dim_options(d, conv2(), a, row_stationary(), Space::Ragged),
               every = dim_options(d, conv2(), a, row_stationary(), Space::Every);
    CHECK(perfect.size() <= ragged.size());
    CHECK(ragged.size() <= every.size());
    for (const auto& o : perfect) CHECK(std::ranges::count(every, o) == 1);
    for (const auto& o : ragged) CHECK(std::ranges::count(every, o) == 1);
    for (const auto& o : perfect) CHECK(conv2().extent[d] % o.pass == 0);
  }
}

TEST_CASE("what a dataflow wants whole is whole", "[unit][mapper]") {
  const auto a = test::eyeriss();
  CHECK(dim_options(Q, conv2(), a, row_stationary(), Space::Ragged) == std::vector{dim_option(27, 27, 1, 1)});
  CHECK(dim_options(R, conv2(), a, row_stationary(), Space::Ragged) == std::vector{dim_option(5, 1, 1, 5)});
  CHECK(dim_options(R, conv2(), test::eyeriss({"array.rows=4"}), row_stationary(), Space::Ragged).empty());
}

TEST_CASE("a row of pixels slides through a PE as on the chip", "[unit][mapper]") {
  Extents part;
  part[M] = 16;
  part[C] = 2;
  part[S] = 5;
  part[Q] = 27;
  const auto nests = pe_nests(part, conv2(), test::eyeriss(), row_stationary());
  const bool slides_along_a_row = std::ranges::any_of(
      nests, [](const PeNestChoice& n) { return n.slide == Q && n.input_tile()[S] == 5 && n.input_tile()[C] == 2; });
  CHECK(slides_along_a_row);
  part[S] = 13;  // 13 filter columns of two channels, with or without a row of pixels, don't fit 12 words at once
  for (const auto& n : pe_nests(part, conv2(), test::eyeriss(), row_stationary()))
    CHECK(n.input_tile()[C] * n.input_tile()[S] <= 12);
}

TEST_CASE("no choice of loops moves less than each tensor once", "[unit][mapper]") {
  const auto l = conv2();
  PassOutline pass{.extent = {{1, 1, 16, 2, 27, 27, 5, 5}}, .passes = {{2, 4, 8, 24, 1, 1, 1, 1}}, .passes_by = {}};
  const auto least = least_words(l, {});
  CHECK(least.weight == 2 * 128 * 48 * 25);
  CHECK(least.input == 2 * 4 * 48 * 31 * 31);
  CHECK(least.outputs == 2 * 4 * 128 * 27 * 27);
  std::optional<TileWords> best;
  KnownChains known;
  const auto weighed = outer_choices(
      pass, l, test::eyeriss(), known, [&](const TileWords& words) { return !best || words < *best; },
      [&](const OuterChoice& c) {
        CHECK(c.words.input >= least.input);
        CHECK(c.words.weight >= least.weight);
        CHECK(c.words.outputs >= least.outputs);
        best = c.words;
      });
  CHECK(weighed > 0);
  REQUIRE(best.has_value());
  CHECK(best->input == least.input);  // ifmaps once is possible here, at the cost of filters
}
