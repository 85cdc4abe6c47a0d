#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "energy/area.hpp"

namespace eyrie {

void describe(Fields& f, AreaFigure& a) {
  f.about("one area with its source");
  f.place(a.where);
  f.required("component", a.component, "a component's name, or a kind: sram, noc, link, spad, mac, rlc, array, chip");
  f.optional("part", a.part, "which part of it, where there are several figures; they add up");
  f.required("area", a.area, "area of one", AtLeast(0));
  f.optional("per", a.per, "one what");
  f.optional("at", a.at, "word width that the figure is for", AtLeast(1));
  f.optional("size", a.size, "capacity of the memory that it is for, per instance; another is in proportion",
             AtLeast(1));
  f.optional("scaling", a.scaling,
             "how it goes with the width of words; else spad, noc and link linear, mac square, all else fixed");
  f.required("source", a.source, "where the figure comes from");
  f.required("confidence", a.confidence, "how much it can be trusted");
  f.optional("note", a.note, "how it was derived, or what to beware of");
  f.optional("within", a.within, "factor by which it may be too small or too large; else that of its confidence",
             AtLeast(1));
}

void describe(Fields& f, AreaGap& g) {
  f.about("a part of a component without an area, so that the chip has at least the rest");
  f.place(g.where);
  f.required("component", g.component, "a component's name, or a kind, as of areas");
  f.required("part", g.part, "what is missing");
  f.optional("note", g.note, "why");
}

/// Kinds without words, per word or bit of which no area can be.
static bool has_no_words(std::string_view kind) { return kind == "array" || kind == "chip" || kind == "rlc"; }

static std::string shown(const AreaFigure& a) {
  return a.part.empty() ? "area of " + a.component : fmt::format("area of {}, {},", a.component, a.part);
}

static void check_figure(const AreaFigure& a, Diagnostics& wrong) {
  if (a.component.empty()) wrong.error(a.where, "an area names no component", "write a component's name or a kind");
  if (a.component == "dram")
    wrong.error(a.where, "dram has an area, and it is off chip", "leave it out; the areas are the chip's");
  if (a.source.empty())
    wrong.error(a.where, fmt::format("{} has no source", shown(a)),
                "say where the figure comes from, or that it is an assumption");
  if (has_no_words(a.component) && (a.per == AreaPer::Word || a.per == AreaPer::Bit))
    wrong.error(a.where, fmt::format("{} is per {}, and it has none", shown(a), name_of(a.per)),
                "it is per instance or pe");
  if (a.size && a.per != AreaPer::Instance)
    wrong.error(a.where, fmt::format("{} is per {} and for a size", shown(a), name_of(a.per)),
                "a size is of an instance; leave it out");
}

void check_areas(const EnergyTable& table, Diagnostics& wrong) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& a : table.areas) {
    check_figure(a, wrong);
    if (!seen.insert({a.component, a.part}).second)
      wrong.error(a.where, fmt::format("{} is given twice", shown(a)), "keep one of the two, or name their parts");
  }
  for (const auto& g : table.unknown_areas) {
    if (g.component.empty() || g.part.empty())
      wrong.error(g.where, "an unknown area names no component or no part", "write both");
    else if (seen.contains({g.component, g.part}))
      wrong.error(g.where, fmt::format("area of {}, {}, is known and unknown", g.component, g.part),
                  "keep one of the two");
  }
  for (const auto& k : table.known_sums)
    if (k.area && std::ranges::count(table.areas, k.source, &AreaFigure::source) == 0)
      wrong.error(k.where, fmt::format("no area has the source `{}`", k.source), "write it as the areas have it");
}

}  // namespace eyrie
