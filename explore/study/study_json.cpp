#include <nlohmann/json.hpp>

#include "explore/study/study_result.hpp"

namespace eyrie {

using Json = nlohmann::ordered_json;

namespace {

Json numbers_json(const MeasureValues& all) {
  Json list = Json::array();
  for (const auto& v : all) list.push_back(v ? Json(*v) : Json(nullptr));
  return list;
}

Json figures_json(const std::optional<DesignFigures>& f) {
  if (!f) return nullptr;
  Json all = Json::array({numbers_json(f->all)});
  for (const auto& n : f->network) all.push_back(n.empty() ? Json(nullptr) : numbers_json(n));
  return all;
}

/// The unit that all values of a parameter have, and whether they are numbers of one unit at all; 0 has any.
Json parameter_json(const StudyResult& r, std::size_t i) {
  const auto& p = r.parameters[i];
  bool numeric = !r.designs.empty();
  std::optional<Dimension> d;
  for (const auto& design : r.designs) {
    const auto& n = design.numbers[i];
    numeric = numeric && n.has_value();
    if (!n || (n->value == 0 && n->dimension == Dimension::None)) continue;
    numeric = numeric && (!d || d == n->dimension);
    d = n->dimension;
  }
  const auto units = units_of(d.value_or(Dimension::None));
  return {{"name", p.name},
          {"title", p.title},
          {"unit", !numeric || units.empty() ? "" : std::string(units.front().suffix)},
          {"numeric", numeric},
          {"values", p.values},
          {"labels", p.labels},
          {"derived", !p.value.empty()}};
}

Json design_json(const StudyResult& r, const DesignResult& d) {
  Json numbers = Json::array();
  for (const auto& n : d.numbers) numbers.push_back(n ? Json(n->value) : Json(nullptr));
  const bool shown = r.reports && d.best();
  return {{"number", d.number},
          {"values", d.values},
          {"numbers", numbers},
          {"status", std::string(name_of(d.status))},
          {"reason", d.reason},
          {"front", d.front},
          {"sampled", d.sampled},
          {"closed", figures_json(d.closed)},
          {"simulated", figures_json(d.simulated)},
          {"report", shown ? Json("designs/report.html#" + std::to_string(d.number)) : Json(nullptr)}};
}

}  // namespace

std::string to_json(const StudyResult& r) {
  Json j{{"schema", kStudySchema},         {"eyrie_version", kVersion}, {"name", r.name},         {"title", r.title},
         {"architecture", r.architecture}, {"workloads", r.workloads},  {"strategy", r.strategy}, {"seed", r.seed},
         {"constraints", r.constraints}};
  j["parameters"] = j["measures"] = j["objectives"] = j["designs"] = j["errors"] = Json::array();
  for (std::size_t i = 0; i < r.parameters.size(); ++i) j["parameters"].push_back(parameter_json(r, i));
  for (const auto& m : measures())
    j["measures"].push_back({{"name", std::string(m.name)},
                             {"title", std::string(m.title)},
                             {"unit", std::string(m.unit)},
                             {"goal", std::string(name_of(m.goal))}});
  for (const auto o : r.objectives) j["objectives"].push_back(std::string(measures()[o].name));
  for (const auto& d : r.designs) j["designs"].push_back(design_json(r, d));
  j["front"] = r.front;
  j["front_of"] = std::string(name_of(r.simulated ? PointFidelity::Simulated : PointFidelity::Closed));
  for (const auto& e : r.errors)
    j["errors"].push_back({{"measure", std::string(measures()[e.measure].name)},
                           {"points", e.points},
                           {"median_percent", 100 * e.median},
                           {"worst_percent", 100 * e.worst},
                           {"worst_design", e.worst_design},
                           {"worst_workload", e.worst_workload}});
  return j.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace eyrie
