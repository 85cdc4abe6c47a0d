#include "sim/step_timing.hpp"

#include <algorithm>

namespace eyrie::sim {

StepTimer::StepTimer(const Architecture& a) : overlap_{a.array.lockstep.overlap}, a_{a} {
  for (Operand t : kAllOperands) {
    const auto& noc = *a.network(NocRole::Deliver, t);
    in_[static_cast<std::size_t>(t)] = {std::min(noc.width.count(), a.partition(t)->read.count()), noc.fifo.count(),
                                        noc.latency.count()};
  }
  const auto& collect = *a.network(NocRole::Collect, Operand::Output);
  out_ = {std::min(collect.width.count(), a.partition(Operand::Output)->write.count()), collect.fifo.count(),
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

namespace {

/// One network's way through the groups of a pass. A group's words may be sent once the FIFO has room for them: the
/// words before it that are still there leave when the step before theirs has fired (their registers are free then).
class Sender {
 public:
  Sender(const Rate& rate, Time least, Time free, const Arriving& arriving = {})
      : width_{rate.width}, fifo_{rate.fifo}, latency_{rate.latency}, least_{least}, end_{free}, arriving_{arriving} {}

  /// When words are there, and how much of it is due to DRAM.
  struct Sent {
    Time there = 0, late = 0;
  };
  /// Sends a group for `step`; `fired(k)` is the time of step k.
  template <class Fired>
  Sent send(std::int64_t step, std::int64_t words, bool held, Fired fired) {
    total_ += words;
    Time start = end_;
    while (waiting_ < groups_.size() && total_ - groups_[waiting_].total_before > fifo_) {
      start = std::max(start, groups_[waiting_].exit(fired));
      ++waiting_;
    }
    if (words > fifo_) start = std::max(start, fired(step - 1) + 1);
    const Time takes = std::max(least_, ceil_div(words, width_));
    const Time late = std::max<Time>(0, arriving_.by(total_) + 1 - takes - start);
    end_ = start + late + takes;
    const Time there = end_ - 1 + latency_;
    groups_.push_back({total_ - words, there, step});
    return {there + (held ? 1 : 0), late};
  }
  [[nodiscard]] Time end() const { return end_; }
  [[nodiscard]] std::int64_t total() const { return total_; }

 private:
  struct Group {
    std::int64_t total_before;
    Time there;
    std::int64_t step;
    template <class Fired>
    [[nodiscard]] Time exit(Fired fired) const {
      return std::max(there, fired(step - 1)) + 1;
    }
  };
  std::int64_t width_, fifo_, total_ = 0;
  Time latency_, least_, end_;
  Arriving arriving_;
  std::size_t waiting_ = 0;
  std::vector<Group> groups_;
};

/// The psums' way out. Psums of the pass before may still be on it.
class Collector {
 public:
  Collector(const Rate& rate, Time least, Time free)
      : width_{rate.width}, fifo_{rate.fifo}, total_{backlog(rate, free)}, least_{least}, end_{free} {
    if (total_ > 0) ends_.push_back({total_, end_});
  }

  /// Psums that leave at `ready` or later; the first cycle in which all of them have left their registers.
  Time leave(Time ready, std::int64_t words) {
    total_ += words;
    end_ = std::max(end_, ready) + std::max(least_, ceil_div(words, width_));
    ends_.push_back({total_, end_});
    while (first_ < ends_.size() && total_ - ends_[first_].first > fifo_) ++first_;
    if (total_ <= fifo_) return 0;
    return ends_[first_].second;
  }
  [[nodiscard]] Time end() const { return end_; }

 private:
  std::int64_t width_, fifo_, total_ = 0;
  Time least_, end_;
  std::size_t first_ = 0;
  std::vector<std::pair<std::int64_t, Time>> ends_;
};

/// Times of steps that were fixed; between two of them steps follow each other.
class Fired {
 public:
  void at(std::int64_t step, Time when) {
    if (marks_.empty() || marks_.back().second + step - marks_.back().first != when) marks_.emplace_back(step, when);
  }
  /// Steps before the first are over.
  Time operator()(std::int64_t step) const {
    if (step < 0) return -1;
    const auto it = std::ranges::upper_bound(marks_, step, {}, &std::pair<std::int64_t, Time>::first);
    return std::prev(it)->second + step - std::prev(it)->first;
  }

 private:
  std::vector<std::pair<std::int64_t, Time>> marks_;
};

}  // namespace

PassTiming StepTimer::time(const StepSchedule& s, const PassEntry& entry, bool record) const {
  PassTiming out;
  std::array senders{Sender{in_[0], load(s, 0), entry.network_free[0], entry.arriving[0]},
                     Sender{in_[1], load(s, 1), entry.network_free[1], entry.arriving[1]},
                     Sender{in_[2], 1, entry.network_free[2]}};
  Collector collector{out_, drain(s), entry.collect_free};
  static constexpr std::array kWaits{Cause::WaitInput, Cause::WaitWeight, Cause::WaitPsumIn};
  static constexpr std::array kDram{Cause::DramInput, Cause::DramWeight};
  Fired fired;
  std::array<std::size_t, 2> next{};
  std::size_t leaving = 0;
  std::int64_t step = 0;
  Time t = 0, room = 0;  // t: the earliest time of `step`; room: when the psums of the step before are out of the way
  while (step < s.steps) {
    const auto wait = [&](Time until, Cause cause) {
      if (until <= t) return;
      out.waits[cause] += until - t;
      t = until;
    };
    for (std::size_t k = 0; k < 2; ++k) {
      if (next[k] >= s.arrivals[k].size() || s.arrivals[k][next[k]].step != step) continue;
      const auto& a = s.arrivals[k][next[k]++];
      const auto [there, late] = senders[k].send(step, a.words, a.held, fired);
      wait(there - late, kWaits[k]);
      wait(there, kDram[k]);
      if (record) out.sent[k].push_back({senders[k].total(), senders[k].end() - 1});
    }
    const bool leaves = leaving < s.leaving.size() && s.leaving[leaving].step == step;
    if (leaves && entry.read_psums)
      wait(senders[2].send(step, s.leaving[leaving].words, false, fired).there, kWaits[2]);
    wait(room, Cause::WaitPsumOut);
    fired.at(step, t);
    if (leaves) room = collector.leave(t + pipeline_ - 1 + (s.psums_held ? 1 : 0), s.leaving[leaving++].words);
    // Steps without words and psums of their own just follow.
    std::int64_t until = s.steps;
    for (std::size_t k = 0; k < 2; ++k)
      if (next[k] < s.arrivals[k].size()) until = std::min(until, s.arrivals[k][next[k]].step);
    if (leaving < s.leaving.size()) until = std::min(until, s.leaving[leaving].step);
    if (leaves) until = std::min(until, step + 1);
    t += until - step;
    step = until;
  }
  if (overlap_ && room > t) {  // the next pass's psums want the registers
    out.waits[Cause::WaitPsumOut] += room - t;
    t = room;
  }
  const Time stepped = t, gone = std::max(stepped, collector.end());
  out.all_out = gone + skew(s) + out_.latency;
  out.cycles = overlap_ ? stepped : out.all_out;
  for (std::size_t k = 0; k < 3; ++k) out.network_free[k] = senders[k].end();
  out.collect_free = collector.end();
  return out;
}

}  // namespace eyrie::sim
