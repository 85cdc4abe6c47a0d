// Counts in closed form, worked out by hand.

#include "dataflows/closed_form.hpp"

#include <catch2/catch.hpp>

#include "dataflows/legality.hpp"
#include "dataflows/row_stationary.hpp"
#include "sim/simulate.hpp"
#include "tests/support/support.hpp"
#include "workloads/zero_macs.hpp"

using namespace eyrie;

namespace {

using enum Dim;

LayerNest conv3() {
  LayerNest l;
  l.extent = {{1, 4, 384, 256, 13, 13, 3, 3}};
  return l;
}

}  // namespace

TEST_CASE("AlexNet CONV3 with its printed mapping, by hand", "[unit][dataflows]") {
  const auto a = test::eyeriss();
  const auto m = row_stationary({64, 4, 13, 16, 4, 1, 4}, conv3(), a);
  const auto w = traffic(m, conv3(), a);
  CHECK(w.passes == 6 * 64);
  CHECK(w.tile_words == Traffic::PerTensor{6 * 4 * 256 * 15 * 15, 384 * 256 * 9, 0});
  CHECK(w.tile_moves == Traffic::PerTensor{6 * 64, 6 * 64, 0});
  CHECK(w.drained == 4 * 384 * 13 * 13);
  CHECK(w.sent == Traffic::PerTensor{6 * 4 * 256 * 15 * 15, 384 * 256 * 9, 64 * 4 * 384 * 13 * 13});
  CHECK(w.delivered[1] == 13 * 384 * 256 * 9);
  CHECK(w.hops == 64 * 4 * 384 * 13 * 13 * 2);
  CHECK(w.longest_pe == 384 * (4 * 13 * 16 * 4 * 3 + 4 * 13 * 16));
  CHECK(w.bias_words == 384);
  CHECK(w.chain == 3);
}

TEST_CASE("psums that start from zero are not read", "[unit][dataflows]") {
  const auto a = test::eyeriss({"buffers.glb.partitions.fmap.initial_psums=false"});
  const auto m = row_stationary({64, 4, 13, 16, 4, 1, 4}, conv3(), a);
  const auto w = traffic(m, conv3(), a);
  CHECK(w.sent[2] == 63 * 4 * 384 * 13 * 13);
  CHECK(w.collected == 64 * 4 * 384 * 13 * 13);
}

TEST_CASE("a tensor without a tile streams what its network sends", "[unit][dataflows]") {
  const auto a = test::eyeriss({"buffers.glb.partitions.filter.bypass=true"});
  auto m = row_stationary({64, 4, 13, 16, 4, 1, 4}, conv3(), a);
  std::erase_if(m.nest, [](const NestEntry& e) { return e.keep == "glb" && e.keeps(Operand::Weight); });
  REQUIRE(is_legal(m, conv3(), a));
  CHECK_FALSE(is_legal(m, conv3(), test::eyeriss()));
  const auto w = traffic(m, conv3(), a);
  CHECK(w.passes_by == std::array{false, true, false});
  const auto counts = action_counts(w, conv3(), a, {});
  CHECK(counts.words("dram", Operand::Weight, Action::Read).count() == 384 * 256 * 9 + 384);  // and the biases
  CHECK(counts.words("glb", Operand::Weight, Action::Fill).count() == 0);
  CHECK(counts.words("glb", Operand::Weight, Action::Read).count() == 0);
  CHECK(counts.words("filter_gin", Operand::Weight, Action::Send).count() == 384 * 256 * 9);
}

TEST_CASE("gated MACs are those whose ifmap word is zero, padding too", "[unit][workloads]") {
  LayerNest l;
  l.extent = {{1, 1, 2, 1, 3, 1, 3, 1}};
  l.padding = {1, 1, 0, 0};
  Tensor input{Shape{1, 1, 3, 1}};
  input.data() = {5, 0, 7};
  // Rows 0 and 2 are read by two windows each; 18 MACs in all, two filters.
  CHECK(zero_macs(l, input).count() == 18 - 2 * (2 + 2));
}

TEST_CASE("a bound is a bound even for the smallest layer", "[unit][dataflows]") {
  Random random{3, "smallest"};
  const auto a = test::eyeriss();
  LayerNest l;
  const auto m = row_stationary({1, 1, 1, 1, 1, 1, 1}, l, a);
  const auto operands = test::random_operands(l, a.words, random);
  const auto model = cycle_model(traffic(m, l, a), l, a, {});
  CHECK(model.bound <= simulate(l, a, m, operands).cycles);
  CHECK(model.bound.count() > 0);
}

// Tiles of CONV3 have 4 channels: 345,600 pixels to ask for. They are not double-buffered, so that nothing is asked for
// while the words before are sent, one a cycle.
TEST_CASE("pixels of an ifmap tile are asked for one by one", "[unit][dataflows]") {
  const auto m = row_stationary({64, 4, 13, 16, 4, 1, 4}, conv3(), test::eyeriss());
  const auto w = traffic(m, conv3(), test::eyeriss());
  const std::int64_t words = 6 * 4 * 256 * 15 * 15, channels = 4;
  CHECK(w.tile_words[0] == words);
  CHECK(w.input_run == channels);
  const auto bound = [&](const std::string& cycles) {
    const auto a = test::eyeriss({"dram.request=" + cycles + " cycles", "dram.clock=core", "dram.engines=per_tensor"});
    return cycle_model(w, conv3(), a, {}).bound.count();
  };
  CHECK(bound("0") == bound("1"));  // there is time enough beside the array
  CHECK(bound("1000") == 1000 * words / channels + words);
}
