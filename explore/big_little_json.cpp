#include "explore/scenario_parts.hpp"

namespace eyrie {

using Json = ScenarioJson;

static Json figures_json(const BigLittleFigures& f, const BigLittleTargets& targets) {
  Json j{{"share", f.share},
         {"latency_ms", latency_json(f.latency, targets.percentile)},
         {"device_energy_uj", in_uj(f.energy)},
         {"cloud_energy_uj", in_uj(f.cloud_energy)}};
  if (targets.deadline) j["deadline"] = deadline_json(f.latency, targets.percentile, *targets.deadline);
  if (targets.energy) j["energy_met"] = f.energy <= *targets.energy;
  return j;
}

static Json optional_json(const std::optional<double>& v) { return v ? Json(*v) : Json(nullptr); }

static Json big_json(const BigAnswer& b, const BigLittleTargets& targets) {
  const auto& o = b.option;
  Json j{{"name", o.name},
         {"where", std::string(name_of(o.where))},
         {"workload", o.network},
         {"machine", o.machine.empty() ? Json(nullptr) : Json(o.machine)},
         {"compute_ms", in_ms(o.compute)},
         {"energy_uj", in_uj(o.energy)},
         {"cloud_energy_uj", in_uj(o.cloud_energy)},
         {"sent_bits", o.sent.count()},
         {"received_bits", o.received.count()},
         {"at_share", figures_json(b.at_share, targets)},
         {"big_only", figures_json(b.big_only, targets)},
         {"little_only", figures_json(b.sweep.front(), targets)}};
  j["sweep"] = Json::array();
  for (const auto& f : b.sweep) j["sweep"].push_back(figures_json(f, targets));
  j["largest_share"] = {{"deadline_mean", optional_json(b.largest.mean)},
                        {"deadline_percentile", optional_json(b.largest.percentile)},
                        {"energy", optional_json(b.largest.energy)},
                        {"all", optional_json(b.largest.all)}};
  j["targets_met"] = meets(b.at_share, targets);
  return j;
}

std::string to_json(const BigLittleAnswer& a) {
  auto j = head_json(a.head, "big_little");
  j["percentile"] = a.targets.percentile;
  j["share"] = a.share;
  j["share_origin"] = a.share_origin;
  j["little"] = {{"workload", a.little.network},
                 {"machine", a.little.machine},
                 {"latency_ms", in_ms(a.little.latency)},
                 {"energy_uj", in_uj(a.little.energy)},
                 {"idle_power_mw", a.little.idle_power.mw}};
  j["targets"] = {{"deadline_ms", a.targets.deadline ? Json(in_ms(*a.targets.deadline)) : Json(nullptr)},
                  {"energy_uj", a.targets.energy ? Json(in_uj(*a.targets.energy)) : Json(nullptr)},
                  {"require", a.require},
                  {"met", a.targets_met()}};
  j["big"] = Json::array();
  for (const auto& b : a.big) j["big"].push_back(big_json(b, a.targets));
  return text_of(j);
}

}  // namespace eyrie
