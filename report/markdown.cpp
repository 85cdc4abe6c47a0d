#include <fmt/format.h>

#include <algorithm>

#include "energy/uncertainty.hpp"
#include "report/digits.hpp"
#include "report/elsewhere.hpp"
#include "report/markdown_parts.hpp"
#include "report/not_modelled.hpp"
#include "report/render.hpp"
#include "report/verdict.hpp"

namespace eyrie {

namespace {

using markdown::plain;
using Rows = std::vector<std::vector<std::string>>;

std::string head(const ExperimentResult& r) {
  auto text = fmt::format("# {} on {}\n\nBatch {}, {}, {} MHz, {} nm{}. {}\n", plain(r.workload),
                          plain(r.architecture.name), r.batch, plain(r.settings.dataflow),
                          r.architecture.core().count() * 1e-6, r.architecture.technology.nm,
                          priced_elsewhere(r.architecture, r.table), plain(verdict_of(r).sentence));
  if (!r.left_out.empty())
    text += fmt::format("\nPart of the network; layers left out: {}.\n",
                        plain(fmt::format("{}", fmt::join(r.left_out, ", "))));
  return text;
}

/// The figures of an inference and of the whole run; energies with DRAM and of the chip beside each other.
std::string summary(const ExperimentResult& r) {
  const Figures& t = r.totals;
  const auto all = t.energy.total, chip = t.energy.on_chip();
  const auto within = [&](Scope scope) {
    const auto i = interval_of(t.energy, r.table, scope);
    const double each = 1e-6 / static_cast<double>(r.batch);
    return std::pair{fmt::format("{} to {}", digits(i.low * each), digits(i.high * each)),
                     fmt::format("{} to {}", digits(t.tops_per_w(i).low), digits(t.tops_per_w(i).high))};
  };
  const auto [energy, efficiency] = within(Scope::WithDram);
  const auto [chip_energy, chip_efficiency] = within(Scope::Chip);
  const Rows rows{
      {"latency of the batch", "ms", fmt::format("{:.3f}", t.latency_s() * 1e3), ""},
      {"inferences", "1/s", fmt::format("{:.2f}", r.inferences_per_s()), ""},
      {"utilization", "% of PE-cycles", fmt::format("{:.1f}", 100 * t.utilization()), ""},
      {"rate", "GOP/s", fmt::format("{:.2f}", t.gops()), ""},
      {"DRAM traffic", "MB", fmt::format("{:.2f}", static_cast<double>(t.dram.total().count()) * 1e-6), ""},
      {"energy per inference", "uJ", fmt::format("{:.1f}", r.energy_per_inference_uj(all)),
       fmt::format("{:.1f}", r.energy_per_inference_uj(chip))},
      {"it lies between", "uJ", energy, chip_energy},
      {"power", "mW", fmt::format("{:.1f}", t.power_mw(all)), fmt::format("{:.1f}", t.power_mw(chip))},
      {"efficiency", "TOP/W", fmt::format("{:.4f}", t.tops_per_w(all)), fmt::format("{:.4f}", t.tops_per_w(chip))},
      {"it lies between", "TOP/W", efficiency, chip_efficiency},
      {"energy per op", "pJ", t.ops() > 0 ? fmt::format("{:.3g}", t.energy_per_op_pj(all)) : "-",
       t.ops() > 0 ? fmt::format("{:.3g}", t.energy_per_op_pj(chip)) : "-"},
      {"inferences per J", "1/J", digits(r.inferences_per_j(all)), digits(r.inferences_per_j(chip))}};
  return "\n## Summary\n\n" + markdown::table({"figure", "unit", "with DRAM", "chip"}, rows, 2) +
         (r.settings.fidelity == kClosedForm ? "\nOne MAC is two operations. Cycles are estimated, bytes of the closed "
                                               "form; energy is its counts times the "
                                               "table.\n"
                                             : "\nOne MAC is two operations. Cycles and bytes are simulated; energy is "
                                               "simulated counts times the table.\n");
}

std::vector<std::string> layer_row(const std::string& name, const std::string& op, const Figures& f,
                                   const std::string& pes) {
  const auto mb = [](Bytes b) { return fmt::format("{:.2f}", static_cast<double>(b.count()) * 1e-6); };
  const bool counts_ops = f.macs.count() > 0;
  return {plain(name),
          plain(op),
          std::to_string(f.macs.count()),
          std::to_string(f.cycles.count()),
          fmt::format("{:.3f}", f.latency_s() * 1e3),
          pes,
          fmt::format("{:.1f}", 100 * f.utilization()),
          mb(f.glb.total()),
          mb(f.dram.total()),
          fmt::format("{:.1f}", f.energy.total.count() * 1e-6),
          counts_ops ? fmt::format("{:.2f}", f.gops()) : "-",
          counts_ops ? fmt::format("{:.3f}", f.tops_per_w(f.energy.total)) : "-"};
}

std::string layers(const ExperimentResult& r) {
  Rows rows;
  for (const auto& l : r.layers)
    if (l.place == PlaceOf::Machine) rows.push_back(layer_row(l.name, l.op, l.figures, std::to_string(l.active_pes)));
  rows.push_back(layer_row("total", "", r.totals, ""));
  auto text = "\n## Layers\n\n" + markdown::table({"layer", "op", "MACs", "cycles", "ms", "PEs", "util%", "GLB MB",
                                                   "DRAM MB", "uJ", "GOP/s", "TOP/W"},
                                                  rows, 2);
  for (const auto& line : elsewhere_lines(r)) text += "\n" + plain(line) + "\n";
  return text;
}

std::string energy(const ExperimentResult& r) {
  Rows rows;
  const double total = r.totals.energy.total.count();
  for (const auto& [name, e] : r.totals.energy.by_component())
    rows.push_back({plain(name), fmt::format("{:.3f}", e.count() * 1e-6),
                    fmt::format("{:.1f}", total > 0 ? 100 * e.count() / total : 0)});
  rows.push_back({"total", fmt::format("{:.3f}", total * 1e-6), total > 0 ? "100.0" : "0.0"});
  return "\n## Energy by component\n\n" + markdown::table({"component", "uJ", "%"}, rows);
}

std::string targets(const ExperimentResult& r) {
  if (r.targets.empty() && !r.battery) return {};
  std::string text = "\n## Targets\n\n";
  for (const auto& v : r.targets) text += "- " + plain(to_text(v)) + "\n";
  if (r.battery) text += "- " + plain(to_text(*r.battery)) + "\n";
  return text;
}

std::string baselines(const ExperimentResult& r) {
  if (r.baselines.empty()) return {};
  Rows rows;
  for (const auto& c : r.baselines)
    rows.push_back({plain(c.name), plain(c.label), c.by ? std::string(name_of(c.by->trust())) : "-",
                    c.by ? plain(c.by->source) : "-", c.by ? digits(c.by->gops_per_w()) : "-", digits(c.speedup),
                    digits(c.energy_ratio), digits(c.energy_ratio_chip)});
  return "\n## Baselines\n\n" +
         markdown::table({"processor", "how compared", "confidence", "source", "GOP/s/W", "speed-up", "energy", "chip"},
                         rows, 4) +
         "\nSpeed-up: their time / ours. Energy: theirs / ours with DRAM. Chip: theirs / ours without. -: not "
         "measured.\n";
}

std::string sources(const ExperimentResult& r) {
  Rows rows;
  const auto charged = r.totals.energy.by_price(r.table.prices.size());
  for (std::size_t i = 0; i < r.table.prices.size(); ++i) {
    const auto& p = r.table.prices[i];
    rows.push_back({plain(fmt::format("{} {}", p.component, name_of(p.action))), plain(p.source),
                    std::string(name_of(p.confidence)), fmt::format("{:.6g}", p.energy.count()),
                    std::string(name_of(p.per)), fmt::format("{:.3f}", charged[i].count() * 1e-6)});
  }
  return fmt::format("\n## Sources\n\nPrices of table {}: {}.\n\n{}", plain(r.table.name), plain(r.table.title),
                     markdown::table({"price", "source", "confidence", "pJ", "per", "charged uJ"}, rows, 3));
}

std::string open_questions(const ExperimentResult& r) {
  std::string text = "\n## Not modelled\n\n";
  for (const auto& sentence : not_modelled(r)) text += "- " + plain(sentence) + "\n";
  return text;
}

}  // namespace

std::string to_markdown(const ExperimentResult& r) {
  return head(r) + summary(r) + (r.answer ? answer_markdown(*r.answer) : std::string()) + layers(r) + energy(r) +
         targets(r) + baselines(r) + sources(r) + open_questions(r) +
         fmt::format("\n## Again\n\n    {}\n", r.settings.command);
}

}  // namespace eyrie
