#include <nlohmann/json.hpp>

#include "explore/whatif.hpp"
#include "report/experiment_result.hpp"

namespace eyrie {

using Json = nlohmann::ordered_json;

namespace {

Json values_json(const MeasureValues& all) {
  Json list = Json::array();
  for (const auto& v : all) list.push_back(v ? Json(*v) : Json(nullptr));
  return list;
}

/// Rows of numbers in the order of `measures`: of all networks, then a network each.
Json figures_json(const MachineFigures& f) {
  if (f.all.empty()) return nullptr;
  Json all = Json::array({values_json(f.all)});
  for (const auto& n : f.network) all.push_back(values_json(n));
  return all;
}

Json number(const std::optional<double>& v, double factor = 1) { return v ? Json(*v * factor) : Json(nullptr); }

Json change_json(const ChangeOutcome& c, std::size_t place) {
  Json j{{"name", c.change.name},
         {"title", c.change.title},
         {"set", c.change.set},
         {"status", std::string(name_of(c.status))},
         {"reason", c.reason}};
  if (c.status != PointStatus::Done) return j;
  const bool told = c.area.knowledge == AreaKnowledge::Known || c.area.knowledge == AreaKnowledge::AtLeast;
  j["rank"] = place;
  j["standing"] = std::string(name_of(c.standing));
  j["gain_percent"] = {{"cycles", 100 * c.gains.cycles},
                       {"latency", 100 * c.gains.latency},
                       {"energy", 100 * c.gains.energy},
                       {"edp", 100 * c.gains.edp}};
  j["area"] = {{"knowledge", std::string(name_of(c.area.knowledge))},
               {"added_mm2", told ? Json(c.area.mm2) : Json(nullptr)}};
  j["latency_percent_per_mm2"] = number(c.latency_per_mm2, 100);
  j["energy_percent_per_mm2"] = number(c.energy_per_mm2, 100);
  j["layers"] = c.layers;
  j["layers_remapped"] = c.remapped;
  j["layers_not_proven"] = c.not_proven;
  j["figures"] = figures_json(c.figures);
  return j;
}

}  // namespace

std::string to_json(const WhatIf& w) {
  Json j{{"schema", kWhatIfSchema},
         {"eyrie_version", kVersion},
         {"architecture", w.architecture},
         {"title", w.title},
         {"energy_table", w.energy_table},
         {"workloads", w.workloads},
         {"batch", w.batch},
         {"seed", w.seed},
         {"objective", w.objective},
         {"fidelity", std::string(name_of(w.fidelity))},
         {"set", w.overrides},
         {"ranked_by", std::string(name_of(w.by))}};
  j["measures"] = j["changes"] = j["failed"] = Json::array();
  for (const auto& m : measures())
    j["measures"].push_back({{"name", std::string(m.name)},
                             {"title", std::string(m.title)},
                             {"unit", std::string(m.unit)},
                             {"goal", std::string(name_of(m.goal))}});
  j["baseline"] = {{"figures", figures_json(w.baseline)},
                   {"simulated", w.baseline_simulated ? figures_json(*w.baseline_simulated) : Json(nullptr)},
                   {"area_mm2", number(w.area.mm2)},
                   {"area_unknown", w.area.unknown},
                   {"layers_not_proven", w.baseline_not_proven},
                   {"commands", w.commands}};
  for (std::size_t i = 0; i < w.ranked.size(); ++i) j["changes"].push_back(change_json(w.ranked[i], i + 1));
  for (const auto& c : w.failed) j["failed"].push_back(change_json(c, 0));
  return j.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace eyrie
