#include "app/validate/verdicts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

namespace eyrie {

std::optional<double> RowVerdict::error() const {
  if (published == 0) return std::nullopt;
  return difference() / published;
}

std::size_t SuiteVerdict::judged() const {
  return static_cast<std::size_t>(std::ranges::count_if(rows, [](const RowVerdict& r) { return r.judged; }));
}
std::size_t SuiteVerdict::inside() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(rows, [](const RowVerdict& r) { return r.judged && r.inside; }));
}

namespace {

std::size_t number_of(const Suite& suite, const std::string& experiment) {
  return static_cast<std::size_t>(std::ranges::find(suite.experiments, experiment, &SuiteExperiment::name) -
                                  suite.experiments.begin());
}

void check_row(const PublishedRow& r, const std::string& column, const MeasuredExperiment& m, Diagnostics& wrong) {
  auto layers = r.geomean;
  if (!r.layer.empty()) layers.push_back(r.layer);
  for (const auto& layer : layers) {
    auto w = m.wrong_layer(layer);
    if (!w && !m.wrong_column(column)) w = m.wrong_pair(column, layer);
    if (w) wrong.error(r.where, w->problem, w->remedy);
  }
}

/// A column that its experiments don't have is said once for the check, at its line.
void check_rows(const Check& c, const Suite& suite, const OpenSuite& all, Diagnostics& wrong) {
  bool said = false;
  for (const auto& r : c.rows) {
    const auto& m = all[number_of(suite, c.experiment_of(r))];
    if (!m) continue;
    if (const auto w = m->wrong_column(c.column); w && !std::exchange(said, true))
      wrong.error(c.where, w->problem, w->remedy);
    check_row(r, c.column, *m, wrong);
  }
}

/// Does a row ask for it, or for another that is compared with it?
bool is_wanted(const Suite& suite, const std::string& experiment) {
  if (std::ranges::count(suite.experiments, experiment, &SuiteExperiment::relative_to) > 0) return true;
  return std::ranges::any_of(suite.checks, [&](const Check& c) {
    return std::ranges::any_of(c.rows, [&](const PublishedRow& r) { return c.experiment_of(r) == experiment; });
  });
}

/// Ours, of a row; no number where its experiment failed.
Measured measured(const PublishedRow& row, const std::string& column, const MeasuredExperiment* m_or_none) {
  if (!m_or_none) return {.value = std::numeric_limits<double>::quiet_NaN(), .origin = "none", .parts = {}};
  const auto& m = *m_or_none;
  if (row.geomean.empty()) return m.read(row.layer, column);
  Measured all;
  double sum = 0;
  for (const auto& layer : row.geomean) {
    all = m.read(layer, column);
    sum += std::log(all.value);
  }
  return {std::exp(sum / static_cast<double>(row.geomean.size())), all.unit, all.origin, {}};
}

/// Measures one experiment and adds what went wrong with it. False if it was interrupted.
bool measure(MeasuredExperiment& m, const std::string& name, const MeasureOptions& options,
             std::vector<std::string>& troubles) {
  try {
    if (!m.measure(options)) return false;
    for (const auto& t : m.troubles()) troubles.push_back(fmt::format("{}: {}", name, t));
  } catch (const InputError& e) {  // no legal mapping, too little memory
    for (const auto& d : e.diagnostics()) troubles.push_back(fmt::format("{}: {}", name, to_string(d)));
  }
  return true;
}

std::vector<Suspect> explained(const Measured& ours, const RowVerdict& v) {
  std::vector<Suspect> all;
  for (const auto& part : ours.parts)
    if (std::abs(part.value) >= 0.1 * std::abs(v.difference()))
      all.push_back({part.what, part.value, ours.value - part.value});
  std::ranges::stable_sort(all, std::ranges::greater{}, &Suspect::value);
  return all;
}

RowVerdict compare(const Check& c, const PublishedRow& row, const MeasuredExperiment* m) {
  auto ours = measured(row, c.column, m);
  ours.value *= row.times;
  for (auto& part : ours.parts) part.value *= row.times;
  const auto tolerance = c.tolerance_of(row);
  RowVerdict v{.experiment = c.experiment_of(row),
               .layer = row.name(),
               .column = c.column,
               .unit = ours.unit,
               .origin = ours.origin,
               .source = row.source.value_or(c.source),
               .note = row.note.value_or(c.note),
               .confidence = row.confidence.value_or(c.confidence),
               .published = row.published,
               .ours = ours.value,
               .tolerance = row.tolerance.value_or(c.tolerance),
               .judged = !tolerance.shown,
               .inside = tolerance.allows(row.published, ours.value),
               .explanations = {}};
  if (!v.inside) v.explanations = explained(ours, v);
  return v;
}

}  // namespace

OpenSuite open_suite(const Suite& suite, const Catalogue& catalogue) {
  OpenSuite all;
  Diagnostics wrong;
  for (const auto& e : suite.experiments) {
    try {
      all.push_back(open_measurement(e, catalogue));
    } catch (const InputError& error) {
      all.emplace_back();
      for (const auto& d : error.diagnostics())  // what stands in no file of its own is said where it is asked for
        if (d.place.line > 0)
          wrong.error(d.place, d.problem, d.remedy);
        else
          wrong.error(e.where, d.place.file.empty() ? d.problem : d.place.file + ": " + d.problem, d.remedy);
    }
  }
  for (std::size_t i = 0; i < all.size(); ++i)
    if (const auto& other = suite.experiments[i].relative_to; all[i] && !other.empty())
      if (const auto& reference = all[number_of(suite, other)]) all[i]->set_reference(*reference);
  for (const auto& c : suite.checks) check_rows(c, suite, all, wrong);
  wrong.raise_if_any();
  return all;
}

std::optional<SuiteVerdict> validate(const Suite& suite, const OpenSuite& measurements, const MeasureOptions& options) {
  const auto began = std::chrono::steady_clock::now();
  SuiteVerdict all{.name = suite.name,
                   .title = suite.title,
                   .source = suite.source,
                   .about = suite.about,
                   .rows = {},
                   .not_reproduced = suite.not_reproduced};
  std::vector<bool> failed(measurements.size());
  for (std::size_t i = 0; i < measurements.size(); ++i) {
    if (!is_wanted(suite, suite.experiments[i].name)) continue;
    const auto before = all.troubles.size();
    if (!measure(*measurements[i], suite.experiments[i].name, options, all.troubles)) return std::nullopt;
    failed[i] = all.troubles.size() > before;
  }
  const auto usable = [&](const std::string& name) {
    const auto i = number_of(suite, name);
    const auto& other = suite.experiments[i].relative_to;
    return failed[i] || (!other.empty() && failed[number_of(suite, other)]) ? nullptr : measurements[i].get();
  };
  for (const auto& c : suite.checks)
    for (const auto& row : c.rows) all.rows.push_back(compare(c, row, usable(c.experiment_of(row))));
  all.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return all;
}

}  // namespace eyrie
