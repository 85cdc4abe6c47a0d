#include "sim/lockstep.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace eyrie::sim {

LockstepCore::LockstepCore(const Architecture& a, const LayerNest& l, const TileStrides& strides, PeSetting setting,
                           bool hands_on, std::optional<PePlace> faulty_pe, std::optional<PePlace> stopped_pe)
    : a_{a},
      setting_{setting},
      timer_{a},
      kernel_{l, strides, setting},
      hands_on_{hands_on},
      records_{std::ranges::any_of(kAllOperands, [&](Operand t) { return a.partition(t)->circular; })},
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

const LockstepCore::Memory* LockstepCore::memory_of(const PassPlan& plan, const PassEntry& entry) const {
  const auto it = std::ranges::find_if(memories_, [&](const Memory& m) { return m.plan == &plan && m.entry == entry; });
  return it == memories_.end() ? nullptr : &*it;
}

/// Data are computed at once, times as the pass advances; unless they are known.
void LockstepCore::begin(const PassOrder& order, Tiles& tiles) {
  order_ = order;
  entry_ = entry_of(order);
  const bool seen =
      order.replay_within > 0 && std::ranges::any_of(memories_, [&](const Memory& m) { return m.plan == order.plan; });
  const PeCounts before = counts_;
  compute(order, tiles, !seen);
  of_pass_ = counts_;
  of_pass_.macs -= before.macs;
  of_pass_.gated -= before.gated;
  const Memory* memory = memory_of(*order.plan, entry_);
  pass_.reset();
  if (memory && may_replay(order, memory->timing.cycles))
    finish(memory->timing);
  else
    pass_.emplace(timer_, order.plan->schedule, entry_);
}

bool LockstepCore::advance(Time horizon, Stepping way) {
  if (stopped_) return false;
  if (!pass_) return true;
  if (pass_->over()) return horizon >= outcome_.cycles - 1;
  pass_->run(way, horizon + 1);
  // Psums that leave beside the next pass are seen off at once.
  if (timer_.overlaps() && pass_->stepped()) pass_->run(way, kForever);
  if (!pass_->over()) return false;
  finish(pass_->timing(records_));
  if (!memory_of(*order_.plan, entry_)) remember();
  return horizon >= outcome_.cycles - 1;
}

/// The oldest of a plan's times give way to new ones.
void LockstepCore::remember() {
  const auto its = [&](const Memory& m) { return m.plan == order_.plan; };
  if (std::ranges::count_if(memories_, its) >= kRememberedTimings)
    memories_.erase(std::ranges::find_if(memories_, its));
  memories_.push_back({order_.plan, entry_, *before_});
}

void LockstepCore::finish(const PassTiming& timing) {
  before_ = timing;
  account(order_, timing, of_pass_);
}

void LockstepCore::view(Time cycle, ArrayView& seen) const {
  seen = {};
  if (!pass_ || cycle < 0) return;
  const auto step = pass_->fired().last_by(cycle);
  seen.step = step + 1;
  if (step >= 0 && pass_->fired()(step) == cycle)
    seen.cause = Cause::Mac;
  else
    seen.cause = pass_->stepped() && cycle >= *pass_->stepped() ? Cause::FillDrain
                                                                : pass_->waits_for().value_or(Cause::FillDrain);
}

void LockstepCore::tell_deliveries(RunLog& log, Cycles start) const {
  if (pass_) pass_->tell(log, start);
}

void LockstepCore::compute(const PassOrder& order, Tiles& tiles, bool by_pe) {
  if (!order.computed) return;
  const PassPlan& plan = *order.plan;
  const bool weights = setting_.reduction == Reduction::MultiplyAdd;
  const auto* input = tiles.input.data() + order.base[0];
  const auto* weight = weights ? tiles.weight.data() + order.base[1] : nullptr;
  auto* output = tiles.output.data() + order.base[2];
  const auto faulty = number_of(plan, faulty_);
  if (by_pe || faulty >= 0) {
    const PassData data{.input = input, .weight = weight, .output = output, .read_psums = order.read_psums};
    PeCounts counts;
    for (const Chain& chain : plan.chains) replay_chain(plan, chain, data, setting_, faulty, scratch_, counts);
    counts_.macs += counts.macs;
    counts_.gated += counts.gated;
    counts_.gated_by_weight += counts.gated_by_weight;
    return;
  }
  const GatedSlots gated = kernel_.run(plan.extent, {.input = input,
                                                     .weight = weight,
                                                     .output = output,
                                                     .read_psums = order.read_psums,
                                                     .weight_tile = tiles.weight_tile});
  counts_.gated += gated.all;
  counts_.gated_by_weight += gated.by_weight;
  counts_.macs += plan.schedule.macs - gated.all;
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

std::string LockstepCore::wait_for() const {
  return fmt::format("the array waits for pe({},{}), which does nothing", stopped_->first, stopped_->second);
}

bool LockstepCore::sends_once(const PassOrder& order, Operand t, Words tile) const {
  const auto i = static_cast<std::size_t>(t);
  return i < 2 && order.plan->schedule.words(i) == tile.count();
}

}  // namespace eyrie::sim
