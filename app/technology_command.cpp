#include "app/technology_command.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "app/experiment.hpp"
#include "base/json_schema.hpp"
#include "energy/area.hpp"

namespace eyrie {

OpenNamed technologies_of(const Catalogue& catalogue) {
  return [&catalogue](const std::string& name, const std::string& from) {
    return YamlDocument::from_file(catalogue.find(Shelf::Technologies, Catalogue::beside(name, from)));
  };
}

std::string technologies_schema() {
  using Json = nlohmann::ordered_json;
  auto all = Json::array({Json::parse(json_schema_of<EnergyTable>("Eyrie energy table")),
                          Json::parse(json_schema_of<TechnologyFile>("Eyrie technology")),
                          Json::parse(json_schema_of<SramSweep>("Eyrie SRAM sweep")),
                          Json::parse(json_schema_of<DramTypes>("Eyrie DRAM types"))});
  Json schema{{"$schema", all[0]["$schema"]}, {"title", "Eyrie technologies"}, {"oneOf", all}};
  for (auto& one : schema["oneOf"]) one.erase("$schema");
  return schema.dump(2) + "\n";
}

std::string technology_in_full(const YamlDocument& document, const Catalogue& catalogue) {
  const auto write = [](auto value) { return write_yaml([&](Fields& f) { describe(f, value); }); };
  const auto kind = document.top_level_text("kind");
  if (kind == "technology") {
    check_technology(document, catalogue);
    return write(read_yaml<TechnologyFile>(document));
  }
  if (kind == "sram_sweep") return write(read_sram_sweep(document));
  if (kind == "dram_types") return write(read_dram_types(document));
  return write(read_energy_table(document));
}

void check_technology(const YamlDocument& document, const Catalogue& catalogue) {
  const auto kind = document.top_level_text("kind");
  if (kind == "sram_sweep")
    (void)read_sram_sweep(document);
  else if (kind == "dram_types")
    (void)read_dram_types(document);
  else if (kind == "technology")
    (void)read_technology(document, technologies_of(catalogue));
  else
    (void)read_energy_table(document);
}

namespace {

/// A row of what is printed.
struct PriceRow {
  std::string component, action, energy, per, interval, confidence, source, note;
};

std::string per_text(const Price& p) {
  if (p.per == Per::Word) return fmt::format("word of {} b", p.at.count());
  if (p.per == Per::Row) return fmt::format("row, {} b moved", p.at.count());
  return std::string(name_of(p.per));
}

std::vector<PriceRow> rows_of(const EnergyTable& table) {
  std::vector<PriceRow> rows;
  for (const auto& p : table.prices) {
    const double pj = p.energy.count();
    rows.push_back({p.component, std::string(name_of(p.action)), fmt::format("{:.4g}", pj), per_text(p),
                    fmt::format("{:.3g} to {:.3g}", pj / p.width(), pj * p.width()), std::string(name_of(p.confidence)),
                    p.source, p.note});
  }
  return rows;
}

/// A row a part of the machine.
std::vector<PriceRow> area_rows(const AreaReport& areas, const EnergyTable& table) {
  std::vector<PriceRow> rows;
  for (const auto& l : areas.lines) {
    const auto& f = table.areas[l.figure];
    rows.push_back({l.component, l.part.empty() ? "all" : l.part, fmt::format("{:.4g}", l.area.um2),
                    fmt::format("{} of them", l.instances),
                    fmt::format("{:.3g} to {:.3g}", l.interval.low, l.interval.high),
                    std::string(name_of(l.confidence)), f.source, f.note});
  }
  return rows;
}

/// Areas add up to the least that the chip has, where any is unknown.
std::string area_summary(const AreaReport& areas) {
  return fmt::format("{}{:.4g} mm2, {:.3g} to {:.3g}{}{}\n", areas.complete() ? "" : "at least ", areas.total.um2 / 1e6,
                     areas.interval.low / 1e6, areas.interval.high / 1e6,
                     areas.complete() ? "" : "; unknown: ", fmt::join(areas.unknown, ", "));
}

using Heads = std::array<const char*, 6>;
constexpr Heads kPrices{"component", "action", "pJ", "per", "between", "confidence"};
constexpr Heads kAreas{"component", "part", "um2", "of", "between", "confidence"};

std::string as_table(const Heads& heads, const std::vector<PriceRow>& rows) {
  std::size_t component = 9, per = 3, between = 7, action = 6;
  for (const auto& r : rows) {
    component = std::max(component, r.component.size());
    action = std::max(action, r.action.size());
    per = std::max(per, r.per.size());
    between = std::max(between, r.interval.size());
  }
  const auto line = [&](auto... of) { return fmt::format("{:{}}  {:{}}  {:>9}  {:{}}  {:{}}  {:12}  {}{}\n", of...); };
  std::string text = line(heads[0], component, heads[1], action, heads[2], heads[3], per, heads[4], between, heads[5],
                          "source", ": how");
  for (const auto& r : rows)
    text += line(r.component, component, r.action, action, r.energy, r.per, per, r.interval, between, r.confidence,
                 r.source, r.note.empty() ? "" : ": " + r.note);
  return text;
}

std::string as_markdown(const Heads& heads, const std::vector<PriceRow>& rows) {
  std::string text =
      fmt::format("| {} | source | how |\n|---|---|---:|---|---|---|---|---|\n", fmt::join(heads, " | "));
  for (const auto& r : rows)
    text += fmt::format("| `{}` | {} | {} | {} | {} | {} | {} | {} |\n", r.component, r.action, r.energy, r.per,
                        r.interval, r.confidence, r.source, r.note);
  return text;
}

}  // namespace

int show_prices(const Catalogue& catalogue, const std::string& name, const std::string& machine,
                const std::vector<std::string>& overrides, const std::string& format) {
  auto all = overrides;
  if (!name.empty()) all.push_back("architecture.energy_table=" + name);
  const auto prepared = prepare_machine(machine, all, catalogue);
  const auto rows = rows_of(prepared.table);
  const auto areas = area_of(prepared.architecture, prepared.table);
  const auto parts = area_rows(areas, prepared.table);
  if (format == "markdown") {
    fmt::print("{}", as_markdown(kPrices, rows));
    if (areas.known()) fmt::print("\n{}\n{}", as_markdown(kAreas, parts), area_summary(areas));
    return 0;
  }
  fmt::print("{}: {} nm, {} V, on {} at {:g} MHz\n\n{}", prepared.table.title, prepared.table.technology.nm,
             prepared.table.voltage.v, prepared.architecture.name, prepared.architecture.core().count() / 1e6,
             as_table(kPrices, rows));
  if (areas.known()) fmt::print("\n{}\n{}", as_table(kAreas, parts), area_summary(areas));
  return 0;
}

int show_sram(const Catalogue& catalogue, const std::string& name, const std::string& format) {
  const auto sweep = read_sram_sweep(YamlDocument::from_file(catalogue.find(Shelf::Technologies, name)));
  const bool markdown = format == "markdown";
  if (!markdown)
    fmt::print("{}: {} macros, {} V; a macro left out is estimated from the others\n\n{:8}  {:>8}  {:>8}  {:>8}  {}\n",
               sweep.title, sweep.points.size(), sweep.voltage.v, "figure", "typical", "worst", "edge", "worst at");
  for (const auto& row : names<SramFigure>::table) {
    const auto fit = leave_one_out(row.value, sweep);
    if (markdown)
      fmt::print("| `{}` | {} | {:.2f} | {:.2f} | {} | {:.2f} |\n", sweep.name, row.name, fit.typical, fit.worst,
                 fit.worst_at, fit.edge);
    else
      fmt::print("{:8}  x {:6.2f}  x {:6.2f}  x {:6.2f}  {}\n", row.name, fit.typical, fit.worst, fit.edge,
                 fit.worst_at);
  }
  return 0;
}

}  // namespace eyrie
