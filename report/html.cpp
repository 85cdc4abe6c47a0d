#include <fmt/format.h>

#include <algorithm>

#include "report/html_style.hpp"
#include "report/render.hpp"

namespace eyrie {

namespace {

std::string escaped(std::string_view text) {
  std::string all;
  for (const char c : text) switch (c) {
      case '&':
        all += "&amp;";
        break;
      case '<':
        all += "&lt;";
        break;
      case '>':
        all += "&gt;";
        break;
      case '"':
        all += "&quot;";
        break;
      case '\'':
        all += "&#39;";
        break;
      default:
        all += c;
    }
  return all;
}

/// 1234567 as 1 234 567, with thin spaces.
std::string grouped(std::int64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, "\u2009");
  return digits;
}

/// A share of a stacked bar.
struct Part {
  std::string name;
  double value = 0;
  std::string said;  ///< with its unit
};

std::string bar(const std::string& label, const std::vector<Part>& parts, double whole, const std::string& value) {
  std::string track, said = label;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].value <= 0) continue;
    const double share = 100 * parts[i].value / whole;
    const auto title = fmt::format("{}: {} ({:.1f} %)", parts[i].name, parts[i].said, share);
    track += fmt::format("<i style=\"width:{:.3f}%;background:{}\" title=\"{}\"></i>", share,
                         kColours[i % std::size(kColours)], escaped(title));
    said += "; " + title;
  }
  return fmt::format(
      "<div class=\"bar\"><span>{}</span><span class=\"track\" role=\"img\" aria-label=\"{}\">{}</span><span "
      "class=\"value\">{}</span></div>\n",
      escaped(label), escaped(said), track, value);
}

std::string legend(const std::vector<std::string>& all) {
  std::string text = "<ul class=\"legend\">";
  for (std::size_t i = 0; i < all.size(); ++i)
    text +=
        fmt::format("<li><i style=\"background:{}\"></i>{}</li>", kColours[i % std::size(kColours)], escaped(all[i]));
  return text + "</ul>\n";
}

std::string card(const std::string& what, const std::string& value, const std::string& unit,
                 const std::string& origin) {
  return fmt::format(
      "<div class=\"card\"><span class=\"what\">{}</span><b>{} <small>{}</small></b><div "
      "class=\"origin\">{}</div></div>\n",
      what, value, unit, origin);
}

class Page {
 public:
  explicit Page(const ExperimentResult& r) : r_{r} {
    for (const auto& l : r.layers)
      if (l.place == PlaceOf::Machine) machine_.push_back(&l);
  }

  std::string text() const {
    return fmt::format(
               "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
               "content=\"width=device-width,initial-scale=1\">"
               "<title>{} on {}</title><style>{}</style></head><body><main>\n",
               escaped(r_.workload), escaped(r_.architecture.name), kStyle) +
           head() + cycles() + layers() + energy("Energy by component", &EnergyReport::by_component) +
           energy("Energy by tensor", &EnergyReport::by_tensor) + traffic() + mappings() + provenance() + reproduce() +
           "</main></body></html>\n";
  }

 private:
  std::string head() const {
    const Figures& t = r_.totals;
    const auto verdict =
        t.mismatches == 0 ? std::string("<span class=\"good\">All ofmap words equal the reference, bit for bit.</span>")
                          : fmt::format("<span class=\"bad\">{} ofmap words differ from the reference.</span>",
                                        grouped(t.mismatches));
    std::string text = fmt::format(
        "<h1>{} on {}</h1>\n<p class=\"soft\">{} &middot; batch {} &middot; {} &middot; {:.0f} MHz &middot; {:.0f} nm "
        "&middot; {} PEs</p>\n<p>{}</p>\n",
        escaped(r_.workload_title.empty() ? r_.workload : r_.workload_title),
        escaped(r_.architecture.title.empty() ? r_.architecture.name : r_.architecture.title),
        escaped(r_.settings.dataflow), r_.batch, escaped(r_.settings.fidelity), r_.architecture.core().count() * 1e-6,
        r_.architecture.technology.nm, r_.architecture.pes(), verdict);
    const char* simulated = "simulated cycles / clock";
    const char* priced = "simulated counts &times; table";
    text += "<div class=\"cards\">\n";
    text += card("Latency of the batch", fmt::format("{:.2f}", t.latency_s() * 1e3), "ms", simulated);
    text += card("Throughput", fmt::format("{:.2f}", r_.inferences_per_s()), "inferences/s", simulated);
    text += card("Energy per inference", fmt::format("{:.2f}", r_.energy_per_inference_uj() * 1e-3), "mJ",
                 std::string(priced) + ", with DRAM");
    text += card("Power on chip", fmt::format("{:.0f}", t.power_mw(t.energy.on_chip())), "mW", priced);
    text += card("Efficiency, chip only", fmt::format("{:.3f}", t.tops_per_w(t.energy.on_chip())), "TOP/W",
                 std::string(priced) + ", without DRAM");
    text += card("Efficiency with DRAM", fmt::format("{:.4f}", t.tops_per_w(t.energy.total)), "TOP/W",
                 fmt::format("target {} TOP/W: <span class=\"{}\">{}</span>", r_.settings.target_tops_per_w,
                             r_.target_met() ? "good" : "bad", r_.target_met() ? "met" : "not met"));
    text += "</div>\n<p class=\"soft\">One MAC is two operations. ";
    const auto host = on_host();
    return text + (host.empty() ? std::string() : "On the host, cost not modelled: " + host + ".") + "</p>\n";
  }

  std::string on_host() const {
    std::string all;
    for (const auto& l : r_.layers)
      if (l.place == PlaceOf::Host) all += (all.empty() ? "" : ", ") + escaped(l.name) + " (" + escaped(l.op) + ")";
    return all;
  }

  std::string cycles() const {
    std::string text =
        "<h2>Where every PE-cycle went</h2>\n<p class=\"soft\">Each bar is all PEs times all cycles of a layer; every "
        "PE-cycle has exactly one cause. "
        "Point at a part for its figure.</p>\n<div class=\"bars\">\n";
    std::vector<std::string> known;
    for (const auto& c : names<Cause>::table) known.push_back(fmt::format("{}: {}", c.name, c.what));
    for (const auto* l : machine_) {
      std::vector<Part> parts;
      for (const auto& c : names<Cause>::table) {
        const auto n = l->figures.stack[c.value];
        parts.push_back({std::string(c.name), static_cast<double>(n), grouped(n) + " PE-cycles"});
      }
      text += bar(l->name, parts, static_cast<double>(std::max<std::int64_t>(1, l->figures.stack.total())),
                  fmt::format("{:.2f} ms", l->figures.latency_s() * 1e3));
    }
    return text + "</div>\n" + legend(known);
  }

  static std::string layer_cells(const Figures& f, const std::string& pes, const std::string& zeros) {
    return fmt::format(
        "<td>{}</td><td>{}</td><td>{:.3f}</td><td>{}</td><td>{:.1f}</td><td>{}</td><td>{:.1f}</td><td>{:.1f}</"
        "td><td>{:.1f}</td><td>{:.2f}</td><td>{:.3f}</td><td>{:.3f}</td><td>{}</td>",
        grouped((f.macs.count() + 500'000) / 1'000'000), grouped((f.cycles.count() + 500) / 1000), f.latency_s() * 1e3,
        pes, 100 * f.utilization(), zeros, f.energy.total.count() * 1e-6, f.power_mw(f.energy.on_chip()),
        f.power_mw(f.energy.dram), f.gops(), f.tops_per_w(f.energy.total), f.tops_per_w(f.energy.on_chip()),
        f.mismatches);
  }

  std::string layers() const {
    std::string text =
        "<h2>Layers</h2>\n<div class=\"scroll\"><table><thead><tr><th>layer</th><th "
        "class=\"text\">op</th><th>MMAC</th><th>kcycles</th><th>ms</th><th>active<br>PEs</th>"
        "<th>utili-<br>zation %</th><th>ifmap<br>zeros "
        "%</th><th>energy<br>&micro;J</th><th>chip<br>mW</th><th>DRAM<br>mW</th><th>GOP/s</th><th>TOP/W<br>with "
        "DRAM</th><th>TOP/W<br>chip</th>"
        "<th>wrong<br>words</th></tr></thead><tbody>\n";
    for (const auto& l : r_.layers)
      if (l.place == PlaceOf::Host)
        text += fmt::format(
            "<tr><td>{}</td><td class=\"text\">{}</td><td colspan=\"13\" class=\"text soft\">on the host, cost not "
            "modelled</td></tr>\n",
            escaped(l.name), escaped(l.op));
      else
        text += fmt::format(
            "<tr><td>{}</td><td class=\"text\">{}</td>{}</tr>\n", escaped(l.name), escaped(l.op),
            layer_cells(l.figures, std::to_string(l.active_pes), fmt::format("{:.1f}", 100 * l.input_zeros)));
    return text + fmt::format("</tbody><tfoot><tr><td>total</td><td></td>{}</tr></tfoot></table></div>\n",
                              layer_cells(r_.totals, "", ""));
  }

  std::string energy(const std::string& title,
                     std::vector<std::pair<std::string, Picojoules>> (EnergyReport::*parts_of)() const) const {
    std::vector<std::string> known;
    for (const auto& [name, energy] : (r_.totals.energy.*parts_of)()) known.push_back(name);
    double most = 1e-9;
    for (const auto* l : machine_) most = std::max(most, l->figures.energy.total.count());
    std::string text = fmt::format(
        "<h2>{}</h2>\n<p class=\"soft\">All bars share one scale; the longest is {:.1f} &micro;J.</p>\n<div "
        "class=\"bars\">\n",
        title, most * 1e-6);
    for (const auto* l : machine_) {
      std::vector<Part> parts(known.size());
      for (const auto& [name, energy] : (l->figures.energy.*parts_of)()) {
        const auto i = static_cast<std::size_t>(std::ranges::find(known, name) - known.begin());
        parts[i] = {name, energy.count(), fmt::format("{:.2f} uJ", energy.count() * 1e-6)};
      }
      text += bar(l->name, parts, most, fmt::format("{:.1f} &micro;J", l->figures.energy.total.count() * 1e-6));
    }
    return text + "</div>\n" + legend(known);
  }

  static std::string traffic_cells(const Figures& f) {
    std::string text;
    for (const auto* b : {&f.dram, &f.glb, &f.glb_dram_side})
      for (const Bytes n : {b->input, b->weight, b->output})
        text += fmt::format("<td>{:.3f}</td>", static_cast<double>(n.count()) * 1e-6);
    return text;
  }

  std::string traffic() const {
    std::string text =
        "<h2>Memory traffic</h2>\n<p class=\"soft\">MB = 10<sup>6</sup> bytes, simulated. DRAM bytes as they crossed "
        "the link, coded where the machine codes them. Output includes psums.</p>\n"
        "<div class=\"scroll\"><table><thead><tr><th rowspan=\"2\">layer</th><th colspan=\"3\">DRAM</th><th "
        "colspan=\"3\">buffer, array side</th><th colspan=\"3\">buffer, DRAM side</th></tr><tr>";
    for (int i = 0; i < 3; ++i) text += "<th>input</th><th>weight</th><th>output</th>";
    text += "</tr></thead><tbody>\n";
    for (const auto* l : machine_)
      text += fmt::format("<tr><td>{}</td>{}</tr>\n", escaped(l->name), traffic_cells(l->figures));
    return text +
           fmt::format("</tbody><tfoot><tr><td>total</td>{}</tr></tfoot></table></div>\n", traffic_cells(r_.totals));
  }

  std::string mappings() const {
    std::string text =
        "<h2>Mappings</h2>\n<p class=\"soft\">Each text is a mapping file that <code>eyrie simulate --mapping</code> "
        "reads.</p>\n";
    for (const auto* l : machine_)
      text += fmt::format(
          "<details><summary>{} <span class=\"soft\">{} passes, {}</span></summary><pre>{}</pre></details>\n",
          escaped(l->name), grouped(l->passes), escaped(l->mapping_origin), escaped(l->mapping));
    return text;
  }

  std::string provenance() const {
    std::string text = fmt::format(
        "<h2>What the energy figures rest on</h2>\n<p class=\"soft\">Table {}, {:.0f} nm, {} V. A mark stands on every "
        "figure that was not read in its source.</p>\n"
        "<div class=\"scroll\"><table><thead><tr><th>component</th><th class=\"text\">action</th><th>pJ</th><th "
        "class=\"text\">per</th><th class=\"text\">confidence</th><th class=\"text\">source</th><th "
        "class=\"text\">note</th></tr></thead><tbody>\n",
        escaped(r_.table.name), r_.table.technology.nm, r_.table.voltage.v);
    for (const auto& p : r_.table.prices) {
      const auto what = p.per == Per::Cycle ? std::string("core cycle") : fmt::format("word of {} b", p.at.count());
      const auto sure = p.confidence == Confidence::SeenInText;
      text += fmt::format(
          "<tr><td>{}</td><td class=\"text\">{}</td><td>{}</td><td class=\"text\">{}</td><td class=\"text\"><span "
          "class=\"{}\">{}</span></td><td class=\"text\">{}</td><td class=\"text wide\">{}</td></tr>\n",
          escaped(p.component), name_of(p.action), p.energy.count(), what, sure ? "" : "mark bad",
          name_of(p.confidence), escaped(p.source), escaped(p.note));
    }
    return text + "</tbody></table></div>\n";
  }

  std::string reproduce() const {
    return fmt::format(
        "<h2>To get this again</h2>\n<pre>{}</pre>\n<p class=\"soft\">Seed {}, Eyrie {}, schema {}. Simulated in "
        "{:.1f} s.</p>\n",
        escaped(r_.settings.command), r_.settings.seed, kVersion, kResultSchema, r_.host.wall_s);
  }

  const ExperimentResult& r_;
  std::vector<const LayerReport*> machine_;
};

}  // namespace

std::string to_html(const ExperimentResult& r) { return Page{r}.text(); }

}  // namespace eyrie
