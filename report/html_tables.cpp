#include <fmt/format.h>

#include <algorithm>
#include "report/html_parts.hpp"
#include "report/html_sections.hpp"

namespace eyrie::html {

static const char* const kNone = "<span class=\"soft\">&ndash;</span>";

/// A figure per operation means nothing where there are no operations.
static std::string if_ops(const Figures& f, const std::string& text) { return f.macs.count() > 0 ? text : kNone; }

static std::vector<Cell> layer_cells(const Figures& f, const std::string& pes, const std::string& zeros) {
  const auto micro = [](Picojoules e) { return e.count() * 1e-6; };
  return {{if_ops(f, fmt::format("{:.1f}", static_cast<double>(f.macs.count()) * 1e-6))},
          {grouped((f.cycles.count() + 500) / 1000)},
          {fmt::format("{:.2f}", f.latency_s() * 1e3)},
          {pes},
          {fmt::format("{:.1f}", 100 * f.utilization())},
          {zeros},
          {fmt::format("{:.1f}", micro(f.energy.on_chip()))},
          {fmt::format("{:.1f}", micro(f.energy.dram))},
          {fmt::format("{:.0f}", f.power_mw(f.energy.on_chip()))},
          {fmt::format("{:.0f}", f.power_mw(f.energy.dram))},
          {if_ops(f, fmt::format("{:.2f}", f.gops()))},
          {if_ops(f, fmt::format("{:.3f}", f.tops_per_w(f.energy.on_chip())))},
          {if_ops(f, fmt::format("{:.3f}", f.tops_per_w(f.energy.total)))},
          {!f.checked          ? "<span class=\"bad\">not compared</span>"
           : f.mismatches == 0 ? "0"
                               : "<span class=\"bad\">" + grouped(f.mismatches) + "</span>"}};
}

static std::string layer_row(const LayerReport& l) {
  std::vector<Cell> cells{{escaped(l.name), "text"}, {escaped(l.op), "text"}};
  if (l.place != PlaceOf::Machine)
    return fmt::format(
        "<tr><td class=\"text\">{}</td><td class=\"text\">{}</td><td colspan=\"14\" class=\"text "
        "soft\">{}{}</td></tr>\n",
        escaped(l.name), escaped(l.op), l.place == PlaceOf::Host ? "on the host, cost not modelled: " : "",
        escaped(l.reason));
  const auto figures = layer_cells(l.figures, grouped(l.active_pes), fmt::format("{:.1f}", 100 * l.input_zeros));
  cells.insert(cells.end(), figures.begin(), figures.end());
  return row(cells);
}

std::string layer_section(const ExperimentResult& r) {
  const std::string head =
      "<tr><th rowspan=\"2\" class=\"text\">layer</th><th rowspan=\"2\" class=\"text\">op</th><th "
      "rowspan=\"2\">MMAC</th><th rowspan=\"2\">kcycles</th><th rowspan=\"2\">ms</th><th "
      "rowspan=\"2\">active<br>PEs</th><th rowspan=\"2\">utili-<br>zation %</th><th rowspan=\"2\">ifmap<br>zeros "
      "%</th><th colspan=\"2\" class=\"group\">energy &micro;J</th><th colspan=\"2\" class=\"group\">power mW</th><th "
      "rowspan=\"2\">GOP/s</th><th colspan=\"2\" class=\"group\">TOP/W</th><th rowspan=\"2\">wrong<br>words</th></tr>"
      "<tr><th>chip</th><th>DRAM</th><th>chip</th><th>DRAM</th><th>chip</th><th>with DRAM</th></tr>\n";
  std::string body;
  for (const auto& l : r.layers) body += layer_row(l);
  std::vector<Cell> total{{"total", "text"}, {""}};
  const auto figures = layer_cells(r.totals, "", "");
  total.insert(total.end(), figures.begin(), figures.end());
  return "<section id=\"layers\"><h2>Layers</h2>\n<p class=\"soft\">Utilization is MAC slots over all PE-cycles, zero "
         "inputs included. Pooling has no operations, so nothing per operation.</p>\n" +
         table(head, body, row(total)) + "</section>\n";
}

static std::string traffic_row(const std::string& name, const Figures& f) {
  const auto mb = [](Bytes n) {
    return n.count() == 0 ? std::string(kNone) : fmt::format("{:.3f}", static_cast<double>(n.count()) * 1e-6);
  };
  std::vector<Cell> cells{{escaped(name), "text"}};
  for (const auto* b : {&f.dram, &f.glb, &f.glb_dram_side}) {
    for (const Bytes n : {b->input, b->weight, b->output}) cells.push_back({mb(n)});
    cells.push_back({mb(b->total()), "whole"});
  }
  return row(cells);
}

std::string traffic_section(const ExperimentResult& r) {
  std::string head =
      "<tr><th rowspan=\"2\" class=\"text\">layer</th><th colspan=\"4\" class=\"group\">DRAM</th><th colspan=\"4\" "
      "class=\"group\">buffer, array side</th><th colspan=\"4\" class=\"group\">buffer, DRAM side</th></tr><tr>";
  for (int i = 0; i < 3; ++i) head += "<th>input</th><th>weight</th><th>output</th><th class=\"whole\">total</th>";
  head += "</tr>\n";
  std::string body;
  for (const auto* l : on_machine(r)) body += traffic_row(l->name, l->figures);
  return "<section id=\"traffic\"><h2>Memory traffic</h2>\n<p class=\"soft\">In MB of 10<sup>6</sup> bytes, simulated. "
         "DRAM bytes as they crossed the link, coded where the machine codes them. Output includes psums.</p>\n" +
         table(head, body, traffic_row("total", r.totals)) + "</section>\n";
}

static std::string shifts(const Arithmetic& a) {
  const auto& w = a.widths;
  return fmt::format("words of {}, {}, {} and {} b (ifmap, filter, psum, ofmap); product shift {}, output shift {}{}",
                     w.input.count(), w.weight.count(), w.psum.count(), w.output.count(), a.product_shift,
                     a.output_shift,
                     a.activation == Activation::None ? "" : fmt::format("; {}", name_of(a.activation)));
}

std::string mapping_section(const ExperimentResult& r) {
  std::string text =
      "<section id=\"mappings\"><h2>Mappings</h2>\n<p class=\"soft\">Each text is a mapping file that <code>eyrie "
      "simulate --mapping</code> reads.</p>\n";
  for (const auto* l : on_machine(r))
    text += folded(fmt::format("<b>{}</b> <span class=\"soft\">{} passes; {}, {}</span>", escaped(l->name),
                               grouped(l->passes), escaped(l->dataflow), escaped(l->mapping_origin)),
                   fmt::format("<p class=\"soft\">{}</p><pre>{}</pre>", shifts(l->arithmetic), escaped(l->mapping)));
  return text + "</section>\n";
}

/// How much of the energy rests on figures of each confidence, best first.
static std::string trust(const ExperimentResult& r, const std::vector<Picojoules>& charged) {
  std::string text;
  for (const auto& level : names<Confidence>::table) {
    Picojoules sum{};
    for (std::size_t i = 0; i < charged.size(); ++i)
      if (r.table.prices[i].confidence == level.value) sum += charged[i];
    const double share = 100 * sum.count() / std::max(1e-9, r.totals.energy.total.count());
    if (share > 0)
      text += fmt::format("{}<b>{:.1f} %</b> {} ({})", text.empty() ? "" : ", ", share, level.name, level.what);
  }
  return text;
}

std::string provenance_section(const ExperimentResult& r) {
  const auto charged = r.totals.energy.by_price(r.table.prices.size());
  std::string body;
  for (std::size_t i = 0; i < charged.size(); ++i) {
    const Price& p = r.table.prices[i];
    const auto per = p.per == Per::Word ? fmt::format("word of {} b", p.at.count()) : std::string(name_of(p.per));
    const double share = 100 * charged[i].count() / std::max(1e-9, r.totals.energy.total.count());
    body +=
        row({{escaped(p.component), "text"},
             {std::string(name_of(p.action)), "text"},
             {fmt::format("{}", p.energy.count())},
             {per, "text"},
             {share > 0 ? fmt::format("{:.1f}", share) : kNone},
             {fmt::format("<span class=\"mark {}\">{}</span>", name_of(p.confidence), name_of(p.confidence)), "text"},
             {escaped(p.source) + (p.note.empty() ? "" : "<br><span class=\"soft\">" + escaped(p.note) + "</span>"),
              "text wide"}});
  }
  return fmt::format(
             "<section id=\"provenance\"><h2>What the energy figures rest on</h2>\n<p class=\"soft\">Table {}: {:.0f} "
             "nm, {} V. By how well its prices are known, the energy of this run is {}.</p>\n",
             escaped(r.table.name), r.table.technology.nm, r.table.voltage.v, trust(r, charged)) +
         table(row({{"component", "text"},
                    {"action", "text"},
                    {"pJ"},
                    {"per", "text"},
                    {"share %"},
                    {"confidence", "text"},
                    {"source and note", "text"}},
                   "th"),
               body) +
         "</section>\n";
}

std::string reproduce_section(const ExperimentResult& r) {
  const auto& passes = r.host.advanced.passes;
  return fmt::format(
      "<section id=\"again\"><h2>To get this again</h2>\n<pre>{}</pre>\n<p class=\"soft\">Seed {}; Eyrie {}; schema "
      "{}. Simulated in {:.1f} s with {} {}: {} passes cycle by cycle, {} run ahead, {} replayed, {} cut; all other "
      "figures are the same whenever the command is run.</p></section>\n",
      escaped(r.settings.command), r.settings.seed, kVersion, kResultSchema, r.host.wall_s, r.host.jobs,
      r.host.jobs == 1 ? "process" : "processes", passes.stepped, passes.ahead, passes.replayed, passes.cut);
}

}  // namespace eyrie::html
