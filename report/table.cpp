#include <fmt/format.h>

#include <algorithm>

#include "report/render.hpp"

namespace eyrie {

/// The cause, other than MACs and PEs without work, that took the most PE-cycles.
static std::string worst_stall(const CycleStack& stack) {
  const Name<Cause>* worst = nullptr;
  for (const auto& row : names<Cause>::table) {
    if (row.value == Cause::Mac || row.value == Cause::GatedMac || row.value == Cause::Unmapped) continue;
    if (!worst || stack[row.value] > stack[worst->value]) worst = &row;
  }
  const auto total = std::max<std::int64_t>(1, stack.total());
  return fmt::format("{} {:.0f}%", worst->name,
                     100.0 * static_cast<double>(stack[worst->value]) / static_cast<double>(total));
}

static std::string row(const std::string& name, const std::string& op, const Figures& f, std::int64_t pes) {
  const auto mb = [](Bytes b) { return static_cast<double>(b.count()) * 1e-6; };
  return fmt::format(
      "{:<8.8} {:<15.15} {:>8.1f} {:>10.3f} {:>4} {:>6.1f} {:<17.17} {:>7.1f} {:>7.2f} {:>9.1f} {:>7.2f} {:>7.3f}\n",
      name, op, static_cast<double>(f.macs.count()) * 1e-6, f.latency_s() * 1e3,
      pes == 0 ? std::string() : std::to_string(pes), 100 * f.utilization(), worst_stall(f.stack), mb(f.glb.total()),
      mb(f.dram.total()), f.energy.total.count() * 1e-6, f.gops(), f.tops_per_w(f.energy.total));
}

std::string to_table(const ExperimentResult& r) {
  std::string text =
      fmt::format("{} on {}, batch {}, {}, {} MHz, {} nm\n\n", r.workload, r.architecture.name, r.batch,
                  r.settings.dataflow, r.architecture.core().count() * 1e-6, r.architecture.technology.nm);
  const auto head =
      fmt::format("{:<8} {:<15} {:>8} {:>10} {:>4} {:>6} {:<17} {:>7} {:>7} {:>9} {:>7} {:>7}\n", "layer", "op",
                  "M MAC", "ms", "PEs", "util%", "largest stall", "GLB MB", "DRAM MB", "uJ", "GOP/s", "TOP/W");
  text += head;
  std::string host;
  for (const auto& l : r.layers)
    if (l.place == PlaceOf::Host)
      host += (host.empty() ? "" : ", ") + l.name + " (" + l.op + ")";
    else
      text += row(l.name, l.op, l.figures, l.active_pes);
  text += std::string(head.size() - 1, '-') + "\n" + row("total", "", r.totals, 0);
  if (!host.empty()) text += "\non the host, cost not modelled: " + host + "\n";
  const Figures& t = r.totals;
  text += fmt::format("\n{:.2f} inferences/s, {:.1f} uJ/inference, {:.1f} mW on chip + {:.1f} mW DRAM\n",
                      r.inferences_per_s(), r.energy_per_inference_uj(), t.power_mw(t.energy.on_chip()),
                      t.power_mw(t.energy.dram));
  text +=
      fmt::format("{:.4f} TOP/W with DRAM, {:.4f} TOP/W chip only; target {} TOP/W {}\n", t.tops_per_w(t.energy.total),
                  t.tops_per_w(t.energy.on_chip()), r.settings.target_tops_per_w, r.target_met() ? "met" : "not met");
  text += fmt::format("functional: {} of the ofmap words differ from the reference\n", t.mismatches);
  text += "1 MAC = 2 ops. Cycles, bytes: simulated. Energy: simulated counts x table " + r.table.name + ".\n";
  return text;
}

}  // namespace eyrie
