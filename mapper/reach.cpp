#include "mapper/reach.hpp"

#include <algorithm>

#include "dataflows/legality.hpp"

namespace eyrie {

namespace {

using Options = std::array<const DimOption*, kDims>;

std::size_t at(Dim d) { return static_cast<std::size_t>(d); }

bool handed_on(const Options& option, const Architecture& a) {
  if (!a.network(NocRole::Forward, Operand::Input)) return true;
  bool moves = false, shares = false;
  for (Dim d : kAllDims)
    if (const DimOption* o = option[at(d)]; o && o->columns * o->rows > 1)
      (is_relevant(d, Operand::Input) ? moves : shares) = true;
  return !moves || !shares;
}

bool systolic(const Options& option, Operand t, const PeNestChoice* nest, const LayerNest& l, const Architecture& a) {
  bool x = false, y = false, stays = true;
  const auto place = nest ? static_cast<std::size_t>(std::ranges::find(nest->order, t) - nest->order.begin()) : 0;
  Extents part;
  for (Dim d : kAllDims) {
    const DimOption* o = option[at(d)];
    if (!o) continue;
    part[d] = o->pe;
    if (!is_relevant(d, t)) continue;
    x = x || o->columns > 1;
    y = y || o->rows > 1;
    stays = stays && (!nest || nest->tile[place][d] == o->pe);
  }
  return !x || !y || (stays && spad_words(part, l, a, t) <= a.spad(t)->depth);
}

}  // namespace

bool reaches(const Options& option, const PeNestChoice* nest, const LayerNest& l, const Architecture& a) {
  if (!handed_on(option, a)) return false;
  for (Operand t : {Operand::Input, Operand::Weight})
    if (a.network(NocRole::Deliver, t)->kind == NocKind::Systolic && (t != Operand::Weight || l.has_weights()) &&
        !systolic(option, t, nest, l, a))
      return false;
  return true;
}

}  // namespace eyrie
