// What of a pass may be in the array before it begins, and what it leaves to the next. A network that sends ahead goes
// on to words of the next pass once all of this one's are in their spads: into places that this pass doesn't use, into
// FIFOs, and, when all PEs are done with their MACs, into all other places. It is a pass ahead at most.
#include <algorithm>
#include <vector>

#include "sim/array.hpp"

namespace eyrie::sim {

std::array<SpadEntry, 2> ArrayCore::entry_of(const PassOrder& order) {
  auto known = std::ranges::find(fillings_, order.plan, &Fillings::plan);
  if (known == fillings_.end())
    known = fillings_.insert(
        known, {.plan = order.plan,
                .of = {filling(*order.plan, Operand::Input, {}), filling(*order.plan, Operand::Weight, {})}});
  return {entry_of(order, Operand::Input, known->of[0]), entry_of(order, Operand::Weight, known->of[1])};
}

/// The recurrences of `deliver` and SpadPort while no PE works.
ArrayCore::Filling ArrayCore::filling(const PassPlan& plan, Operand t, const SpadEntry& entry) const {
  const DeliverPlan& stream = t == Operand::Input ? plan.inputs : plan.weights;
  const Bus& bus = in_[static_cast<std::size_t>(t)];
  const auto depth = a_.spad(t)->depth.count(), fifo = a_.network(NocRole::Deliver, t)->fifo.count();
  Filling filling;
  std::vector<std::vector<Time>> loads(plan.pes.size());
  std::vector<std::int64_t> pushed(plan.pes.size());
  Time fire = entry.from;
  for (const Beat& beat : stream.beats) {
    const auto& to = stream.destinations[static_cast<std::size_t>(beat.to)];
    for (const auto pe : to) {
      const auto i = static_cast<std::size_t>(pe);
      filling.fits = filling.fits && pushed[i] + beat.words <= depth;
      const auto room = pushed[i] + beat.words - 1 - fifo;
      if (room >= depth) return filling;
      if (room >= 0)
        fire = std::max(fire, bus.wiring.known_at(loads[i][static_cast<std::size_t>(room)] + 1,
                                                  {plan.pes[i].row, plan.pes[i].column}));
    }
    const Time last = fire + beat_cycles(bus, beat.words) - 1;
    for (const auto pe : to) {
      const auto i = static_cast<std::size_t>(pe);
      const Time hops = bus.wiring.hops({plan.pes[i].row, plan.pes[i].column}), seen = last + bus.latency + hops;
      pushed[i] += beat.words;
      while (std::ssize(loads[i]) < std::min(pushed[i], depth)) {
        const Time after = loads[i].empty() ? seen : std::max(seen, loads[i].back() + 1);
        loads[i].push_back(std::ssize(loads[i]) < entry.spare ? after : std::max(after, entry.freed));
      }
      filling.settled = std::max({filling.settled, seen + 1 + hops, loads[i].back() + 1 + hops});
      filling.words = std::max(filling.words, pushed[i]);
    }
    filling.sent = fire = last + 1;
  }
  return filling;
}

SpadEntry ArrayCore::entry_of(const PassOrder& order, Operand t, const Filling& filling) const {
  const auto i = static_cast<std::size_t>(t);
  const bool none = t == Operand::Weight && order.plan->weights.beats.empty();
  if (!a_.network(NocRole::Deliver, t)->ahead || in_[i].from_link || none) return {};
  const auto depth = static_cast<std::int32_t>(a_.spad(t)->depth.count());
  const Time passed = before_.cycles + order.gap;
  const auto& port = before_.port[i];
  SpadEntry e{.from = std::max(port.settled, Time{0}) - passed,
              .freed = before_.done - passed,
              .spare = std::max(0, depth - port.words)};
  if (e.spare == 0) e.from = std::max(e.from, e.freed);  // words may still wait in FIFOs
  e.from = std::max(e.from, -order.since[i]);
  return normal(e, filling, depth);
}

/// What makes no difference is cut off, so that equal entries mean equal passes: how long before places are given up
/// the others were full, and how long before the pass all were.
SpadEntry ArrayCore::normal(SpadEntry e, const Filling& filling, std::int32_t depth) const {
  if (e.freed <= e.from || (filling.fits && e.spare >= filling.words)) {
    e.freed = e.from;
    e.spare = depth;
  }
  if (e.freed <= -filling.settled) return {.from = -filling.settled, .freed = -filling.settled, .spare = depth};
  e.from = std::max(e.from, e.freed - filling.settled);
  return e;
}

/// Do filters that come by `now` serve a pass as well as they did one that never waited for them? They have to fit:
/// then no PE has a say in when they come.
bool ArrayCore::no_later(const Memory& known, const std::array<SpadEntry, 2>& now) const {
  const SpadEntry &then = known.entry[1], &its = now[1];
  return known.filters_in_time && known.entry[0] == now[0] && its.from <= then.from && its.freed <= then.freed &&
         its.spare >= then.spare;
}

ArrayCore::Leaves ArrayCore::leaves() const {
  Leaves l{.cycles = outcome_.cycles, .done = 0, .port = {}};
  for (const auto& p : order_.plan->pes) {
    const Pe& pe = pes_[static_cast<std::size_t>(p.row * a_.array.columns + p.column)];
    l.done = std::max(l.done, pe.end);
    for (std::size_t t = 0; t < 2; ++t) {
      const SpadPort& port = t == 0 ? pe.input : pe.weight;
      if (port.loaded == 0) continue;
      const Time settled = port.load[static_cast<std::size_t>(port.loaded - 1)] + 1;
      l.port[t].settled = std::max(l.port[t].settled, settled + in_[t].wiring.hops({p.row, p.column}));
      l.port[t].words = std::max(l.port[t].words, port.loaded);
    }
  }
  return l;
}

}  // namespace eyrie::sim
