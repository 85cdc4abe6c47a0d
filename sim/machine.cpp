#include "sim/machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace eyrie::sim {

using sc_core::sc_time;

/// Kernel time counts core cycles in its own resolution; what a cycle is in seconds is the architecture's business.
static sc_time kernel_time(std::int64_t cycles) { return sc_time::from_value(static_cast<sc_dt::uint64>(cycles)); }

DramModule::DramModule(const sc_core::sc_module_name& name, TileMover& mover) : sc_module{name}, mover_{mover} {
  service.bind(*this);
}

PeArrayModule::PeArrayModule(const sc_core::sc_module_name& name, const Architecture& a, PassCore& core,
                             TileMover& mover, Clocking clocking, Waves* waves)
    : sc_module{name},
      core_{core},
      mover_{mover},
      clocking_{std::move(clocking)},
      waves_{waves},
      columns_{a.array.columns} {
  service.bind(*this);
  for (std::int64_t row = 0; row < a.array.rows; ++row)
    for (std::int64_t column = 0; column < a.array.columns; ++column)
      pes_.push_back(std::make_unique<PartModule>(fmt::format("pe_{}_{}", row, column).c_str()));
  SC_METHOD(on_time);
  sensitive << time_;
  dont_initialize();
}

/// The kernel searches its list of modules from the front for one that goes, and puts the list's last one into the gap.
/// Once the first PEs have gone, in whose places the few modules behind the PEs then stand, the last PE is always found
/// near the front; from the first PE to the last, the search is quadratic in PEs.
PeArrayModule::~PeArrayModule() {
  constexpr std::size_t kModulesBehind = 64;
  for (std::size_t i = 0; i < std::min(kModulesBehind, pes_.size()); ++i) pes_[i].reset();
  while (!pes_.empty()) pes_.pop_back();
}

void PeArrayModule::start(const PassOrder& order, Cycles start, const std::vector<WaitSpan>& until_then) {
  if (order.computed) mover_.settle();
  core_.begin(order, mover_.tiles());
  plan_ = order.plan;
  if (waves_) waits_ = until_then;
  start_ = start.count();
  ++pass_;
  pass_over_ = stepped_ = ahead_ = false;
  go(start_);
}

void PeArrayModule::rest(Cycles until, const std::vector<WaitSpan>& until_then) {
  if (waves_) waits_ = until_then;
  start_ = until.count();
  resting_ = true;
  if (waves_) go(start_);
}

/// Waits between passes are jumped over, unless somebody watches.
void PeArrayModule::go(Time from) {
  const auto now = static_cast<Time>(sc_core::sc_time_stamp().value());
  at_ = waves_ ? now : from;
  time_.notify(kernel_time(at_ - now));
}

/// Cycles until `to` are over, each in the way that is its.
void PeArrayModule::account(Time to) {
  for (Time at = at_; at < to;) {
    const auto stretch = clocking_.plan.at(at);
    const Time until = std::min(stretch.until, to);
    (stretch.way == Stepping::Cycle ? advanced_.cycles_stepped : advanced_.cycles_ahead) += until - at;
    at = until;
  }
}

/// Advances the pass until its cycles before `to` are over, or its end is known.
void PeArrayModule::advance(const SteppingPlan::Stretch& stretch, Time to) {
  pass_over_ = core_.advance(to == kForever ? kForever : to - 1 - start_, stretch.way);
  (stretch.way == Stepping::Cycle ? stepped_ : ahead_) = true;
  if (!pass_over_) {
    if (to < kForever) account(to);
    return;
  }
  const Time cycles = core_.outcome().cycles;
  if (core_.replayed())
    advanced_.cycles_replayed += cycles;
  else
    account(start_ + cycles);
  const std::array passes{&Advanced::Passes::stepped, &Advanced::Passes::ahead, &Advanced::Passes::replayed,
                          &Advanced::Passes::cut};
  ++(advanced_.passes.*passes[static_cast<std::size_t>(way())]);
}

PassWay PeArrayModule::way() const {
  if (core_.replayed()) return PassWay::Replayed;
  return stepped_ && ahead_ ? PassWay::Cut : stepped_ ? PassWay::Stepped : PassWay::Ahead;
}

/// Shows this cycle. Between passes those PEs wait that work in the next one.
void PeArrayModule::show() {
  const bool waits = at_ < start_;
  const auto before = std::pair{view_.in, view_.out};
  core_.view(waits ? -1 : at_ - start_, view_);
  if (waits) {
    if (core_.replayed()) std::tie(view_.in, view_.out) = before;  // a replayed pass has its words counted already
    const auto span = std::ranges::find_if(waits_, [&](const WaitSpan& w) { return at_ < w.to.count(); });
    view_.cause = span == waits_.end() ? Cause::PassBarrier : span->cause;
    if (!view_.pes.empty())
      for (const auto& p : plan_->pes)
        view_.pes[static_cast<std::size_t>(p.row * columns_ + p.column)].cause = view_.cause;
  }
  waves_->show(at_, pass_, waits ? -1 : at_ - start_, view_);
}

/// Time at the array: a pass runs to its end, to the next change of ways, a quantum or a cycle at a time. `over` comes
/// when kernel time has reached the pass's end.
void PeArrayModule::on_time() {
  ++advanced_.array_activations;
  const bool shown = waves_ && waves_->wants(at_);
  if (shown && !waves_->open()) {
    core_.view(-1, view_);
    waves_->open(view_);
  } else if (waves_ && !shown && waves_->open()) {
    waves_->close();
  }
  const auto stretch = clocking_.plan.at(at_);
  Time to = stretch.way == Stepping::Cycle ? at_ + 1 : stretch.until;
  if (stretch.way != Stepping::Cycle && clocking_.quantum > 0) to = std::min(to, at_ + clocking_.quantum);
  if (at_ < start_)
    to = std::min(to, start_);
  else if (resting_)
    return;
  else if (!pass_over_)
    advance(stretch, to);
  const Time end = pass_over_ ? start_ + core_.outcome().cycles : kForever;
  if (shown && at_ < end) show();
  if (pass_over_ && (!waves_ || to >= end)) {
    over_.notify(kernel_time(end - at_));
  } else if (at_ < start_ || pass_over_ || !core_.stuck()) {
    // a stuck pass asks for nothing more, and the kernel runs out of events
    next_trigger(kernel_time(to - at_));
    at_ = to;
  }
}

Machine::Machine(const sc_core::sc_module_name& name, const LayerNest& l, const Architecture& a, const Mapping& m,
                 const TileStrides& strides, PassCore& core, TileMover& mover, const Clocking& clocking, RunLog* log,
                 Waves* waves)
    : sc_module{name},
      dram{a.dram.name.c_str(), mover},
      array{a.array.name.c_str(), a, core, mover, clocking, waves},
      controller{"controller", l, a, m, strides, clocking.plan, log} {
  for (const auto& b : a.buffers) parts_.push_back(std::make_unique<PartModule>(b.name.c_str()));
  for (const auto& n : a.networks) parts_.push_back(std::make_unique<PartModule>(n.name.c_str()));
  controller.dram.bind(dram.service);
  controller.array.bind(array.service);
}

}  // namespace eyrie::sim
