#include <catch2/catch.hpp>

#include "dataflows/legality.hpp"
#include "dataflows/mapping_file.hpp"
#include "interchange/timeloop_mapping.hpp"
#include "sim/simulate.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using enum Dim;
using enum Operand;

namespace {

/// The n-th YAML example of docs/timeloop.md.
YamlDocument example(int n) {
  const auto text = test::read_file(test::source("docs/timeloop.md"));
  std::size_t at = 0;
  for (int i = 0; i <= n; ++i) at = text.find("```yaml\n", at) + 8;
  return YamlDocument::from_text(text.substr(at, text.find("```\n", at) - at), "example.yaml");
}

std::string nest(const Mapping& m) { return mapping_yaml(m, "l", "a", "w"); }

}  // namespace

TEST_CASE("the documented problem, machine and mapping go together and compute the right ofmap",
          "[unit][interchange]") {
  const auto problem = read_timeloop_problem(example(0));
  const auto machine = read_timeloop_architecture(example(1));
  const TimeloopContext context{.axes = problem.axes, .fanouts = machine.fanouts, .added = machine.added};
  const auto mapped = read_timeloop_mapping(example(2), problem.nest, machine.architecture, context);

  const Mapping wanted{.nest = {keep("DRAM", {Input, Weight, Output}), temporal(P, 7), temporal(M, 4), temporal(C, 2),
                                keep("shared_glb", {Input, Output}), temporal(M, 2), temporal(Q, 1),
                                spatial(P, 1, Axis::X), spatial(M, 1, Axis::Y), spatial(R, 1, Axis::Y),
                                keep("ifmap_spad", {Input}), keep("weights_spad", {Weight}),
                                keep("psum_spad", {Output}), temporal(C, 1), temporal(S, 1)}};
  CHECK(nest(mapped.mapping) == nest(wanted));
  CHECK(is_legal(mapped.mapping, problem.nest, machine.architecture));
  CHECK(machine.added == std::vector<std::string>{"weight_staging"});

  const auto text = timeloop_mapping_text(mapped.mapping, problem.nest, machine.architecture, context);
  CHECK(text.find("staging") == std::string::npos);
  CHECK(text.find("{target: PE_column, type: spatial, factors: [\"Q=7,6\", ") != std::string::npos);
  const auto again =
      read_timeloop_mapping(YamlDocument::from_text(text, "again.yaml"), problem.nest, machine.architecture, context);
  CHECK(nest(again.mapping) == nest(wanted));

  Random random{1, "timeloop"};
  const auto operands = test::random_operands(problem.nest, machine.architecture.words, random);
  const auto result = simulate(problem.nest, machine.architecture, mapped.mapping, operands);
  CHECK(test::differences(result.ofmap, test::reference_ofmap(problem.nest, operands)) == 0);
}

TEST_CASE("a mapping as Timeloop's mapper prints it is the same mapping", "[unit][interchange]") {
  const auto problem = read_timeloop_problem(example(0));
  const auto machine = read_timeloop_architecture(example(1));
  const TimeloopContext context{.axes = problem.axes, .fanouts = machine.fanouts, .added = machine.added};
  const auto printed = YamlDocument::from_text(R"(mapping:
  - target: psum_spad
    type: datatype
    keep:
      - Outputs
    bypass:
      - Weights
      - Inputs
  - target: inter_PE_spatial
    type: datatype
    keep:
      []
    bypass:
      - Weights
      - Inputs
      - Outputs
  - target: shared_glb
    type: datatype
    keep:
      - Inputs
      - Outputs
    bypass:
      - Weights
  - target: psum_spad
    type: temporal
    factors: C1 M1 R1 S1 N1 P1 Q1
    permutation: CMRSNPQ
  - target: weights_spad
    type: temporal
    factors: C2 M1 R2 S1 N1 P1 Q1
    permutation: RCMSNPQ
  - target: inter_PE_spatial
    type: spatial
    factors: C1 M2 R1 S3 N1 P1 Q1
    permutation: SMCRNPQ
    split: 0
  - target: inter_PE_spatial
    type: temporal
    factors: C1 M1 R1 S1 N1 P1 Q1
    permutation: CMRSNPQ
  - target: inter_PE_column_spatial
    type: spatial
    factors: C1 M1 R1 S1 N1 P1 Q7,6
    permutation: QCMRSNP
    split: 1
  - target: shared_glb
    type: temporal
    factors: C1 M2 R1 S1 N1 P10 Q1
    permutation: PMCRSNQ
  - target: DRAM
    type: temporal
    factors: C3 M2 R1 S1 N1 P1 Q2
    permutation: CMQPRSN
)",
                                               "timeloop-mapper.map.yaml");
  CHECK(nest(read_timeloop_mapping(printed, problem.nest, machine.architecture, context).mapping) ==
        nest(read_timeloop_mapping(example(2), problem.nest, machine.architecture, context).mapping));
}

TEST_CASE("a memory that only Eyrie has may not outlive what Timeloop has", "[unit][interchange][bad_input]") {
  const auto problem = read_timeloop_problem(example(0));
  const auto machine = read_timeloop_architecture(example(1));
  const TimeloopContext context{.axes = problem.axes, .fanouts = machine.fanouts, .added = machine.added};
  auto m = read_timeloop_mapping(example(2), problem.nest, machine.architecture, context).mapping;
  for (auto& e : m.nest) e.where = {};
  m.nest.insert(m.nest.begin() + 7, keep("weight_staging", {Weight}));
  CHECK(timeloop_mapping_text(m, problem.nest, machine.architecture, context).find("staging") == std::string::npos);
  std::rotate(m.nest.begin() + 5, m.nest.begin() + 7, m.nest.begin() + 8);  // staged outside of M and Q
  CHECK(test::errors_of([&] {
          timeloop_mapping_text(m, problem.nest, machine.architecture, context, {"m", 0, 0});
        }) ==
        "m: error: weight_staging keeps weight outside of the loop over M, and Timeloop's machine has no such memory; "
        "keep it inside of that loop");
}
