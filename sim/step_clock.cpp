#include "sim/step_clock.hpp"

#include <algorithm>
#include <optional>

namespace eyrie::sim {

namespace {

/// Times of the steps made so far.
using Fired = std::vector<Time>;

/// A delivering network: a FIFO at the array's edge, whose words move on into registers once the step before theirs is
/// over.
class Network {
 public:
  struct Group {
    std::int64_t step = 0, words = 0;
    bool held = false;
    Time there = kForever, unhindered = kForever;  ///< without waiting for DRAM
  };
  Network(const Rate& rate, Time least, Time free, const Arriving& arriving = {})
      : rate_{rate}, least_{least}, free_{free}, arriving_{arriving} {}
  std::vector<Group> groups;
  std::vector<SentBy> sent;

  void cycle(Time now, const Fired& fired) {
    if (now < free_ || next_ == groups.size()) return;
    Group& g = groups[next_];
    if (busy_ == 0) {
      const auto takes = std::max(least_, ceil_div(g.words, rate_.width));
      if (!room(now, fired, g)) return;
      g.unhindered = std::min(g.unhindered, now + takes - 1 + rate_.latency);
      if (now + takes - 1 < arriving_.by(sent_ + g.words)) return;
      busy_ = takes;
    }
    if (--busy_ > 0) return;
    g.there = now + rate_.latency;
    sent.push_back({sent_ += g.words, now});
    ++next_;
    free_ = now + 1;
  }
  /// Are the words of this step there? Yes if it needs none.
  [[nodiscard]] bool has(std::int64_t step, Time now) {
    while (asked_ < groups.size() && groups[asked_].step < step) ++asked_;
    if (asked_ == groups.size() || groups[asked_].step > step) return true;
    return groups[asked_].there + (groups[asked_].held ? 1 : 0) <= now;
  }
  /// The words of this step would be there, had DRAM brought them.
  [[nodiscard]] bool late(Time now) const {
    const auto& g = groups[asked_];
    return g.unhindered + (g.held ? 1 : 0) <= now;
  }
  [[nodiscard]] Time free() const { return free_; }

 private:
  static bool over(std::int64_t step, const Fired& fired, Time now) {
    return step < 0 ? now >= 0 : step < std::ssize(fired) && fired[static_cast<std::size_t>(step)] < now;
  }
  [[nodiscard]] bool room(Time now, const Fired& fired, const Group& g) {
    while (gone_ < next_ && groups[gone_].there < now && over(groups[gone_].step - 1, fired, now)) ++gone_;
    std::int64_t inside = 0;
    for (auto i = gone_; i < next_; ++i) inside += groups[i].words;
    if (g.words > rate_.fifo) return inside == 0 && over(g.step - 1, fired, now);
    return inside + g.words <= rate_.fifo;
  }

  Rate rate_;
  Time least_, free_;
  Arriving arriving_;
  std::int64_t sent_ = 0;  ///< words
  std::int64_t busy_ = 0;  ///< cycles that the group being sent still takes
  std::size_t next_ = 0, gone_ = 0, asked_ = 0;
};

/// The collecting network, a group of psums after the other.
class Collecting {
 public:
  Collecting(const Rate& rate, Time least, Time free)
      : rate_{rate}, least_{least}, free_{free}, before_until_{free}, before_{backlog(rate, free)} {}
  void leave(Time ready, std::int64_t words) { groups_.push_back({ready, words}); }
  void cycle(Time now) {
    if (next_ == groups_.size() || now < free_ || groups_[next_].ready > now) return;
    if (busy_ == 0) busy_ = std::max(least_, ceil_div(groups_[next_].words, rate_.width));
    if (--busy_ > 0) return;
    ++next_;
    free_ = now + 1;
  }
  [[nodiscard]] bool room(Time now) const {
    std::int64_t left = now < before_until_ ? before_ : 0;
    for (auto i = next_; i < groups_.size(); ++i) left += groups_[i].words;
    return left <= rate_.fifo;
  }
  [[nodiscard]] bool empty() const { return next_ == groups_.size(); }
  [[nodiscard]] Time free() const { return free_; }

 private:
  struct Group {
    Time ready;
    std::int64_t words;
  };
  Rate rate_;
  Time least_, free_;
  Time before_until_;    ///< when psums of the pass before have left
  std::int64_t before_;  ///< how many they are
  std::int64_t busy_ = 0;
  std::size_t next_ = 0;
  std::vector<Group> groups_;
};

class Clock {
 public:
  Clock(const StepTimer& timer, const StepSchedule& s, const PassEntry& entry)
      : timer_{timer},
        s_{s},
        in_{Network{timer.in(0), timer.load(s, 0), entry.network_free[0], entry.arriving[0]},
            Network{timer.in(1), timer.load(s, 1), entry.network_free[1], entry.arriving[1]},
            Network{timer.in(2), 1, entry.network_free[2]}},
        out_{timer.out(), timer.drain(s), entry.collect_free},
        now_{std::min<Time>(0, *std::ranges::min_element(entry.network_free))} {
    for (std::size_t k = 0; k < 2; ++k)
      for (const auto& a : s.arrivals[k]) in_[k].groups.push_back({a.step, a.words, a.held});
    if (entry.read_psums)
      for (const auto& l : s.leaving) in_[2].groups.push_back({l.step, l.words, false});
  }

  PassTiming run(bool record) {
    for (; !over(); ++now_) {
      for (auto& network : in_) network.cycle(now_, fired_);
      if (now_ >= 0) array();
      out_.cycle(now_);
    }
    timing_.all_out = std::max(stepped_, out_.free()) + timer_.skew(s_) + timer_.out().latency;
    timing_.cycles = timer_.overlaps() ? stepped_ : timing_.all_out;
    for (std::size_t k = 0; k < 3; ++k) timing_.network_free[k] = in_[k].free();
    timing_.collect_free = out_.free();
    for (std::size_t k = 0; record && k < 2; ++k) timing_.sent[k] = std::move(in_[k].sent);
    return std::move(timing_);
  }

 private:
  [[nodiscard]] bool all_stepped() const { return std::ssize(fired_) == s_.steps; }
  [[nodiscard]] bool over() const { return all_stepped() && settled_ && out_.empty() && now_ > fired_.back(); }

  void array() {
    static constexpr std::array kWaits{Cause::WaitInput, Cause::WaitWeight, Cause::WaitPsumIn};
    static constexpr std::array kDram{Cause::DramInput, Cause::DramWeight};
    const auto step = std::ssize(fired_);
    if (all_stepped()) {
      // The next pass may step once the psums of this one's last step are out of its way.
      if (settled_) return;
      settled_ = !timer_.overlaps() || out_.room(now_);
      if (settled_)
        stepped_ = now_;
      else
        ++timing_.waits[Cause::WaitPsumOut];
      return;
    }
    for (std::size_t k = 0; k < 3; ++k)
      if (!in_[k].has(step, now_)) {
        ++timing_.waits[k < 2 && in_[k].late(now_) ? kDram[k] : kWaits[k]];
        return;
      }
    if (!out_.room(now_)) {
      ++timing_.waits[Cause::WaitPsumOut];
      return;
    }
    fired_.push_back(now_);
    if (leaving_ < s_.leaving.size() && s_.leaving[leaving_].step == step)
      out_.leave(now_ + timer_.pipeline() - 1 + (s_.psums_held ? 1 : 0), s_.leaving[leaving_++].words);
  }

  const StepTimer& timer_;
  const StepSchedule& s_;
  std::array<Network, 3> in_;
  Collecting out_;
  PassTiming timing_;
  Time now_, stepped_ = 0;
  bool settled_ = false;
  Fired fired_;
  std::size_t leaving_ = 0;
};

}  // namespace

PassTiming clocked(const StepTimer& timer, const StepSchedule& s, const PassEntry& entry, bool record) {
  return Clock{timer, s, entry}.run(record);
}

}  // namespace eyrie::sim
