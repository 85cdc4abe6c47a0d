#include "sim/step_pass.hpp"

#include <algorithm>

namespace eyrie::sim {

Time FiredSteps::operator()(std::int64_t step) const {
  if (step < 0) return -1;
  const auto it = std::ranges::upper_bound(marks_, step, {}, &std::pair<std::int64_t, Time>::first);
  return std::prev(it)->second + step - std::prev(it)->first;
}

std::int64_t FiredSteps::last_by(Time cycle) const {
  const auto it = std::ranges::upper_bound(marks_, cycle, {}, &std::pair<std::int64_t, Time>::second);
  if (it == marks_.begin()) return -1;
  const auto& [first, when] = *std::prev(it);
  return std::min(first + cycle - when, (it == marks_.end() ? count_ : it->first) - 1);
}

void Collecting::leave(Time ready, std::int64_t words) {
  groups.push_back({(groups.empty() ? 0 : groups.back().upto) + words, words, ready, kForever});
}

void Collecting::settle() {
  for (; settled < groups.size(); ++settled) {
    Group& g = groups[settled];
    g.end = free = std::max(free, g.ready) + std::max(least, ceil_div(g.words, rate.width));
  }
}

Time Collecting::room() {
  settle();
  if (groups.empty() || groups.back().upto <= rate.fifo) return 0;
  while (groups.back().upto - groups[first].upto > rate.fifo) ++first;
  return groups[first].end;
}

StepPass::StepPass(const StepTimer& timer, const StepSchedule& s, const PassEntry& entry)
    : timer_{timer},
      s_{s},
      read_psums_{entry.read_psums},
      out_{.rate = timer.out(), .least = timer.drain(s), .groups = {}, .free = entry.collect_free},
      now_{std::min<Time>(0, *std::ranges::min_element(entry.network_free))} {
  for (std::size_t k = 0; k < 3; ++k) {
    in_[k].rate = timer.in(k);
    in_[k].end = entry.network_free[k];
    if (k == 2) continue;
    in_[k].least = timer.load(s, k);
    in_[k].arriving = entry.arriving[k];
  }
  if (const auto before = backlog(timer.out(), entry.collect_free); before > 0) {
    out_.groups.push_back({before, before, 0, entry.collect_free});
    out_.settled = 1;
  }
}

std::size_t StepPass::groups(std::size_t k) const {
  if (k < 2) return s_.arrivals[k].size();
  return read_psums_ ? s_.leaving.size() : 0;
}

StepPass::Group StepPass::group(std::size_t k, std::size_t i) const {
  if (k < 2) return {s_.arrivals[k][i].step, s_.arrivals[k][i].words, s_.arrivals[k][i].held};
  return {s_.leaving[i].step, s_.leaving[i].words, false};
}

Time StepPass::takes(std::size_t k, std::int64_t words) const {
  return std::max(in_[k].least, ceil_div(words, in_[k].rate.width));
}

/// A group that had room at `ready` begins at `start`.
void StepPass::begin(std::size_t k, const Group& g, Time ready, Time start) {
  Delivering& d = in_[k];
  const Time takes_it = takes(k, g.words);
  d.end = start + takes_it;
  d.sent.push_back({.before = d.total,
                    .step = g.step,
                    .begin = start,
                    .there = d.end - 1 + d.rate.latency,
                    .unhindered = ready + takes_it - 1 + d.rate.latency});
  d.total += g.words;
  d.ready = kForever;
}

bool StepPass::leaves(std::int64_t step) const {
  return leaving_ < s_.leaving.size() && s_.leaving[leaving_].step == step;
}

/// The next steps, in the cycles from `when` on. Only the first of them may have psums that leave.
void StepPass::fire(Time when, std::int64_t steps) {
  if (leaves(fired_.count()))
    out_.leave(when + timer_.pipeline() - 1 + (s_.psums_held ? 1 : 0), s_.leaving[leaving_++].words);
  fired_.add(when, steps);
}

PassTiming StepPass::timing(bool record) const {
  PassTiming t;
  t.waits = waits_;
  t.all_out = std::max(*stepped_, out_.free) + timer_.skew(s_) + timer_.out().latency;
  t.cycles = timer_.overlaps() ? *stepped_ : t.all_out;
  for (std::size_t k = 0; k < 3; ++k) t.network_free[k] = in_[k].end;
  t.collect_free = out_.free;
  for (std::size_t k = 0; record && k < 2; ++k)
    for (std::size_t i = 0; i < in_[k].sent.size(); ++i)
      t.sent[k].push_back({in_[k].sent[i].before + group(k, i).words, in_[k].sent[i].there - in_[k].rate.latency});
  return t;
}

void StepPass::tell(RunLog& log, Cycles start) const {
  const auto keep = [&](const Delivery& d) { log.keep(log.deliveries, d, std::min(d.from, d.there), d.gone); };
  for (std::size_t k = 0; k < 3; ++k)
    for (std::size_t i = 0; i < in_[k].sent.size(); ++i) {
      const auto& g = in_[k].sent[i];
      keep({.tensor = static_cast<Operand>(k),
            .from = start + Cycles{g.begin},
            .to = start + Cycles{g.there - in_[k].rate.latency + 1},
            .there = start + Cycles{g.there},
            .gone = start + Cycles{std::max(g.there, fired_(g.step - 1)) + 1},
            .words = group(k, i).words});
    }
  for (auto i = out_.groups.size() - leaving_; i < out_.groups.size(); ++i) {  // before them: the pass before
    const auto& g = out_.groups[i];
    keep({.tensor = Operand::Output,
          .out = true,
          .from = start + Cycles{g.end - std::max(out_.least, ceil_div(g.words, out_.rate.width))},
          .to = start + Cycles{g.end},
          .there = start + Cycles{g.ready},
          .gone = start + Cycles{g.end},
          .words = g.words});
  }
}

}  // namespace eyrie::sim
