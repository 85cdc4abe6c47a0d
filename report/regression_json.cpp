#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/regression_parts.hpp"

namespace eyrie {

namespace {

using Json = nlohmann::ordered_json;

/// On one line.
std::string flat(const Json& j) { return j.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// `"key": value` pairs on one line.
std::string pairs(const Json& object) {
  std::string text;
  for (const auto& [key, value] : object.items())
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", flat(key), flat(value));
  return text;
}

/// A whole number is written as one: 12 and not 12.0.
Json number(double value) {
  constexpr double kExact = 9007199254740992;  // 2^53
  const bool whole = value == static_cast<double>(static_cast<std::int64_t>(value)) && value < kExact;
  return whole ? Json(static_cast<std::int64_t>(value)) : Json(value);
}

Json asked_json(const AskedRun& asked) {
  Json j = Json::object();
  for (const auto& [key, member] : kAskedTexts)
    if (!(asked.*member).empty()) j[std::string(key)] = asked.*member;
  for (const auto& n : kAskedNumbers)
    if (asked.*n.member) j[std::string(n.key)] = *(asked.*n.member);
  for (const auto& [key, member] : kAskedLists)
    if (!(asked.*member).empty()) j[std::string(key)] = asked.*member;
  return j;
}

Json row_of(const RecordedCount& r) { return {r.component, r.tensor, r.action, r.words, r.bytes}; }
Json row_of(const RecordedEnergy& r) { return {r.component, r.tensor, r.action, number(r.pj)}; }

/// Rows, a line a component.
template <class Row>
std::string rows(std::string_view key, const std::vector<Row>& all) {
  auto text = fmt::format("\n     \"{}\": [", key);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool begins = i == 0 || all[i].component != all[i - 1].component;
    text += (i > 0 ? "," : "") + std::string(begins ? "\n      " : " ") + flat(row_of(all[i]));
  }
  return text + "]";
}

std::string layer_text(const RecordedLayer& l) {
  Json head{{"name", l.name}, {"op", l.op}, {"place", l.place}};
  if (!l.on_machine()) return fmt::format("    {{{}}}", pairs(head));
  head["ofmap"] = l.ofmap;
  Json numbers = Json::object(), stack = Json::object();
  for (const auto& [key, member] : kLayerNumbers) numbers[std::string(key)] = l.*member;
  for (const auto& [cause, cycles] : l.stack) stack[cause] = cycles;
  return fmt::format("    {{{},\n     \"mapping\": {},\n     {},\n     \"cycle_stack\": {{{}}},", pairs(head),
                     flat(l.mapping), pairs(numbers), pairs(stack)) +
         rows("counts", l.counts) + "," + rows("energy_pj", l.energy) + "}";
}

std::string run_text(const RecordedRun& run) {
  auto text = fmt::format("  {{\"name\": {},\n   \"asked\": {{{}}},\n   \"totals\": {{", flat(run.name),
                          pairs(asked_json(run.asked)));
  Json totals = Json::object();
  for (const auto& [key, member] : kTotalNumbers) totals[std::string(key)] = run.totals.*member;
  for (const auto& [key, member] : kTotalEnergies) totals[std::string(key)] = number(run.totals.*member);
  text += pairs(totals) + "},\n   \"layers\": [";
  for (std::size_t i = 0; i < run.layers.size(); ++i) text += (i > 0 ? ",\n" : "\n") + layer_text(run.layers[i]);
  return text + "]}";
}

}  // namespace

std::string to_json(const Regression& all) {
  auto text = fmt::format("{{\n \"schema\": \"{}\",\n \"experiments\": [", kRegressionSchema);
  for (std::size_t i = 0; i < all.experiments.size(); ++i)
    text += (i > 0 ? ",\n" : "\n") + run_text(all.experiments[i]);
  return text + "]\n}\n";
}

}  // namespace eyrie
