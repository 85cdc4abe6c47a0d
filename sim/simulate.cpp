#include "sim/simulate.hpp"

#include <chrono>
#include <limits>
#include <memory>

#include "base/ensure.hpp"
#include "dataflows/legality.hpp"
#include "sim/array.hpp"
#include "sim/kernel.hpp"
#include "sim/lockstep.hpp"
#include "sim/machine.hpp"
#include "sim/waves.hpp"

// libsystemc brings a main of its own that calls this; Eyrie has its own main.
int sc_main(int, char**) { return 0; }

namespace eyrie {

namespace {

void add_array_counts(ActionCounts& counts, const Architecture& a, std::array<bool, 3> past,
                      const sim::PassCore& core) {
  using enum Operand;
  const auto& traffic = core.traffic();
  const auto pes = core.pe_counts();
  const auto add = [&](const std::string& component, Operand t, Action action, std::int64_t words) {
    counts.add(component, t, action, Words{words}, bytes_of(Words{words}, a.width(t)));
  };
  for (Operand t : kAllOperands) {
    const auto i = static_cast<std::size_t>(t);
    if (!past[i]) add(a.buffer(t)->name, t, Action::Read, traffic.sent[i]);
    add(a.network(NocRole::Deliver, t)->name, t, Action::Send, traffic.sent[i]);
    // What neighbours hand on takes links of its own, where there are such.
    const auto* links = t == Output ? nullptr : a.network(NocRole::Forward, t);
    add(a.network(NocRole::Deliver, t)->name, t, Action::Deliver,
        traffic.delivered[i] - (links ? traffic.handed_on : 0));
    if (links) add(links->name, t, Action::Hop, traffic.handed_on);
  }
  if (!past[2]) add(a.buffer(Output)->name, Output, Action::Write, traffic.collected);
  add(a.network(NocRole::Collect, Output)->name, Output, Action::Send, traffic.collected);
  const auto& forward = *a.network(NocRole::Forward, Output);
  if (forward.kind != NocKind::AdderTree) add(forward.name, Output, Action::Hop, traffic.forwarded);
  if (a.array.pitch) {
    for (Operand t : kAllOperands)
      add(a.network(NocRole::Deliver, t)->name, t, Action::Wire, traffic.wires[static_cast<std::size_t>(t)]);
    add(a.network(NocRole::Collect, Output)->name, Output, Action::Wire, traffic.wires_out);
    add(forward.name, Output, Action::Wire, traffic.wires_up);
    if (const auto* links = a.network(NocRole::Forward, Input))
      add(links->name, Input, Action::Wire, traffic.wires_links);
  }

  add(a.spad(Input)->name, Input, Action::Write, pes.input_loads);
  add(a.spad(Weight)->name, Weight, Action::Write, pes.weight_loads);
}

SlotCounts slots_of(const sim::PassCore& core) {
  const auto pes = core.pe_counts();
  return {.macs = pes.macs,
          .gated = pes.gated,
          .accumulates = pes.accumulates,
          .column_steps = core.traffic().column_steps,
          .gated_by_weight = pes.gated_by_weight,
          .skipped = pes.skipped};
}

sim::PeSetting setting_of(const LayerNest& l, const Architecture& a, const LayerOperands& operands) {
  const Mac& mac = a.array.mac;
  const bool weights = l.has_weights();
  return {
      .reduction = l.reduction,
      .arithmetic = operands.arithmetic,
      .zero_gating = mac.zero_gating,
      .weight_gating = mac.weight_gating,
      .skips_inputs = weights && mac.skips(Operand::Input),
      .skips_weights = weights && mac.skips(Operand::Weight),
      .skips = weights && mac.zero_skipping != ZeroSkipping::None,
      .minds_weights = weights && mac.minds_zero_weights(),
      .to_neighbour = a.array.mac.pipeline.count() - 1 + a.network(NocRole::Forward, Operand::Output)->latency.count()};
}

std::unique_ptr<sim::PassCore> pass_core(const LayerNest& l, const Architecture& a, const Mapping& m,
                                         const sim::TileStrides& strides, std::array<bool, 3> past,
                                         const LayerOperands& operands, const SimulateOptions& options) {
  const auto setting = setting_of(l, a, operands);
  if (a.array.control == Control::Lockstep)
    return std::make_unique<sim::LockstepCore>(a, l, strides, setting, hands_on(m, l, a), options.faulty_pe,
                                               options.stopped_pe);
  return std::make_unique<sim::ArrayCore>(a, l, strides, setting, past, options.faulty_pe, options.stopped_pe);
}

/// One run; `known`: of the window to be drawn, from a run before this one.
LayerResult execute(const LayerNest& l, const Architecture& a, const Mapping& m, const LayerOperands& operands,
                    const SimulateOptions& options, const RunLog* known = nullptr) {
  ensure(options.share.of == 1 || a.array.mac.zero_skipping == ZeroSkipping::None,
         "a layer whose words decide its times is simulated as a whole");
  const auto began = std::chrono::steady_clock::now();
  sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
  const sim::Kernel kernel;
  const auto strides = sim::tile_strides(m, l, a);
  const auto past = passes_by(m, l, a);
  sim::TileMover mover{l, a, operands, strides, past, options.reads_network_input, options.share};
  const auto core = pass_core(l, a, m, strides, past, operands, options);
  sim::Clocking clocking{.plan = {options.stepping, options.changes}, .quantum = options.quantum};
  std::optional<sim::Waves> waves;
  if (known) {
    waves.emplace(a, *options.wave, *known);
    clocking.plan = clocking.plan.stepped(options.wave->window.from, options.wave->window.to);
  }
  sim::Machine machine{a.name.c_str(), l,     a,        m,           strides,
                       *core,          mover, clocking, options.log, waves ? &*waves : nullptr};
  mover.set_log(options.log);
  sc_core::sc_start();

  LayerResult result{.cycles = machine.controller.cycles(),
                     .processing_cycles = machine.controller.cycles() - machine.controller.waiting(),
                     .passes = machine.controller.passes(),
                     .active_pes = machine.controller.active_pes(),
                     .pe_macs = machine.controller.pe_macs(),
                     .stack = machine.controller.stack(),
                     .counts = mover.counts(),
                     .slots = slots_of(*core),
                     .ofmap = mover.ofmap(),
                     .deadlock = {},
                     .advanced = machine.array.advanced(),
                     .wall_s = 0};
  result.advanced.controller_activations = machine.controller.activations();
  result.advanced.tile_moves = mover.moves();
  add_array_counts(result.counts, a, past, *core);
  if (options.share.of == 1) add_slot_counts(result.counts, a, l, result.slots);
  if (!machine.controller.finished())
    result.deadlock = Deadlock{.at = machine.controller.pass_started(), .wait_for = core->wait_for()};
  result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return result;
}

}  // namespace

LayerResult simulate(const LayerNest& l, const Architecture& a, const Mapping& m, const LayerOperands& operands,
                     const SimulateOptions& options) {
  if (!options.wave) return execute(l, a, m, operands, options);
  const auto& window = options.wave->window;
  ensure(window.from <= window.to, "a window ends where it begins or later");
  // Transfers and words sent ahead are timed when they are asked for, which may be after a clock has passed them by: a
  // run without a window tells of them first.
  RunLog known;
  known.limit = std::numeric_limits<std::int64_t>::max();
  known.window = window;
  known.deliveries_too = a.array.control == Control::Lockstep;
  auto first = options;
  first.wave.reset();
  first.log = &known;
  auto whole = execute(l, a, m, operands, first);
  if (whole.deadlock || window.to >= whole.cycles) return whole;
  auto drawn = execute(l, a, m, operands, options, &known);
  ensure(drawn.cycles == whole.cycles && drawn.stack == whole.stack && drawn.counts == whole.counts,
         "a run that is watched is the same run");
  drawn.wall_s += whole.wall_s;
  return drawn;
}

}  // namespace eyrie
