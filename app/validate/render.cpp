#include "app/validate/render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <ranges>

#include "base/grouped.hpp"
#include "report/csv_field.hpp"

namespace eyrie {

std::string shown(double value) {
  if (!std::isfinite(value)) return "-";
  if (value == std::round(value) && std::abs(value) < 9e15) return grouped(static_cast<std::int64_t>(value), ",");
  return std::abs(value) >= 1e5 && std::abs(value) < 9e15 ? grouped(std::llround(value), ",")
                                                          : fmt::format("{:.5g}", value);
}

std::string shown_error(const RowVerdict& r) {
  if (!std::isfinite(r.ours)) return "-";
  if (r.tolerance.starts_with("factor") && r.published != 0) return fmt::format("x {:.2f}", r.ours / r.published);
  const auto error = r.error();
  if (!error) return r.ours == 0 ? "0 %" : "-";
  if (std::abs(r.difference()) <= 1e-9 * std::abs(r.published)) return "0 %";
  if (std::abs(r.difference()) < 5e-5 * std::abs(r.published)) return "0.00 %";
  return fmt::format("{:+.{}f} %", 100 * *error, std::abs(*error) < 0.0095 ? 2 : 1);
}

namespace {

std::string_view verdict_word(const RowVerdict& r) { return !r.judged ? "shown" : r.inside ? "inside" : "OUTSIDE"; }

std::string summary(const SuiteVerdict& s) {
  const auto shown_only = s.rows.size() - s.judged();
  return fmt::format("{} of {} rows inside their tolerance{}", s.inside(), s.judged(),
                     shown_only > 0 ? fmt::format(", {} more shown", shown_only) : "");
}

/// A column's name with its unit, where the name doesn't end in it.
std::string headed(const RowVerdict& r) {
  std::string unit = r.unit;
  std::ranges::transform(unit, unit.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const bool said = unit.empty() || r.column.ends_with("_" + unit) || r.column.ends_with(unit) || unit == "%" ||
                    r.column.starts_with(unit) || r.column.starts_with("buffer_kib");
  return said ? r.column : fmt::format("{}, {}", r.column, r.unit);
}

std::string rows_table(const SuiteVerdict& s) {
  struct Cells {
    std::string experiment, layer, column, published, ours, error, tolerance;
  };
  std::vector<Cells> all{{"experiment", "layer", "column", "published", "ours", "error", "allowed"}};
  for (const auto& r : s.rows)
    all.push_back({r.experiment, r.layer, headed(r), shown(r.published), shown(r.ours), shown_error(r), r.tolerance});
  const auto w = [&](std::string Cells::*cell) {
    return std::ranges::max(all | std::views::transform([&](const Cells& c) { return (c.*cell).size(); }));
  };
  std::string text;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& c = all[i];
    text += fmt::format("{:<{}} {:<{}} {:<{}} {:>{}} {:>{}} {:>{}} {:>{}} {:<7} {}\n", c.experiment,
                        w(&Cells::experiment), c.layer, w(&Cells::layer), c.column, w(&Cells::column), c.published,
                        w(&Cells::published), c.ours, w(&Cells::ours), c.error, w(&Cells::error), c.tolerance,
                        w(&Cells::tolerance), i == 0 ? "verdict" : verdict_word(s.rows[i - 1]),
                        i == 0 ? "confidence" : name_of(s.rows[i - 1].confidence));
  }
  return text;
}

/// The errors of the other columns of the same layer: which counts are right when a time is not, and the like.
std::string beside(const SuiteVerdict& s, const RowVerdict& row) {
  std::string text;
  for (const auto& r : s.rows)
    if (r.experiment == row.experiment && r.layer == row.layer && r.column != row.column)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", r.column, shown_error(r));
  return text.empty() ? text : fmt::format("  beside it: {}\n", text);
}

/// What could explain a row that is outside.
std::string explanation(const SuiteVerdict& s, const RowVerdict& r) {
  std::string text =
      fmt::format("{} {} {}: ours {} {}, published {} ({}), tolerance {}; {}\n", r.experiment, r.layer, r.column,
                  shown(r.ours), r.unit, shown(r.published), shown_error(r), r.tolerance, r.source);
  if (!r.note.empty()) text += fmt::format("  {}\n", r.note);
  if (r.explanations.empty()) text += "  the figure has no parts that could be told apart\n";
  for (const auto& e : r.explanations)
    text += fmt::format("  {:<14} {:>10} {}; without it {}{}\n", e.part, shown(e.value), r.unit, shown(e.without),
                        r.published == 0 ? "" : fmt::format(" ({:+.1f} %)", 100 * (e.without / r.published - 1)));
  return text + beside(s, r);
}

nlohmann::ordered_json json_of(const RowVerdict& r) {
  nlohmann::ordered_json j{{"experiment", r.experiment},
                           {"layer", r.layer},
                           {"column", r.column},
                           {"unit", r.unit},
                           {"published", r.published},
                           {"ours", std::isfinite(r.ours) ? nlohmann::ordered_json(r.ours) : nullptr},
                           {"error", r.error() && std::isfinite(r.ours) ? nlohmann::ordered_json(*r.error()) : nullptr},
                           {"tolerance", r.tolerance},
                           {"judged", r.judged},
                           {"inside", r.inside},
                           {"confidence", std::string(name_of(r.confidence))},
                           {"origin", r.origin},
                           {"source", r.source}};
  if (!r.note.empty()) j["note"] = r.note;
  for (const auto& e : r.explanations)
    j["explanations"].push_back({{"part", e.part}, {"value", e.value}, {"without", e.without}});
  return j;
}

}  // namespace

std::string to_table(const std::vector<SuiteVerdict>& suites) {
  std::string text;
  for (const auto& s : suites) {
    text += fmt::format("{}{}: {}\n{}\n\n", text.empty() ? "" : "\n", s.name, s.title, s.source) + rows_table(s);
    for (const auto& t : s.troubles) text += fmt::format("\nno figures: {}\n", t);
    if (s.inside() < s.judged()) text += "\nWhat could explain the rows outside, by what our figure is made of:\n";
    for (const auto& r : s.rows)
      if (!r.inside) text += explanation(s, r);
    for (const auto& n : s.not_reproduced) text += fmt::format("\nnot reproduced: {}: {}", n.what, n.reason);
    text += fmt::format("{}{}: {}; {:.1f} s\n", s.not_reproduced.empty() ? "\n" : "\n\n", s.name, summary(s), s.wall_s);
  }
  return text;
}

std::string to_json(const std::vector<SuiteVerdict>& suites) {
  nlohmann::ordered_json all{{"schema", "eyrie.validation/1"}, {"eyrie_version", kVersion}};
  bool holds = true;
  for (const auto& s : suites) {
    nlohmann::ordered_json j{{"name", s.name},       {"title", s.title},     {"source", s.source}, {"holds", s.holds()},
                             {"judged", s.judged()}, {"inside", s.inside()}, {"wall_s", s.wall_s}};
    j["troubles"] = s.troubles;
    for (const auto& r : s.rows) j["rows"].push_back(json_of(r));
    j["not_reproduced"] = nlohmann::ordered_json::array();
    for (const auto& n : s.not_reproduced) j["not_reproduced"].push_back({{"what", n.what}, {"reason", n.reason}});
    all["suites"].push_back(std::move(j));
    holds = holds && s.holds();
  }
  all["holds"] = holds;
  return all.dump(2) + "\n";
}

std::string to_csv(const std::vector<SuiteVerdict>& suites) {
  std::string text =
      "suite,experiment,column,published,ours,error,verdict,confidence,unit,layer,tolerance,source,note\n";
  for (const auto& s : suites)
    for (const auto& r : s.rows)
      text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{}\n", s.name, r.experiment, r.column, r.published,
                          std::isfinite(r.ours) ? fmt::format("{}", r.ours) : "",
                          r.error() && std::isfinite(r.ours) ? fmt::format("{:.6g}", *r.error()) : "", verdict_word(r),
                          name_of(r.confidence), csv_field(r.unit), csv_field(r.layer), csv_field(r.tolerance),
                          csv_field(r.source), csv_field(r.note));
  return text;
}

/// A cell of a Markdown table.
static std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, 1, '\\');
  return text;
}

std::string to_markdown(const std::vector<SuiteVerdict>& suites, const std::string& images) {
  std::string text;
  for (const auto& s : suites) {
    text += fmt::format("## {}\n\n{}. Source: {}. {}.\n\n", s.name, s.title, s.source, summary(s));
    if (!s.about.empty()) text += s.about + "\n\n";
    text += fmt::format("![ours over published, {}]({}/validation_{}.svg)\n\n", s.name, images, s.name);
    for (const auto& t : s.troubles) text += fmt::format("No figures: {}\n\n", t);
    text += "| experiment | layer | column | published | ours | error | tolerance | verdict | confidence | note |\n";
    text += "|---|---|---|---:|---:|---:|---|---|---|---|\n";
    for (const auto& r : s.rows)
      text += fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", r.experiment, cell(r.layer),
                          headed(r), shown(r.published), shown(r.ours), shown_error(r), r.tolerance, verdict_word(r),
                          name_of(r.confidence), cell(r.note));
    if (!s.not_reproduced.empty()) text += "\nNot reproduced:\n\n";
    for (const auto& n : s.not_reproduced) text += fmt::format("- {}: {}\n", n.what, n.reason);
    text += "\n";
  }
  return text;
}

}  // namespace eyrie
