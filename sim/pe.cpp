#include "sim/pe.hpp"

#include <algorithm>

#include "sim/row_kernel.hpp"

namespace eyrie::sim {

std::int32_t psum_identity(Reduction reduction, const Widths& widths) {
  return reduction == Reduction::Maximum ? -(std::int32_t{1} << (widths.input.count() - 1)) : 0;
}

void Pe::arm(const PeProgram& its_program, std::int32_t psum_slots, const std::array<SpadEntry, 2>& entries) {
  program = &its_program;
  input.reset(program->inputs.size(), entries[0]);
  weight.reset(program->weights.size(), entries[1]);
  cycles.fill(0);
  end = 0;
  slot_ = -1;
  waits_ = {};
  left_ = 0;
  done_ = false;
  if (std::ssize(psums_) < psum_slots) psums_.resize(static_cast<std::size_t>(psum_slots));
}

std::int32_t Pe::zero_weights(const Row& row, std::int32_t k, std::int32_t n) const {
  std::int32_t zeros = 0;
  for (auto i = k; i < k + n; ++i)
    zeros += weight.value[static_cast<std::size_t>(row.weight + row.weight_step * i)] == 0 ? 1 : 0;
  return zeros;
}

/// The arithmetic of MACs k to k + n - 1 of a row; the issue slots that they take.
std::int32_t Pe::compute(const Row& row, std::int32_t k, std::int32_t n, const PeSetting& setting) {
  const auto at = [&](std::int32_t first, std::int32_t step) { return static_cast<std::size_t>(first + step * k); };
  const std::int32_t all = n;
  std::int32_t* psum = psums_.data() + at(row.slot, row.slot_step);
  const std::int32_t in = input.value[at(row.input, row.input_step)];
  const bool multiplies = setting.reduction == Reduction::MultiplyAdd;
  std::int32_t zeros = 0;
  if (setting.minds_weights && multiplies) [[unlikely]]
    zeros = zero_weights(row, k, n);
  if (setting.skips && multiplies) [[unlikely]] {
    const auto skipped = setting.skips_inputs && in == 0 ? n : setting.skips_weights ? zeros : 0;
    counts.skipped += skipped;
    n -= skipped;
    zeros = setting.skips_weights ? 0 : zeros;
    if (n == 0) return 0;
  }
  if (setting.zero_gating && multiplies && in == 0) {
    counts.gated += n;
    busy_ = Cause::GatedMac;
    spend(Cause::GatedMac, n);
    return n;
  }
  add_row(psum, all, in, weight.value.data() + at(row.weight, row.weight_step), row.weight_step, setting.reduction,
          setting.arithmetic.product_shift, terms_of(setting.arithmetic));  // a zero filter word adds nothing
  counts.gated += zeros;
  counts.gated_by_weight += zeros;
  counts.macs += n - zeros;
  busy_ = zeros == n ? Cause::GatedMac : Cause::Mac;
  spend(Cause::GatedMac, zeros);
  spend(Cause::Mac, n - zeros);
  return n;
}

std::int32_t Pe::combine(std::int32_t own, std::int32_t incoming, const PeSetting& setting) const {
  const auto sum = joined(own, incoming, setting.reduction, setting.arithmetic.widths.psum);
  return faulty ? sum ^ 1 : sum;
}

Task Pe::run(Engine& engine, const PeSetting& setting) {
  const bool weights = setting.reduction == Reduction::MultiplyAdd;
  const bool row_at_once = !setting.weight_gating || setting.skips_weights;  // all its slots have one cause
  const auto identity = psum_identity(setting.reduction, setting.arithmetic.widths);
  Time& t = slot_;
  WaitSlot never;
  if (stopped) co_await engine.blocked(never, {-1, "nothing: it was stopped"});
  for (const Row& row : program->rows) {
    if (row.opens_window) std::ranges::fill(psums_, identity);

    // All MACs of a row use one input (or the row is a single MAC), so only the first can wait for it. A MAC that is
    // skipped waits for its words as any other; what is known then takes no slot.
    while (input.loaded <= row.input) {
      input.wanted = row.input;
      wait(Cause::WaitInput);
      co_await engine.blocked(input.arrival, {feeders[0], "an ifmap word"});
    }
    const Time by_input = std::max(t + 1, input.load[static_cast<std::size_t>(row.input)] + Time{1});
    const std::int32_t last_weight = row.weight + row.weight_step * (row.length - 1);
    if (!weights ||
        (row_at_once && weight.loaded > last_weight && weight.load[static_cast<std::size_t>(last_weight)] < by_input)) {
      wait(Cause::WaitInput);
      co_await engine.until(by_input);
      spend(Cause::WaitInput, by_input - (t + 1));
      t = by_input + compute(row, 0, row.length, setting) - 1;
    } else {
      for (std::int32_t k = 0; k < row.length; ++k) {
        const std::int32_t w = row.weight + row.weight_step * k;
        while (weight.loaded <= w) {
          weight.wanted = w;
          wait(Cause::WaitInput, k == 0 ? by_input : t + 1, Cause::WaitWeight);
          co_await engine.blocked(weight.arrival, {feeders[1], "a filter word"});
        }
        const Time ready = k == 0 ? by_input : t + 1;
        const Time issue = std::max(ready, weight.load[static_cast<std::size_t>(w)] + Time{1});
        wait(Cause::WaitInput, ready, Cause::WaitWeight);
        co_await engine.until(issue);
        spend(Cause::WaitInput, ready - (t + 1));
        spend(Cause::WaitWeight, issue - ready);
        t = issue + compute(row, k, 1, setting) - 1;
      }
    }
    input.die(row.inputs_dead, t + 1, engine);
    if (weights) weight.die(row.weights_dead, t + 1, engine);

    for (std::int32_t k = 0; k < row.leaves; ++k) {
      const Time ready = t + 1;
      Time with_psum = ready;
      if (psums_in) {
        wait(Cause::WaitPsumIn);
        while (!psums_in->holds(1)) co_await engine.blocked(psums_in->filled, {feeders[2], "a psum"});
        with_psum = std::max(ready, psums_in->visible());
      }
      wait(Cause::WaitPsumIn, with_psum, Cause::WaitPsumOut);
      while (!psums_out->room_known(1)) co_await engine.blocked(psums_out->emptied, {feeders[3], "room for a psum"});
      const Time issue = std::max(with_psum, psums_out->room_at(1));
      co_await engine.until(issue);
      spend(Cause::WaitPsumIn, with_psum - ready);
      spend(Cause::WaitPsumOut, issue - with_psum);
      spend(Cause::Accumulate, 1);
      ++counts.accumulates;
      std::int32_t incoming = identity;
      if (psums_in) {
        incoming = psums_in->pop(issue);
        engine.signal(psums_in->emptied);
      }
      left_ = combine(psums_[static_cast<std::size_t>(k)], incoming, setting);
      psums_out->push(issue + setting.to_neighbour, left_);
      engine.signal(psums_out->filled);
      busy_ = Cause::Accumulate;
      t = issue;
    }
  }
  end = t + 1;
  done_ = true;
  counts.input_loads += input.loaded;
  counts.weight_loads += weight.loaded;
}

Cause Pe::cause(Time cycle) const {
  if (cycle <= slot_) return busy_;
  if (done_) return Cause::PassBarrier;
  return cycle < waits_.until ? waits_.first : waits_.then;
}

PeView Pe::view(Time cycle) const {
  if (cycle < 0) return {.cause = cause(cycle)};  // words that come ahead of the pass are shown from its start on
  return {.cause = cause(cycle),
          .psum = left_,
          .input_fifo = input.waiting(cycle),
          .weight_fifo = weight.waiting(cycle),
          .psum_fifo = psums_in ? psums_in->waiting(cycle) : 0,
          .input_spad = input.held(cycle),
          .weight_spad = weight.held(cycle)};
}

}  // namespace eyrie::sim
