// Why there is no mapping: rows of PEs and their spads.

#include "tests/unit/mapper/planted.hpp"

using namespace eyrie;
using namespace eyrie::test;
using enum Dim;

TEST_CASE("a filter taller than the array does not lie whole along y", "[unit][mapper]") {
  CHECK(reason({conv({{R, 13}, {P, 4}}), {}, shipped("row_stationary")}) ==
        "pe_array needs 13 rows\n"
        "machine:array.rows: error: pe_array has 12 rows; with 13 there is a mapping\n"
        "dataflow:whole_on_y.0: error: row_stationary keeps R whole along y, all 13 of it; without it there is a "
        "mapping\n");
  CHECK(reason({conv({{R, 3}, {S, 3}, {M, 8}}), {"array.rows=2"}, shipped("row_stationary")}) ==
        "pe_array needs 3 rows\n"
        "machine:array.rows: error: pe_array has 2 rows; with 3 there is a mapping\n"
        "dataflow:whole_on_y.0: error: row_stationary keeps R whole along y, all 3 of it; without it there is a "
        "mapping\n");
  CHECK(reason({pool({{G, 6}, {R, 14}, {S, 2}}), {}, shipped("row_stationary")}) ==
        "pe_array needs 14 rows\n"
        "machine:array.rows: error: pe_array has 12 rows; with 14 there is a mapping\n"
        "dataflow:whole_on_y.0: error: row_stationary keeps R whole along y, all 14 of it; without it there is a "
        "mapping\n");
  CHECK(reason({conv({{G, 32}, {P, 9}, {Q, 9}, {R, 5}, {S, 5}}), {"array.rows=4"}, shipped("row_stationary")}) ==
        "pe_array needs 5 rows\n"
        "machine:array.rows: error: pe_array has 4 rows; with 5 there is a mapping\n"
        "dataflow:whole_on_y.0: error: row_stationary keeps R whole along y, all 5 of it; without it there is a "
        "mapping\n");
  CHECK(reason({conv({{R, 7}}, {1, 1}, {2, 2}), {"array.rows=6"}, shipped("row_stationary")}) ==
        "pe_array needs 7 rows\n"
        "machine:array.rows: error: pe_array has 6 rows; with 7 there is a mapping\n"
        "dataflow:whole_on_y.0: error: row_stationary keeps R whole along y, all 7 of it; without it there is a "
        "mapping\n");
  CHECK(reason({conv({{R, 5000}}), {}, shipped("row_stationary")}) ==
        "R must not be whole along y\n"
        "dataflow:whole_on_y.0: error: row_stationary keeps R whole along y, all 5000 of it; without it there is a "
        "mapping\n"
        "machine:array.rows: error: pe_array has 12 rows; changing it alone is not enough\n");
  CHECK(reason({conv({{R, 4100}}), {fmap + "banks=24", filter + "banks=3"}, shipped("row_stationary")}) ==
        "R must not be whole along y\n"
        "dataflow:whole_on_y.0: error: row_stationary keeps R whole along y, all 4100 of it; without it there is a "
        "mapping\n"
        "machine:array.rows: error: pe_array has 12 rows; with 4100, more than the 4096 that an array may have, there "
        "is a mapping\n");
}

TEST_CASE("dimensions that lie whole along y share its rows", "[unit][mapper]") {
  CHECK(reason({conv({{C, 5}, {R, 3}}), {}, flow("whole_on_y: [C, R]\n")}) ==
        "pe_array needs 15 rows\n"
        "machine:array.rows: error: pe_array has 12 rows; with 15 there is a mapping\n"
        "dataflow:whole_on_y.0: error: flow keeps C whole along y, all 5 of it; without it there is a mapping\n"
        "dataflow:whole_on_y.1: error: flow keeps R whole along y, all 3 of it; without it there is a mapping\n");
  CHECK(reason({conv({{C, 5}, {R, 3}, {S, 2}}), {}, flow("whole_on_y: [C, R, S]\n")}) ==
        "C must not be whole along y\n"
        "dataflow:whole_on_y.0: error: flow keeps C whole along y, all 5 of it; without it there is a mapping\n"
        "dataflow:whole_on_y.1: error: flow keeps R whole along y, all 3 of it; without it there is a mapping\n"
        "machine:array.rows: error: pe_array has 12 rows; with 30 there is a mapping\n");
  CHECK(reason({conv({{M, 20}, {R, 3}}), {}, flow("whole_on_y: [M, R]\n")}) ==
        "M must not be whole along y\n"
        "dataflow:whole_on_y.0: error: flow keeps M whole along y, all 20 of it; without it there is a mapping\n"
        "machine:array.rows: error: pe_array has 12 rows; with 60 there is a mapping\n");
  CHECK(reason({conv({{G, 2}, {N, 7}}), {}, flow("whole_on_y: [G, N]\n")}) ==
        "pe_array needs 14 rows\n"
        "machine:array.rows: error: pe_array has 12 rows; with 14 there is a mapping\n"
        "dataflow:whole_on_y.0: error: flow keeps G whole along y, all 2 of it; without it there is a mapping\n"
        "dataflow:whole_on_y.1: error: flow keeps N whole along y, all 7 of it; without it there is a mapping\n");
}

TEST_CASE("the tensor that stays longest in a PE must fit its spad", "[unit][mapper]") {
  CHECK(reason({conv({{C, 30}, {S, 8}}), {}, flow("whole_in_pe: [C, S]\nlongest: weight\n")}) ==
        "filter_spad needs 240 words\n"
        "machine:array.spads.filter_spad.depth: error: filter_spad has 224 words; with 240 there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps C whole in a PE, all 30 of it; without it there is a mapping\n"
        "dataflow:whole_in_pe.1: error: flow keeps S whole in a PE, all 8 of it; without it there is a mapping\n"
        "dataflow:longest: error: flow keeps weight longest in a PE; without it there is a mapping\n");
  CHECK(reason({conv({{M, 5}, {Q, 5}}), {}, flow("whole_in_pe: [M, Q]\nlongest: output\n")}) ==
        "psum_spad needs 25 words\n"
        "machine:array.spads.psum_spad.depth: error: psum_spad has 24 words; with 25 there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps M whole in a PE, all 5 of it; without it there is a mapping\n"
        "dataflow:whole_in_pe.1: error: flow keeps Q whole in a PE, all 5 of it; without it there is a mapping\n"
        "dataflow:longest: error: flow keeps output longest in a PE; without it there is a mapping\n");
  CHECK(reason({conv({{C, 13}, {M, 4}}), {}, flow("whole_in_pe: [C]\nlongest: input\n")}) ==
        "ifmap_spad needs 13 words\n"
        "machine:array.spads.ifmap_spad.depth: error: ifmap_spad has 12 words; with 13 there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps C whole in a PE, all 13 of it; without it there is a mapping\n"
        "dataflow:longest: error: flow keeps input longest in a PE; without it there is a mapping\n");
  CHECK(reason({pool({{N, 5}, {Q, 6}}, Reduction::Sum), {}, flow("whole_in_pe: [N, Q]\nlongest: output\n")}) ==
        "there is a mapping\n");
  CHECK(reason({conv({{M, 16}, {N, 2}}), spads(12, 10, 2), flow("whole_in_pe: [M]\nlongest: weight\n")}) ==
        "filter_spad needs 16 words\n"
        "machine:array.spads.filter_spad.depth: error: filter_spad has 10 words; with 16 there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps M whole in a PE, all 16 of it; without it there is a mapping\n"
        "dataflow:longest: error: flow keeps weight longest in a PE; without it there is a mapping\n");
  CHECK(reason({conv({{G, 30}}), {}, flow("whole_in_pe: [G]\nlongest: output\n")}) == "there is a mapping\n");
}

TEST_CASE("windows cut by strides and dilations take the ifmap words that they touch", "[unit][mapper]") {
  CHECK(reason({conv({{Q, 4}, {S, 4}}), spads(6, 100, 100), flow("whole_in_pe: [Q, S]\nlongest: input\n")}) ==
        "ifmap_spad needs 7 words\n"
        "machine:array.spads.ifmap_spad.depth: error: ifmap_spad has 6 words; with 7 there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps Q whole in a PE, all 4 of it; without it there is a mapping\n"
        "dataflow:whole_in_pe.1: error: flow keeps S whole in a PE, all 4 of it; without it there is a mapping\n"
        "dataflow:longest: error: flow keeps input longest in a PE; without it there is a mapping\n");
  CHECK(reason({conv({{Q, 4}, {S, 4}}, {2, 2}), spads(6, 100, 100), flow("whole_in_pe: [Q, S]\nlongest: input\n")}) ==
        "ifmap_spad needs 10 words\n"
        "machine:array.spads.ifmap_spad.depth: error: ifmap_spad has 6 words; with 10 there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps Q whole in a PE, all 4 of it; without it there is a mapping\n"
        "dataflow:whole_in_pe.1: error: flow keeps S whole in a PE, all 4 of it; without it there is a mapping\n"
        "dataflow:longest: error: flow keeps input longest in a PE; without it there is a mapping\n");
  CHECK(reason({conv({{Q, 4}, {S, 4}}, {1, 1}, {2, 2}), spads(6, 100, 100),
                flow("whole_in_pe: [Q, S]\nlongest: input\n")}) ==
        "ifmap_spad needs 10 words\n"
        "machine:array.spads.ifmap_spad.depth: error: ifmap_spad has 6 words; with 10 there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps Q whole in a PE, all 4 of it; without it there is a mapping\n"
        "dataflow:whole_in_pe.1: error: flow keeps S whole in a PE, all 4 of it; without it there is a mapping\n"
        "dataflow:longest: error: flow keeps input longest in a PE; without it there is a mapping\n");
  CHECK(reason({conv({{Q, 4}, {S, 4}}, {4, 4}), spads(6, 100, 100), flow("whole_in_pe: [Q, S]\nlongest: input\n")}) ==
        "Q must not be whole in a PE\n"
        "dataflow:whole_in_pe.0: error: flow keeps Q whole in a PE, all 4 of it; without it there is a mapping\n"
        "dataflow:whole_in_pe.1: error: flow keeps S whole in a PE, all 4 of it; without it there is a mapping\n"
        "dataflow:longest: error: flow keeps input longest in a PE; without it there is a mapping\n"
        "machine:array.spads.ifmap_spad.depth: error: ifmap_spad has 6 words; with 16 there is a mapping\n");
  CHECK(reason({conv({{P, 3}, {R, 3}, {Q, 2}, {S, 2}}, {2, 1}, {1, 3}), spads(6, 100, 100),
                flow("whole_in_pe: [P, Q, R, S]\nlongest: input\n")}) ==
        "input must not stay longest in a PE\n"
        "dataflow:longest: error: flow keeps input longest in a PE; without it there is a mapping\n"
        "machine:array.spads.ifmap_spad.depth: error: ifmap_spad has 6 words; with 28 there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps P whole in a PE, all 3 of it; changing it alone is not enough\n"
        "dataflow:whole_in_pe.2: error: flow keeps R whole in a PE, all 3 of it; changing it alone is not enough\n");
}

TEST_CASE("without a tensor that stays longest, spads conflict only where every order of keeps fails",
          "[unit][mapper]") {
  CHECK(reason({conv({{Q, 25}, {S, 225}}), {}, shipped("row_stationary")}) ==
        "filter_spad needs 225 words\n"
        "machine:array.spads.filter_spad.depth: error: filter_spad has 224 words; with 225 there is a mapping\n"
        "machine:array.spads.psum_spad.depth: error: psum_spad has 24 words; with 25 there is a mapping\n"
        "dataflow:whole_in_pe.0: error: row_stationary keeps Q whole in a PE, all 25 of it; without it there is a "
        "mapping\n"
        "dataflow:whole_in_pe.1: error: row_stationary keeps S whole in a PE, all 225 of it; without it there is a "
        "mapping\n");
  CHECK(reason({conv({{M, 5}, {C, 5}}), spads(4, 4, 4), flow("whole_in_pe: [M, C]\n")}) ==
        "ifmap_spad needs 5 words\n"
        "machine:array.spads.ifmap_spad.depth: error: ifmap_spad has 4 words; with 5 there is a mapping\n"
        "machine:array.spads.psum_spad.depth: error: psum_spad has 4 words; with 5 there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps M whole in a PE, all 5 of it; without it there is a mapping\n"
        "dataflow:whole_in_pe.1: error: flow keeps C whole in a PE, all 5 of it; without it there is a mapping\n");
  CHECK(reason({conv({{N, 5}, {C, 5}}), spads(4, 4, 4), flow("whole_in_pe: [N, C]\n")}) ==
        "filter_spad needs 5 words\n"
        "machine:array.spads.filter_spad.depth: error: filter_spad has 4 words; with 5 there is a mapping\n"
        "machine:array.spads.psum_spad.depth: error: psum_spad has 4 words; with 5 there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps N whole in a PE, all 5 of it; without it there is a mapping\n"
        "dataflow:whole_in_pe.1: error: flow keeps C whole in a PE, all 5 of it; without it there is a mapping\n");
  CHECK(reason({conv({{N, 5}, {M, 5}}), spads(4, 4, 4), flow("whole_in_pe: [N, M]\n")}) ==
        "ifmap_spad needs 5 words\n"
        "machine:array.spads.ifmap_spad.depth: error: ifmap_spad has 4 words; with 5 there is a mapping\n"
        "machine:array.spads.filter_spad.depth: error: filter_spad has 4 words; with 5 there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps N whole in a PE, all 5 of it; without it there is a mapping\n"
        "dataflow:whole_in_pe.1: error: flow keeps M whole in a PE, all 5 of it; without it there is a mapping\n");
  CHECK(reason({conv({{N, 2}, {M, 3}, {C, 4}}), spads(3, 3, 3), flow("whole_in_pe: [N, M, C]\n")}) ==
        "psum_spad needs 6 words\n"
        "machine:array.spads.psum_spad.depth: error: psum_spad has 3 words; with 6 there is a mapping\n"
        "dataflow:whole_in_pe.0: error: flow keeps N whole in a PE, all 2 of it; without it there is a mapping\n"
        "dataflow:whole_in_pe.1: error: flow keeps M whole in a PE, all 3 of it; without it there is a mapping\n"
        "dataflow:whole_in_pe.2: error: flow keeps C whole in a PE, all 4 of it; without it there is a mapping\n"
        "machine:array.spads.ifmap_spad.depth: error: ifmap_spad has 3 words; with 8 there is a mapping\n"
        "machine:array.spads.filter_spad.depth: error: filter_spad has 3 words; with 12 there is a mapping\n");
  CHECK(reason({conv({{G, 30}, {Q, 30}, {S, 9}, {P, 4}}), spads(12, 8, 24), shipped("row_stationary")}) ==
        "filter_spad needs 9 words\n"
        "machine:array.spads.filter_spad.depth: error: filter_spad has 8 words; with 9 there is a mapping\n"
        "machine:array.spads.psum_spad.depth: error: psum_spad has 24 words; with 30 there is a mapping\n"
        "dataflow:whole_in_pe.0: error: row_stationary keeps Q whole in a PE, all 30 of it; without it there is a "
        "mapping\n"
        "dataflow:whole_in_pe.1: error: row_stationary keeps S whole in a PE, all 9 of it; without it there is a "
        "mapping\n");
}
