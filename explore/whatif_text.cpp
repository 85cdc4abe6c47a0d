#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/grouped.hpp"
#include "explore/whatif.hpp"
#include "report/csv_field.hpp"
#include "report/digits.hpp"
#include "report/markdown_parts.hpp"

namespace eyrie {

namespace {

using Row = std::vector<std::string>;

constexpr std::size_t kNames = 2;  ///< columns that stand left: number, change

std::optional<double> figure(const MachineFigures& f, std::string_view name) {
  return f.all.at(static_cast<std::size_t>(std::ranges::find(measures(), name, &Measure::name) - measures().begin()));
}

/// How a figure moves, in per cent: what is saved stands below 0.
std::string moved(double gain) {
  const double percent = -100 * gain;
  return std::abs(percent) < 0.05 ? "0.0 %" : fmt::format("{:+.1f} %", percent);
}

std::string more_area(const AreaChange& a) {
  switch (a.knowledge) {
    case AreaKnowledge::Known:
      return std::abs(a.mm2) < 5e-7 ? "0" : fmt::format("{:+.4g}", a.mm2);
    case AreaKnowledge::AtLeast:
      return fmt::format("{:+.4g} or {}", a.mm2, a.mm2 > 0 ? "more" : "less");
    case AreaKnowledge::NotPriced:
      return "not priced";
    case AreaKnowledge::Unknown:
      return "unknown";
  }
  return {};
}

std::string a_mm2(const std::optional<double>& gain, const AreaChange& a) {
  if (!gain) return "-";
  if (std::abs(*gain) < 5e-7) return "0 %";
  return fmt::format("{}{:+.3g} %", a.knowledge == AreaKnowledge::AtLeast ? "at most " : "", 100 * *gain);
}

std::string mappings(const ChangeOutcome& c) {
  return (c.remapped == 0 ? "same" : fmt::format("{} of {} anew", c.remapped, c.layers)) +
         (c.not_proven == 0 ? "" : fmt::format(", {} not proven", c.not_proven));
}

Row head() {
  return {"#",
          "change",
          "cycles",
          "latency",
          "energy",
          "energy x latency",
          "area [mm2]",
          "latency gain a mm2",
          "energy gain a mm2",
          "mappings"};
}

Row row_of(const ChangeOutcome& c, std::size_t place) {
  return {std::to_string(place),
          c.change.name + ": " + c.change.title,
          moved(c.gains.cycles),
          moved(c.gains.latency),
          moved(c.gains.energy),
          moved(c.gains.edp),
          more_area(c.area),
          a_mm2(c.latency_per_mm2, c.area),
          a_mm2(c.energy_per_mm2, c.area),
          mappings(c)};
}

std::string padded(const std::vector<Row>& rows, const std::vector<std::size_t>& width, std::size_t i) {
  std::string text;
  for (std::size_t k = 0; k < rows[i].size(); ++k)
    text += k == 1 ? fmt::format("{:<{}}  ", rows[i][k], width[k])
                   : fmt::format("{:>{}}{}", rows[i][k], width[k], k + 1 < rows[i].size() ? "  " : "");
  return text + "\n";
}

std::vector<std::size_t> widths(const std::vector<Row>& rows) {
  std::vector<std::size_t> width(rows.front().size());
  for (const auto& r : rows)
    for (std::size_t k = 0; k < r.size(); ++k) width[k] = std::max(width[k], r[k].size());
  return width;
}

/// How the head of a standing is told where no area is known at all.
std::string title_of(ChangeStanding s, const WhatIf& w) {
  if (!w.area.mm2 && s == ChangeStanding::Unpriced) return "better: by gain alone";
  if (!w.area.mm2 && s == ChangeStanding::Same) return "the same";
  if (!w.area.mm2 && s == ChangeStanding::Worse) return "worse";
  return std::string(std::ranges::find(names<ChangeStanding>::table, s, &Name<ChangeStanding>::value)->what);
}

std::string setup(const WhatIf& w) {
  return fmt::format(
      "{}, batch {}, every machine mapped for least {}; {}", fmt::join(w.workloads, ", "), w.batch, w.objective,
      w.fidelity == PointFidelity::Simulated ? "simulated" : "closed form, nothing but the baseline simulated");
}

std::string baseline_of(const MachineFigures& f) {
  const auto whole = [](const std::optional<double>& v) {
    return v ? grouped(static_cast<std::int64_t>(std::llround(*v)), " ") : std::string("-");
  };
  return fmt::format("{} cycles, {} ms, {} uJ an inference", whole(figure(f, "cycles")), digits(figure(f, "latency")),
                     digits(figure(f, "energy")));
}

std::string area_of(const WhatIf& w) {
  if (!w.area.mm2) return fmt::format("{} has no areas: changes are ranked by gain alone", w.energy_table);
  if (w.area.unknown.empty()) return fmt::format("{:.4g} mm2 without DRAM", *w.area.mm2);
  return fmt::format("at least {:.4g} mm2 without DRAM; {} has no area of {}", *w.area.mm2, w.energy_table,
                     fmt::join(w.area.unknown, ", "));
}

/// What all readers must know of the figures above a table, a line each.
std::vector<std::string> lines_above(const WhatIf& w) {
  std::vector<std::string> all{setup(w)};
  all.push_back("baseline: " + baseline_of(w.baseline));
  if (w.baseline_simulated) all.push_back("baseline, simulated: " + baseline_of(*w.baseline_simulated));
  if (w.baseline_not_proven > 0)
    all.push_back(fmt::format("baseline: mappings of {} layers are not proven best, their search stopped at its limit",
                              w.baseline_not_proven));
  if (w.workloads.size() > 1) all.emplace_back("figures of several networks are geometric means");
  all.push_back("area: " + area_of(w));
  all.push_back(fmt::format("ranked by {}; less than {} % counts as none",
                            std::ranges::find(names<RankBy>::table, w.by, &Name<RankBy>::value)->what, 100 * kNoGain));
  return all;
}

std::string reason_of(const ChangeOutcome& c) {
  return fmt::format("{}: {}: {}", c.change.name, name_of(c.status), c.reason);
}

/// Calls `group(standing, first, end)` for each standing that there is.
template <class Group>
void each_standing(const WhatIf& w, Group group) {
  for (std::size_t i = 0; i < w.ranked.size();) {
    std::size_t end = i;
    while (end < w.ranked.size() && w.ranked[end].standing == w.ranked[i].standing) ++end;
    group(w.ranked[i].standing, i, end);
    i = end;
  }
}

/// How a change is repeated: by what comes to the baseline's command or, as options stand there once, by its own.
std::vector<std::string> repeating(const ChangeOutcome& o) {
  if (std::ranges::any_of(o.change.set, [](const auto& s) { return s.starts_with("experiment."); })) return o.commands;
  std::string text;
  for (const auto& s : o.change.set) text += fmt::format("{}--set '{}'", text.empty() ? "" : " ", s);
  return {text};
}

}  // namespace

std::string to_table(const WhatIf& w) {
  std::string text = fmt::format("{}: {}\n", w.architecture, w.title);
  for (const auto& line : lines_above(w)) text += line + "\n";
  std::vector<Row> rows{head()};
  for (std::size_t i = 0; i < w.ranked.size(); ++i) rows.push_back(row_of(w.ranked[i], i + 1));
  const auto width = widths(rows);
  text += "\n" + padded(rows, width, 0);
  each_standing(w, [&](ChangeStanding s, std::size_t first, std::size_t end) {
    text += fmt::format("\n{}\n", title_of(s, w));
    for (std::size_t i = first; i < end; ++i) text += padded(rows, width, i + 1);
  });
  if (!w.failed.empty()) text += fmt::format("\nwithout figures ({}):\n", w.failed.size());
  for (const auto& c : w.failed) text += "  " + reason_of(c) + "\n";
  text += "\nto repeat one:\n";
  for (const auto& c : w.commands) text += "  " + c + " SET\nwith SET\n";
  for (std::size_t i = 0; i < w.ranked.size(); ++i)
    for (const auto& how : repeating(w.ranked[i])) text += fmt::format("{:>{}}  {}\n", i + 1, width[0], how);
  return text;
}

std::string to_markdown(const WhatIf& w) {
  std::string text = fmt::format("# What if: {}\n\n{}\n\n", markdown::plain(w.architecture), markdown::plain(w.title));
  for (const auto& line : lines_above(w)) text += "- " + markdown::plain(line) + "\n";
  each_standing(w, [&](ChangeStanding s, std::size_t first, std::size_t end) {
    std::vector<Row> rows;
    for (std::size_t i = first; i < end; ++i) {
      rows.push_back(row_of(w.ranked[i], i + 1));
      rows.back()[1] = markdown::plain(rows.back()[1]);
    }
    text += fmt::format("\n## {}\n\n{}", markdown::plain(title_of(s, w)), markdown::table(head(), rows, kNames));
  });
  if (!w.failed.empty()) text += "\n## No figures\n\n";
  for (const auto& c : w.failed) text += "- " + markdown::plain(reason_of(c)) + "\n";
  text += "\n## To repeat one\n\n```\n";
  for (const auto& c : w.commands) text += c + " SET\n";
  for (std::size_t i = 0; i < w.ranked.size(); ++i)
    for (const auto& how : repeating(w.ranked[i])) text += fmt::format("# {}: {}\n", i + 1, how);
  return text + "```\n";
}

std::string to_csv(const WhatIf& w) {
  std::string text =
      "rank,name,title,set,status,reason,standing,cycles gain [%],latency gain [%],energy gain [%],energy x latency "
      "gain "
      "[%],area knowledge,area added [mm2],latency gain a mm2 [%/mm2],energy gain a mm2 [%/mm2],layers,layers "
      "remapped,layers not proven";
  for (const auto& m : measures()) text += "," + csv_field(fmt::format("{} [{}]", m.name, m.unit));
  text += "\r\n";
  const auto number = [](const std::optional<double>& v, double factor = 1) {
    return v ? fmt::format("{}", *v * factor) : std::string();
  };
  const auto begin = [&](const ChangeOutcome& c, const std::string& place) {
    text += fmt::format("{},{},{},{},{},{}", place, csv_field(c.change.name), csv_field(c.change.title),
                        csv_field(fmt::format("{}", fmt::join(c.change.set, "; "))), name_of(c.status),
                        csv_field(c.reason));
  };
  for (std::size_t i = 0; i < w.ranked.size(); ++i) {
    const auto& c = w.ranked[i];
    const bool told = c.area.knowledge == AreaKnowledge::Known || c.area.knowledge == AreaKnowledge::AtLeast;
    begin(c, std::to_string(i + 1));
    text += fmt::format(",{},{},{},{},{},{},{},{},{},{},{},{}", name_of(c.standing), 100 * c.gains.cycles,
                        100 * c.gains.latency, 100 * c.gains.energy, 100 * c.gains.edp, name_of(c.area.knowledge),
                        told ? fmt::format("{}", c.area.mm2) : std::string(), number(c.latency_per_mm2, 100),
                        number(c.energy_per_mm2, 100), c.layers, c.remapped, c.not_proven);
    for (const auto& v : c.figures.all) text += "," + number(v);
    text += "\r\n";
  }
  for (const auto& c : w.failed) {
    begin(c, "");
    text += std::string(12 + measures().size(), ',') + "\r\n";
  }
  return text;
}

}  // namespace eyrie
