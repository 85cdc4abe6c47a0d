// What is left of a pass of an array when it is over, and how a later one takes it over.
#include <algorithm>

#include "base/ensure.hpp"
#include "sim/array.hpp"

namespace eyrie::sim {

const ArrayCore::Memory* ArrayCore::memory_of(const PassOrder& order) const {
  const auto it = std::ranges::find_if(
      memories_, [&](const Memory& m) { return m.plan == order.plan && m.read_psums == order.read_psums; });
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
    counts.macs = counts.gated = 0;
  } else if (faulty >= 0) {  // what one PE does wrong is done PE by PE
    counts.macs = counts.gated = 0;
    for (const Chain& chain : plan.chains) replay_chain(plan, chain, data, setting_, faulty, scratch_, counts);
  } else {
    counts.gated = kernel_.run(plan.extent, {.input = data.input,
                                             .weight = data.weight,
                                             .output = data.output,
                                             .read_psums = data.read_psums,
                                             .weight_tile = tiles_->weight_tile});
    counts.macs = memory.counts.macs + memory.counts.gated - counts.gated;
  }
  ensure(
      !order_.computed || (counts.macs >= 0 && counts.macs + counts.gated == memory.counts.macs + memory.counts.gated),
      "a replayed pass has as many MACs");
  replayed_counts_ += counts;
  traffic_ += memory.traffic;
  outcome_ = memory.outcome;
  outcome_.stack[Cause::Mac] = counts.macs;
  outcome_.stack[Cause::GatedMac] = counts.gated;
}

void ArrayCore::finish_pass() {
  outcome_ = timed_outcome();
  const PeCounts now = pe_counts();
  const PeCounts of_pass{now.macs - counts_before_.macs, now.gated - counts_before_.gated,
                         now.accumulates - counts_before_.accumulates, now.input_loads - counts_before_.input_loads,
                         now.weight_loads - counts_before_.weight_loads};
  if (!memory_of(order_))
    memories_.push_back({.plan = order_.plan,
                         .read_psums = order_.read_psums,
                         .outcome = outcome_,
                         .traffic = traffic_ - traffic_before_,
                         .counts = of_pass});
  if (order_.computed) return;
  outcome_.stack[Cause::Mac] = outcome_.stack[Cause::GatedMac] = 0;
  elsewhere_ += {.macs = -of_pass.macs, .gated = -of_pass.gated};
}

PassOutcome ArrayCore::timed_outcome() const {
  PassOutcome out;
  out.cycles = out_.last + 1 + out_.latency;
  for (const auto& p : order_.plan->pes)
    out.cycles = std::max(out.cycles, pes_[static_cast<std::size_t>(p.row * a_.array.columns + p.column)].end);
  out.all_out = out.cycles;
  for (std::size_t t = 0; t < 3; ++t) out.last_read[t] = in_[t].last + 1;
  for (const auto& p : order_.plan->pes) {
    const Pe& pe = pes_[static_cast<std::size_t>(p.row * a_.array.columns + p.column)];
    for (std::size_t c = 0; c < kCauses; ++c) out.stack.pe_cycles[c] += pe.cycles[c];
    out.stack[Cause::PassBarrier] += out.cycles - pe.end;
  }
  out.stack[Cause::Unmapped] += out.cycles * (a_.pes() - std::ssize(order_.plan->pes));
  return out;
}

}  // namespace eyrie::sim
