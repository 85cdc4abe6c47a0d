#include "sim/simulate.hpp"

#include <chrono>

#include "dataflows/legality.hpp"
#include "sim/kernel.hpp"
#include "sim/machine.hpp"

// libsystemc brings a main of its own that calls this; Eyrie has its own main.
int sc_main(int, char**) { return 0; }

namespace eyrie {

namespace {

void add_array_counts(ActionCounts& counts, const Architecture& a, const LayerNest& l, std::array<bool, 3> past,
                      const sim::ArrayCore& core) {
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
    add(a.network(NocRole::Deliver, t)->name, t, Action::Deliver, traffic.delivered[i]);
  }
  if (!past[2]) add(a.buffer(Output)->name, Output, Action::Write, traffic.collected);
  add(a.network(NocRole::Collect, Output)->name, Output, Action::Send, traffic.collected);
  add(a.network(NocRole::Forward, Output)->name, Output, Action::Hop, traffic.forwarded);
  if (a.array.pitch) {
    for (Operand t : kAllOperands)
      add(a.network(NocRole::Deliver, t)->name, t, Action::Wire, traffic.wires[static_cast<std::size_t>(t)]);
    add(a.network(NocRole::Collect, Output)->name, Output, Action::Wire, traffic.wires_out);
    add(a.network(NocRole::Forward, Output)->name, Output, Action::Wire, traffic.forwarded);
  }

  add(a.spad(Input)->name, Input, Action::Write, pes.input_loads);
  add(a.spad(Input)->name, Input, Action::Read, pes.macs + pes.gated);
  add(a.spad(Weight)->name, Weight, Action::Write, pes.weight_loads);
  if (l.has_weights()) add(a.spad(Weight)->name, Weight, Action::Read, pes.macs);
  add(a.spad(Output)->name, Output, Action::Write, pes.macs);
  add(a.spad(Output)->name, Output, Action::Read, pes.macs + pes.accumulates);

  const auto& mac = a.array.mac.name;
  const Action each = l.reduction == Reduction::MultiplyAdd ? Action::Mac
                      : l.reduction == Reduction::Maximum   ? Action::Compare
                                                            : Action::Add;
  const Action join = l.reduction == Reduction::Maximum ? Action::Compare : Action::Add;
  add(mac, Output, each, pes.macs);
  add(mac, Output, Action::GatedMac, pes.gated);
  add(mac, Output, join, pes.accumulates);
}

sim::PeSetting setting_of(const LayerNest& l, const Architecture& a, const LayerOperands& operands) {
  return {
      .reduction = l.reduction,
      .arithmetic = operands.arithmetic,
      .zero_gating = a.array.mac.zero_gating,
      .to_neighbour = a.array.mac.pipeline.count() - 1 + a.network(NocRole::Forward, Operand::Output)->latency.count()};
}

}  // namespace

LayerResult simulate(const LayerNest& l, const Architecture& a, const Mapping& m, const LayerOperands& operands,
                     const SimulateOptions& options) {
  const auto began = std::chrono::steady_clock::now();
  sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
  const sim::Kernel kernel;
  const auto strides = sim::tile_strides(m, l, a);
  const auto past = passes_by(m, l, a);
  sim::TileMover mover{l, a, operands, strides, past, options.reads_network_input};
  sim::ArrayCore core{
      a, setting_of(l, a, operands), past, options.stepping == Stepping::Replay, options.faulty_pe, options.stopped_pe};
  const auto quantum = options.stepping == Stepping::Cycle ? 1 : options.quantum;
  sim::Machine machine{a.name.c_str(), l, a, m, strides, core, mover, quantum};
  sc_core::sc_start();

  LayerResult result{.cycles = machine.controller.cycles(),
                     .processing_cycles = machine.controller.cycles() - machine.controller.waiting(),
                     .passes = machine.controller.passes(),
                     .active_pes = machine.controller.active_pes(),
                     .stack = machine.controller.stack(),
                     .counts = mover.counts(),
                     .ofmap = mover.ofmap(),
                     .deadlock = {},
                     .wall_s = 0};
  add_array_counts(result.counts, a, l, past, core);
  if (!machine.controller.finished())
    result.deadlock = Deadlock{.at = machine.controller.pass_started(), .wait_for = core.wait_for()};
  result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return result;
}

}  // namespace eyrie
