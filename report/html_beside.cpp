#include <fmt/format.h>

#include "report/html_parts.hpp"
#include "report/html_sections.hpp"

namespace eyrie::html {

static const char* const kNone = "<span class=\"soft\">&ndash;</span>";

static std::string figure(const std::optional<double>& value) {
  return value ? fmt::format("{:.4g}", *value) : std::string(kNone);
}

static std::string mark(Confidence c) {
  return fmt::format("<span class=\"mark {}\">{}</span>", name_of(c), name_of(c));
}

std::string targets_section(const ExperimentResult& r) {
  std::string body;
  for (const auto& v : r.targets)
    body +=
        row({{v.name, "text"},
             {fmt::format("{} {:.4g}", v.at_least ? "&ge;" : "&le;", v.wanted)},
             {fmt::format("{:.4g}", v.ours)},
             {v.unit, "text"},
             {v.basis, "text"},
             {fmt::format("{:+.1f}", 100 * v.margin)},
             {fmt::format("<span class=\"{}\">{}</span>", v.met ? "good" : "bad", v.met ? "met" : "missed"), "text"}});
  std::string text = "<section id=\"targets\"><h2>Targets</h2>\n";
  text += body.empty() ? "<p class=\"soft\">None were asked for.</p>\n"
                       : table(row({{"target", "text"},
                                    {"wanted"},
                                    {"ours"},
                                    {"unit", "text"},
                                    {"basis", "text"},
                                    {"margin %"},
                                    {"verdict", "text"}},
                                   "th"),
                               body);
  if (r.battery) text += "<p>" + escaped(to_text(*r.battery)) + ".</p>\n";
  return text + "</section>\n";
}

static std::string baseline_row(const BaselineComparison& c) {
  if (!c.by)
    return fmt::format("<tr><td class=\"text\">{}</td><td colspan=\"8\" class=\"text soft\">{}</td></tr>\n",
                       escaped(c.name), escaped(c.label));
  const bool same = !c.energy || c.by->energy_trust() == c.by->confidence;
  return row({{escaped(c.name), "text"},
              {figure(c.latency ? std::optional{c.latency->count() * 1e3} : std::nullopt)},
              {figure(c.energy ? std::optional{c.energy->count() * 1e-6} : std::nullopt)},
              {figure(c.by->gops_per_w())},
              {figure(c.speedup)},
              {figure(c.energy_ratio)},
              {figure(c.energy_ratio_chip)},
              {mark(c.by->confidence) + (same ? "" : ", energy " + mark(c.by->energy_trust())), "text"},
              {escaped(c.label), "text"}});
}

/// Joined by semicolons; empty ones leave nothing.
static std::string joined(const std::vector<std::string>& all) {
  std::string text;
  for (const auto& s : all)
    if (!s.empty()) text += (text.empty() ? "" : "; ") + s;
  return text;
}

/// What a processor is and what its figures rest on.
static std::string conditions_row(const BaselineComparison& c) {
  const auto of = c.power_of.empty() ? std::string() : "energy of: " + c.power_of;
  const auto measured = c.by ? joined({fmt::format("batch {}, {}", c.by->batch, c.by->said_precision()),
                                       c.by->conditions, of, c.note, c.by->note})
                             : joined({of, c.note});
  return row({{escaped(c.name), "text"},
              {escaped(c.title), "text wide"},
              {escaped(measured), "text wide"},
              {c.by ? escaped(c.by->source) : std::string(kNone), "text wide"}});
}

std::string baselines_section(const ExperimentResult& r) {
  std::string body, conditions;
  for (const auto& c : r.baselines) {
    body += baseline_row(c);
    conditions += conditions_row(c);
  }
  if (body.empty())
    return "<section id=\"baselines\"><h2>Baselines</h2>\n<p class=\"soft\">None were asked for.</p></section>\n";
  return "<section id=\"baselines\"><h2>Baselines</h2>\n<p class=\"soft\">Of one inference. Speed-up is their time "
         "over "
         "ours, an energy ratio their energy over ours: above 1 we are better. Theirs are published figures, without "
         "regard to node, voltage or precision.</p>\n" +
         table(row({{"processor", "text"},
                    {"ms"},
                    {"&micro;J"},
                    {"GOP/s/W"},
                    {"speed-up"},
                    {"energy ratio,<br>with DRAM"},
                    {"energy ratio,<br>chip only"},
                    {"confidence", "text"},
                    {"how compared", "text"}},
                   "th"),
               body) +
         folded("What they are, conditions and sources", table(row({{"processor", "text"},
                                                                    {"what it is", "text wide"},
                                                                    {"conditions", "text wide"},
                                                                    {"source", "text wide"}},
                                                                   "th"),
                                                               conditions)) +
         "</section>\n";
}

}  // namespace eyrie::html
