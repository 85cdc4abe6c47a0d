// Numbers worked out by hand, line by line.

#include "energy/simd_core.hpp"

#include <catch2/catch.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

using enum Dim;

SimdCore shipped() {
  return read_simd_core(YamlDocument::from_file(test::source("configs/baselines/simd_128bit.yaml")));
}

/// With caches of so many lines.
SimdCore with_caches(std::int64_t l1, std::int64_t l2) {
  auto core = shipped();
  core.l1.value = Bytes{64 * l1};
  core.l2.value = Bytes{64 * l2};
  return core;
}

LayerNest nest(std::int64_t m, std::int64_t c, std::int64_t q = 1) {
  LayerNest l;
  l.extent[M] = m;
  l.extent[C] = c;
  l.extent[Q] = q;
  return l;
}

std::string errors_of(const std::string& from, const std::string& to) {
  auto text = test::read_file(test::source("configs/baselines/simd_128bit.yaml"));
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  return test::errors_of([&] { read_simd_core(YamlDocument::from_text(text, "core.yaml")); });
}

}  // namespace

// 64 inputs, 16 outputs: 1024 synapses. 2048 operations / 2.01; 2 + 32 + 1 lines of 32 words, each from memory.
TEST_CASE("a SIMD core waits for every line of a layer that is read once", "[unit][energy]") {
  const auto t = time_on(shipped(), nest(16, 64));
  CHECK(t.compute == Cycles{1019});
  CHECK(t.l1_misses == 35);
  CHECK(t.memory_lines == 35);
  CHECK(t.stall == Cycles{35 * 260});
  CHECK(t.seconds.count() == Approx((1019 + 9100) / 2e9).epsilon(1e-12));
  CHECK(t.memory.count() == Approx(35 * 512 * 68.75).epsilon(1e-12));
}

// 16 synapses of each of 16 outputs are 8 lines, with inputs and outputs 10: more than L1's 8. So each of the 4 tiles
// of 64 inputs asks for 10 lines again at each of the 10 positions. L2 keeps all: 32 + 20 + 5 lines.
TEST_CASE("what L1 cannot keep comes from L2 at every turn", "[unit][energy]") {
  const auto t = time_on(with_caches(8, 64), nest(16, 64, 10));
  CHECK(t.l1_misses == 400);
  CHECK(t.memory_lines == 57);
  CHECK(t.stall == Cycles{400 * 10 + 57 * 250});
}

// L1 keeps one tile's 8 + 1 + 1 lines, not those of both tiles of outputs. With tiles outside of positions each brings
// 8
// + 5 + 5; inside, the 16 + 1 + 1 lines of a position come again at all 10.
TEST_CASE("the code has its tiles where it waits less", "[unit][energy]") {
  CHECK(time_on(with_caches(12, 64), nest(32, 16, 10)).l1_misses == 36);
  CHECK(time_on(with_caches(18, 64), nest(32, 16, 10)).l1_misses == 31);  // all of it once
}

// 4 x 4 windows of 2 x 2 over 32 maps: an addition takes a slot as a multiplication and an addition do.
TEST_CASE("a pool's additions pass no faster than a filter's", "[unit][energy]") {
  LayerNest l;
  l.reduction = Reduction::Sum;
  l.extent[G] = 32;
  l.extent[P] = l.extent[Q] = 4;
  l.extent[R] = l.extent[S] = 2;
  l.stride = {2, 2};
  const auto t = time_on(shipped(), l);
  CHECK(t.compute == Cycles{2038});
  CHECK(t.memory_lines == 64 + 16);
  CHECK(t.stall == Cycles{80 * 260});
}

// A row of 6 positions: 3 rows of 8 inputs are 12 lines, 256 synapses at 9 places 72, outputs 3. All: 32 + 72 + 18.
TEST_CASE("windows that slide bring a line once if a row's windows stay", "[unit][energy]") {
  LayerNest l;
  l.extent[C] = l.extent[M] = 16;
  l.extent[P] = l.extent[Q] = 6;
  l.extent[R] = l.extent[S] = 3;
  const std::int64_t once = 32 + 72 + 18, row = 12 + 72 + 3;
  CHECK(time_on(with_caches(row, 1000), l).l1_misses == once);
  CHECK(time_on(with_caches(row - 1, 1000), l).l1_misses == 6 * row);
  CHECK(time_on(with_caches(row - 1, 1000), l).memory_lines == once);
}

TEST_CASE("a reduction that the model does not know is an error", "[unit][energy]") {
  auto l = nest(2, 2);
  l.reduction = static_cast<Reduction>(9);
  CHECK_THROWS_WITH(time_on(shipped(), l), Catch::Contains("a reduction that the model of a SIMD core does not know"));
}

TEST_CASE("what is wrong with a SIMD core is said with its place", "[unit][energy]") {
  CHECK_THAT(errors_of("value: 2.01", "value: 17"),
             Catch::Contains("17 operations a cycle are more than 8 lanes can do; at most 16"));
  CHECK_THAT(errors_of("value: 2 MiB", "value: 32 KiB"), Catch::Contains("l2 of 32768 B holds no more than l1"));
  CHECK_THAT(errors_of("value: 64 B", "value: 0 B"), Catch::Contains("error: line is 0; it must be above 0"));
  CHECK_THAT(errors_of("kind: simd_core", "kind: gpu"), Catch::Contains("kind is gpu, and a SIMD core was wanted"));
  CHECK_THAT(errors_of("source: \"ASPLOS 2014, Fig. 5 to 8\"", "source: \"\""), Catch::Contains("tile has no source"));
  CHECK_THAT(errors_of("prefetcher: {value: none", "prefetcher: {value: stride"), Catch::Contains("stride"));
}
