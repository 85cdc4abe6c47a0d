#include "sim/step_clock.hpp"

#include <algorithm>

#include "sim/step_pass.hpp"

namespace eyrie::sim {

/// Is there room in the FIFO for a group in this cycle?
bool StepPass::has_room(std::size_t k, const Group& g) {
  Delivering& d = in_[k];
  const auto over = [&](std::int64_t step) {
    return step < 0 ? now_ >= 0 : step < fired_.count() && fired_(step) < now_;
  };
  while (d.gone < d.sent.size() && d.sent[d.gone].there < now_ && over(d.sent[d.gone].step - 1)) ++d.gone;
  const auto inside = d.gone < d.sent.size() ? d.total - d.sent[d.gone].before : 0;
  if (g.words > d.rate.fifo) return inside == 0 && over(g.step - 1);
  return inside + g.words <= d.rate.fifo;
}

/// A network goes on in this cycle.
void StepPass::send(std::size_t k) {
  Delivering& d = in_[k];
  if (now_ < d.end || d.sent.size() == groups(k)) return;
  const Group g = group(k, d.sent.size());
  if (!has_room(k, g)) return;
  d.ready = std::min(d.ready, now_);
  if (now_ + takes(k, g.words) - 1 >= d.arriving.by(d.total + g.words)) begin(k, g, d.ready, now_);
}

/// Are the words of the next step there? Yes if it needs none.
bool StepPass::has_words(std::size_t k) {
  Delivering& d = in_[k];
  const auto step = fired_.count();
  while (d.next < groups(k) && group(k, d.next).step < step) ++d.next;
  if (d.next == groups(k) || group(k, d.next).step > step) return true;
  return d.next < d.sent.size() && d.sent[d.next].there + (group(k, d.next).held ? 1 : 0) <= now_;
}

/// The words of the next step would be there, had DRAM brought them.
bool StepPass::late(std::size_t k) const {
  const Delivering& d = in_[k];
  const Group g = group(k, d.next);
  Time there = kForever;
  if (d.next < d.sent.size())
    there = d.sent[d.next].unhindered;
  else if (d.next == d.sent.size() && d.ready < kForever)
    there = d.ready + takes(k, g.words) - 1 + d.rate.latency;
  return there + (g.held ? 1 : 0) <= now_;
}

/// Do the psums that have not left fit the collecting FIFO?
bool StepPass::psums_fit() {
  if (out_.groups.empty()) return true;
  while (out_.gone < out_.settled && out_.groups[out_.gone].end <= now_) ++out_.gone;
  return out_.groups.back().upto - (out_.gone > 0 ? out_.groups[out_.gone - 1].upto : 0) <= out_.rate.fifo;
}

void StepPass::wait(Cause cause) {
  ++waits_[cause];
  waits_for_ = cause;
}

/// The array in this cycle.
void StepPass::step() {
  static constexpr std::array kWaits{Cause::WaitInput, Cause::WaitWeight, Cause::WaitPsumIn};
  static constexpr std::array kDram{Cause::DramInput, Cause::DramWeight};
  waits_for_.reset();
  if (stepped_) return;
  if (all_fired()) {
    // The next pass may step once the psums of this one's last step are out of its way.
    if (timer_.overlaps() && !psums_fit()) return wait(Cause::WaitPsumOut);
    stepped_ = now_;
    return;
  }
  for (std::size_t k = 0; k < 3; ++k)
    if (!has_words(k)) return wait(k < 2 && late(k) ? kDram[k] : kWaits[k]);
  if (!psums_fit()) return wait(Cause::WaitPsumOut);
  fire(now_, 1);
}

/// The collecting network in this cycle.
void StepPass::collect() {
  if (out_.settled == out_.groups.size() || now_ < out_.free) return;
  auto& g = out_.groups[out_.settled];
  if (g.ready > now_) return;
  g.end = out_.free = now_ + std::max(out_.least, ceil_div(g.words, out_.rate.width));
  ++out_.settled;
}

void StepPass::run_clocked(Time until) {
  for (; now_ < until && !over(); ++now_) {
    for (std::size_t k = 0; k < 3; ++k) send(k);
    if (now_ >= 0) step();
    collect();
  }
}

PassTiming clocked(const StepTimer& timer, const StepSchedule& s, const PassEntry& entry, bool record) {
  StepPass pass{timer, s, entry};
  pass.run_clocked(kForever);
  return pass.timing(record);
}

}  // namespace eyrie::sim
