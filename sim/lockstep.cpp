#include "sim/lockstep.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/step_clock.hpp"

namespace eyrie::sim {

LockstepCore::LockstepCore(const Architecture& a, const LayerNest& l, const TileStrides& strides, PeSetting setting,
                           bool hands_on, Stepping stepping, std::optional<PePlace> faulty_pe,
                           std::optional<PePlace> stopped_pe)
    : a_{a},
      setting_{setting},
      timer_{a},
      kernel_{l, strides, setting},
      hands_on_{hands_on},
      records_{std::ranges::any_of(kAllOperands, [&](Operand t) { return a.partition(t)->circular; })},
      stepping_{stepping},
      faulty_{faulty_pe},
      stopped_{stopped_pe} {}

/// What the pass before it and the tiles leave to this one.
PassEntry LockstepCore::entry_of(const PassOrder& order) const {
  PassEntry e{.read_psums = order.read_psums, .arriving = order.arriving};
  if (!before_ || !a_.array.lockstep.overlap) return timer_.normal(e);
  const Time passed = before_->cycles + order.gap;
  for (std::size_t t = 0; t < 3; ++t) e.network_free[t] = std::max(before_->network_free[t] - passed, -order.since[t]);
  // Psums that are still on their way out can't be read back yet.
  e.network_free[2] = std::max(e.network_free[2], before_->all_out - passed);
  e.collect_free = before_->collect_free - passed;
  return timer_.normal(e);
}

PassTiming LockstepCore::timing_of(const PassPlan& plan, const PassEntry& entry) {
  if (stepping_ == Stepping::Cycle) return clocked(timer_, plan.schedule, entry, records_);
  if (stepping_ == Stepping::RunAhead) return timer_.time(plan.schedule, entry, records_);
  const auto it = std::ranges::find_if(memories_, [&](const Memory& m) { return m.plan == &plan && m.entry == entry; });
  if (it != memories_.end()) return it->timing;
  memories_.push_back({&plan, entry, timer_.time(plan.schedule, entry, records_)});
  return memories_.back().timing;
}

void LockstepCore::begin(const PassOrder& order, Tiles& tiles) {
  const bool seen = stepping_ == Stepping::Replay &&
                    std::ranges::any_of(memories_, [&](const Memory& m) { return m.plan == order.plan; });
  before_ = timing_of(*order.plan, entry_of(order));
  const PeCounts before = counts_;
  compute(order, tiles, !seen);
  PeCounts of_pass = counts_;
  of_pass.macs -= before.macs;
  of_pass.gated -= before.gated;
  account(order, *before_, of_pass);
}

std::int32_t LockstepCore::planned(const PassPlan& plan, const std::optional<PePlace>& place) const {
  if (!place) return -1;
  const auto it = std::ranges::find_if(
      plan.pes, [&](const PlannedPe& p) { return p.row == place->first && p.column == place->second; });
  return it == plan.pes.end() ? -1 : static_cast<std::int32_t>(it - plan.pes.begin());
}

void LockstepCore::compute(const PassOrder& order, Tiles& tiles, bool by_pe) {
  const PassPlan& plan = *order.plan;
  const bool weights = setting_.reduction == Reduction::MultiplyAdd;
  const auto* input = tiles.input.data() + order.base[0];
  const auto* weight = weights ? tiles.weight.data() + order.base[1] : nullptr;
  auto* output = tiles.output.data() + order.base[2];
  const auto faulty = planned(plan, faulty_);
  if (by_pe || faulty >= 0) {
    const PassData data{.input = input, .weight = weight, .output = output, .read_psums = order.read_psums};
    PeCounts counts;
    for (const Chain& chain : plan.chains) replay_chain(plan, chain, data, setting_, faulty, scratch_, counts);
    counts_.macs += counts.macs;
    counts_.gated += counts.gated;
    return;
  }
  const auto gated = kernel_.run(plan.extent, {.input = input,
                                               .weight = weight,
                                               .output = output,
                                               .read_psums = order.read_psums,
                                               .weight_tile = tiles.weight_tile});
  counts_.gated += gated;
  counts_.macs += plan.schedule.macs - gated;
}

void LockstepCore::account(const PassOrder& order, const PassTiming& timing, const PeCounts& of_pass) {
  const StepSchedule& s = order.plan->schedule;
  TrafficCounts moved{.forwarded = s.hops,
                      .wires_out = s.wires_out,
                      .wires_up = s.wires_up,
                      .wires_links = s.links(),
                      .column_steps = s.column_steps};
  for (std::size_t t = 0; t < 2; ++t) {
    moved.sent[t] = s.words(t);
    moved.delivered[t] = s.delivered(t);
    moved.wires[t] = s.wires(t);
  }
  if (hands_on_) moved.handed_on = moved.delivered[0] - moved.sent[0];
  moved.collected = s.outputs();
  if (order.read_psums) {
    moved.sent[2] = moved.delivered[2] = moved.collected;
    moved.wires[2] = s.wires_in;
  }
  traffic_ += moved;
  counts_.input_loads += moved.delivered[0];
  counts_.weight_loads += moved.delivered[1];

  const auto pes = std::ssize(order.plan->pes);
  outcome_ = {.cycles = timing.cycles, .all_out = timing.all_out, .last_read = timing.network_free, .stack = {}};
  for (auto& t : outcome_.last_read) t = std::max<Time>(t, 0);
  outcome_.dram_waits = timing.waits[Cause::DramInput] + timing.waits[Cause::DramWeight];
  CycleStack& stack = outcome_.stack;
  std::int64_t waits = 0;
  for (std::size_t c = 0; c < kCauses; ++c) {
    stack.pe_cycles[c] = timing.waits.pe_cycles[c] * pes;
    waits += timing.waits.pe_cycles[c];
  }
  stack[Cause::Mac] = of_pass.macs;
  stack[Cause::GatedMac] = of_pass.gated;
  stack[Cause::FillDrain] = (timing.cycles - s.steps - waits) * pes;
  stack[Cause::Unmapped] = s.steps * pes - s.macs + timing.cycles * (a_.pes() - pes);
}

bool LockstepCore::advance(Time horizon) { return !stopped_ && horizon >= outcome_.cycles - 1; }

std::string LockstepCore::wait_for() const {
  return fmt::format("the array waits for pe({},{}), which does nothing", stopped_->first, stopped_->second);
}

bool LockstepCore::sends_once(const PassOrder& order, Operand t, Words tile) const {
  const auto i = static_cast<std::size_t>(t);
  return i < 2 && order.plan->schedule.words(i) == tile.count();
}

}  // namespace eyrie::sim
