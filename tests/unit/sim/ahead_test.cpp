// Words that come to PEs ahead of their pass: how many, how early, and what it saves.

#include <catch2/catch.hpp>

#include "dataflows/closed_form.hpp"
#include "dataflows/legality.hpp"
#include "dataflows/row_stationary.hpp"
#include "sim/core/spad_port.hpp"
#include "sim/simulate.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using namespace eyrie::sim;

namespace {

/// When words get into a spad of four places that are seen from cycle -9 on, one a cycle.
std::vector<std::int32_t> loads(const SpadEntry& entry, std::size_t words) {
  Engine engine;
  SpadPort port{.fifo = 8, .depth = 4};
  port.reset(words, entry);
  for (std::size_t k = 0; k < words; ++k) port.push(-9 + static_cast<Time>(k), 0);
  port.advance(engine);
  return {port.load.begin(), port.load.begin() + port.loaded};
}

/// Cycles of the second pass of two, of four filters each, whose words are all in the buffer. Two PEs in a column take
/// turns on a filter network of a word a cycle; each has four MACs on one ifmap word.
Time second_pass(std::vector<std::string> overrides) {
  for (const char* o : {"array.rows=2", "array.columns=1", "networks.filter_gin.width=1 words/cycle",
                        "networks.filter_gin.fifo=1 words", "networks.ifmap_gin.fifo=1 words"})
    overrides.emplace_back(o);
  const auto a = test::eyeriss(overrides);
  LayerNest l;
  l.extent = {{1, 1, 8, 1, 1, 1, 2, 1}};
  using enum Operand;
  const Mapping m{{keep("dram", {Input, Weight, Output}), keep("glb", {Input, Weight, Output}), temporal(Dim::M, 4),
                   spatial(Dim::R, 1, Axis::Y), keep("filter_spad", {Weight}), keep("ifmap_spad", {Input}),
                   keep("psum_spad", {Output}), temporal(Dim::M, 1)}};
  REQUIRE(is_legal(m, l, a));
  Random random{9, "ahead"};
  const auto operands = test::random_operands(l, a.words, random);
  Time cycles = 0;
  for (const Stepping way : {Stepping::RunAhead, Stepping::Cycle, Stepping::Replay}) {
    RunLog log;
    SimulateOptions options{.stepping = way};
    options.log = &log;
    const auto result = simulate(l, a, m, operands, options);
    REQUIRE_FALSE(result.deadlock.has_value());
    CHECK(test::differences(result.ofmap, test::reference_ofmap(l, operands)) == 0);
    CHECK(cycle_model(traffic(m, l, a), l, a, {}).bound <= result.cycles);
    REQUIRE(log.passes.size() == 2);
    const auto now = (log.passes[1].to - log.passes[1].from).count();
    CHECK((cycles == 0 || cycles == now));
    cycles = now;
  }
  return cycles;
}

}  // namespace

TEST_CASE("words of the next pass take spare places at once, others when the pass before gives them up",
          "[unit][sim]") {
  CHECK(loads({.from = -10, .freed = -4, .spare = 4}, 4) == std::vector{-9, -8, -7, -6});
  CHECK(loads({.from = -10, .freed = -4, .spare = 2}, 4) == std::vector{-9, -8, -4, -3});
  CHECK(loads({.from = -10, .freed = -4, .spare = 0}, 4) == std::vector{-4, -3, -2, -1});
  CHECK(loads({.from = -10, .freed = -8, .spare = 1}, 4) == std::vector{-9, -8, -7, -6});
  CHECK(loads({.from = -10, .freed = -4, .spare = 2}, 6) == std::vector{-9, -8, -4, -3});  // the spad is full
}

TEST_CASE("a pass that finds its words in the spads doesn't wait for them", "[unit][sim]") {
  const std::vector<std::string> none{"networks.filter_gin.ahead=false", "networks.ifmap_gin.ahead=false"};
  const auto with = [](std::vector<std::string> all, const char* one) {
    all.emplace_back(one);
    return all;
  };
  // Filter words of the lower PE leave in cycles 1, 3, 5, 7 and are used two later, its psums in cycles 10 to 13. The
  // upper one has them three cycles later and passes them on in 13 to 16; the last is at the network in 19, in the
  // buffer two later.
  CHECK(second_pass(none) == 21);
  // The lower PE's ifmap word leaves in cycle 1: MACs in 3 to 6.
  CHECK(second_pass(with(none, "networks.filter_gin.ahead=true")) == 18);
  const std::vector<std::string> both{"networks.filter_gin.ahead=true", "networks.ifmap_gin.ahead=true"};
  CHECK(second_pass(both) == 15);  // MACs in 0 to 3
  // Places are free four cycles before, when the upper PE is done: words of the lower leave in -3, -1, 1 and 3.
  CHECK(second_pass(with(both, "array.spads.filter_spad.depth=4 words")) == 17);
  // One spare place, and one in the FIFO: two words are there, the others leave in -2 and 0.
  CHECK(second_pass(with(both, "array.spads.filter_spad.depth=5 words")) == 15);
}

TEST_CASE("words of a tile that comes for a pass are not sent before they are there", "[unit][sim]") {
  // Nothing is in the buffer before: the first pass can have ahead what came before its last tile, and that alone.
  const auto a = test::eyeriss({"array.rows=1", "array.columns=1"});
  LayerNest l;
  l.extent = {{1, 1, 1, 1, 1, 1, 1, 1}};
  const auto m = row_stationary({1, 1, 1, 1, 1, 1, 1}, l, a);
  Random random{4, "first"};
  const auto operands = test::random_operands(l, a.words, random);
  RunLog log;
  SimulateOptions options;
  options.log = &log;
  REQUIRE_FALSE(simulate(l, a, m, operands, options).deadlock.has_value());
  REQUIRE(log.passes.size() == 1);
  // The ifmap came last. Its word leaves in cycle 0 and is used in 2; its psum leaves in 3, is seen in 6, and is in the
  // buffer two cycles later.
  CHECK((log.passes[0].to - log.passes[0].from).count() == 8);
}
