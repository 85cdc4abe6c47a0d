#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "report/csv_field.hpp"
#include "report/regression_moves.hpp"
#include "report/regression_shown.hpp"

namespace eyrie {

using Json = nlohmann::ordered_json;

std::string shown_number(const std::optional<double>& value) { return value ? fmt::format("{}", *value) : "-"; }

std::string shown_percent(const std::optional<double>& percent) {
  if (!percent) return "-";
  if (std::isinf(*percent)) return "from 0";
  const double size = std::abs(*percent);
  return size < 0.01     ? fmt::format("{:+.2g} %", *percent)
         : size < 999.95 ? fmt::format("{:+.2f} %", *percent)
                         : fmt::format("{:+.0f} %", *percent);
}

/// Cells of a row of the table. What is said in words stands behind the columns.
static std::array<std::string, 6> cells(const FigureMove& m) {
  return {m.experiment,
          m.layer.empty() ? "-" : m.layer,
          m.figure.empty() ? "-" : m.figure,
          shown_number(m.before),
          shown_number(m.now),
          m.before || m.now ? (m.why.empty() ? shown_percent(m.percent()) : m.why) : m.why};
}

static std::string lines_of_remapped(const RegressionMoves& all) {
  std::string text;
  for (const auto& r : all.remapped)
    text += fmt::format("{}, {}: another mapping, which explains what moved in it\n", r.experiment, r.layer);
  return text;
}

std::string to_table(const RegressionMoves& all, std::size_t most) {
  std::vector<std::array<std::string, 6>> rows{{"experiment", "layer", "figure", "before", "now", "change"}};
  for (std::size_t i = 0; i < std::min(most, all.moves.size()); ++i) rows.push_back(cells(all.moves[i]));
  std::array<std::size_t, 5> width{};
  for (const auto& row : rows)
    for (std::size_t i = 0; i < width.size(); ++i) width[i] = std::max(width[i], row[i].size());
  std::string text;
  for (const auto& row : all.moves.empty() ? decltype(rows){} : rows)
    text += fmt::format("{:{}}  {:{}}  {:{}}  {:>{}}  {:>{}}  {}\n", row[0], width[0], row[1], width[1], row[2],
                        width[2], row[3], width[3], row[4], width[4], row[5]);
  if (all.moves.size() > most) text += fmt::format("and {} more, which --format csv has\n", all.moves.size() - most);
  return text + lines_of_remapped(all) + all.summary() + "\n";
}

std::string to_csv(const RegressionMoves& all) {
  std::string text = "experiment,layer,figure,kind,before,now,change_percent,beyond,remapped,why\r\n";
  const auto number = [](const std::optional<double>& v) {
    return v && std::isfinite(*v) ? fmt::format("{}", *v) : std::string();
  };
  for (const auto& m : all.moves)
    text += fmt::format("{},{},{},{},{},{},{},{},{},{}\r\n", csv_field(m.experiment), csv_field(m.layer),
                        csv_field(m.figure), name_of(m.kind), number(m.before), number(m.now), number(m.percent()),
                        m.beyond, all.remaps(m.experiment, m.layer), csv_field(m.why));
  return text;
}

static Json number_json(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

static Json totals_json(const RecordedTotals& t) {
  return {{"macs", t.macs},
          {"cycles", t.cycles},
          {"processing_cycles", t.processing_cycles},
          {"energy_pj", t.energy_pj},
          {"energy_chip_pj", t.energy_chip_pj}};
}

std::string to_json(const RegressionMoves& all) {
  Json j{{"schema", kMovesSchema},
         {"tolerance_percent",
          {{"cycles", all.tolerance.cycles}, {"counts", all.tolerance.counts}, {"energy", all.tolerance.energy}}},
         {"layers", all.layers()},
         {"figures", all.figures()},
         {"moved", all.moves.size()},
         {"beyond", all.beyond()},
         {"experiments", Json::array()},
         {"moves", Json::array()},
         {"remapped", Json::array()}};
  for (const auto& v : all.experiments) {
    j["experiments"].push_back({{"name", v.experiment},
                                {"layers", v.layers},
                                {"figures", v.figures},
                                {"moved", v.moved},
                                {"beyond", v.beyond},
                                {"before", totals_json(v.before)},
                                {"now", v.failure.empty() ? totals_json(v.now) : Json(nullptr)}});
    if (!v.failure.empty()) j["experiments"].back()["failure"] = v.failure;
  }
  for (const auto& m : all.moves) {
    j["moves"].push_back({{"experiment", m.experiment},
                          {"layer", m.layer},
                          {"figure", m.figure},
                          {"kind", std::string(name_of(m.kind))},
                          {"before", number_json(m.before)},
                          {"now", number_json(m.now)},
                          {"change_percent", number_json(m.percent())},
                          {"beyond", m.beyond}});
    if (!m.why.empty()) j["moves"].back()["why"] = m.why;
  }
  for (const auto& r : all.remapped)
    j["remapped"].push_back({{"experiment", r.experiment}, {"layer", r.layer}, {"before", r.before}, {"now", r.now}});
  return j.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace eyrie
