#include <fmt/format.h>

#include <algorithm>

#include "report/comparison.hpp"
#include "report/csv_field.hpp"
#include "report/experiment_result.hpp"

namespace eyrie {

using Json = nlohmann::ordered_json;

static Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

static Json run_json(const ComparedRun& r) {
  Json j{{"label", r.label},         {"directory", r.directory},  {"architecture", r.architecture},
         {"workload", r.workload},   {"batch", r.batch},          {"on_host", r.on_host},
         {"left_out", r.left_out},   {"sound", r.sound},          {"figures", Json::object()},
         {"targets", Json::array()}, {"baselines", Json::array()}};
  const auto figures = compared_figures();
  for (std::size_t f = 0; f < figures.size(); ++f) j["figures"][std::string(figures[f].name)] = or_null(r.values[f]);
  for (const auto& t : r.targets)
    j["targets"].push_back({{"name", t.name},
                            {"unit", t.unit},
                            {"bound", t.bound},
                            {"wanted", t.wanted},
                            {"ours", t.ours},
                            {"met", t.met},
                            {"margin", t.margin},
                            {"basis", t.basis}});
  for (const auto& b : r.baselines)
    j["baselines"].push_back({{"name", b.name},
                              {"kind", b.kind},
                              {"comparison", b.comparison},
                              {"label", b.label},
                              {"speedup", or_null(b.speedup)},
                              {"energy_ratio", or_null(b.energy_ratio)},
                              {"energy_ratio_chip", or_null(b.energy_ratio_chip)}});
  return j;
}

std::string to_json(const Comparison& c) {
  Json j{{"schema", kComparisonSchema},
         {"eyrie_version", kVersion},
         {"name", c.name},
         {"units", "one MAC is two ops; energies are counts x table, with DRAM unless the key says chip"},
         {"figures", Json::array()},
         {"runs", Json::array()},
         {"winners", Json::array()}};
  for (const auto& f : compared_figures())
    j["figures"].push_back({{"name", std::string(f.name)},
                            {"title", std::string(f.title)},
                            {"unit", std::string(f.unit)},
                            {"better", std::string(name_of(f.ahead))}});
  for (const auto& r : c.runs) j["runs"].push_back(run_json(r));
  for (const auto& w : winners(c)) {
    const auto& first = c.runs[w.runs.front()];
    Json labels = Json::array();
    for (const auto i : w.runs) labels.push_back(c.runs[i].label);
    j["winners"].push_back({{"workload", first.workload},
                            {"batch", first.batch},
                            {"figure", std::string(compared_figures()[w.figure].name)},
                            {"runs", labels}});
  }
  if (!c.scenarios.empty()) j["scenarios"] = Json::array();
  for (const auto& s : c.scenarios)
    j["scenarios"].push_back({{"label", s.label}, {"directory", s.directory}, {"kind", s.kind}, {"name", s.name}});
  return j.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// Names of what any run has, in order of first appearance.
template <class Of>
static std::vector<std::string> names_in(const Comparison& c, Of of) {
  std::vector<std::string> all;
  for (const auto& r : c.runs)
    for (const auto& one : of(r))
      if (!std::ranges::count(all, one.name)) all.push_back(one.name);
  return all;
}

static std::string number(const std::optional<double>& value) { return value ? fmt::format(",{}", *value) : ","; }

template <class One>
static const One* named(const std::vector<One>& all, const std::string& name) {
  const auto it = std::ranges::find(all, name, &One::name);
  return it == all.end() ? nullptr : &*it;
}

std::string to_csv(const Comparison& c) {
  const auto targets = names_in(c, [](const ComparedRun& r) { return r.targets; });
  const auto baselines = names_in(c, [](const ComparedRun& r) { return r.baselines; });
  std::string text = "label,directory,architecture,workload,batch,on_host,left_out,sound";
  for (const auto& f : compared_figures()) text += fmt::format(",{}", f.name);
  for (const auto& t : targets)
    text += "," + csv_field("target_" + t) + "," + csv_field("target_" + t + "_met") + "," +
            csv_field("target_" + t + "_margin");
  for (const auto& b : baselines)
    for (const char* what : {"speedup_over", "energy_ratio", "energy_ratio_chip"})
      text += "," + csv_field(fmt::format("{}_{}", what, b));
  text += ",best_of\r\n";
  for (std::size_t i = 0; i < c.runs.size(); ++i) {
    const auto& r = c.runs[i];
    text +=
        fmt::format("{},{},{},{},{},{},{},{}", csv_field(r.label), csv_field(r.directory), csv_field(r.architecture),
                    csv_field(r.workload), r.batch, csv_field(fmt::format("{}", fmt::join(r.on_host, ";"))),
                    csv_field(fmt::format("{}", fmt::join(r.left_out, ";"))), r.sound);
    for (const auto& v : r.values) text += number(v);
    for (const auto& name : targets) {
      const auto* t = named(r.targets, name);
      text += t ? fmt::format(",{},{},{}", t->wanted, t->met, t->margin) : ",,,";
    }
    for (const auto& name : baselines) {
      const auto* b = named(r.baselines, name);
      text += b ? number(b->speedup) + number(b->energy_ratio) + number(b->energy_ratio_chip) : ",,,";
    }
    std::vector<std::string_view> best;
    for (std::size_t f = 0; f < compared_figures().size(); ++f)
      if (c.is_best(i, f)) best.push_back(compared_figures()[f].name);
    text += fmt::format(",{}\r\n", fmt::join(best, ";"));
  }
  return text;
}

}  // namespace eyrie
