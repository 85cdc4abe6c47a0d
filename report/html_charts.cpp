#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/html_parts.hpp"
#include "report/html_sections.hpp"

namespace eyrie::html {

std::vector<const LayerReport*> on_machine(const ExperimentResult& r) {
  std::vector<const LayerReport*> all;
  for (const auto& l : r.layers)
    if (l.place == PlaceOf::Machine) all.push_back(&l);
  return all;
}

static std::string percent(double part, double whole) {
  return part <= 0 || whole <= 0 ? "<span class=\"soft\">&ndash;</span>" : fmt::format("{:.1f}", 100 * part / whole);
}

// Cycles

static std::string cycle_bar(const std::string& name, const Figures& f) {
  std::vector<Part> parts;
  for (const auto& c : names<Cause>::table)
    parts.push_back({std::string(c.name), paint_of(c.value), static_cast<double>(f.stack[c.value]),
                     grouped(f.stack[c.value]) + " PE-cycles"});
  const auto whole = static_cast<double>(std::max<std::int64_t>(1, f.stack.total()));
  return bar(name, parts, whole, whole, fmt::format("{:.2f} ms", f.latency_s() * 1e3));
}

static std::string cycle_row(const std::string& name, const Figures& f) {
  std::vector<Cell> cells{{escaped(name), "text"}};
  const auto whole = static_cast<double>(f.stack.total());
  for (const auto& c : names<Cause>::table) cells.push_back({percent(static_cast<double>(f.stack[c.value]), whole)});
  cells.push_back({grouped(f.stack.total())});
  return row(cells);
}

std::string cycle_section(const ExperimentResult& r) {
  std::vector<Entry> entries;
  std::vector<Cell> head{{"layer", "text"}};
  for (const auto& c : names<Cause>::table) {
    entries.push_back({std::string(c.name), std::string(c.what), paint_of(c.value)});
    head.push_back({std::string(c.name)});
  }
  head.push_back({"PE-cycles"});
  std::string bars, rows;
  for (const auto* l : on_machine(r)) {
    bars += cycle_bar(l->name, l->figures);
    rows += cycle_row(l->name, l->figures);
  }
  return "<section id=\"cycles\"><h2>Where every PE-cycle went</h2>\n<p class=\"soft\">A bar is all PEs times all "
         "cycles of a layer; every PE-cycle has exactly one cause. Point at a part for its figure.</p>\n" +
         legend(entries) + "<div class=\"bars\">\n" + cycle_bar("all layers", r.totals) + "<div class=\"sum\">" + bars +
         "</div></div>\n" +
         folded("As a table, in % of PE-cycles", table(row(head, "th"), rows, cycle_row("all layers", r.totals))) +
         "</section>\n";
}

// Energy

namespace {

/// One way to cut energy into parts: what they are, in the order in which they are drawn, and how to get them.
struct Cut {
  std::vector<Entry> entries;
  std::vector<std::pair<std::string, Picojoules>> (EnergyReport::*parts)() const;
};

/// The energy of every entry of the cut, zero where a layer has none.
std::vector<double> cut_energy(const Cut& cut, const EnergyReport& e) {
  std::vector<double> all(cut.entries.size());
  for (const auto& [name, energy] : (e.*cut.parts)()) {
    const auto at = std::ranges::find(cut.entries, name, &Entry::name) - cut.entries.begin();
    all.at(static_cast<std::size_t>(at)) = energy.count();
  }
  return all;
}

std::string energy_bar(const Cut& cut, const std::string& name, const Figures& f, double whole) {
  const auto energy = cut_energy(cut, f.energy);
  std::vector<Part> parts;
  for (std::size_t i = 0; i < energy.size(); ++i)
    parts.push_back({cut.entries[i].name, cut.entries[i].paint, energy[i], fmt::format("{:.2f} uJ", energy[i] * 1e-6)});
  return bar(name, parts, whole, std::max(1e-9, f.energy.total.count()),
             fmt::format("{:.1f} &micro;J", f.energy.total.count() * 1e-6));
}

std::string energy_row(const Cut& cut, const std::string& name, const Figures& f) {
  std::vector<Cell> cells{{escaped(name), "text"}};
  for (const double e : cut_energy(cut, f.energy)) cells.push_back({percent(e, f.energy.total.count())});
  cells.push_back({fmt::format("{:.2f}", f.energy.total.count() * 1e-6)});
  return row(cells);
}

std::string energy_chart(const ExperimentResult& r, const Cut& cut) {
  double most = 1e-9;
  for (const auto* l : on_machine(r)) most = std::max(most, l->figures.energy.total.count());
  std::vector<Cell> head{{"layer", "text"}};
  for (const auto& e : cut.entries) head.push_back({escaped(e.name)});
  head.push_back({"total &micro;J"});
  std::string bars, rows;
  for (const auto* l : on_machine(r)) {
    bars += energy_bar(cut, l->name, l->figures, most);
    rows += energy_row(cut, l->name, l->figures);
  }
  const auto all = energy_bar(cut, "all layers", r.totals, std::max(1e-9, r.totals.energy.total.count()));
  return legend(cut.entries) + "<div class=\"bars\">\n" + all + "<div class=\"sum\">" + bars + "</div></div>\n" +
         folded("As a table, in % of a layer's energy",
                table(row(head, "th"), rows, energy_row(cut, "all layers", r.totals)));
}

}  // namespace

std::string energy_by_component_section(const ExperimentResult& r) {
  Cut cut{{}, &EnergyReport::by_component};
  auto all = r.totals.energy.by_component();
  const auto rank = [&](const auto& part) { return rank_of_kind(kind_of(r.architecture, part.first)); };
  std::ranges::stable_sort(all, {}, rank);
  std::map<std::string, std::size_t> of_kind;
  for (const auto& [name, energy] : all) {
    const auto kind = kind_of(r.architecture, name);
    cut.entries.push_back(
        {name, kind == "array" || kind == "chip" ? "what time costs" : "", paint_of_kind(kind, of_kind[kind]++)});
  }
  return "<section id=\"components\"><h2>Energy by component</h2>\n<p class=\"soft\">From DRAM inwards; networks, "
         "scratch pads and arithmetic keep a colour family each. The first bar is the whole run; the bars of the "
         "layers share one scale, and their percentages are of the layer.</p>\n" +
         energy_chart(r, cut) + "</section>\n";
}

std::string energy_by_tensor_section(const ExperimentResult& r) {
  static constexpr std::pair<const char*, const char*> known[] = {{"input", "ifmaps"},
                                                                  {"weight", "filters"},
                                                                  {"output", "psums and ofmaps"},
                                                                  {"compute", "arithmetic"},
                                                                  {"static", "whatever is done"},
                                                                  {"clock", "its network and registers"},
                                                                  {"leakage", "whatever is done"},
                                                                  {"control", "controllers and PEs' own"}};
  Cut cut{{}, &EnergyReport::by_tensor};
  const auto spent = r.totals.energy.by_tensor();
  for (const auto& [name, what] : known)
    if (std::ranges::count(spent, name, &std::pair<std::string, Picojoules>::first) > 0)
      cut.entries.push_back({name, what, paint_of_tensor(name)});
  return "<section id=\"tensors\"><h2>Energy by tensor</h2>\n<p class=\"soft\">Moving and holding the words of each "
         "tensor, anywhere from DRAM to scratch pad; arithmetic and what time costs stand apart.</p>\n" +
         energy_chart(r, cut) + "</section>\n";
}

}  // namespace eyrie::html
