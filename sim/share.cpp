#include "sim/share.hpp"

#include "base/ensure.hpp"

namespace eyrie {

std::int64_t output_tiles(const Mapping& m, const LayerNest& l, const Architecture& a) {
  const auto kept = m.position(a.buffer(Operand::Output)->name, Operand::Output);
  std::int64_t tiles = 1;
  for (std::size_t i = 0; i < std::min(kept, m.pass_position()); ++i)
    if (const auto& dim = m.nest[i].temporal; dim && is_relevant(*dim, Operand::Output)) tiles *= m.trips(l.extent, i);
  return tiles;
}

void add_slot_counts(ActionCounts& counts, const Architecture& a, const LayerNest& l, const SlotCounts& s) {
  using enum Operand;
  const auto add = [&](const std::string& component, Operand t, Action action, std::int64_t words) {
    counts.add(component, t, action, Words{words}, bytes_of(Words{words}, a.width(t)));
  };
  const auto& forward = *a.network(NocRole::Forward, Output);
  const bool lockstep = a.array.control == Control::Lockstep, tree = forward.kind == NocKind::AdderTree;
  add(a.spad(Input)->name, Input, Action::Read, s.macs + s.gated);
  if (l.has_weights()) add(a.spad(Weight)->name, Weight, Action::Read, s.macs + s.gated_by_weight);
  // In lockstep an incoming psum is what a sum starts from, and no addition of its own; a tree has one sum a column.
  const auto sums = tree ? s.column_steps : s.macs;
  add(a.spad(Output)->name, Output, Action::Write, sums);
  add(a.spad(Output)->name, Output, Action::Read, sums + (lockstep ? 0 : s.accumulates));

  const auto& mac = a.array.mac.name;
  const Action each = l.reduction == Reduction::MultiplyAdd ? Action::Mac
                      : l.reduction == Reduction::Maximum   ? Action::Compare
                                                            : Action::Add;
  const Action join = l.reduction == Reduction::Maximum ? Action::Compare : Action::Add;
  add(mac, Output, each, s.macs);
  add(mac, Output, Action::GatedMac, s.gated);
  if (!lockstep) add(mac, Output, join, s.accumulates);
  if (tree) add(forward.name, Output, join, s.macs + s.gated - s.column_steps);
}

LayerResult joined(const std::vector<LayerResult>& shares, const LayerNest& l, const Architecture& a) {
  LayerResult all = shares.at(0);
  all.ofmap = {};
  const auto times = [](CycleStack stack) {
    stack[Cause::Mac] = stack[Cause::GatedMac] = 0;
    return stack;
  };
  for (std::size_t i = 1; i < shares.size(); ++i) {
    const LayerResult& s = shares[i];
    ensure(s.cycles == all.cycles && s.processing_cycles == all.processing_cycles && s.passes == all.passes &&
               s.pe_macs == all.pe_macs && times(s.stack) == times(all.stack) && s.counts == all.counts,
           "shares of a layer find the same times");
    for (const Cause c : {Cause::Mac, Cause::GatedMac}) all.stack[c] += s.stack[c];
    all.slots.macs += s.slots.macs;
    all.slots.gated += s.slots.gated;
    all.slots.gated_by_weight += s.slots.gated_by_weight;
    all.advanced += s.advanced;
    all.wall_s += s.wall_s;
  }
  if (shares.size() > 1 && !all.deadlock)
    ensure(all.stack.total() == all.cycles.count() * a.pes(), "shares of a layer are all of it");
  add_slot_counts(all.counts, a, l, all.slots);
  return all;
}

}  // namespace eyrie
