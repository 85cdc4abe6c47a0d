// What is left of a pass of an array when it is over, and how a later one takes it over.
#include <algorithm>

#include "base/ensure.hpp"
#include "sim/array.hpp"

namespace eyrie::sim {

/// Of a pass that was entered alike, or whose filters came no earlier and early enough.
const ArrayCore::Memory* ArrayCore::memory_of(const PassOrder& order) const {
  const auto its = [&](const Memory& m) { return m.plan == order.plan && m.read_psums == order.read_psums; };
  auto it = std::ranges::find_if(memories_, [&](const Memory& m) { return its(m) && m.entry == entry_; });
  if (it == memories_.end())
    it = std::ranges::find_if(memories_, [&](const Memory& m) { return its(m) && no_later(m, entry_); });
  return it == memories_.end() ? nullptr : &*it;
}

/// The data of a pass whose timing is known.
void ArrayCore::replay(const Memory& memory) {
  const PassPlan& plan = *order_.plan;
  const PassData data{.input = tiles_->input.data() + order_.base[0],
                      .weight = plan.weights.beats.empty() ? nullptr : tiles_->weight.data() + order_.base[1],
                      .output = tiles_->output.data() + order_.base[2],
                      .read_psums = order_.read_psums};
  const auto faulty = number_of(plan, faulty_);
  PeCounts counts = memory.counts;
  if (!order_.computed) {
    counts.macs = counts.gated = counts.gated_by_weight = 0;
  } else if (faulty >= 0) {  // what one PE does wrong is done PE by PE
    counts.macs = counts.gated = counts.gated_by_weight = 0;
    for (const Chain& chain : plan.chains) replay_chain(plan, chain, data, setting_, faulty, scratch_, counts);
  } else {
    const GatedSlots gated = kernel_.run(plan.extent, {.input = data.input,
                                                       .weight = data.weight,
                                                       .output = data.output,
                                                       .read_psums = data.read_psums,
                                                       .weight_tile = tiles_->weight_tile});
    counts.gated = gated.all;
    counts.gated_by_weight = gated.by_weight;
    counts.macs = memory.counts.macs + memory.counts.gated - counts.gated;
  }
  ensure(
      !order_.computed || (counts.macs >= 0 && counts.macs + counts.gated == memory.counts.macs + memory.counts.gated),
      "a replayed pass has as many MACs");
  replayed_counts_ += counts;
  traffic_ += memory.traffic;
  outcome_ = memory.outcome;
  before_ = memory.leaves;
  outcome_.stack[Cause::Mac] = counts.macs;
  outcome_.stack[Cause::GatedMac] = counts.gated;
  if (memory.entry == entry_) return;
  const Filling filters = filling(plan, Operand::Weight, entry_[1]);
  outcome_.last_read[1] = std::max<Time>(0, filters.sent);
  before_.port[1].settled = std::max<Time>(0, filters.settled);
}

void ArrayCore::finish_pass() {
  outcome_ = timed_outcome();
  before_ = leaves();
  const PeCounts now = pe_counts();
  const PeCounts of_pass{.macs = now.macs - counts_before_.macs,
                         .gated = now.gated - counts_before_.gated,
                         .accumulates = now.accumulates - counts_before_.accumulates,
                         .input_loads = now.input_loads - counts_before_.input_loads,
                         .weight_loads = now.weight_loads - counts_before_.weight_loads,
                         .gated_by_weight = now.gated_by_weight - counts_before_.gated_by_weight,
                         .skipped = now.skipped - counts_before_.skipped};
  remember(of_pass);
  if (order_.computed) return;
  outcome_.stack[Cause::Mac] = outcome_.stack[Cause::GatedMac] = 0;
  elsewhere_ += {.macs = -of_pass.macs, .gated = -of_pass.gated, .gated_by_weight = -of_pass.gated_by_weight};
}

/// The oldest of a plan's times give way to new ones.
void ArrayCore::remember(const PeCounts& of_pass) {
  if (timing_depends_on_data()) return;
  const auto its = [&](const Memory& m) { return m.plan == order_.plan; };
  if (std::ranges::any_of(
          memories_, [&](const Memory& m) { return its(m) && m.read_psums == order_.read_psums && m.entry == entry_; }))
    return;
  if (std::ranges::count_if(memories_, its) >= kRememberedTimings)
    memories_.erase(std::ranges::find_if(memories_, its));
  memories_.push_back({.plan = order_.plan,
                       .read_psums = order_.read_psums,
                       .entry = entry_,
                       .outcome = outcome_,
                       .leaves = before_,
                       .traffic = traffic_ - traffic_before_,
                       .counts = of_pass,
                       .filters_in_time = filters_in_time()});
}

bool ArrayCore::filters_in_time() const {
  if (order_.plan->weights.beats.empty() || in_[1].from_link) return false;
  const Filling filters = filling(*order_.plan, Operand::Weight, entry_[1]);
  if (!filters.fits) return false;
  ensure(outcome_.last_read[1] == std::max<Time>(0, filters.sent) &&
             before_.port[1].settled == std::max<Time>(0, filters.settled),
         "filters that fit come when no PE has a say in it");
  return outcome_.stack[Cause::WaitWeight] == 0;
}

PassOutcome ArrayCore::timed_outcome() const {
  PassOutcome out;
  out.cycles = out_.last + 1 + out_.latency;
  for (const auto& p : order_.plan->pes)
    out.cycles = std::max(out.cycles, pes_[static_cast<std::size_t>(p.row * a_.array.columns + p.column)].end);
  out.all_out = out.cycles;
  for (std::size_t t = 0; t < 3; ++t) out.last_read[t] = std::max<Time>(0, in_[t].last + 1);
  for (const auto& p : order_.plan->pes) {
    const Pe& pe = pes_[static_cast<std::size_t>(p.row * a_.array.columns + p.column)];
    for (std::size_t c = 0; c < kCauses; ++c) out.stack.pe_cycles[c] += pe.cycles[c];
    out.stack[Cause::PassBarrier] += out.cycles - pe.end;
  }
  out.stack[Cause::Unmapped] += out.cycles * (a_.pes() - std::ssize(order_.plan->pes));
  return out;
}

}  // namespace eyrie::sim
