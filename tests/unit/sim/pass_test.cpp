#include <catch2/catch.hpp>

#include "dataflows/closed_form.hpp"
#include "dataflows/legality.hpp"
#include "dataflows/row_stationary.hpp"
#include "dataflows/wires.hpp"
#include "sim/pass_plan.hpp"
#include "sim/pass_sequence.hpp"
#include "sim/simulate.hpp"
#include "tests/support/support.hpp"
#include "workloads/zero_macs.hpp"

using namespace eyrie;
using namespace eyrie::sim;
using enum Dim;

TEST_CASE("a PE's program slides along the row and interleaves filters innermost", "[unit][sim]") {
  const auto a = test::eyeriss();
  LayerNest l;
  l.extent = {{1, 1, 2, 1, 1, 3, 1, 3}};  // two filters of 1 x 3 on one row of three outputs
  l.stride = {1, 2};
  const auto m = row_stationary({.m = 2, .n = 1, .e = 1, .p = 2, .q = 1, .r = 1, .t = 1}, l, a);
  const auto program = compile_pe(pe_nest(m, l, a), l, l.extent);
  CHECK(program.inputs.size() == 7);  // (3 - 1) * 2 + 3, each once
  CHECK(program.weights.size() == 6);
  CHECK(program.outputs.size() == 6);
  REQUIRE(program.rows.size() == 9);  // three windows of three taps
  CHECK(program.rows[0].opens_window);
  CHECK(program.rows[0].length == 2);  // both filters on one ifmap word
  CHECK(program.rows[2].leaves == 2);
  CHECK(program.rows[3].input == 2);  // the next window begins two words on
  CHECK(program.rows[2].inputs_dead == 2);
  CHECK(program.rows[8].weights_dead == 6);
}

TEST_CASE("an ifmap word goes to the diagonal of a PE set and a filter word along its row", "[unit][sim]") {
  const auto a = test::eyeriss();
  LayerNest l;
  l.extent = {{1, 1, 1, 1, 4, 5, 3, 3}};
  const auto m = row_stationary({.m = 1, .n = 1, .e = 4, .p = 1, .q = 1, .r = 1, .t = 1}, l, a);
  const auto strides = tile_strides(m, l, a);
  const auto plan = plan_pass(m, l, a, l.extent, strides);
  CHECK(plan.pes.size() == 12);
  CHECK(plan.inputs.addresses.size() == 6 * 7);  // each word of the ifmap once
  CHECK(plan.weights.addresses.size() == 9);     // each filter word once
  for (const auto& to : plan.weights.destinations) CHECK(to.size() == 4);
  std::size_t widest = 0;
  for (const auto& to : plan.inputs.destinations) {
    widest = std::max(widest, to.size());
    for (auto pe : to) {
      const auto& first = plan.pes[static_cast<std::size_t>(to[0])];
      const auto& one = plan.pes[static_cast<std::size_t>(pe)];
      CHECK(first.row + first.column == one.row + one.column);
    }
  }
  CHECK(widest == 3);
  CHECK(plan.chains.size() == 4);
  for (const auto& chain : plan.chains) {
    REQUIRE(chain.pes.size() == 3);
    CHECK(plan.pes[static_cast<std::size_t>(chain.pes[0])].row == 2);  // bottom first
    CHECK(plan.pes[static_cast<std::size_t>(chain.pes[2])].row == 0);
  }
}

TEST_CASE("tiles change when the innermost relevant loop goes on", "[unit][sim]") {
  const auto a = test::eyeriss();
  LayerNest l;
  l.extent = {{1, 1, 4, 2, 4, 4, 3, 3}};
  const auto m = row_stationary({.m = 4, .n = 1, .e = 2, .p = 2, .q = 1, .r = 1, .t = 1}, l, a);
  PassSequence passes{m, l, a};
  std::string changes;
  std::int64_t count = 0;
  while (const auto step = passes.next()) {
    ++count;
    for (const auto c : step->change) changes += c == TileChange::Stays ? '.' : c == TileChange::Whole ? 'W' : 'S';
    changes += ' ';
  }
  // input weight output; loops: P (2 strips) > C (2) > M (2)
  CHECK(changes == "WWW .W. WW. .W. WWW .W. WW. .W. ");
  CHECK(count == 8);
}

TEST_CASE("a strip that follows a strip of the same channels slides", "[unit][sim]") {
  const auto a = test::eyeriss();
  LayerNest l;
  l.extent = {{1, 1, 1, 1, 6, 4, 3, 3}};
  const auto m = row_stationary({.m = 1, .n = 1, .e = 2, .p = 1, .q = 1, .r = 1, .t = 1}, l, a);
  Random random{3, "slide"};
  const auto operands = test::random_operands(l, a.words, random);
  SimulateOptions raw;
  raw.reads_network_input = true;
  const auto result = simulate(l, a, m, operands, raw);
  CHECK(test::differences(result.ofmap, test::reference_ofmap(l, operands)) == 0);
  // 8 rows of 6 words, each once; into the array 4 rows a strip
  CHECK(result.counts.words("dram", Operand::Input, Action::Read) == Words{8 * 6});
  CHECK(result.counts.words("glb", Operand::Input, Action::Read) == Words{3 * 4 * 6});
}

TEST_CASE("a single PE with everything at hand issues a MAC a cycle and one addition a psum", "[unit][sim]") {
  const auto a = test::eyeriss({"array.rows=1", "array.columns=1", "array.mac.zero_gating=false"});
  LayerNest l;
  l.extent = {{1, 1, 4, 1, 1, 3, 1, 3}};
  const auto m = row_stationary({.m = 4, .n = 1, .e = 1, .p = 4, .q = 1, .r = 1, .t = 1}, l, a);
  Random random{5, "single"};
  const auto result = simulate(l, a, m, test::random_operands(l, a.words, random));
  CHECK(result.stack[Cause::Mac] == 36);
  CHECK(result.stack[Cause::Accumulate] == 12);
  // The first ifmap and filter words leave at cycle 0, are seen at 1, in the spad at 1, used from 2 on.
  CHECK(result.stack[Cause::WaitInput] + result.stack[Cause::WaitWeight] >= 2);
  CHECK(result.active_pes == 1);
}

TEST_CASE("a window that slides over several rows or channels fits a spad of exactly its words", "[unit][sim]") {
  // Of each row the oldest column goes and a new one comes. Were places free only in the order in which words came, the
  // last row's new word would wait for a column of the first one that the next window still needs.
  const auto a = test::eyeriss({"array.rows=1", "array.columns=1", "array.spads.ifmap_spad.depth=9 words"});
  using enum Operand;
  const Dim beside = GENERATE(R, C);
  LayerNest l;
  l.extent = {{1, 1, 1, 1, 1, 4, 1, 3}};
  l.extent[beside] = 3;
  const Mapping m{{keep("dram", {Input, Weight, Output}), keep("glb", {Input, Weight, Output}), spatial(M, 1, Axis::X),
                   keep("filter_spad", {Weight}), temporal(Q, 1), keep("ifmap_spad", {Input}),
                   keep("psum_spad", {Output}), temporal(beside, 1), temporal(S, 1)}};
  REQUIRE(is_legal(m, l, a));
  Random random{7, "slides"};
  const auto operands = test::random_operands(l, a.words, random);
  const auto result = simulate(l, a, m, operands);
  REQUIRE_FALSE(result.deadlock.has_value());
  CHECK(test::differences(result.ofmap, test::reference_ofmap(l, operands)) == 0);
  CHECK(result.counts.words("ifmap_spad", Input, Action::Write) == Words{3 * (4 + 2)});  // each word once
}

TEST_CASE("two dimensions that both leave a remainder along one axis", "[unit][sim]") {
  // The best mapping of a depthwise layer of DS-CNN (25 x 5 pixels, 64 channels): its ifmap tile of 3 x 4 words slides
  // down a spad of twelve.
  const auto a = test::eyeriss({"array.pitch=0.2 mm"});
  using enum Operand;
  LayerNest l;
  l.extent = {{64, 1, 1, 1, 25, 5, 3, 3}};
  l.padding = {1, 1, 1, 1};
  const Mapping m{{keep("dram", {Input, Weight, Output}), keep("glb", {Input, Weight, Output}), spatial(G, 22, Axis::Y),
                   spatial(Q, 2, Axis::Y), temporal(G, 1), keep("filter_spad", {Weight}), temporal(P, 1),
                   keep("psum_spad", {Output}), keep("ifmap_spad", {Input}), temporal(Q, 1), temporal(R, 1),
                   temporal(S, 1)}};
  REQUIRE(is_legal(m, l, a));
  Random random{11, "remainders"};
  const auto operands = test::random_operands(l, a.words, random);
  const auto result = simulate(l, a, m, operands);
  REQUIRE_FALSE(result.deadlock.has_value());
  CHECK(result.active_pes == 9);
  CHECK(test::differences(result.ofmap, test::reference_ofmap(l, operands)) == 0);
  const auto w = traffic(m, l, a);
  const DataFacts facts{.gated_macs = zero_macs(l, operands.input).count(),
                        .biases = !operands.bias.empty(),
                        .reads_network_input = false};
  auto counts = action_counts(w, l, a, facts);
  counts += wire_counts(m, l, a, w);
  CHECK(same_words(counts, result.counts));
  CHECK(cycle_model(w, l, a, facts).bound <= result.cycles);
}
