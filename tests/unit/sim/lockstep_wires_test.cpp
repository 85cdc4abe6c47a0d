// Wires of arrays in lockstep, counted by hand. What simulation and closed form say of random ones is compared in
// tests/property.

#include <catch2/catch.hpp>

#include "dataflows/legality.hpp"
#include "dataflows/wires.hpp"
#include "sim/simulate.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using enum Dim;

namespace {

/// 4 rows and 5 columns of PEs in lockstep.
Architecture machine(std::vector<std::string> overrides) {
  for (const char* o : {"array.rows=4", "array.columns=5", "array.control=lockstep", "array.pitch=0.1 mm",
                        "buffers.glb.partitions.fmap.bypass=false", "buffers.glb.partitions.filter.bypass=false",
                        "networks.filter_gin.ahead=false"})
    overrides.emplace_back(o);
  return test::eyeriss(overrides);
}

Mapping nest(const std::vector<NestEntry>& loops, const std::vector<NestEntry>& inside) {
  using enum Operand;
  Mapping m{{keep("dram", {Input, Weight, Output}), keep("glb", {Input, Weight, Output})}};
  m.nest.insert(m.nest.end(), loops.begin(), loops.end());
  for (const auto& k : {keep("ifmap_spad", {Input}), keep("filter_spad", {Weight}), keep("psum_spad", {Output})})
    m.nest.push_back(k);
  m.nest.insert(m.nest.end(), inside.begin(), inside.end());
  return m;
}

/// Pitches x words by network, as simulated; the closed form says the same.
struct Wired {
  std::int64_t ifmap = 0, filter = 0, psums_in = 0, psums_out = 0, up = 0, neighbours = 0;
  bool operator==(const Wired&) const = default;
};

Wired simulated(const Architecture& a, const LayerNest& l, const Mapping& m) {
  REQUIRE(is_legal(m, l, a));
  Random random{3, "wires"};
  const auto operands = test::random_operands(l, a.words, random);
  const auto r = simulate(l, a, m, operands);
  CHECK(test::differences(r.ofmap, test::reference_ofmap(l, operands)) == 0);
  const auto w = wires(m, l, a, traffic(m, l, a));
  const auto words = [&](const std::string& network, Operand t) {
    return r.counts.words(network, t, Action::Wire).count();
  };
  const Wired all{.ifmap = words("ifmap_gin", Operand::Input),
                  .filter = words("filter_gin", Operand::Weight),
                  .psums_in = words("psum_gin", Operand::Output),
                  .psums_out = words("psum_gon", Operand::Output),
                  .up = words("psum_link", Operand::Output),
                  .neighbours = words("neighbours", Operand::Input)};
  CHECK(all == Wired{w.deliver[0], w.deliver[1], w.deliver[2], w.collect, w.forward, w.links});
  return all;
}

/// Two channels along y, three filters along x: ifmap words are shared by rows, each PE has a weight of its own.
const Mapping kProduct = nest({spatial(M, 1, Axis::X), spatial(C, 1, Axis::Y)}, {});
LayerNest product() {
  LayerNest l;
  l.extent = {{1, 1, 3, 2, 1, 1, 1, 1}};
  return l;
}

}  // namespace

TEST_CASE("systolic words go from the edge to the last PE that takes them", "[unit][sim]") {
  const auto a = machine({"networks.ifmap_gin.kind=systolic", "networks.filter_gin.kind=systolic",
                          "networks.psum_gin.kind=systolic", "networks.psum_gon.kind=systolic"});
  CHECK(simulated(a, product(), kProduct) == Wired{.ifmap = 2 * 3,           // three PEs of a row
                                                   .filter = 3 * 1 + 3 * 2,  // down to rows 0 and 1
                                                   .psums_in = 3 * 3,        // up to row 1, from below row 3
                                                   .psums_out = 3,           // out of row 0
                                                   .up = 3,                  // from row 1 to row 0
                                                   .neighbours = 0});
}

TEST_CASE("systolic weights that all PEs of a column share go down it, ifmap words too if rows don't share them",
          "[unit][sim]") {
  const auto a = machine({"networks.ifmap_gin.kind=systolic", "networks.filter_gin.kind=systolic"});
  LayerNest l;
  l.extent = {{1, 1, 4, 1, 1, 5, 1, 1}};  // filters down the rows, pixels along the columns
  const auto r = simulated(a, l, nest({spatial(Q, 1, Axis::X), spatial(M, 1, Axis::Y)}, {}));
  CHECK(r.ifmap == 5 * 4);
  CHECK(r.filter == 4 * 5);
}

TEST_CASE("every product has wires of its own to the adder tree at the top of its column", "[unit][sim]") {
  const auto a = machine({"networks.ifmap_gin.kind=broadcast", "networks.filter_gin.kind=unicast",
                          "networks.psum_gin.kind=unicast", "networks.psum_gon.kind=unicast",
                          "networks.psum_link.kind=adder_tree"});
  CHECK(simulated(a, product(), kProduct) == Wired{.ifmap = 2 * (4 + 4 * 5),
                                                   .filter = (1 + 2 + 3) + (2 + 3 + 4),
                                                   .psums_in = 1 + 2 + 3,  // at row 0
                                                   .psums_out = 1 + 2 + 3,
                                                   .up = 3 * 1 + 3 * 2,
                                                   .neighbours = 0});
}

TEST_CASE("a word that neighbours hand on comes to the first of them", "[unit][sim]") {
  auto a = machine({});
  a.networks.push_back(
      {.name = "neighbours", .role = NocRole::Forward, .tensor = Operand::Input, .kind = NocKind::Links});
  LayerNest l;
  l.extent = {{1, 1, 1, 1, 1, 3, 1, 2}};
  const auto m = nest({spatial(Q, 1, Axis::X)}, {temporal(S, 1)});
  auto r = simulated(a, l, m);
  CHECK(r.ifmap == 4 * (4 + 5));  // a row's X bus
  CHECK(r.neighbours == 2);       // the two words in the middle
  l.dilation = {1, 2};
  r = simulated(a, l, m);
  CHECK(r.ifmap == 5 * (4 + 5));
  CHECK(r.neighbours == 2);  // the word in the middle, from the first PE to the third
}
