#include "report/experiment_result.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace eyrie {

TensorBytes& TensorBytes::operator+=(const TensorBytes& o) {
  input += o.input;
  weight += o.weight;
  output += o.output;
  return *this;
}

double Figures::utilization() const {
  const auto slots = static_cast<double>(stack.total());
  const auto all = static_cast<double>(cycles.count()) * static_cast<double>(pes);
  if (slots == 0 && all > 0) return static_cast<double>(macs.count()) / all;
  return slots > 0 ? static_cast<double>(stack[Cause::Mac] + stack[Cause::GatedMac]) / slots : 0;
}

Figures& Figures::operator+=(const Figures& o) {
  macs += o.macs;
  cycles += o.cycles;
  processing_cycles += o.processing_cycles;
  stack += o.stack;
  counts += o.counts;
  energy += o.energy;
  dram += o.dram;
  glb += o.glb;
  glb_dram_side += o.glb_dram_side;
  mismatches += o.mismatches;
  checked = checked && o.checked;
  return *this;
}

/// Bytes of the rows of components of one kind that did one of the actions.
static TensorBytes bytes_of_kind(const ActionCounts& counts, const Architecture& a, std::string_view kind,
                                 std::initializer_list<Action> actions) {
  TensorBytes all;
  for (const auto& r : counts.rows()) {
    if (kind_of(a, r.component) != kind || !std::ranges::count(actions, r.action)) continue;
    (r.tensor == Operand::Input ? all.input : r.tensor == Operand::Weight ? all.weight : all.output) += r.bytes;
  }
  return all;
}

const LayerReport* ExperimentResult::hungriest() const {
  const LayerReport* most = nullptr;
  const auto power = [](const LayerReport& l) { return l.figures.power_mw(l.figures.energy.total); };
  for (const auto& l : layers)
    if (l.place == PlaceOf::Machine && (!most || power(l) > power(*most))) most = &l;
  return most;
}

static Figures figures_of(const LayerOutcome& o, const Layer& layer, const Architecture& a, const EnergyTable& table) {
  Figures f;
  f.macs = layer.macs();
  f.cycles = o.result.cycles;
  f.processing_cycles = o.result.processing_cycles;
  f.stack = o.result.stack;
  f.counts = o.result.counts;
  f.energy = price(o.result.counts, {o.result.cycles, o.result.active_pes}, a, table);
  f.dram = bytes_of_kind(f.counts, a, "dram", {Action::Read, Action::Write});
  f.glb = bytes_of_kind(f.counts, a, "sram", {Action::Read, Action::Write});
  f.glb_dram_side = bytes_of_kind(f.counts, a, "sram", {Action::Fill, Action::Drain});
  f.mismatches = o.mismatches;
  f.checked = o.checked;
  f.core_hz = a.core().count();
  f.pes = a.pes();
  return f;
}

std::string priced_elsewhere(const Architecture& a, const EnergyTable& table) {
  if (table.technology.nm == a.technology.nm) return {};
  return fmt::format(", priced at {:g} nm, {:g} V", table.technology.nm, table.voltage.v);
}

/// Judges by the targets, compares with the baselines.
static void put_beside(ExperimentResult& r) {
  const auto batch = static_cast<double>(r.batch);
  OurFigures ours{.network = r.workload,
                  .macs = r.totals.macs.count() / r.batch,
                  .batch = r.batch,
                  .latency = Seconds{r.totals.latency_s() / batch},
                  .energy = r.totals.energy.total / batch,
                  .on_chip = r.totals.energy.on_chip() / batch,
                  .normalise_to = {}};
  if (r.settings.normalise) ours.normalise_to = {r.table.technology, r.table.voltage};
  r.targets = judge(r.settings.targets, r);
  for (const auto& baseline : r.settings.baselines) r.baselines.push_back(compare(baseline, ours));
  if (r.settings.battery) r.battery = life_of(*r.settings.battery, r);
}

ExperimentResult assemble(const Architecture& a, const Network& network, const EnergyTable& table,
                          const Settings& settings, const std::vector<LayerOutcome>& outcomes, const HostFigures& host,
                          const LayerMachines& machines) {
  ExperimentResult result{.architecture = a,
                          .workload = network.name(),
                          .workload_title = network.title(),
                          .batch = network.batch(),
                          .network_macs = network.macs(),
                          .settings = settings,
                          .table = table,
                          .layers = {},
                          .left_out = {},
                          .totals = {},
                          .targets = {},
                          .baselines = {},
                          .battery = {},
                          .host = host};
  result.area = area_of(a, table);
  result.totals.core_hz = a.core().count();
  result.totals.pes = a.pes();
  for (const auto& layer : network.layers()) {
    LayerReport report;
    report.name = layer.name;
    report.op = name_of(layer.type);
    report.place = layer.place;
    report.reason = layer.place_reason;
    report.part_of = layer.part_of;
    report.step = layer.step;
    const auto outcome = std::ranges::find(outcomes, layer.name, &LayerOutcome::layer);
    if (outcome != outcomes.end()) {
      report.mapping = outcome->mapping;
      report.mapping_origin = outcome->mapping_origin;
      report.dataflow = outcome->dataflow;
      report.loops = outcome->loops;
      report.loop_text = outcome->loop_text;
      report.arithmetic = outcome->arithmetic;
      report.input_zeros = outcome->input_zeros;
      report.passes = outcome->result.passes;
      report.active_pes = outcome->result.active_pes;
      report.pe_macs = outcome->result.pe_macs;
      report.ofmap_digest = outcome->ofmap_digest;
      report.deadlock = outcome->result.deadlock;
      report.analytic = outcome->analytic;
      const auto own = machines.find(layer.name);
      const bool other = own != machines.end();
      if (other) report.precision = own->second->precision;
      report.figures =
          figures_of(*outcome, layer, other ? own->second->architecture : a, other ? own->second->table : table);
      result.totals += report.figures;
      result.host.advanced += outcome->result.advanced;
    } else if (layer.place == PlaceOf::Machine) {
      result.left_out.push_back(layer.name);
      continue;
    }
    result.layers.push_back(std::move(report));
  }
  result.totals.checked = result.totals.checked && !outcomes.empty();
  put_beside(result);
  return result;
}

}  // namespace eyrie
