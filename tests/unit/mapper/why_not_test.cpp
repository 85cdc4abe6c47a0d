// Why there is no mapping: what else there is, several reasons at once, and places in real files.

#include "tests/unit/mapper/planted.hpp"

using namespace eyrie;
using namespace eyrie::test;
using enum Dim;

TEST_CASE("where there is a mapping there is no reason why not", "[unit][mapper]") {
  CHECK(reason({conv({{M, 96}, {C, 3}, {P, 55}, {Q, 55}, {R, 11}, {S, 11}}, {4, 4}), {}, shipped("row_stationary")}) ==
        "there is a mapping\n");
}

TEST_CASE("PEs must know the operation", "[unit][mapper]") {
  CHECK(reason({pool({{G, 6}, {R, 2}, {S, 2}}), {"array.mac.operations=[multiply_add]"}, shipped("row_stationary")}) ==
        "the PEs must do maximum\n"
        "machine:array.mac.operations: error: the PEs of eyeriss_v1 cannot do maximum; with maximum in the list there "
        "is a mapping\n");
  CHECK(reason({pool({{G, 6}, {R, 2}, {S, 2}}, Reduction::Sum),
                {"array.mac.operations=[multiply_add, maximum]"},
                shipped("any")}) ==
        "the PEs must do sum\n"
        "machine:array.mac.operations: error: the PEs of eyeriss_v1 cannot do sum; with sum in the list there is a "
        "mapping\n");
  CHECK(reason({conv({{M, 6}}), {"array.mac.operations=[maximum, sum]"}, shipped("any")}) ==
        "the PEs must do multiply_add\n"
        "machine:array.mac.operations: error: the PEs of eyeriss_v1 cannot do multiply_add; with multiply_add in the "
        "list there is a mapping\n");
}

TEST_CASE("where two conflicts must be solved, the changes that do it together are named", "[unit][mapper]") {
  CHECK(reason({pool({{G, 6}, {R, 14}, {S, 2}}), {"array.mac.operations=[multiply_add]"}, shipped("row_stationary")}) ==
        "pe_array needs 14 rows and the PEs must do maximum\n"
        "machine:array.mac.operations: error: the PEs of eyeriss_v1 cannot do maximum; with maximum in the list and "
        "the other changes there is a mapping\n"
        "machine:array.rows: error: pe_array has 12 rows; with 14 and the other changes there is a mapping\n");
  CHECK(reason({conv({{M, 9}, {R, 13}}), banks(50, 4), flow("whole_in_pe: [M]\nwhole_on_y: [R]\n")}) ==
        "a tensor must pass by partition filter of glb and pe_array needs 13 rows\n"
        "machine:array.rows: error: pe_array has 12 rows; with 13 and the other changes there is a mapping\n"
        "dataflow:whole_on_y.0: error: flow keeps R whole along y, all 13 of it; changing it alone is not enough\n"
        "machine:buffers.glb.partitions.filter.bypass: error: no tensor may pass by partition filter of glb; with "
        "`bypass: true` and the other changes there is a mapping\n");
  CHECK(reason({conv({{N, 9}, {C, 300}}), banks(8, 400), flow("whole_in_pe: [N, C]\nlongest: weight\n")}) ==
        "partition fmap of glb needs 10 banks and C must not be whole in a PE\n"
        "machine:buffers.glb.partitions.fmap.banks: error: partition fmap of glb has 8 banks of 4 B; with 10 (and glb "
        "of 1640 B) and the other changes there is a mapping\n"
        "machine:buffers.glb.partitions.fmap.bypass: error: no tensor may pass by partition fmap of glb; changing it "
        "alone is not enough\n"
        "dataflow:whole_in_pe.0: error: flow keeps N whole in a PE, all 9 of it; changing it alone is not enough\n"
        "dataflow:whole_in_pe.1: error: flow keeps C whole in a PE, all 300 of it; without it and the other changes "
        "there is a mapping\n");
  CHECK(reason({pool({{N, 9}, {R, 14}}), banks(8, 1, {"array.mac.operations=[sum]"}),
                flow("whole_in_pe: [N]\nwhole_on_y: [R]\n")}) ==
        "a tensor must pass by partition fmap of glb, pe_array needs 14 rows and the PEs must do maximum\n"
        "machine:array.mac.operations: error: the PEs of eyeriss_v1 cannot do maximum; with maximum in the list and "
        "the other changes there is a mapping\n"
        "machine:buffers.glb.partitions.fmap.bypass: error: no tensor may pass by partition fmap of glb; with `bypass: "
        "true` and the other changes there is a mapping\n"
        "machine:array.rows: error: pe_array has 12 rows; with 14 and the other changes there is a mapping\n");
}
TEST_CASE("a limit on cycles below what the fastest mapping takes is a reason of its own", "[unit][mapper]") {
  const Planted p{conv({{M, 4}, {C, 3}}), {}, shipped("any")};
  CHECK(
      reason(p, CycleLimit{.most = Cycles{99}, .fewest = Cycles{100}}) ==
      "net.yaml:12:3: error: conv1 has no legal mapping on eyeriss_v1 within 99 cycles; the fastest takes 100 cycles\n"
      "question:cycle_limit: error: the limit is 99 cycles; with 100 there is a mapping\n");
  CHECK(reason(p, CycleLimit{.most = Cycles{100}, .fewest = Cycles{100}}) == "there is a mapping\n");
}

TEST_CASE("constraints have names that stay", "[unit][mapper]") {
  const auto p = problem({pool({{G, 6}, {R, 3}, {S, 2}}),
                          {"array.mac.operations=[sum]", fmap + "double_buffered=true"},
                          flow("whole_in_pe: [S]\nwhole_on_y: [R]\nlongest: output\ny: [R]\npe: [S]\n"),
                          Space::Perfect});
  std::string ids;
  for (const auto& c : constraints_of(p)) ids += c.id + "\n";
  CHECK(ids ==
        "buffers.glb.partitions.fmap.banks\n"
        "buffers.glb.partitions.fmap.double_buffered\n"
        "buffers.glb.partitions.fmap.bypass\n"
        "array.rows\n"
        "array.spads.ifmap_spad.depth\n"
        "array.spads.psum_spad.depth\n"
        "array.mac.operations.maximum\n"
        "y.S\n"
        "pe.R\n"
        "whole_in_pe.S\n"
        "whole_on_y.R\n"
        "longest\n"
        "space\n");
}

TEST_CASE("a constraint that says nothing of a layer is none of it", "[unit][mapper]") {
  CHECK(constraints_of(problem({conv({{R, 1}, {Q, 1}}), {}, shipped("row_stationary")})).size() == 8);
}

TEST_CASE("each member of a conflict is named with file, line and column", "[unit][mapper]") {
  auto machine = YamlDocument::from_text(test::read_file(test::source("configs/architectures/eyeriss_v1.yaml")),
                                         "eyeriss_v1.yaml");
  const auto dataflow = YamlDocument::from_text(shipped("row_stationary"), "row_stationary.yaml");
  const auto why = [&](const Dims& dims) {
    const MapProblem p{.layer = conv(dims), .machine = read_architecture(machine), .dataflow = read_dataflow(dataflow)};
    return text(why_not(p), [&](Document d, std::string_view path) {
      return d == Document::Architecture ? machine.place_of(path) : dataflow.place_of(path);
    });
  };
  CHECK(why({{Q, 25}, {S, 225}}) ==
        "net.yaml:12:3: error: conv1 has no legal mapping on eyeriss_v1; filter_spad needs 225 words\n"
        "eyeriss_v1.yaml:55:48: error: filter_spad has 224 words; with 225 there is a mapping\n"
        "eyeriss_v1.yaml:56:46: error: psum_spad has 24 words; with 25 there is a mapping\n"
        "row_stationary.yaml:8:15: error: row_stationary keeps Q whole in a PE, all 25 of it; without it there is a "
        "mapping\n"
        "row_stationary.yaml:8:18: error: row_stationary keeps S whole in a PE, all 225 of it; without it there is a "
        "mapping\n");
  CHECK(why({{Q, 30'000}, {S, 3}}) ==
        "net.yaml:12:3: error: conv1 has no legal mapping on eyeriss_v1; partition fmap of glb needs 30 banks\n"
        "eyeriss_v1.yaml:33:51: error: partition fmap of glb has 25 banks of 4096 B; with 30 (and glb of 131072 B) "
        "there is a mapping\n"
        "eyeriss_v1.yaml:33:5: error: no tensor may pass by partition fmap of glb; with `bypass: true` there is a "
        "mapping\n"
        "row_stationary.yaml:8:15: error: row_stationary keeps Q whole in a PE, all 30000 of it; without it there is a "
        "mapping\n");
  machine.apply(parse_override("array.rows=2"));
  CHECK(why({{R, 3}}) ==
        "net.yaml:12:3: error: conv1 has no legal mapping on eyeriss_v1; pe_array needs 3 rows\n"
        "--set array.rows: error: pe_array has 2 rows; with 3 there is a mapping\n"
        "row_stationary.yaml:9:14: error: row_stationary keeps R whole along y, all 3 of it; without it there is a "
        "mapping\n");
}

TEST_CASE("names with dots lead to the nearest place that can be reached", "[unit][mapper]") {
  auto text = test::read_file(test::source("configs/architectures/eyeriss_v1.yaml"));
  const std::string name = "{name: psum_spad";
  text.replace(text.find(name), name.size(), "{name: psum.spad");
  const auto machine = YamlDocument::from_text(text, "eyeriss_v1.yaml");
  const auto dataflow = YamlDocument::from_text(flow("whole_in_pe: [M]\nlongest: output\n"), "flow.yaml");
  const auto why =
      why_not({.layer = conv({{M, 25}}), .machine = read_architecture(machine), .dataflow = read_dataflow(dataflow)});
  REQUIRE(why);
  CHECK(why->conflict.front().constraint.path == "array.spads.psum.spad.depth");
  CHECK(machine.place_of(why->conflict.front().constraint.path) == machine.place_of("array.spads"));
}
