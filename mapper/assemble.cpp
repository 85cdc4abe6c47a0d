#include "mapper/assemble.hpp"

#include <algorithm>
#include <optional>

namespace eyrie {

using enum Dim;
using enum Operand;

PassOutline pass_outline(const InnerChoice& inner, std::array<bool, 3> passes_by) {
  PassOutline pass{.extent = {}, .passes = {}, .passes_by = passes_by};
  for (Dim d : kAllDims) {
    pass.extent[d] = inner[static_cast<std::size_t>(d)].pass;
    pass.passes[d] = inner[static_cast<std::size_t>(d)].passes;
  }
  return pass;
}

Extents pe_part(const InnerChoice& inner) {
  Extents part;
  for (Dim d : kAllDims) part[d] = inner[static_cast<std::size_t>(d)].pe;
  return part;
}

namespace {

class Assembler {
 public:
  Assembler(const LayerNest& l, const Architecture& a) : l_{l}, a_{a}, left_{l.extent} {
    std::vector<Operand> all;
    for (Operand t : kAllOperands)
      if (exists(t)) all.push_back(t);
    mapping_.nest.push_back(keep(a.dram.name, all));
  }

  void outside(const OuterChoice& c, const Extents& pass, std::array<bool, 3> passes_by) {
    for (std::size_t k = 0; k < 3; ++k) {
      if (passes_by[static_cast<std::size_t>(c.order[k])] || !exists(c.order[k])) continue;
      segment(c.tile[k], c.slide);
      mapping_.nest.push_back(keep(a_.buffer(c.order[k])->name, {c.order[k]}));
    }
    segment(pass, std::nullopt);
  }

  void array(const InnerChoice& inner) {
    bool any = false;
    const auto spread = [&](Dim d, std::int64_t step, Axis axis) {
      if (left_[d] <= step) return;
      left_[d] = step;
      mapping_.nest.push_back(spatial(d, step, axis));
      any = true;
    };
    const auto option = [&](Dim d) -> const DimOption& { return inner[static_cast<std::size_t>(d)]; };
    for (Dim d : {G, N, M, P, Q}) spread(d, option(d).pe * option(d).columns, Axis::Y);
    // Psum chains need neighbours: the dimension that may leave rows empty comes first.
    std::vector<Dim> reduced{C, R, S};
    std::ranges::stable_partition(reduced, [&](Dim d) { return option(d).gap; });
    for (Dim d : reduced) spread(d, option(d).pe, Axis::Y);
    for (Dim d : {G, N, M, P, Q}) spread(d, option(d).pe, Axis::X);
    if (!any) mapping_.nest.push_back(spatial(M, left_[M], Axis::X));  // one PE: this is where its pass begins
  }

  void pe(const PeNestChoice& c) {
    for (std::size_t k = 0; k < 3; ++k) {
      if (!exists(c.order[k])) continue;
      segment(c.tile[k], c.slide);
      mapping_.nest.push_back(keep(a_.spad(c.order[k])->name, {c.order[k]}));
    }
    segment(Extents{}, std::nullopt);
  }

  Mapping done() && { return std::move(mapping_); }

 private:
  bool exists(Operand t) const { return t != Weight || l_.has_weights(); }

  /// Loops down to these extents, the one that slides innermost; filters' loops inside pixels', as runs of MACs on one
  /// ifmap word want it.
  void segment(const Extents& inside, std::optional<Dim> slide) {
    const auto loop = [&](Dim d) {
      if (left_[d] <= inside[d]) return;
      left_[d] = inside[d];
      mapping_.nest.push_back(temporal(d, inside[d]));
    };
    for (Dim d : {G, N, P, Q, R, S, C, M})
      if (d != slide) loop(d);
    if (slide) loop(*slide);
  }

  const LayerNest& l_;
  const Architecture& a_;
  Extents left_;
  Mapping mapping_;
};

}  // namespace

Mapping assemble_mapping(const InnerChoice& inner, const PeNestChoice& pe, const OuterChoice& outer,
                         std::array<bool, 3> passes_by, const LayerNest& l, const Architecture& a) {
  Assembler nest{l, a};
  nest.outside(outer, pass_outline(inner, passes_by).extent, passes_by);
  nest.array(inner);
  nest.pe(pe);
  return std::move(nest).done();
}

}  // namespace eyrie
