#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/markdown_parts.hpp"
#include "report/regression_moves.hpp"
#include "report/regression_shown.hpp"

namespace eyrie {

namespace {

using markdown::plain;

std::string verdict_text(const RegressionVerdict& v) {
  if (!v.failure.empty()) return "**fails**";
  if (v.moved == 0) return "equal";
  return v.beyond > 0 ? "**beyond**" : "within";
}

/// How one of the totals went: "1234", "1234 → 1240 (+0.49 %)".
template <class Of>
std::string went(const RegressionVerdict& v, Of of) {
  const auto before = static_cast<double>(v.before.*of), now = static_cast<double>(v.now.*of);
  if (!v.failure.empty()) return fmt::format("{} → -", before);
  if (before == now) return fmt::format("{}", before);
  const FigureMove m{.layer = {}, .figure = {}, .before = before, .now = now, .why = {}};
  return fmt::format("{} → {} ({})", before, now, shown_percent(m.percent()));
}

std::string table_of_experiments(const RegressionMoves& all) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& v : all.experiments)
    rows.push_back({plain(v.experiment), verdict_text(v), went(v, &RecordedTotals::cycles),
                    went(v, &RecordedTotals::energy_pj), std::to_string(v.layers), std::to_string(v.figures),
                    std::to_string(v.moved), std::to_string(v.beyond), v.moved > 0 ? shown_percent(v.largest) : ""});
  return markdown::table(
      {"experiment", "verdict", "cycles", "energy, pJ", "layers", "figures", "moved", "beyond", "largest"}, rows, 2);
}

/// Text in a tag.
std::string in_html(const std::string& text) {
  std::string all;
  for (const char c : text) all += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
  return all;
}

std::string details_of_layer(const RegressionMoves& all, const std::string& experiment, const std::string& layer,
                             std::size_t most) {
  std::vector<std::vector<std::string>> rows;
  std::size_t left = 0;
  for (const auto& m : all.moves) {
    if (m.experiment != experiment || m.layer != layer) continue;
    if (rows.size() == most) {
      ++left;
      continue;
    }
    const auto change = m.before && m.now ? shown_percent(m.percent()) : m.why;
    rows.push_back({m.figure.empty() ? "" : "`" + m.figure + "`", shown_number(m.before), shown_number(m.now),
                    (m.beyond ? "**" : "") + plain(change) + (m.beyond ? "**" : "")});
  }
  std::string text = fmt::format("#### {}\n\n", plain(layer.empty() ? experiment : layer));
  if (!rows.empty()) text += markdown::table({"figure", "before", "now", "change"}, rows) + "\n";
  if (left > 0) text += fmt::format("and {} more\n\n", left);
  for (const auto& r : all.remapped)
    if (r.experiment == experiment && r.layer == layer)
      text +=
          fmt::format("Another mapping, which explains what moved:\n\n```diff\n- {}\n+ {}\n```\n\n", r.before, r.now);
  return text;
}

/// Layers of an experiment that something is to be said of, those of the largest moves first.
std::vector<std::string> layers_of(const RegressionMoves& all, const std::string& experiment) {
  std::vector<std::string> layers;
  const auto put = [&](const auto& told) {
    if (told.experiment == experiment && !std::ranges::count(layers, told.layer)) layers.push_back(told.layer);
  };
  for (const auto& m : all.moves) put(m);
  for (const auto& r : all.remapped) put(r);
  return layers;
}

}  // namespace

std::string to_markdown(const RegressionMoves& all, const std::string& title, std::size_t most) {
  auto text = fmt::format("## {}\n\n**{}**\n\n{}", plain(title), all.summary(), table_of_experiments(all));
  for (const auto& v : all.experiments) {
    const auto layers = layers_of(all, v.experiment);
    if (layers.empty()) continue;
    text += fmt::format("\n<details><summary>{}: {} moved, {} beyond the tolerance</summary>\n\n",
                        in_html(v.experiment), v.moved, v.beyond);
    for (const auto& layer : layers) text += details_of_layer(all, v.experiment, layer, most);
    text += "</details>\n";
  }
  return text;
}

}  // namespace eyrie
