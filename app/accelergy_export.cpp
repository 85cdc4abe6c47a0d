#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/accelergy.hpp"
#include "energy/area.hpp"
#include "energy/floorplan.hpp"
#include "energy/price_scale.hpp"
#include "interchange/accelergy.hpp"
#include "report/render.hpp"

namespace eyrie {

namespace {

Bits access_of(const AreaComponent& c, const Architecture& a) {
  for (const auto& b : a.buffers)
    if (b.name == c.name) return port_of(b, a);
  return c.kind == "noc" || c.kind == "link" ? c.bits : c.width;
}

/// An action under Accelergy's name, if it has one.
std::string word_of(Priced p) {
  if (p == Priced::Mac) return "compute";
  if (p == Priced::GatedMac) return "gated_compute";
  if (p == Priced::Leakage) return "leak";
  return std::string(name_of(p));
}

/// Energy of an access; a price at another width is scaled as `price` does it.
double energy_of(const Price& p, const AccelergyComponent& c) {
  if (is_of_time(p.action) || p.action == Priced::Row) return p.energy.count();
  return p.energy.count() * price_scale(p, c.kind, c.access);
}

std::string path_of(const AccelergyComponent& c) { return fmt::format("system.{}[1..{}]", c.name, c.instances); }

ErtFile ert_of(const Architecture& a, const EnergyTable& table) {
  ErtFile file;
  for (const auto& c : accelergy_components(a)) {
    ErtTable t{.name = path_of(c), .actions = {}};
    for (const auto& row : names<Priced>::table) {
      const auto* p = table.find(c.name, c.kind, row.value);
      if (!p) continue;
      ErtAction action{.name = word_of(row.value), .arguments = {}, .energy_pj = energy_of(*p, c)};
      if (is_of_time(p->action) && (p->action != Priced::Leakage || p->per != Per::Cycle))
        action.arguments.emplace_back("per", std::string(name_of(p->per)));
      if (p->action == Priced::Row) action.arguments.emplace_back("at", std::to_string(p->at.count()));
      t.actions.push_back(action);
      if (p->action != Priced::Write) continue;
      action.name = "update";  // what Timeloop asks for where psums are written
      t.actions.push_back(std::move(action));
    }
    if (!t.actions.empty()) file.tables.push_back(std::move(t));
  }
  return file;
}

ArtFile art_of(const Architecture& a, const AreaReport& areas) {
  ArtFile file;
  for (const auto& c : accelergy_components(a)) {
    double um2 = 0;
    bool known = false;
    for (const auto& l : areas.lines)
      if (l.component == c.name) {
        um2 += l.area.um2;
        known = true;
      }
    if (known) file.rows.push_back({.name = path_of(c), .area_um2 = um2 / static_cast<double>(c.instances)});
  }
  return file;
}

}  // namespace

std::vector<AccelergyComponent> accelergy_components(const Architecture& a) {
  const auto link = static_cast<std::int64_t>(std::llround(a.dram.bandwidth.count() * 8));
  std::vector<AccelergyComponent> all{{a.dram.name, "dram", 1, Bits{std::max<std::int64_t>(1, link)}}};
  for (const auto& c : area_components(a)) all.push_back({c.name, c.kind, c.instances, access_of(c, a)});
  return all;
}

AccelergyExport export_accelergy_files(const Architecture& a, const EnergyTable& table, const std::string& folder) {
  const auto areas = area_of(a, table);
  AccelergyExport done{.written = {folder + "/ERT.yaml", folder + "/ART.yaml"}, .left_out = areas.unknown};
  write_file(done.written[0], ert_text(ert_of(a, table)));
  write_file(done.written[1], art_text(art_of(a, areas)));
  return done;
}

void export_accelergy(const Architecture& a, const EnergyTable& table, const std::string& folder) {
  const auto done = export_accelergy_files(a, table, folder);
  if (!done.left_out.empty())
    fmt::print(stderr, "not in ART.yaml, as {} has no area of them: {}\n", table.name, fmt::join(done.left_out, ", "));
  fmt::print(stderr, "written: {}\n", fmt::join(done.written, " "));
}

}  // namespace eyrie
