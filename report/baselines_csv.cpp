#include <fmt/format.h>

#include "report/csv_field.hpp"
#include "report/render.hpp"

namespace eyrie {

static std::string number(const std::optional<double>& value) { return value ? fmt::format("{:.9g}", *value) : ""; }

/// What a comparison rests on.
static std::string rest(const BaselineComparison& c) {
  return fmt::format(",{},{},{},{},{},{},{},{}", csv_field(c.by->of()), c.by->batch,
                     c.by->precision ? name_of(*c.by->precision) : "", csv_field(c.by->conditions),
                     name_of(c.by->confidence), c.energy ? name_of(c.by->energy_trust()) : "", csv_field(c.by->source),
                     csv_field(c.by->note));
}

static std::string normalised(const BaselineComparison& c) {
  if (!c.normalised) return std::string(6, ',');
  const auto& n = *c.normalised;
  return fmt::format(",{:.9g},{:.9g},{:.9g},{},{},{}", n.to.nm, n.to_voltage.v, n.factor,
                     number(c.normalised_by(c.energy->count() * 1e-6)), number(c.normalised_by(c.energy_ratio)),
                     number(c.normalised_by(c.energy_ratio_chip)));
}

std::string to_baselines_csv(const ExperimentResult& r) {
  std::string text =
      "baseline,kind,comparison,label,latency_ms,energy_per_inference_uj,gops,gops_per_w,speedup,energy_ratio,"
      "energy_ratio_chip,power_of,measured_network,batch,precision,conditions,confidence,energy_confidence,source,"
      "note,normalised_nm,normalised_v,normalised_factor,normalised_energy_per_inference_uj,normalised_energy_ratio,"
      "normalised_energy_ratio_chip\r\n";
  for (const auto& c : r.baselines) {
    const auto ms = c.latency ? std::optional{c.latency->count() * 1e3} : std::nullopt;
    const auto uj = c.energy ? std::optional{c.energy->count() * 1e-6} : std::nullopt;
    text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}", csv_field(c.name), name_of(c.family),
                        name_of(c.likeness), csv_field(c.label), number(ms), number(uj),
                        number(c.by ? c.by->gops() : std::nullopt), number(c.by ? c.by->gops_per_w() : std::nullopt),
                        number(c.speedup), number(c.energy_ratio), number(c.energy_ratio_chip), csv_field(c.power_of)) +
            (c.by ? rest(c) : std::string(8, ',')) + normalised(c) + "\r\n";
  }
  return text;
}

}  // namespace eyrie
