// Why there is no mapping: buffers, and tensors that pass by them.

#include "tests/unit/mapper/planted.hpp"

using namespace eyrie;
using namespace eyrie::test;
using enum Dim;

TEST_CASE("the tiles of one pass must fit the banks", "[unit][mapper]") {
  CHECK(reason({conv({{R, 3}, {C, 4}}), banks(9, 4), flow("whole_in_pe: [C]\nwhole_on_y: [R]\n")}) ==
        "partition filter of glb needs 6 banks\n"
        "machine:buffers.glb.partitions.filter.banks: error: partition filter of glb has 4 banks of 4 B; with 6 (and "
        "glb of 60 B) there is a mapping\n"
        "machine:buffers.glb.partitions.filter.bypass: error: no tensor may pass by partition filter of glb; with "
        "`bypass: true` there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps C whole in a PE, all 4 of it; without it there is a mapping\n"
        "dataflow:whole_on_y.0: error: flow keeps R whole along y, all 3 of it; without it there is a mapping\n");
  CHECK(reason({conv({{Q, 7}, {S, 3}}), banks(8, 4), flow("whole_in_pe: [Q]\n")}) == "there is a mapping\n");
  CHECK(reason({conv({{Q, 7}, {S, 3}}), banks(7, 4), flow("whole_in_pe: [Q]\n")}) ==
        "partition fmap of glb needs 8 banks\n"
        "machine:buffers.glb.partitions.fmap.banks: error: partition fmap of glb has 7 banks of 4 B; with 8 (and glb "
        "of 48 B) there is a mapping\n"
        "machine:buffers.glb.partitions.fmap.bypass: error: no tensor may pass by partition fmap of glb; with `bypass: "
        "true` there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps Q whole in a PE, all 7 of it; without it there is a mapping\n");
  CHECK(reason({conv({{Q, 7}, {S, 3}}, {2, 2}), banks(8, 4), flow("whole_in_pe: [Q, S]\n")}) ==
        "partition fmap of glb needs 12 banks\n"
        "machine:buffers.glb.partitions.fmap.banks: error: partition fmap of glb has 8 banks of 4 B; with 12 (and glb "
        "of 64 B) there is a mapping\n"
        "machine:buffers.glb.partitions.fmap.bypass: error: no tensor may pass by partition fmap of glb; with `bypass: "
        "true` there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps Q whole in a PE, all 7 of it; without it there is a mapping\n"
        "dataflow:whole_in_pe.1: error: flow keeps S whole in a PE, all 3 of it; without it there is a mapping\n");
  CHECK(reason({conv({{M, 9}}), banks(5, 9), flow("whole_in_pe: [M]\n")}) ==
        "partition fmap of glb needs 6 banks\n"
        "machine:buffers.glb.partitions.fmap.banks: error: partition fmap of glb has 5 banks of 4 B; with 6 (and glb "
        "of 60 B) there is a mapping\n"
        "machine:buffers.glb.partitions.fmap.bypass: error: no tensor may pass by partition fmap of glb; with `bypass: "
        "true` there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps M whole in a PE, all 9 of it; without it there is a mapping\n");
  CHECK(reason({conv({{G, 9}}), banks(9, 9), flow("whole_in_pe: [G]\n")}) ==
        "partition fmap of glb needs 10 banks\n"
        "machine:buffers.glb.partitions.fmap.banks: error: partition fmap of glb has 9 banks of 4 B; with 10 (and glb "
        "of 76 B) there is a mapping\n"
        "machine:buffers.glb.partitions.fmap.bypass: error: no tensor may pass by partition fmap of glb; with `bypass: "
        "true` there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps G whole in a PE, all 9 of it; without it there is a mapping\n");
  CHECK(reason({pool({{Q, 8}, {S, 3}}), banks(8, 1), flow("whole_in_pe: [Q, S]\n")}) ==
        "partition fmap of glb needs 9 banks\n"
        "machine:buffers.glb.partitions.fmap.banks: error: partition fmap of glb has 8 banks of 4 B; with 9 (and glb "
        "of 40 B) there is a mapping\n"
        "machine:buffers.glb.partitions.fmap.bypass: error: no tensor may pass by partition fmap of glb; with `bypass: "
        "true` there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps Q whole in a PE, all 8 of it; without it there is a mapping\n"
        "dataflow:whole_in_pe.1: error: flow keeps S whole in a PE, all 3 of it; without it there is a mapping\n");
}

TEST_CASE("a bank that holds one word too many is taken whole, so a buffer can be full while there is room",
          "[unit][mapper]") {
  CHECK(reason({conv({{Q, 3}}), banks(3, 2), flow("whole_in_pe: [Q]\n")}) ==
        "partition fmap of glb needs 4 banks\n"
        "machine:buffers.glb.partitions.fmap.banks: error: partition fmap of glb has 3 banks of 4 B; with 4 (and glb "
        "of 24 B) there is a mapping\n"
        "machine:buffers.glb.partitions.fmap.bypass: error: no tensor may pass by partition fmap of glb; with `bypass: "
        "true` there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps Q whole in a PE, all 3 of it; without it there is a mapping\n");
  CHECK(reason({conv({{N, 2}}), banks(1, 2), flow("whole_in_pe: [N]\n")}) ==
        "partition fmap of glb needs 2 banks\n"
        "machine:buffers.glb.partitions.fmap.banks: error: partition fmap of glb has 1 bank of 4 B; with 2 (and glb of "
        "16 B) there is a mapping\n"
        "machine:buffers.glb.partitions.fmap.bypass: error: no tensor may pass by partition fmap of glb; with `bypass: "
        "true` there is a mapping\n");
  CHECK(reason({conv({{N, 2}}), banks(1, 2), flow("\n")}) ==
        "partition fmap of glb needs 2 banks\n"
        "machine:buffers.glb.partitions.fmap.banks: error: partition fmap of glb has 1 bank of 4 B; with 2 (and glb of "
        "16 B) there is a mapping\n"
        "machine:buffers.glb.partitions.fmap.bypass: error: no tensor may pass by partition fmap of glb; with `bypass: "
        "true` there is a mapping\n");
  CHECK(reason({conv({{M, 2}}), banks(2, 2, {"words={input: 16 b, weight: 16 b, psum: 32 b, output: 16 b}"}),
                flow("whole_in_pe: [M]\n")}) ==
        "partition fmap of glb needs 3 banks\n"
        "machine:buffers.glb.partitions.fmap.banks: error: partition fmap of glb has 2 banks of 4 B; with 3 (and glb "
        "of 20 B) there is a mapping\n"
        "machine:buffers.glb.partitions.fmap.bypass: error: no tensor may pass by partition fmap of glb; with `bypass: "
        "true` there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps M whole in a PE, all 2 of it; without it there is a mapping\n");
}

TEST_CASE("double buffering asks for room for two tiles", "[unit][mapper]") {
  CHECK(reason(
            {conv({{C, 7}, {M, 3}}), banks(9, 15, {filter + "double_buffered=true"}), flow("whole_in_pe: [C, M]\n")}) ==
        "partition filter of glb needs 22 banks\n"
        "machine:buffers.glb.partitions.filter.banks: error: partition filter of glb has 15 banks of 4 B; with 22 (and "
        "glb of 124 B) there is a mapping\n"
        "machine:buffers.glb.partitions.filter.double_buffered: error: partition filter of glb is double-buffered and "
        "needs room for two tiles; with `double_buffered: false` there is a mapping\n"
        "machine:buffers.glb.partitions.filter.bypass: error: no tensor may pass by partition filter of glb; with "
        "`bypass: true` there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps C whole in a PE, all 7 of it; without it there is a mapping\n"
        "dataflow:whole_in_pe.1: error: flow keeps M whole in a PE, all 3 of it; without it there is a mapping\n");
  CHECK(reason({conv({{N, 7}}), banks(10, 9, {fmap + "double_buffered=true"}), flow("whole_in_pe: [N]\n")}) ==
        "partition fmap of glb needs 16 banks\n"
        "machine:buffers.glb.partitions.fmap.banks: error: partition fmap of glb has 10 banks of 4 B; with 16 (and glb "
        "of 100 B) there is a mapping\n"
        "machine:buffers.glb.partitions.fmap.double_buffered: error: partition fmap of glb is double-buffered and "
        "needs room for two tiles; with `double_buffered: false` there is a mapping\n"
        "machine:buffers.glb.partitions.fmap.bypass: error: no tensor may pass by partition fmap of glb; with `bypass: "
        "true` there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps N whole in a PE, all 7 of it; without it there is a mapping\n");
  CHECK(reason({conv({{N, 2}}), banks(3, 9, {fmap + "double_buffered=true"}), flow("x: [N]\n")}) ==
        "partition fmap of glb needs 4 banks\n"
        "machine:buffers.glb.partitions.fmap.banks: error: partition fmap of glb has 3 banks of 4 B; with 4 (and glb "
        "of 52 B) there is a mapping\n"
        "machine:buffers.glb.partitions.fmap.double_buffered: error: partition fmap of glb is double-buffered and "
        "needs room for two tiles; with `double_buffered: false` there is a mapping\n"
        "machine:buffers.glb.partitions.fmap.bypass: error: no tensor may pass by partition fmap of glb; with `bypass: "
        "true` there is a mapping\n");
  CHECK(reason({conv({{M, 9}}), banks(16, 4, {filter + "double_buffered=true"}), flow("whole_in_pe: [M]\n")}) ==
        "a tensor must pass by partition filter of glb\n"
        "machine:buffers.glb.partitions.filter.bypass: error: no tensor may pass by partition filter of glb; with "
        "`bypass: true` there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps M whole in a PE, all 9 of it; without it there is a mapping\n"
        "machine:buffers.glb.partitions.filter.banks: error: partition filter of glb has 4 banks of 4 B; with 10 (and "
        "glb of 104 B) there is a mapping\n");
}

TEST_CASE("a tensor that may pass by its buffer needs no bank of it", "[unit][mapper]") {
  CHECK(reason({conv({{M, 9}}), banks(8, 4, {filter + "bypass=true"}), flow("whole_in_pe: [M]\n")}) ==
        "there is a mapping\n");
  CHECK(reason({conv({{M, 9}}), banks(4, 4, {filter + "bypass=true"}), flow("whole_in_pe: [M]\n")}) ==
        "partition fmap of glb needs 6 banks\n"
        "machine:buffers.glb.partitions.fmap.banks: error: partition fmap of glb has 4 banks of 4 B; with 6 (and glb "
        "of 40 B) there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps M whole in a PE, all 9 of it; without it there is a mapping\n"
        "machine:buffers.glb.partitions.fmap.bypass: error: no tensor may pass by partition fmap of glb; changing it "
        "alone is not enough\n");
  CHECK(reason({conv({{N, 9}}), banks(4, 4, {fmap + "bypass=true"}), flow("whole_in_pe: [N]\n")}) ==
        "partition fmap of glb needs 5 banks\n"
        "machine:buffers.glb.partitions.fmap.banks: error: partition fmap of glb has 4 banks of 4 B; with 5 (and glb "
        "of 36 B) there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps N whole in a PE, all 9 of it; without it there is a mapping\n");
}

TEST_CASE("outputs that pass by are finished in a pass, so that C, R and S must have room in PEs or along y",
          "[unit][mapper]") {
  CHECK(reason({conv({{M, 9}, {R, 4}}), banks(4, 20, {fmap + "bypass=true"}),
                flow("whole_in_pe: [M]\npe: [M]\ny: [M]\n")}) ==
        "partition fmap of glb needs 5 banks\n"
        "machine:buffers.glb.partitions.fmap.banks: error: partition fmap of glb has 4 banks of 4 B; with 5 (and glb "
        "of 100 B) there is a mapping\n"
        "dataflow:y: error: flow does not spread R along y; with R in the list there is a mapping\n"
        "dataflow:pe: error: flow gives a PE one element of R at a time; with R in the list there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps M whole in a PE, all 9 of it; without it there is a mapping\n");
  CHECK(reason({conv({{P, 9}, {M, 2}, {C, 4}}), banks(5, 9, {fmap + "bypass=true", "array.rows=3"}),
                flow("whole_in_pe: [P, M]\npe: [P, M]\n")}) ==
        "partition fmap of glb needs 9 banks\n"
        "machine:buffers.glb.partitions.fmap.banks: error: partition fmap of glb has 5 banks of 4 B; with 9 (and glb "
        "of 72 B) there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps P whole in a PE, all 9 of it; without it there is a mapping\n"
        "dataflow:whole_in_pe.1: error: flow keeps M whole in a PE, all 2 of it; without it there is a mapping\n");
  CHECK(reason({conv({{M, 9}, {C, 4}}), banks(4, 20, {fmap + "bypass=true", "array.rows=3"}),
                flow("whole_in_pe: [M]\npe: [M]\n")}) ==
        "partition fmap of glb needs 5 banks\n"
        "machine:buffers.glb.partitions.fmap.banks: error: partition fmap of glb has 4 banks of 4 B; with 5 (and glb "
        "of 100 B) there is a mapping\n"
        "machine:array.rows: error: pe_array has 3 rows; with 4 there is a mapping\n"
        "dataflow:pe: error: flow gives a PE one element of C at a time; with C in the list there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps M whole in a PE, all 9 of it; without it there is a mapping\n");
  CHECK(reason({conv({{M, 9}, {C, 4}}), banks(4, 20, {fmap + "bypass=true"}),
                flow("whole_in_pe: [M]\npe: [M]\ny: [M]\n")}) ==
        "partition fmap of glb needs 5 banks\n"
        "machine:buffers.glb.partitions.fmap.banks: error: partition fmap of glb has 4 banks of 4 B; with 5 (and glb "
        "of 100 B) there is a mapping\n"
        "dataflow:y: error: flow does not spread C along y; with C in the list there is a mapping\n"
        "dataflow:pe: error: flow gives a PE one element of C at a time; with C in the list there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps M whole in a PE, all 9 of it; without it there is a mapping\n");
  CHECK(reason({conv({{M, 9}, {S, 4}}), banks(4, 20, {fmap + "bypass=true"}),
                flow("whole_in_pe: [M]\npe: [M]\ny: [M]\n")}) ==
        "partition fmap of glb needs 5 banks\n"
        "machine:buffers.glb.partitions.fmap.banks: error: partition fmap of glb has 4 banks of 4 B; with 5 (and glb "
        "of 100 B) there is a mapping\n"
        "dataflow:y: error: flow does not spread S along y; with S in the list there is a mapping\n"
        "dataflow:pe: error: flow gives a PE one element of S at a time; with S in the list there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps M whole in a PE, all 9 of it; without it there is a mapping\n");
  CHECK(reason({conv({{M, 9}, {C, 5}}),
                banks(4, 24,
                      {fmap + "bypass=true", "array.rows=3", "array.spads.ifmap_spad.depth=4 words",
                       "array.spads.filter_spad.depth=18 words", "array.spads.psum_spad.depth=1 words"}),
                flow("whole_in_pe: [M]\n"), Space::Perfect}) ==
        "partition fmap of glb needs 5 banks\n"
        "machine:buffers.glb.partitions.fmap.banks: error: partition fmap of glb has 4 banks of 4 B; with 5 (and glb "
        "of 116 B) there is a mapping\n"
        "machine:array.spads.ifmap_spad.depth: error: ifmap_spad has 4 words; with 5 there is a mapping\n"
        "machine:array.rows: error: pe_array has 3 rows; with 5 there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps M whole in a PE, all 9 of it; without it there is a mapping\n"
        "question:space: error: only parts that divide their dimension are tried; with `ragged` there is a mapping\n"
        "machine:array.spads.psum_spad.depth: error: psum_spad has 1 word; with 9 there is a mapping\n");
}
