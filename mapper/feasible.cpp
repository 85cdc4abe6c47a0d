#include "mapper/feasible.hpp"

#include <algorithm>

#include "dataflows/legality.hpp"
#include "mapper/outer.hpp"

namespace eyrie {

using enum Dim;
using enum Operand;

namespace {

/// Does the nest of smallest tiles that keeps tensors in this order fit the spads?
bool order_holds(const std::array<Operand, 3>& order, const Extents& part, const LayerNest& l, const Architecture& a) {
  const auto place = [&](Operand t) { return std::ranges::find(order, t) - order.begin(); };
  std::array<Extents, 3> tile;
  for (Dim d : kAllDims) {
    // Cut inside the keep of the tensor that the dimension makes no difference to.
    std::ptrdiff_t first_cut = 0;
    for (Operand t : kAllOperands)
      if (!is_relevant(d, t) && (t != Weight || l.has_weights())) first_cut = place(t) + 1;
    for (std::ptrdiff_t k = 0; k < first_cut; ++k) tile[static_cast<std::size_t>(k)][d] = part[d];
  }
  for (std::size_t k = 0; k < 3; ++k)
    if (spad_words(tile[k], l, a, order[k]) > a.spad(order[k])->depth) return false;
  return true;
}

bool spads_hold(const Extents& part, const MapProblem& m) {
  if (m.machine.array.lockstep.steps > 0 && part.product() > m.machine.array.lockstep.steps) return false;
  const auto& longest = m.dataflow.longest;
  std::array<Operand, 3> order{Input, Weight, Output};
  do {
    if (longest && order[0] != *longest && (*longest != Weight || m.layer.has_weights())) continue;
    if (order_holds(order, part, m.layer, m.machine)) return true;
  } while (std::ranges::next_permutation(order).found);
  return false;
}

class Smallest {
 public:
  explicit Smallest(const MapProblem& m) : m_{m} {
    for (Dim d : kAllDims) {
      if (whole_in_pe(d)) part_[d] = extent(d);
      if (whole_on_y(d)) rows_ *= extent(d);
      pass_.extent[d] = whole_in_pe(d) || whole_on_y(d) ? extent(d) : 1;
      pass_.passes[d] = ceil_div(extent(d), pass_.extent[d]);
    }
  }

  bool exists() {
    if (!std::ranges::count(m_.machine.array.mac.operations, m_.layer.reduction)) return false;
    if (rows_ > m_.machine.array.rows) return false;
    if (spads_hold(part_, m_) && buffers_hold()) return true;
    return m_.machine.partition(Output)->bypass && outputs_pass_by();
  }

 private:
  std::int64_t extent(Dim d) const { return m_.layer.extent[d]; }
  bool whole_in_pe(Dim d) const { return m_.dataflow.allows(m_.dataflow.whole_in_pe, d); }
  bool whole_on_y(Dim d) const { return m_.dataflow.allows(m_.dataflow.whole_on_y, d) && !whole_in_pe(d); }

  /// With all tensors in their buffers, or with one of the operands passing by.
  bool buffers_hold() {
    const auto fits = [&](std::array<bool, 3> passes_by) {
      pass_.passes_by = passes_by;
      return pass_fits(pass_, m_.layer, m_.machine);
    };
    return fits({false, false, false}) || (m_.machine.partition(Input)->bypass && fits({true, false, false})) ||
           (m_.layer.has_weights() && m_.machine.partition(Weight)->bypass && fits({false, true, false}));
  }

  bool outputs_pass_by() {
    for (Dim d : kReduced) {
      pass_.extent[d] = extent(d);
      pass_.passes[d] = 1;
    }
    pass_.passes_by = {false, false, true};
    return pass_fits(pass_, m_.layer, m_.machine) && divide(0, m_.machine.array.rows / rows_);
  }

  /// Divides the reduced dimensions from the i-th on between PEs and the rows that are left, most rows first.
  bool divide(std::size_t i, std::int64_t rows) {
    if (i == kReduced.size()) return spads_hold(part_, m_);
    const Dim d = kReduced[i];
    if (whole_in_pe(d) || whole_on_y(d)) return divide(i + 1, rows);
    const auto& flow = m_.dataflow;
    for (auto y = flow.allows_y(m_.layer, d) ? std::min(rows, extent(d)) : 1; y >= 1; --y) {
      part_[d] = ceil_div(extent(d), y);
      if (part_[d] > 1 && !flow.allows(flow.pe, d)) return false;
      if (ceil_div(extent(d), part_[d]) != y || (m_.space == Space::Perfect && extent(d) % y != 0)) continue;
      if (divide(i + 1, rows / y)) return true;
    }
    return false;
  }

  static constexpr std::array kReduced{C, R, S};
  const MapProblem& m_;
  Extents part_;  ///< of a PE
  std::int64_t rows_ = 1;
  PassOutline pass_;
};

}  // namespace

bool feasible(const MapProblem& m) { return Smallest{m}.exists(); }

}  // namespace eyrie
