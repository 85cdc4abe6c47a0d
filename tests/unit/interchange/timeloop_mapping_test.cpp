#include <catch2/catch.hpp>

#include "dataflows/legality.hpp"
#include "dataflows/mapping_file.hpp"
#include "interchange/timeloop_mapping.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using enum Dim;
using enum Operand;

namespace {

LayerNest layer() {
  LayerNest l;
  l.extent = {{1, 1, 8, 6, 13, 10, 3, 2}};  // P and R are rows; Timeloop calls them Q and S
  return l;
}

std::string nest(const Mapping& m) { return mapping_yaml(m, "l", "a", "w"); }

/// Eyeriss v1 with its spads in the order that the mappings here nest them.
Architecture machine() {
  auto a = test::eyeriss();
  std::swap(a.array.spads[0], a.array.spads[1]);  // filter, ifmap, psum
  std::swap(a.array.spads[1], a.array.spads[2]);  // filter, psum, ifmap
  return a;
}

TimeloopMapping read(const std::string& text, const Architecture& a = machine(), const TimeloopContext& c = {}) {
  return read_timeloop_mapping(YamlDocument::from_text(text, "map.yaml"), layer(), a, c);
}

const std::string kMapping = R"(mapping:
- {target: dram, type: temporal, factors: [Q=2, M=2, C=3], permutation: [C, M, Q]}
- {target: dram, type: dataspace, keep: [Weights, Inputs, Outputs]}
- {target: glb, type: temporal, factors: 'M=2 C=1', permutation: 'M C'}
- {target: pe_array, type: spatial, factors: ["Q=7,6", S=3, M=2], permutation: [Q, S, M], split: 1}
- {target: filter_spad, type: temporal, factors: [P=10], permutation: CMRSNPQ}
- {target: psum_spad, type: dataspace, keep: [Outputs], bypass: [Inputs, Weights]}
- {target: ifmap_spad, type: temporal, factors: R2 C2, permutation: [R, C]}
)";

Mapping expected() {
  return {.nest = {keep("dram", {Input, Weight, Output}), temporal(P, 7), temporal(M, 4), temporal(C, 2),
                   keep("glb", {Input, Weight, Output}), temporal(M, 2), spatial(M, 1, Axis::Y), spatial(R, 1, Axis::Y),
                   spatial(P, 1, Axis::X), keep("filter_spad", {Weight}), temporal(Q, 1), keep("psum_spad", {Output}),
                   keep("ifmap_spad", {Input}), temporal(C, 1), temporal(S, 1)}};
}

std::string changed(const std::string& from, const std::string& to) {
  auto text = kMapping;
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a Timeloop mapping becomes a nest: permutations run outwards, P and R change with Q and S",
          "[unit][interchange]") {
  const auto t = read(kMapping);
  CHECK(nest(t.mapping) == nest(expected()));
  CHECK(t.notes.empty());
  CHECK(test::errors_of([&] {
          Diagnostics wrong;
          legality(t.mapping, layer(), machine(), {}, wrong);
          wrong.raise_if_any();
        }) == "");
}

TEST_CASE("the order of directives means nothing", "[unit][interchange]") {
  std::string text = "mapping:\n";
  std::vector<std::string> lines;
  std::istringstream in(kMapping.substr(text.size()));
  for (std::string line; std::getline(in, line);) lines.insert(lines.begin(), line);
  for (const auto& line : lines) text += line + "\n";
  CHECK(nest(read(text).mapping) == nest(expected()));
}

TEST_CASE("a last, shorter round is read as Timeloop counts it", "[unit][interchange]") {
  // 13 = ((2 - 1) x 7 + (6 - 1)) + 1; over three levels: ((2 - 1) x 2 + (2 - 1)) x 4 + (1 - 1) + 1
  const auto t = read(changed("[Q=2, M=2, C=3], permutation: [C, M, Q]", "[Q=2, M=2, C=3], permutation: [C, M, Q]"));
  CHECK(t.mapping.trips(layer().extent, 1) == 2);
  auto text = changed("factors: 'M=2 C=1', permutation: 'M C'", "factors: 'M=2 Q=2', permutation: 'M Q'");
  const std::string spatial_q = "\"Q=7,6\"";
  text.replace(text.find(spatial_q), spatial_q.size(), "\"Q=4,1\"");
  const auto three = read(text).mapping;
  CHECK(three.nest[1].step == 8);
  CHECK(three.nest[5].step == 4);
  CHECK(test::errors_of([&] { read(changed("\"Q=7,6\"", "Q=7")); }) ==
        "map.yaml:2:1: error: the factors of Q make 14, and the layer has 13; a last, shorter round is written like "
        "P=7,6");
}

TEST_CASE("a mapping written for Timeloop reads back to the same nest", "[unit][interchange]") {
  const auto text = timeloop_mapping_text(expected(), layer(), machine());
  CHECK(
      text ==
      "mapping:\n"
      "- {target: dram, type: dataspace, keep: [Inputs, Weights, Outputs], bypass: []}\n"
      "- {target: dram, type: temporal, factors: [C=3, M=2, Q=2, R=1, S=1, N=1, P=1], permutation: [C, M, Q, R, S, N, "
      "P]}\n"
      "- {target: glb, type: dataspace, keep: [Inputs, Weights, Outputs], bypass: []}\n"
      "- {target: glb, type: temporal, factors: [M=2, C=1, R=1, S=1, N=1, P=1, Q=1], permutation: [M, C, R, S, N, P, "
      "Q]}\n"
      "- {target: pe_array, type: spatial, factors: [\"Q=7,6\", S=3, M=2, C=1, R=1, N=1, P=1], permutation: [Q, S, M, "
      "C, R, N, P], split: 1}\n"
      "- {target: filter_spad, type: dataspace, keep: [Weights], bypass: [Inputs, Outputs]}\n"
      "- {target: filter_spad, type: temporal, factors: [P=10, C=1, M=1, R=1, S=1, N=1, Q=1], permutation: [P, C, M, "
      "R, S, N, Q]}\n"
      "- {target: psum_spad, type: dataspace, keep: [Outputs], bypass: [Inputs, Weights]}\n"
      "- {target: psum_spad, type: temporal, factors: [C=1, M=1, R=1, S=1, N=1, P=1, Q=1], permutation: [C, M, R, S, "
      "N, P, Q]}\n"
      "- {target: ifmap_spad, type: dataspace, keep: [Inputs], bypass: [Weights, Outputs]}\n"
      "- {target: ifmap_spad, type: temporal, factors: [R=2, C=2, M=1, S=1, N=1, P=1, Q=1], permutation: [R, C, M, S, "
      "N, P, Q]}\n");
  CHECK(nest(read(text).mapping) == nest(expected()));
}

TEST_CASE("a dimension along both axes is written as two fan-outs and read back", "[unit][interchange]") {
  auto m = expected();
  m.nest[1] = temporal(P, 8);
  m.nest[5] = temporal(M, 1);
  m.nest[6] = spatial(P, 4, Axis::Y);
  const auto text = timeloop_mapping_text(m, layer(), machine());
  CHECK(text.find("{target: pe_array_rows, type: spatial, factors: [S=3, Q=2, ") != std::string::npos);
  CHECK(text.find("{target: pe_array_columns, type: spatial, factors: [\"Q=4,1\", ") != std::string::npos);
  CHECK(nest(read(text).mapping) == nest(m));
}

TEST_CASE("bypassed memories that the machine needs hold the least, and that is said", "[unit][interchange]") {
  auto text = kMapping + "- {target: glb, type: bypass, keep: [Inputs, Outputs], bypass: [Weights]}\n";
  const auto t = read(text);
  CHECK(t.notes == std::vector<std::string>{
                       "Weights bypasses glb in the file; eyeriss_v1 keeps it there, with the smallest tile"});
  CHECK(t.mapping.nest[6].keeps(Weight));
  CHECK(t.mapping.nest[7].spatial == M);
}

TEST_CASE("a tensor may pass by a buffer that lets it", "[unit][interchange]") {
  auto a = machine();
  a.buffers.front().partitions.back().bypass = true;  // of the filters
  const auto text = kMapping + "- {target: glb, type: bypass, keep: [Inputs, Outputs], bypass: [Weights]}\n";
  const auto t = read(text, a);
  auto wanted = expected();
  wanted.nest[4] = keep("glb", {Input, Output});
  CHECK(nest(t.mapping) == nest(wanted));
  CHECK(t.notes.empty());
  const auto written = timeloop_mapping_text(t.mapping, layer(), a);
  CHECK(written.find("{target: glb, type: dataspace, keep: [Inputs, Outputs], bypass: [Weights]}") !=
        std::string::npos);
  CHECK(nest(read(written, a).mapping) == nest(wanted));
}

TEST_CASE("psums are kept outside of the loops that only sum into them", "[unit][interchange]") {
  const auto a = test::eyeriss();  // ifmap, filter, psum
  const auto t = read(R"(mapping:
- {target: dram, type: temporal, factors: [Q=2, P=10, C=3], permutation: [C, P, Q]}
- {target: glb, type: spatial, factors: ["Q=7,6", S=3], permutation: [Q, S], split: 1}
- {target: filter_spad, type: temporal, factors: [C=2, R=2], permutation: [C, R]}
- {target: psum_spad, type: temporal, factors: [M=8], permutation: [M]}
)",
                      a);
  const Mapping wanted{.nest = {keep("dram", {Input, Weight, Output}), temporal(P, 7), temporal(Q, 1), temporal(C, 2),
                                keep("glb", {Input, Weight, Output}), spatial(R, 1, Axis::Y), spatial(P, 1, Axis::X),
                                keep("ifmap_spad", {Input}), keep("filter_spad", {Weight}), keep("psum_spad", {Output}),
                                temporal(S, 1), temporal(C, 1), temporal(M, 1)}};
  CHECK(nest(t.mapping) == nest(wanted));
  CHECK(t.notes == std::vector<std::string>{"psum_spad keeps its psums outside of the loops that only sum into them; "
                                            "their tile is the same"});
  CHECK(is_legal(t.mapping, layer(), a));
}

TEST_CASE("fan-outs of the machine are targets under Timeloop's names for them", "[unit][interchange]") {
  const TimeloopContext c{.fanouts = {{"PE_column", 14, 1}, {"pe_array", 1, 12}}};
  auto text = changed(
      "- {target: pe_array, type: spatial, factors: [\"Q=7,6\", S=3, M=2], permutation: [Q, S, M], split: "
      "1}\n",
      "- {target: inter_PE_column_spatial, type: spatial, factors: [\"Q=7,6\"], permutation: [Q], split: "
      "7}\n- {target: inter_PE_column_spatial, type: temporal, factors: C1 M1, permutation: CM}\n- {target: "
      "inter_pe_array_spatial, type: datatype, keep: [], bypass: [Inputs, Weights, Outputs]}\n- {target: "
      "pe_array, type: spatial, factors: [S=3, M=2], permutation: [S, M], split: 0}\n");
  auto wanted = expected();
  std::rotate(wanted.nest.begin() + 6, wanted.nest.begin() + 8, wanted.nest.begin() + 9);
  CHECK(nest(read(text, machine(), c).mapping) == nest(wanted));
  text.replace(text.find("split: 0"), 8, "split: 1");
  CHECK(test::errors_of([&] { read(text, machine(), c); }) ==
        "map.yaml:8:3: error: pe_array has 1 instances along x, and the loops need 3; put them along y: only the first "
        "`split` entries of the permutation lie along x");
}

TEST_CASE("a mapping that isn't understood is refused with its place", "[unit][interchange][bad_input]") {
  struct Row {
    std::string from, to, error;
  };
  const auto [from, to, error] = GENERATE(values<Row>(
      {{"target: glb", "target: gbl", "map.yaml:4:12: error: eyeriss_v1 has no level called gbl; did you mean glb?"},
       {"type: spatial", "type: spacial", "map.yaml:5:28: error: the type spacial is not read; did you mean spatial?"},
       {"[C, M, Q]", "[C, M, K]",
        "map.yaml:2:80: error: the dimension K is not known; known are C, M, R, S, N, P, Q, G"},
       {"[C, M, Q]", "[C, M, M]", "map.yaml:2:80: error: M stands twice in the permutation; name it once"},
       {"[C, M, Q]", "[C]",
        "map.yaml:2:3: error: the permutation leaves out M, which has a factor; name it; the innermost loop comes "
        "first"},
       {"'M=2 C=1'", "'M<=2 C=1'",
        "map.yaml:4:42: error: \"M<=2 C=1\" is no list of factors; write them like C=4 or P=7,6"},
       {"'M=2 C=1'", "'M=2 M=1'", "map.yaml:4:42: error: the factor of M stands here again; give it once"},
       {"\"Q=7,6\"", "\"Q=7,8\"",
        "map.yaml:5:47: error: Q=7,8: the last time around is not between 1 and 7; write the whole factor first"},
       {"C=3", "C=33",
        "map.yaml:2:54: error: C=33 is more than the 6 of C that the layer has; make the factors multiply to the "
        "layer's "
        "extents"},
       {"C=3", "C=2",
        "map.yaml:2:1: error: the factors of C make 4, and the layer has 6; a last, shorter round is "
        "written like P=7,6"},
       {"keep: [Weights, Inputs, Outputs]", "keep: [Filters, Inputs, Outputs]",
        "map.yaml:3:42: error: the data space Filters is not known; known are Weights, Inputs, Outputs"},
       {"keep: [Outputs], bypass", "keep: [Inputs], bypass",
        "map.yaml:7:46: error: psum_spad does not hold Inputs; on eyeriss_v1 it is kept in glb and ifmap_spad\n"
        "map.yaml:7:64: error: Inputs is kept and bypasses; name it in one of the two"},
       {"target: ifmap_spad", "target: filter_spad",
        "map.yaml:8:3: error: the loops of this level were given before; they stood in line 6 first; keep one"},
       {"split: 1", "split: x", "map.yaml:5:98: error: split is \"x\"; it must be a whole number of at least 0"},
       {"split: 1", "spilt: 1", "map.yaml:5:91: error: a directive has no key spilt; did you mean split?"},
       {"target: glb, type: temporal", "target: pe_array, type: temporal",
        "map.yaml:4:3: error: pe_array has a temporal loop over M; the array holds no tile; put the loop at the memory "
        "above"}}));
  CAPTURE(to);
  CHECK(test::errors_of([&] { read(changed(from, to)); }) == error);
}

TEST_CASE("a nest that Timeloop has no word for is refused, not changed", "[unit][interchange][bad_input]") {
  const auto wrong = [](const Mapping& m) {
    return test::errors_of([&] { timeloop_mapping_text(m, layer(), machine(), {}, {"nest", 0, 0}); });
  };
  auto m = expected();
  m.nest[4] = keep("glb", {Input, Output});
  m.nest.insert(m.nest.begin() + 6, keep("glb", {Weight}));
  CHECK(wrong(m) ==
        "nest: error: glb keeps input outside of the loop over M and weight inside of it; Timeloop keeps all tensors "
        "of a "
        "memory at one place: put these keeps next to each other");
  m = expected();
  m.nest[9].where = {"m.yaml", 12, 3};
  std::swap(m.nest[9], m.nest[12]);
  CHECK(
      wrong(m) ==
      "m.yaml:12:3: error: filter_spad is kept inside of ifmap_spad, and eyeriss_v1 lists it before; Timeloop nests "
      "memories in the order of the machine: list them as the mapping nests them\n"
      "nest: error: psum_spad is kept inside of ifmap_spad, and eyeriss_v1 lists it before; Timeloop nests memories in "
      "the order of the machine: list them as the mapping nests them");
  m = expected();
  m.nest[2] = temporal(M, 6);
  m.nest[5] = temporal(M, 4);
  CHECK(wrong(m) ==
        "nest: error: 6 of M in steps of 4 leave a remainder in every round; Timeloop's remainder is only that of the "
        "last "
        "round: take a step that divides");
  m = expected();
  m.nest.insert(m.nest.begin() + 3, temporal(M, 2));
  CHECK(wrong(m) ==
        "nest: error: M is cut twice at dram; Timeloop has one loop of a dimension at each level: join the two");
  m = expected();
  std::swap(m.nest[9], m.nest[10]);
  CHECK(wrong(m) ==
        "nest: error: the loop over Q stands between the array and its first spad; Timeloop has no level there: keep a "
        "tensor in a spad outside of it");
}
