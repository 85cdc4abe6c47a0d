#include "sim/machine.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dataflows/legality.hpp"

namespace eyrie::sim {

using sc_core::sc_time;

/// Kernel time counts core cycles in its own resolution; what a cycle is in seconds is the architecture's business.
static sc_time kernel_time(std::int64_t cycles) { return sc_time::from_value(static_cast<sc_dt::uint64>(cycles)); }

DramModule::DramModule(const sc_core::sc_module_name& name, TileMover& mover) : sc_module{name}, mover_{mover} {
  service.bind(*this);
}

PeArrayModule::PeArrayModule(const sc_core::sc_module_name& name, const Architecture& a, ArrayCore& core,
                             TileMover& mover, std::int64_t quantum)
    : sc_module{name}, core_{core}, mover_{mover}, quantum_{quantum} {
  service.bind(*this);
  for (std::int64_t row = 0; row < a.array.rows; ++row)
    for (std::int64_t column = 0; column < a.array.columns; ++column)
      pes_.push_back(std::make_unique<PartModule>(fmt::format("pe_{}_{}", row, column).c_str()));
  SC_METHOD(on_start);
  sensitive << start_;
  dont_initialize();
}

void PeArrayModule::start(const PassOrder& order) {
  core_.begin(order, mover_.tiles());
  done_until_ = 0;
  start_.notify(sc_core::SC_ZERO_TIME);
}

/// Runs the pass to its end at once, or a quantum at a time. `over` comes when kernel time has reached the pass's last
/// cycle.
void PeArrayModule::on_start() {
  const bool over = core_.advance(quantum_ > 0 ? done_until_ + quantum_ - 1 : kForever);
  if (over) {
    over_.notify(kernel_time(core_.outcome().cycles - done_until_));
  } else if (!core_.stuck()) {  // a stuck pass asks for nothing more, and the kernel runs out of events
    done_until_ += quantum_;
    next_trigger(kernel_time(quantum_));
  }
}

ControllerModule::ControllerModule(const sc_core::sc_module_name& name, const LayerNest& l, const Architecture& a,
                                   const Mapping& m, const TileStrides& strides)
    : sc_module{name},
      layer_{l},
      a_{a},
      mapping_{m},
      strides_{strides},
      sequence_{m, l, a},
      passes_by_{passes_by(m, l, a)} {
  SC_METHOD(on_next);
  sensitive << next_;
  SC_METHOD(on_over);
  sensitive << array;
  dont_initialize();
}

const PassPlan& ControllerModule::plan(const Extents& pass) {
  for (const auto& [extents, known] : plans_)
    if (extents == pass) return *known;
  plans_.emplace_back(pass, std::make_unique<PassPlan>(plan_pass(mapping_, layer_, a_, pass, strides_)));
  return *plans_.back().second;
}

/// Words that a pass takes from the link itself.
Words ControllerModule::streamed(Operand t, const PassStep& step) {
  const PassPlan& its = plan(step.pass.extent);
  return Words{std::ssize(t == Operand::Input ? its.inputs.addresses : its.weights.addresses)};
}

/// Tiles for the next pass. The link serves in this order: filters, which may come while the array still works; then
/// the output tile that has to leave, the one that comes, and the ifmap.
std::vector<Transfer> ControllerModule::bring(const PassStep& step) {
  auto& mover = dram->mover();
  const auto changes = [&](Operand t) { return step.change[static_cast<std::size_t>(t)] != TileChange::Stays; };
  const auto tile = [&](Operand t) -> const Box& { return step.tile[static_cast<std::size_t>(t)]; };
  const auto ready = [&](Operand t) {
    const auto i = static_cast<std::size_t>(t);
    return a_.partition(t)->double_buffered ? free_before_[i] : free_[i];
  };
  std::vector<Transfer> moves;
  for (Operand t : {Operand::Input, Operand::Weight})
    if (passes_by_[static_cast<std::size_t>(t)]) mover.stream_in(t, tile(t), streamed(t, step));
  if (layer_.has_weights() && changes(Operand::Weight) && !passes_by_[1])
    moves.push_back(mover.bring_weights(tile(Operand::Weight), ready(Operand::Weight)));
  if (changes(Operand::Output)) {
    if (previous_) moves.push_back(mover.take_psums(previous_->tile[2], previous_->psums_final, now_));
    moves.push_back(mover.bring_psums(tile(Operand::Output), step.psums_back, now_));
  }
  if (changes(Operand::Input) && !passes_by_[0]) {
    const bool slides = step.change[0] == TileChange::Slides;
    moves.push_back(
        mover.bring_input(tile(Operand::Input), slides ? &previous_->tile[0] : nullptr, ready(Operand::Input)));
  }
  for (std::size_t t = 0; t < 3; ++t)
    if (step.change[t] != TileChange::Stays) free_before_[t] = free_[t];
  return moves;
}

/// PE-cycles from now_ to `until` in which the array waited for DRAM, by what was on the link.
void ControllerModule::account(const std::vector<Transfer>& moves, Cycles until, std::int64_t active) {
  Cycles at = now_;
  for (const auto& m : moves) {
    const Cycles end = std::min(m.to, until);
    if (end <= at) continue;
    stack_[m.cause] += (end - at).count() * active;
    at = end;
  }
  stack_[Cause::Unmapped] += (until - now_).count() * (a_.pes() - active);
  waiting_ += until - now_;
}

PassOrder ControllerModule::order(const PassStep& step) {
  PassOrder order{.plan = &plan(step.pass.extent),
                  .base = {},
                  .read_psums = a_.partition(Operand::Output)->initial_psums || !step.first_psums};
  const auto from = [&](Operand t, Dim d) {
    return step.pass.offset[d] - step.tile[static_cast<std::size_t>(t)].offset[d];
  };
  using enum Operand;
  using enum Dim;
  const auto dot = [](const std::array<std::int64_t, 5>& s, const std::array<std::int64_t, 5>& x) {
    return s[0] * x[0] + s[1] * x[1] + s[2] * x[2] + s[3] * x[3] + s[4] * x[4];
  };
  order.base[0] =
      dot(strides_.input, {from(Input, G), from(Input, N), from(Input, C),
                           from(Input, P) * layer_.stride.rows + from(Input, R) * layer_.dilation.rows,
                           from(Input, Q) * layer_.stride.columns + from(Input, S) * layer_.dilation.columns});
  if (layer_.has_weights())
    order.base[1] =
        dot(strides_.weight, {from(Weight, G), from(Weight, M), from(Weight, C), from(Weight, R), from(Weight, S)});
  order.base[2] =
      dot(strides_.output, {from(Output, G), from(Output, N), from(Output, M), from(Output, P), from(Output, Q)});
  return order;
}

void ControllerModule::on_next() {
  step_ = sequence_.next();
  if (!step_) {
    if (previous_) {
      const std::vector moves{dram->mover().take_psums(previous_->tile[2], true, now_)};
      account(moves, moves[0].to, active_);
      now_ = moves[0].to;
    }
    finished_ = true;
    return;
  }
  const auto moves = bring(*step_);
  Cycles start = now_;
  for (const auto& m : moves) start = std::max(start, m.to);
  const PassOrder pass = order(*step_);
  active_ = std::ssize(pass.plan->pes);
  active_pes_ = std::max(active_pes_, active_);
  account(moves, start, active_);
  now_ = started_ = start;
  ++passes_;
  array->start(pass);
}

void ControllerModule::on_over() {
  const PassOutcome outcome = array->outcome();
  for (std::size_t t = 0; t < 3; ++t) free_[t] = now_ + Cycles{outcome.last_read[t]};
  now_ += Cycles{outcome.cycles};
  free_[2] = now_;
  for (Operand t : kAllOperands)
    if (passes_by_[static_cast<std::size_t>(t)]) dram->mover().hold_link(free_[static_cast<std::size_t>(t)]);
  stack_ += outcome.stack;
  previous_ = step_;
  next_.notify(sc_core::SC_ZERO_TIME);
}

Machine::Machine(const sc_core::sc_module_name& name, const LayerNest& l, const Architecture& a, const Mapping& m,
                 const TileStrides& strides, ArrayCore& core, TileMover& mover, std::int64_t quantum)
    : sc_module{name},
      dram{a.dram.name.c_str(), mover},
      array{a.array.name.c_str(), a, core, mover, quantum},
      controller{"controller", l, a, m, strides} {
  for (const auto& b : a.buffers) parts_.push_back(std::make_unique<PartModule>(b.name.c_str()));
  for (const auto& n : a.networks) parts_.push_back(std::make_unique<PartModule>(n.name.c_str()));
  controller.dram.bind(dram.service);
  controller.array.bind(array.service);
}

}  // namespace eyrie::sim
