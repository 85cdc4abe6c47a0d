// The walk through the passes of a mapping: which tiles have to be there, when the array may begin, what it waited for.
#include <algorithm>

#include "dataflows/legality.hpp"
#include "sim/machine.hpp"

namespace eyrie::sim {

ControllerModule::ControllerModule(const sc_core::sc_module_name& name, const LayerNest& l, const Architecture& a,
                                   const Mapping& m, const TileStrides& strides, const SteppingPlan& stepping,
                                   RunLog* log)
    : sc_module{name},
      layer_{l},
      a_{a},
      mapping_{m},
      strides_{strides},
      stepping_{stepping},
      log_{log},
      sequence_{m, l, a},
      passes_by_{passes_by(m, l, a)},
      link_latency_{a.core_cycles(a.dram.latency, a.dram.clock)},
      link_bytes_{a.bytes_a_core_cycle()},
      gates_{TileGate{a, Operand::Input}, TileGate{a, Operand::Weight}, TileGate{a, Operand::Output}} {
  SC_METHOD(on_next);
  sensitive << next_;
  SC_METHOD(on_over);
  sensitive << array;
  dont_initialize();
}

ControllerModule::UsedPlan& ControllerModule::plan(const Extents& pass) {
  for (auto& known : plans_)
    if (known.of == pass) return known;
  plans_.push_back({pass, std::make_unique<PassPlan>(plan_pass(mapping_, layer_, a_, pass, strides_))});
  return plans_.back();
}

std::vector<std::int64_t> ControllerModule::pe_macs() const {
  std::vector<std::int64_t> all(static_cast<std::size_t>(a_.pes()));
  for (const auto& used : plans_)
    for (const auto& pe : used.plan->pes) {
      std::int64_t macs = 0;
      for (const Row& r : used.plan->programs[pe.program].rows) macs += r.length;
      all[static_cast<std::size_t>(pe.row * a_.array.columns + pe.column)] += macs * used.passes;
    }
  return all;
}

/// Words that a pass takes from the link itself.
Words ControllerModule::streamed(Operand t, const PassStep& step) {
  const PassPlan& its = *plan(step.pass.extent).plan;
  return Words{std::ssize(t == Operand::Input ? its.inputs.addresses : its.weights.addresses)};
}

/// Tiles for the next pass. The link serves in this order: filters, which may come while the array still works; then
/// the output tile that has to leave, the one that comes, and the ifmap. An output tile that may leave while the array
/// goes on is taken up last.
ControllerModule::Moves ControllerModule::bring(const PassStep& step) {
  auto& mover = dram->mover();
  const auto changes = [&](Operand t) { return step.change[static_cast<std::size_t>(t)] != TileChange::Stays; };
  const auto tile = [&](Operand t) -> const Box& { return step.tile[static_cast<std::size_t>(t)]; };
  Moves moves;
  const auto brings = [&](Operand t, Words fresh, auto move) {
    auto& gate = gates_[static_cast<std::size_t>(t)];
    moves.wait.push_back(move(gate.ask(fresh)));
    moves.brought[static_cast<std::size_t>(t)] = moves.wait.back();
    gate.replace(layer_.tile_words(t, tile(t).extent));
  };
  for (Operand t : {Operand::Input, Operand::Weight})
    if (passes_by_[static_cast<std::size_t>(t)]) mover.stream_in(t, tile(t), streamed(t, step));
  if (layer_.has_weights() && changes(Operand::Weight) && !passes_by_[1])
    brings(Operand::Weight, layer_.tile_words(Operand::Weight, tile(Operand::Weight).extent),
           [&](Cycles ready) { return mover.bring_weights(tile(Operand::Weight), ready); });
  const bool leaves_later = gates_[2].room_beside(layer_.tile_words(Operand::Output, tile(Operand::Output).extent));
  if (changes(Operand::Output) && !leaves_later) outputs(step, moves);
  if (changes(Operand::Input) && !passes_by_[0]) {
    const bool slides = step.change[0] == TileChange::Slides;
    const Words fresh = slides ? mover.new_words(tile(Operand::Input), previous_->tile[0])
                               : layer_.tile_words(Operand::Input, tile(Operand::Input).extent);
    brings(Operand::Input, fresh, [&](Cycles ready) {
      return mover.bring_input(tile(Operand::Input), slides ? &previous_->tile[0] : nullptr, ready);
    });
  }
  if (changes(Operand::Output) && leaves_later) outputs(step, moves);
  return moves;
}

/// The output tile that leaves and the one that comes. With room for both the array waits only for the tile that left
/// before, and for psums that come back; biases that are added at the end need not be there.
void ControllerModule::outputs(const PassStep& step, Moves& moves) {
  auto& mover = dram->mover();
  auto& gate = gates_[2];
  const Words words = layer_.tile_words(Operand::Output, step.tile[2].extent);
  const bool beside = gate.room_beside(words);
  const Cycles left_before = drained_;
  if (previous_) {
    const Transfer taken = mover.take_psums(previous_->tile[2], previous_->psums_final, all_out_);
    drained_ = taken.to;
    if (beside) {
      moves.wait.push_back({Cause::DramOutput, now_, left_before, now_});
    } else {
      moves.wait.push_back({Cause::FillDrain, now_, all_out_, now_});
      moves.wait.push_back(taken);
    }
  }
  const Transfer brought = mover.bring_psums(step.tile[2], step.psums_back, beside ? left_before : all_out_);
  const bool needed = step.psums_back || a_.partition(Operand::Output)->initial_psums;
  if (needed || !gate.buffered()) moves.wait.push_back(brought);
  gate.replace(words);
}

/// PE-cycles from now_ to `until` in which the array waited for DRAM, by what was on the link.
void ControllerModule::account(const std::vector<Transfer>& moves, Cycles until, std::int64_t active) {
  waits_.clear();
  Cycles at = now_;
  for (const auto& m : moves) {
    const Cycles end = std::min(m.to, until);
    if (end <= at) continue;
    stack_[m.cause] += (end - at).count() * active;
    waits_.push_back({m.cause, at, end, active});
    if (log_) log_->keep(log_->waits, waits_.back(), at, end);
    at = end;
  }
  stack_[Cause::Unmapped] += (until - now_).count() * (a_.pes() - active);
  waiting_ += until - now_;
}

PassOrder ControllerModule::order(const PassStep& step) {
  PassOrder order{.plan = plan(step.pass.extent).plan.get(),
                  .base = {},
                  .read_psums = a_.partition(Operand::Output)->initial_psums || !step.first_psums,
                  .computed = dram->mover().owns(step.tile[2])};
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

/// The array begins when what it waits for is there. Words of a ring it awaits one by one, as it sends them.
Cycles ControllerModule::start_of(const PassOrder& pass, const PassStep& step, Moves& moves) {
  for (Operand t : {Operand::Input, Operand::Weight}) {
    const auto i = static_cast<std::size_t>(t);
    beside_[i] = moves.brought[i] && gates_[i].circular() && step.change[i] == TileChange::Whole &&
                 array->sends_once(pass, t, layer_.tile_words(t, step.tile[i].extent));
    if (beside_[i]) std::erase(moves.wait, *moves.brought[i]);
  }
  Cycles start = now_;
  for (const auto& m : moves.wait) start = std::max(start, m.to);
  return start;
}

/// What the pass has to know of the one before it and of the tiles.
void ControllerModule::enter(PassOrder& pass, const PassStep& step, const Moves& moves, Cycles start) {
  pass.gap = (start - now_).count();
  pass.told = log_ && log_->deliveries_too;
  const auto stretch = stepping_.at(start.count());
  if (stretch.way == Stepping::Replay)
    pass.replay_within = stretch.until == SteppingPlan::kNever ? kForever : stretch.until - start.count();
  for (std::size_t t = 0; t < 3; ++t) pass.since[t] = step.change[t] == TileChange::Stays ? kForever : 0;
  for (std::size_t t = 0; t < 2; ++t) {
    if (!moves.brought[t]) continue;
    const Transfer& its = *moves.brought[t];
    const Cycles there = beside_[t] ? its.data : its.to;
    pass.since[t] = std::max<Time>(0, (start - there).count());
    if (beside_[t])
      pass.arriving[t] = {.from = (its.data - start).count(),
                          .to = (its.to - start).count(),
                          .words = layer_.tile_words(static_cast<Operand>(t), step.tile[t].extent).count()};
  }
}

void ControllerModule::on_next() {
  ++activations_;
  step_ = sequence_.next();
  if (!step_) {
    if (previous_) {
      const auto taken = dram->mover().take_psums(previous_->tile[2], true, all_out_);
      const Cycles end = std::max({taken.to, all_out_, drained_});
      account({{Cause::FillDrain, now_, all_out_, now_}, {Cause::DramOutput, now_, end, now_}}, end, active_);
      now_ = end;
      array->rest(end, waits_);
    }
    finished_ = true;
    return;
  }
  auto moves = bring(*step_);
  PassOrder pass = order(*step_);
  const Cycles start = start_of(pass, *step_, moves);
  enter(pass, *step_, moves, start);
  active_ = std::ssize(pass.plan->pes);
  active_pes_ = std::max(active_pes_, active_);
  account(moves.wait, start, active_);
  now_ = started_ = start;
  ++passes_;
  array->start(pass, start, waits_);
}

/// The pass that is over.
void ControllerModule::tell(const PassOutcome& outcome) {
  const auto at = [&](Time cycle) { return now_ + Cycles{cycle}; };
  log_->keep(log_->passes,
             PassSpan{.number = passes_ - 1,
                      .from = now_,
                      .to = at(outcome.cycles),
                      .all_out = at(outcome.all_out),
                      .last_read = {at(outcome.last_read[0]), at(outcome.last_read[1]), at(outcome.last_read[2])},
                      .dram_waits = Cycles{outcome.dram_waits},
                      .offset = step_->pass.offset,
                      .extent = step_->pass.extent,
                      .way = array->way(),
                      .stack = outcome.stack},
             now_, at(outcome.cycles));
  if (log_->deliveries_too) array->tell_deliveries(*log_, now_);
}

void ControllerModule::on_over() {
  ++activations_;
  const PassOutcome outcome = array->outcome();
  for (Operand t : {Operand::Input, Operand::Weight}) {
    const auto i = static_cast<std::size_t>(t);
    const double words = link_bytes_ * 8 / static_cast<double>(a_.width(t).count());
    gates_[i].use(now_, outcome.last_read[i], beside_[i] ? array->sent(t) : nullptr, words, link_latency_);
  }
  if (log_) tell(outcome);
  waiting_ += Cycles{outcome.dram_waits};
  all_out_ = now_ + Cycles{outcome.all_out};
  now_ += Cycles{outcome.cycles};
  gates_[2].free(all_out_);
  for (Operand t : kAllOperands)
    if (passes_by_[static_cast<std::size_t>(t)]) dram->mover().hold_link(gates_[static_cast<std::size_t>(t)].freed());
  stack_ += outcome.stack;
  ++plan(step_->pass.extent).passes;
  previous_ = step_;
  next_.notify(sc_core::SC_ZERO_TIME);
}

}  // namespace eyrie::sim
