#include "report/area_renderings.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "report/csv_field.hpp"
#include "report/render.hpp"

namespace eyrie {

using Json = nlohmann::ordered_json;

static constexpr double kMm2 = 1e-6;  // of a um2

static const char* origin_of(const AreaLine& l) { return l.scaled ? "scaled" : "table"; }

static Json interval_json(const Interval& um2) { return {um2.low * kMm2, um2.high * kMm2}; }

Json area_json(const ExperimentResult& r) {
  Json components = Json::array();
  for (const auto& l : r.area.lines) {
    const auto& f = r.table.areas[l.figure];
    components.push_back({{"component", l.component},
                          {"part", l.part},
                          {"instances", l.instances},
                          {"area_mm2", l.area.um2 * kMm2},
                          {"interval_mm2", interval_json(l.interval)},
                          {"source", f.source},
                          {"confidence", std::string(name_of(l.confidence))},
                          {"origin", origin_of(l)},
                          {"note", f.note}});
  }
  const bool known = r.area.known();
  return {{"total_mm2", known ? Json(r.area.total.um2 * kMm2) : Json(nullptr)},
          {"interval_mm2", known ? interval_json(r.area.interval) : Json(nullptr)},
          {"complete", r.area.complete()},
          {"unknown", r.area.unknown},
          {"of", "the chip, without off-chip DRAM"},
          {"components", components}};
}

/// Names in lines of at most 120 columns.
static std::string unknown_lines(const std::vector<std::string>& names) {
  static constexpr std::size_t kColumns = 120;
  std::string text, line = "area unknown:";
  for (const auto& name : names) {
    const auto piece = " " + name + (&name == &names.back() ? "" : ",");
    if (line.size() + piece.size() > kColumns) {
      text += line + "\n";
      line = " ";
    }
    line += piece;
  }
  return text + line + "\n";
}

std::string area_line(const ExperimentResult& r) {
  const auto& a = r.area;
  if (!a.known()) return fmt::format("area: unknown, {} has no areas\n", r.table.name);
  const auto from_to = fmt::format("{:.3g} to {:.3g}", a.interval.low * kMm2, a.interval.high * kMm2);
  if (!a.complete())
    return fmt::format("area: at least {:.3g} mm2 ({}) without DRAM, of parts that are known\n", a.total.um2 * kMm2,
                       from_to) +
           unknown_lines(a.unknown);
  return fmt::format("area: {:.3g} mm2 ({}) without DRAM, {:.3g} GOP/s/mm2\n", a.total.um2 * kMm2, from_to,
                     r.gops_per_mm2().value_or(0));
}

std::string to_area_csv(const ExperimentResult& r) {
  std::string text = "component,part,instances,area_mm2,area_low_mm2,area_high_mm2,source,confidence,origin,note\r\n";
  for (const auto& l : r.area.lines) {
    const auto& f = r.table.areas[l.figure];
    text += fmt::format("{},{},{},{:.9g},{:.9g},{:.9g},{},{},{},{}\r\n", csv_field(l.component), csv_field(l.part),
                        l.instances, l.area.um2 * kMm2, l.interval.low * kMm2, l.interval.high * kMm2,
                        csv_field(f.source), name_of(l.confidence), origin_of(l), csv_field(f.note));
  }
  for (const auto& name : r.area.unknown) text += fmt::format("{},,,,,,,,unknown,\r\n", csv_field(name));
  return text;
}

}  // namespace eyrie
