#include <fmt/format.h>

#include "energy/uncertainty.hpp"
#include "report/csv_field.hpp"
#include "report/render.hpp"

namespace eyrie {

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string all = "\"";
  for (const char c : text) all += c == '"' ? std::string("\"\"") : std::string(1, c);
  return all + "\"";
}

std::string to_csv(const ExperimentResult& r) {
  std::string text =
      "layer,op,place,macs,ops,cycles,processing_cycles,latency_ms,passes,active_pes,utilization,input_zeros,"
      "mismatches";
  for (const auto& cause : names<Cause>::table) text += fmt::format(",{}_pe_cycles", cause.name);
  text +=
      ",dram_input_bytes,dram_weight_bytes,dram_output_bytes,glb_input_bytes,glb_weight_bytes,glb_output_bytes,"
      "energy_pj,energy_chip_pj,power_mw,gops,tops_per_w,tops_per_w_chip,energy_low_pj,energy_high_pj\r\n";
  for (const auto& l : r.layers) {
    text += fmt::format("{},{},{}", csv_field(l.name), csv_field(l.op), name_of(l.place));
    if (l.place != PlaceOf::Machine) {
      text += std::string(10 + kCauses + 14, ',') + "\r\n";
      continue;
    }
    const Figures& f = l.figures;
    text += fmt::format(",{},{},{},{},{},{},{},{},{},{}", f.macs.count(), 2 * f.macs.count(), f.cycles.count(),
                        f.processing_cycles.count(), f.latency_s() * 1e3, l.passes, l.active_pes, f.utilization(),
                        l.input_zeros, f.mismatches);
    for (const auto& cause : names<Cause>::table) text += fmt::format(",{}", f.stack[cause.value]);
    const auto within = interval_of(f.energy, r.table);
    text += fmt::format(",{},{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n", f.dram.input.count(), f.dram.weight.count(),
                        f.dram.output.count(), f.glb.input.count(), f.glb.weight.count(), f.glb.output.count(),
                        f.energy.total.count(), f.energy.on_chip().count(), f.power_mw(f.energy.total), f.gops(),
                        f.tops_per_w(f.energy.total), f.tops_per_w(f.energy.on_chip()), within.low, within.high);
  }
  return text;
}

}  // namespace eyrie
