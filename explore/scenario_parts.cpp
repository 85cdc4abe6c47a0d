#include "explore/scenario_parts.hpp"

#include <fmt/format.h>

#include "report/experiment_result.hpp"

namespace eyrie {

ScenarioJson head_json(const ScenarioHead& head, const char* kind) {
  ScenarioJson j{{"schema", kScenarioSchema},
                 {"eyrie_version", kVersion},
                 {"kind", kind},
                 {"name", head.name},
                 {"title", head.title},
                 {"units", "one MAC is two ops; energy of chips with DRAM, counts x table; latencies without queues"}};
  j["workloads"] = ScenarioJson::array();
  for (const auto& w : head.workloads)
    j["workloads"].push_back({{"name", w.name}, {"provenance", w.provenance}, {"source", w.source}});
  j["figures"] = ScenarioJson::array();
  for (const auto& f : head.figures)
    j["figures"].push_back({{"key", f.key},
                            {"value", f.value},
                            {"unit", f.unit},
                            {"source", f.source},
                            {"confidence", std::string(name_of(f.confidence))},
                            {"note", f.note}});
  j["not_modelled"] = head.not_modelled;
  return j;
}

std::string text_of(const ScenarioJson& j) {
  return j.dump(2, ' ', false, ScenarioJson::error_handler_t::replace) + "\n";
}

/// Words joined by commas, in lines of 118 columns, all but the first indented.
static std::string wrapped(const std::string& head, const std::vector<std::string>& words) {
  std::string text, line = head;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto word = words[i] + (i + 1 < words.size() ? "," : "");
    if (line.size() + 1 + word.size() > 118) {
      text += line + "\n";
      line = "  ";
    }
    line += " " + word;
  }
  return text + line + "\n";
}

std::string trust_lines(const ScenarioHead& head) {
  std::string text;
  for (const auto& row : names<Confidence>::table) {
    std::vector<std::string> keys;
    for (const auto& f : head.figures)
      if (f.confidence == row.value) keys.push_back(f.key);
    if (!keys.empty()) text += wrapped(fmt::format("{}:", row.name), keys);
  }
  for (const auto& w : head.workloads)
    if (w.provenance != "published")
      text += fmt::format("{}: {}\n", w.provenance.empty() ? "provenance not stated" : w.provenance, w.name);
  if (!head.not_modelled.empty()) text += wrapped("cost not modelled, counted as free:", head.not_modelled);
  return text;
}

std::string csv_not_modelled(const ScenarioHead& head) {
  return csv_field(fmt::format("{}", fmt::join(head.not_modelled, "; ")));
}

}  // namespace eyrie
