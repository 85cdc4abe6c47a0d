#include "sim/step_timing.hpp"

#include <algorithm>

#include "base/ensure.hpp"
#include "sim/step_pass.hpp"

namespace eyrie::sim {

StepTimer::StepTimer(const Architecture& a) : overlap_{a.array.lockstep.overlap}, a_{a} {
  for (Operand t : kAllOperands) {
    const auto& noc = *a.network(NocRole::Deliver, t);
    in_[static_cast<std::size_t>(t)] = {std::min(noc.width.count(), a.read_rate(t).count()), noc.fifo.count(),
                                        noc.latency.count()};
  }
  const auto& collect = *a.network(NocRole::Collect, Operand::Output);
  out_ = {std::min(collect.width.count(), a.write_rate(Operand::Output).count()), collect.fifo.count(),
          collect.latency.count()};
  pipeline_ = a.array.mac.pipeline.count();
}

Time StepTimer::rows(const StepSchedule& s) const {
  return a_.array.lockstep.fold == Fold::Whole ? a_.array.rows : s.rows;
}

Time StepTimer::skew(const StepSchedule& s) const {
  const auto& l = a_.array.lockstep;
  return (rows(s) - 1) * l.row_skew + ((l.fold == Fold::Whole ? a_.array.columns : s.columns) - 1) * l.column_skew;
}

Time StepTimer::load(const StepSchedule& s, std::size_t tensor) const { return s.loaded[tensor] ? rows(s) : 1; }

Time StepTimer::drain(const StepSchedule& s) const { return s.drained ? rows(s) : 1; }

PassEntry StepTimer::normal(PassEntry e) const {
  for (std::size_t t = 0; t < 3; ++t)
    e.network_free[t] = std::max(e.network_free[t], -(in_[t].fifo + in_[t].latency + 1));
  e.collect_free = std::max<Time>(e.collect_free, 0);
  for (std::size_t t = 0; t < 2; ++t)
    if (e.arriving[t].to <= e.network_free[t]) e.arriving[t] = {};
  return e;
}

std::int64_t backlog(const Rate& out, Time free) { return std::min(std::max<Time>(free, 0) * out.width, out.fifo); }

/// Begins the next group of a network if it is known when: every step that it has to wait for has been made. A group's
/// words may be sent once the FIFO has room for them: the words before it that are still there leave when the step
/// before theirs has fired (their registers are free then).
bool StepPass::begin_next(std::size_t k) {
  Delivering& d = in_[k];
  const Group g = group(k, d.sent.size());
  const auto fifo = d.rate.fifo, total = d.total + g.words;
  if (g.words > fifo && g.step > fired_.count()) return false;
  Time start = d.end;
  auto waiting = d.waiting;
  for (; waiting < d.sent.size() && total - d.sent[waiting].before > fifo; ++waiting) {
    const auto& before = d.sent[waiting];
    if (before.step > fired_.count()) return false;
    start = std::max(start, std::max(before.there, fired_(before.step - 1)) + 1);
  }
  if (g.words > fifo) start = std::max(start, fired_(g.step - 1) + 1);
  d.waiting = waiting;
  begin(k, g, start, std::max(start, d.arriving.by(total) + 1 - takes(k, g.words)));
  return true;
}

/// Time goes on to `to`, but not past `until`, and the array waits.
void StepPass::spend(Time to, Time until, Cause cause) {
  to = std::min(to, until);
  if (to > now_) {
    waits_[cause] += to - now_;
    now_ = to;
  }
}

void StepPass::run_ahead(Time until) {
  static constexpr std::array kWaits{Cause::WaitInput, Cause::WaitWeight, Cause::WaitPsumIn};
  static constexpr std::array kDram{Cause::DramInput, Cause::DramWeight, Cause::WaitPsumIn};
  if (until <= 0) return;
  now_ = std::max<Time>(now_, 0);
  for (std::size_t k = 0; k < 3; ++k)
    while (in_[k].next < groups(k) && group(k, in_[k].next).step < fired_.count()) ++in_[k].next;
  Time room = out_.room();  // when psums of the steps made are out of the way
  while (!all_fired() && now_ < until) {
    const auto step = fired_.count();
    for (std::size_t k = 0; k < 3; ++k) {
      Delivering& d = in_[k];
      if (d.next == groups(k) || group(k, d.next).step != step) continue;
      const Group g = group(k, d.next);
      if (d.next == d.sent.size()) ensure(begin_next(k), "what a step needs is known when it comes");
      spend(d.sent[d.next].unhindered + (g.held ? 1 : 0), until, kWaits[k]);
      spend(d.sent[d.next].there + (g.held ? 1 : 0), until, kDram[k]);
    }
    spend(room, until, Cause::WaitPsumOut);
    if (now_ >= until) break;
    const bool psums = leaves(step);
    std::int64_t follow = s_.steps;  // the first step after this one with words or psums of its own
    for (std::size_t k = 0; k < 3; ++k) {
      Delivering& d = in_[k];
      if (d.next < groups(k) && group(k, d.next).step == step) ++d.next;
      if (d.next < groups(k)) follow = std::min(follow, group(k, d.next).step);
    }
    // Steps without words and psums of their own just follow.
    if (psums)
      follow = step + 1;
    else if (leaving_ < s_.leaving.size())
      follow = std::min(follow, s_.leaving[leaving_].step);
    const auto steps = std::min(follow - step, until - now_);
    fire(now_, steps);
    if (psums) room = out_.room();
    now_ += steps;
  }
  if (all_fired() && !stepped_) {
    if (timer_.overlaps()) spend(room, until, Cause::WaitPsumOut);  // the next pass's psums want the registers
    if (!timer_.overlaps() || now_ >= room) stepped_ = now_;
  }
  out_.settle();
  // What a clock would find under way.
  if (!all_fired())
    for (std::size_t k = 0; k < 3; ++k)
      while (in_[k].sent.size() < groups(k) && begin_next(k)) {
      }
}

PassTiming StepTimer::time(const StepSchedule& s, const PassEntry& entry, bool record) const {
  StepPass pass{*this, s, entry};
  pass.run_ahead(kForever);
  return pass.timing(record);
}

}  // namespace eyrie::sim
