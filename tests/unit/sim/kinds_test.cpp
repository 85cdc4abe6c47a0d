// Does a machine compute every kind of layer? Other kinds than convolution and pooling reach it as nests over operands
// that were gathered for them.

#include <catch2/catch.hpp>

#include "dataflows/closed_form.hpp"
#include "dataflows/wires.hpp"
#include "sim/simulate.hpp"
#include "tests/support/random_cases.hpp"
#include "tests/support/support.hpp"
#include "workloads/gather.hpp"
#include "workloads/zero_macs.hpp"

using namespace eyrie;

namespace {

const std::string kKinds =
    "kind: workload\nname: net\ninputs:\n- {name: data, channels: 4, rows: 5, columns: 4}\nlayers:\n"
    "- {name: c1, type: conv, inputs: [data], out_channels: 4, kernel: {rows: 3, columns: 3}, padding: {top: 1, "
    "bottom: 1, left: 1, right: 1}, activation: sigmoid}\n"
    "- {name: sum, type: add, inputs: [c1, data], activation: tanh}\n"
    "- {name: sum3, type: add, inputs: [c1, data, sum], activation: relu6}\n"
    "- {name: prod, type: multiply, inputs: [sum3, data], activation: relu}\n"
    "- {name: cat, type: concat, inputs: [prod, data]}\n"
    "- {name: cat_rows, type: concat, inputs: [prod, data], axis: rows, activation: relu}\n"
    "- {name: shuffle, type: channel_shuffle, inputs: [cat], groups: 2}\n"
    "- {name: local, type: locally_connected, inputs: [shuffle], out_channels: 4, groups: 2, kernel: {rows: 2, "
    "columns: 3}, stride: {rows: 2, columns: 1}, padding: {top: 1}, activation: tanh}\n"
    "- {name: r, type: relu, inputs: [local]}\n- {name: r6, type: relu6, inputs: [local]}\n"
    "- {name: sig, type: sigmoid, inputs: [local]}\n- {name: th, type: tanh, inputs: [local]}\n"
    "- {name: rows, type: reduce_mean, inputs: [local], axis: rows}\n"
    "- {name: gap, type: average_pool, inputs: [local], global: true}\n"
    "- {name: gmp, type: max_pool, inputs: [local], global: true}\n";
const std::string kCells =
    "kind: workload\nname: net\ninputs:\n- {name: data, channels: 3, rows: 1, columns: 1, steps: 2}\nlayers:\n"
    "- {name: a, type: lstm, inputs: [data], units: 4, returns: sequence, projection: 3, peephole: true}\n"
    "- {name: b, type: gru, inputs: [a], units: 3, returns: sequence}\n"
    "- {name: m, type: reduce_mean, inputs: [b], axis: steps}\n";

/// Simulates every layer that has a nest; how many there were.
int simulated(const Network& n, std::uint64_t seed) {
  Random random{seed, "kinds"};
  const auto a = test::random_machine(random);
  const ForwardPass pass{n, a.words, seed};
  int count = 0;
  for (std::size_t i = 0; i < n.layers().size(); ++i) {
    const Layer& l = n.layers()[i];
    if (!l.nest()) continue;
    const LayerNest nest = *l.nest();
    CAPTURE(l.name, seed);
    const auto mapping = test::random_mapping(nest, a, random);
    if (!mapping) continue;
    const auto operands = pass.operands(i);
    SimulateOptions options;
    options.reads_network_input = pass.reads_network_input(i);
    const auto result = simulate(nest, a, *mapping, operands, options);
    REQUIRE_FALSE(result.deadlock.has_value());
    CHECK(test::differences(output_of(l, result.ofmap), pass.output(i)) == 0);
    const DataFacts facts{.gated_macs = zero_macs(nest, operands.input).count(),
                          .biases = !operands.bias.empty(),
                          .table_activation = uses_table(operands.arithmetic.activation),
                          .reads_network_input = options.reads_network_input};
    const Traffic w = traffic(*mapping, nest, a);
    auto counts = action_counts(w, nest, a, facts);
    counts += wire_counts(*mapping, nest, a, w);
    CHECK(same_words(counts, result.counts));
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("a machine computes every kind of layer as the plain reference does", "[unit][sim]") {
  const auto kinds = Network::from_yaml(YamlDocument::from_text(kKinds, "net.yaml"), 2);
  int count = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) count += simulated(kinds, seed);
  CHECK(count > 90);  // of 8 x 15; some have no legal mapping among those tried
}

TEST_CASE("a machine computes recurrent cells step by step", "[unit][sim]") {
  const auto cells = Network::from_yaml(YamlDocument::from_text(kCells, "net.yaml"), 1);
  int count = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) count += simulated(cells, seed);
  CHECK(count > 120);
}
