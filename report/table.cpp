#include <fmt/format.h>

#include <algorithm>

#include "energy/uncertainty.hpp"
#include "report/area_renderings.hpp"
#include "report/digits.hpp"
#include "report/elsewhere.hpp"
#include "report/render.hpp"
#include "report/verdict.hpp"

namespace eyrie {

/// The cause, other than MACs and PEs without work, that took the most PE-cycles.
static std::string worst_stall(const CycleStack& stack) {
  const Name<Cause>* worst = nullptr;
  for (const auto& row : names<Cause>::table) {
    if (row.value == Cause::Mac || row.value == Cause::GatedMac || row.value == Cause::Unmapped) continue;
    if (!worst || stack[row.value] > stack[worst->value]) worst = &row;
  }
  if (stack[worst->value] == 0) return "-";
  const auto total = std::max<std::int64_t>(1, stack.total());
  return fmt::format("{} {:.0f}%", worst->name,
                     100.0 * static_cast<double>(stack[worst->value]) / static_cast<double>(total));
}

/// Widths of the two columns of words; the rest of the 120 columns is figures.
struct NameWidths {
  std::size_t name = 5, op = 2;
};

static constexpr std::size_t kColumns = 120, kFigures = 92;

static NameWidths widths_for(const ExperimentResult& r) {
  NameWidths w;
  for (const auto& l : r.layers) {
    if (l.place != PlaceOf::Machine) continue;
    w.name = std::max(w.name, l.name.size());
    w.op = std::max(w.op, l.op.size());
  }
  w.op = std::min<std::size_t>(w.op, 17);
  w.name = std::min(w.name, kColumns - kFigures - 1 - w.op);
  return w;
}

/// Too long a name keeps its end, where layers of a network differ.
static std::string fitted(const std::string& name, std::size_t width) {
  return name.size() <= width ? name : ".." + name.substr(name.size() - width + 2);
}

static std::string row(const NameWidths& w, const std::string& name, const std::string& op, const Figures& f,
                       std::int64_t pes) {
  const auto mb = [](Bytes b) { return static_cast<double>(b.count()) * 1e-6; };
  const bool counts_ops = f.macs.count() > 0;
  return fmt::format(
      "{:<{}} {:<{}} {:>8.1f} {:>10.3f} {:>4} {:>5.1f} {:<17.17} {:>7.1f} {:>7.2f} {:>9.1f} {:>7} {:>7}\n",
      fitted(name, w.name), w.name, op, w.op, static_cast<double>(f.macs.count()) * 1e-6, f.latency_s() * 1e3,
      pes == 0 ? std::string() : std::to_string(pes), 100 * f.utilization(), worst_stall(f.stack), mb(f.glb.total()),
      mb(f.dram.total()), f.energy.total.count() * 1e-6, counts_ops ? fmt::format("{:.2f}", f.gops()) : "-",
      counts_ops ? fmt::format("{:.3f}", f.tops_per_w(f.energy.total)) : "-");
}

/// The layers on the machine with their totals, then the others with their reasons.
static std::string layer_lines(const ExperimentResult& r) {
  const auto w = widths_for(r);
  const auto head = fmt::format("{:<{}} {:<{}} {:>8} {:>10} {:>4} {:>5} {:<17} {:>7} {:>7} {:>9} {:>7} {:>7}\n",
                                "layer", w.name, "op", w.op, "M MAC", "ms", "PEs", "util%", "largest stall", "GLB MB",
                                "DRAM MB", "uJ", "GOP/s", "TOP/W");
  std::string text = head;
  for (const auto& l : r.layers)
    if (l.place == PlaceOf::Machine) text += row(w, l.name, l.op, l.figures, l.active_pes);
  text += std::string(head.size() - 1, '-') + "\n" + row(w, "total", "", r.totals, 0);
  const auto others = elsewhere_lines(r);
  if (!others.empty()) text += "\n";
  for (const auto& line : others) text += line + "\n";
  return text;
}

/// Every rendering tells the same verdict; here a run that compared everything also says how much differed.
static std::string functional_line(const ExperimentResult& r) {
  if (r.settings.fidelity == kClosedForm) return "functional: not simulated: closed form\n";
  const auto verdict = verdict_of(r);
  if (verdict.standing == Standing::Equal) return "functional: 0 of the ofmap words differ from the reference\n";
  return "functional: " + verdict.sentence + "\n";
}

/// Said where a figure per inference could be taken for the whole network's.
static std::string part_line(const ExperimentResult& r) {
  if (r.left_out.empty()) return {};
  return fmt::format(
      "\npart of the network: {} of its layers on the machine left out; all figures are of the layers above\n",
      r.left_out.size());
}

static std::string target_lines(const ExperimentResult& r) {
  std::string text;
  for (const auto& v : r.targets) text += "target " + to_text(v) + "\n";
  if (r.battery) text += to_text(*r.battery) + "\n";
  return text;
}

/// Too long a label loses its middle: how a comparison was made stands at both ends.
static std::string fitted_label(const std::string& label, std::size_t width) {
  static constexpr std::string_view kEnd = " by operations";
  if (label.size() <= width) return label;
  return label.substr(0, width - kEnd.size() - 2) + ".." + label.substr(label.size() - kEnd.size());
}

static std::string baseline_row(const BaselineComparison& c) {
  if (!c.by) return fmt::format("{:<16} {}\n", fitted(c.name, 16), c.label);
  return fmt::format("{:<16} {:>7} {:>8} {:>7} {:>7} {:>5} {:<12} {}\n", fitted(c.name, 16), digits(c.by->gops_per_w()),
                     digits(c.speedup), digits(c.energy_ratio), digits(c.energy_ratio_chip), c.by->batch,
                     name_of(c.by->trust()), fitted_label(c.label, 51));
}

/// Their energies in our node, beside those as published.
static std::string normalised_lines(const ExperimentResult& r) {
  std::string text;
  bool nominal = false;
  for (const auto& c : r.baselines) {
    if (!c.normalised) continue;
    const auto& n = *c.normalised;
    nominal = nominal || n.nominal;
    text += fmt::format(
        "{:<16} {:>7} {:>8} {:>7} {:>7} {:>9} {}\n", fitted(c.name, 16), fmt::format("{:.4g} nm", n.from.nm),
        fmt::format("{:.3g} V{}", n.from_voltage.v, n.nominal ? "*" : " "), digits(c.normalised_by(c.energy_ratio)),
        digits(c.normalised_by(c.energy_ratio_chip)), fmt::format("x {:.3g}", n.factor), name_of(n.confidence));
  }
  if (text.empty()) return {};
  return fmt::format("\nnormalised to {:.4g} nm, {:.3g} V\n{:<16} {:>7} {:>8} {:>7} {:>7} {:>9} {}\n",
                     r.table.technology.nm, r.table.voltage.v, "baseline", "made in", "supply", "energy", "chip",
                     "energies", "confidence") +
         text + "As if all of a system were logic (Stillmaker and Baas): DRAM and boards do not scale so." +
         (nominal ? " *: usual for the node, assumed.\n" : "\n");
}

/// Other processors, an inference of theirs over one of ours.
static std::string baseline_lines(const ExperimentResult& r) {
  if (r.baselines.empty()) return {};
  auto text = fmt::format("\n{:<16} {:>7} {:>8} {:>7} {:>7} {:>5} {:<12} {}\n", "baseline", "GOP/s/W", "speed-up",
                          "energy", "chip", "batch", "confidence", "how compared");
  for (const auto& c : r.baselines) text += baseline_row(c);
  return text +
         "Speed-up: their time / ours. Energy: theirs / ours with DRAM. Chip: theirs / ours without. -: not "
         "measured.\n" +
         normalised_lines(r);
}

/// How far energy can be trusted: where it lies, and what it rests on.
static std::string trust_lines(const ExperimentResult& r) {
  const Figures& t = r.totals;
  const auto all = interval_of(t.energy, r.table), chip = interval_of(t.energy, r.table, Scope::Chip);
  const auto tops = t.tops_per_w(all), tops_chip = t.tops_per_w(chip);
  std::vector<std::string> shares;
  for (const auto& [level, energy] : by_confidence(t.energy, r.table))
    shares.push_back(
        fmt::format("{:.1f} % {}", 100 * (energy / std::max(t.energy.total, kEnergyGrain)), name_of(level)));
  const auto each = 1e-6 / static_cast<double>(r.batch);
  const auto efficiency = t.ops() > 0 ? fmt::format(", {} to {} TOP/W with DRAM, {} to {} chip only", digits(tops.low),
                                                    digits(tops.high), digits(tops_chip.low), digits(tops_chip.high))
                                      : std::string();
  return fmt::format("energy within {} to {} uJ/inference{}\nit rests on figures {}\n", digits(all.low * each),
                     digits(all.high * each), efficiency, fmt::join(shares, ", "));
}

static std::string efficiency_line(const Figures& t) {
  if (t.ops() == 0) return "no operations, so no TOP/W and no energy per operation\n";
  const auto all = t.energy.total, chip = t.energy.on_chip();
  return fmt::format("{:.4f} TOP/W with DRAM, {:.4f} TOP/W chip only; {:.3g} pJ/op with DRAM, {:.3g} pJ/op chip only\n",
                     t.tops_per_w(all), t.tops_per_w(chip), t.energy_per_op_pj(all), t.energy_per_op_pj(chip));
}

std::string to_table(const ExperimentResult& r) {
  const Figures& t = r.totals;
  return fmt::format("{} on {}, batch {}, {}, {} MHz, {} nm{}\n\n", r.workload, r.architecture.name, r.batch,
                     r.settings.dataflow, r.architecture.core().count() * 1e-6, r.architecture.technology.nm,
                     priced_elsewhere(r.architecture, r.table)) +
         layer_lines(r) + part_line(r) +
         fmt::format("\n{:.2f} inferences/s, {:.1f} uJ/inference, {:.1f} mW on chip + {:.1f} mW DRAM\n",
                     r.inferences_per_s(), r.energy_per_inference_uj(), t.power_mw(t.energy.on_chip()),
                     t.power_mw(t.energy.dram)) +
         efficiency_line(t) +
         fmt::format("{} inferences/J, {:.4g} J s energy-delay product of an inference, both with DRAM\n",
                     digits(r.inferences_per_j(t.energy.total)), r.energy_delay_per_inference_j_s()) +
         trust_lines(r) + area_line(r) + target_lines(r) + functional_line(r) +
         (r.answer ? answer_lines(*r.answer) : std::string()) +
         (r.settings.fidelity == kClosedForm
              ? "1 MAC = 2 ops. Cycles: estimated. Bytes: closed form. Energy: counts in closed form x table "
              : "1 MAC = 2 ops. Cycles, bytes: simulated. Energy: simulated counts x table ") +
         r.table.name + ".\n" + baseline_lines(r);
}

}  // namespace eyrie
