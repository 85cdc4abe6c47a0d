// Every dataflow that ships has mappings for every kind of layer, and they obey it.

#include <algorithm>
#include <catch2/catch.hpp>

#include "dataflows/legality.hpp"
#include "mapper/search.hpp"
#include "tests/unit/mapper/planted.hpp"

using namespace eyrie;
using namespace eyrie::test;
using enum Dim;

namespace {

/// What a mapping does with a dimension: spread along an axis, more than one element in a PE.
struct Use {
  bool x = false, y = false, pe = false;
};

Use use_of(const Mapping& m, const LayerNest& l, Dim d) {
  Use u;
  std::int64_t inside = l.extent[d];
  const auto from = m.pass_position();
  for (std::size_t i = 0; i < m.nest.size(); ++i) {
    const auto& e = m.nest[i];
    if (!e.is_loop() || e.dim() != d) continue;
    if (e.spatial && m.trips(l.extent, i) > 1) (*e.axis == Axis::X ? u.x : u.y) = true;
    if (i < from || e.spatial) inside = std::min(inside, e.step);
  }
  u.pe = inside > 1;
  return u;
}

/// The tensor that is kept first inside a PE, of those that the layer has.
Operand outermost(const Mapping& m, const LayerNest& l, const Architecture& a) {
  Operand first = Operand::Output;
  for (Operand t : kAllOperands)
    if ((t != Operand::Weight || l.has_weights()) &&
        m.position(a.spad(t)->name, t) < m.position(a.spad(first)->name, first))
      first = t;
  return first;
}

}  // namespace

TEST_CASE("every dataflow maps convolutions, depthwise layers, pools and matrices", "[unit][mapper]") {
  const auto name = GENERATE(as<std::string>{}, "row_stationary", "weight_stationary", "output_stationary",
                             "input_stationary", "no_local_reuse", "diannao", "shidiannao", "any");
  const auto l = GENERATE(conv({{N, 2}, {M, 6}, {C, 4}, {P, 5}, {Q, 5}, {R, 3}, {S, 3}}),
                          conv({{G, 5}, {P, 4}, {Q, 4}, {R, 3}, {S, 3}}, {2, 2}), conv({{N, 3}, {M, 20}, {C, 30}}),
                          pool({{G, 6}, {P, 3}, {Q, 3}, {R, 2}, {S, 2}}));
  CAPTURE(name, l.extent.of);
  const auto flow = read_dataflow(YamlDocument::from_text(shipped(name), name));
  const auto a = eyeriss();
  const auto pricing = [](const ActionCounts& counts, Cycles cycles) {
    double all = static_cast<double>(cycles.count());
    for (const auto& row : counts.rows()) all += static_cast<double>(row.words.count());
    return Picojoules{all};
  };
  const auto answer = search_mapping(l, a, flow, {}, pricing, {});
  REQUIRE(answer.best.size() == 1);
  const auto& m = answer.best.front().mapping;
  INFO(pretty(m, l));
  CHECK(is_legal(m, l, a));
  for (Dim d : kAllDims) {
    const auto u = use_of(m, l, d);
    CHECK((!u.x || flow.allows(flow.x, d)));
    CHECK((!u.y || flow.allows(flow.y, d)));
    CHECK((!u.pe || flow.allows(flow.pe, d)));
  }
  if (flow.longest && (*flow.longest != Operand::Weight || l.has_weights())) CHECK(outermost(m, l, a) == *flow.longest);
}
