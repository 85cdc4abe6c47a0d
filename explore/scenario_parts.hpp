#pragma once

// Internal to explore: what renderings of scenarios have in common.

#include <nlohmann/json.hpp>
#include <string>

#include "explore/scenario.hpp"
#include "report/csv_field.hpp"

namespace eyrie {

using ScenarioJson = nlohmann::ordered_json;

inline double in_ms(Seconds t) { return t.count() * 1e3; }
inline double in_uj(Picojoules e) { return e.count() * 1e-6; }
inline double in_mj(Picojoules e) { return e.count() * 1e-9; }

/// schema, version, kind, name, title, figures and what is not modelled.
ScenarioJson head_json(const ScenarioHead&, const char* kind);
/// As results are written: indented, whatever bytes names hold.
std::string text_of(const ScenarioJson&);
/// Figures by how much they can be trusted, and what is not modelled, a line each.
std::string trust_lines(const ScenarioHead&);
/// What is not modelled, as one field.
std::string csv_not_modelled(const ScenarioHead&);

/// Mean, median, percentile of anything that has them.
template <class L>
ScenarioJson latency_json(const L& latency, double percentile) {
  return {{"mean", in_ms(mean_of(latency))},
          {"p50", in_ms(quantile(latency, 0.5))},
          {"percentile", in_ms(quantile(latency, percentile / 100))}};
}

/// A deadline beside a latency: by its mean, at the percentile, and the share of inputs within it.
template <class L>
ScenarioJson deadline_json(const L& latency, double percentile, Seconds deadline) {
  return {{"share_within", share_within(latency, deadline)},
          {"mean_met", mean_of(latency) <= deadline},
          {"percentile_met", quantile(latency, percentile / 100) <= deadline}};
}

/// "met", "missed", or "mean only".
template <class L>
std::string verdict_word(const L& latency, double percentile, Seconds deadline) {
  const bool mean = mean_of(latency) <= deadline, tail = quantile(latency, percentile / 100) <= deadline;
  return tail && mean ? "met" : mean ? "mean only" : tail ? "not by mean" : "missed";
}

}  // namespace eyrie
