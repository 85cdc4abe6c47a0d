#include "sim/pass_sequence.hpp"

#include <algorithm>

namespace eyrie::sim {

PassSequence::PassSequence(const Mapping& m, const LayerNest& l, const Architecture& a)
    : layer_{l.extent}, weights_{l.has_weights()} {
  std::array<std::size_t, 3> keep{};
  for (Operand t : kAllOperands) keep[static_cast<std::size_t>(t)] = m.position(a.buffer(t)->name, t);
  for (std::size_t i = 0; i < m.pass_position(); ++i) {
    const auto& e = m.nest[i];
    for (Operand t : kAllOperands)
      if (keep[static_cast<std::size_t>(t)] == i) held_[static_cast<std::size_t>(t)].keep = loops_.size();
    if (!e.temporal) continue;
    for (Operand t : kAllOperands)
      if (i < keep[static_cast<std::size_t>(t)] && m.trips(l.extent, i) > 1 && is_relevant(*e.temporal, t))
        held_[static_cast<std::size_t>(t)].slides_with = loops_.size();
    loops_.push_back({.dim = *e.temporal, .step = e.step, .nominal = m.trips(l.extent, i)});
  }
  for (Operand t : kAllOperands) {
    auto& held = held_[static_cast<std::size_t>(t)];
    held.passes_by = keep[static_cast<std::size_t>(t)] == m.nest.size();
    if (held.passes_by) held.keep = loops_.size();
  }
}

/// The box inside the first `loops` loops.
Box PassSequence::box(std::size_t loops) const {
  Box b{.extent = layer_};
  for (std::size_t i = 0; i < loops; ++i) {
    const auto& l = loops_[i];
    b.offset[l.dim] += l.index * l.step;
    b.extent[l.dim] = std::min(l.step, b.extent[l.dim] - l.index * l.step);
  }
  return b;
}

bool PassSequence::advance() {
  for (std::size_t i = loops_.size(); i-- > 0;) {
    auto& l = loops_[i];
    if (++l.index < ceil_div(box(i).extent[l.dim], l.step)) {
      advanced_ = i;
      return true;
    }
    l.index = 0;
  }
  return false;
}

TileChange PassSequence::change(Operand t, const Box& now) const {
  const Held& h = held_[static_cast<std::size_t>(t)];
  if (!h.any || h.passes_by) return TileChange::Whole;
  const bool same = std::ranges::all_of(kAllDims, [&](Dim d) {
    return !is_relevant(d, t) || (h.tile.offset[d] == now.offset[d] && h.tile.extent[d] == now.extent[d]);
  });
  if (same) return TileChange::Stays;
  const bool slides = t == Operand::Input && advanced_ == h.slides_with;
  if (!slides) return TileChange::Whole;
  const Dim d = loops_[h.slides_with].dim;
  return is_window(d) ? TileChange::Slides : TileChange::Whole;
}

/// Are all loops over C, R, S among the first `loops` at their first (or last) iteration?
bool PassSequence::reduction_at(std::size_t loops, bool first) const {
  for (std::size_t i = 0; i < loops; ++i) {
    const auto& l = loops_[i];
    if (is_relevant(l.dim, Operand::Output)) continue;
    if (l.index != (first ? 0 : ceil_div(box(i).extent[l.dim], l.step) - 1)) return false;
  }
  return true;
}

std::optional<PassStep> PassSequence::next() {
  if (begun_ && !advance()) return std::nullopt;
  begun_ = true;
  PassStep step;
  step.pass = box(loops_.size());
  for (Operand t : kAllOperands) {
    const auto i = static_cast<std::size_t>(t);
    if (t == Operand::Weight && !weights_) continue;
    const Box now = box(held_[i].keep);
    step.change[i] = change(t, now);
    step.tile[i] = now;
    held_[i].tile = now;
    held_[i].any = true;
  }
  const auto output = static_cast<std::size_t>(Operand::Output);
  step.first_psums = reduction_at(loops_.size(), true);
  step.psums_final = reduction_at(held_[output].keep, false);
  step.psums_back = step.change[output] != TileChange::Stays && !reduction_at(held_[output].keep, true);
  return step;
}

}  // namespace eyrie::sim
