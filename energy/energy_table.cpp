#include "energy/energy_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "energy/area.hpp"

namespace eyrie {

static void describe(Fields& f, Price& p) {
  f.about("one figure with its source");
  f.place(p.where);
  f.required("component", p.component,
             "a component's name, or a kind: dram, sram, noc, link, spad, mac, rlc, array, chip");
  f.required("action", p.action, "what it does");
  f.required("energy", p.energy, "energy of one", AtLeast(0));
  f.optional("per", p.per, "one what");
  f.optional("at", p.at, "word width that the figure is for; of `row`, bits moved for each row opened", AtLeast(1));
  f.required("source", p.source, "where the figure comes from");
  f.required("confidence", p.confidence, "how much it can be trusted");
  f.optional("note", p.note, "how it was derived, or what to beware of");
  f.optional("within", p.within, "factor by which it may be too small or too large; else that of its confidence",
             AtLeast(1));
}

void describe(Fields& f, KnownSum& k) {
  f.about("what is known of all that one source's prices charge together, better than of each");
  f.place(k.where);
  f.required("source", k.source, "as the prices have it");
  f.required("within", k.within, "factor by which the sum may be too small or too large", AtLeast(1));
  f.optional("note", k.note, "how it is known");
  f.optional("area", k.area, "the sum of the source's areas that is known; another machine's sum is not", Positive());
  f.optional("machine", k.machine, "that it was measured on; of another one it says nothing");
}

std::string outline(const Architecture& a) {
  auto text = fmt::format("{} x {} PEs", a.array.rows, a.array.columns);
  for (const auto& b : a.buffers)
    text += fmt::format(", {} {:g} KiB", b.name, static_cast<double>(b.capacity.count()) / 1024);
  for (const auto& s : a.array.spads) text += fmt::format(", {} {} words", s.name, s.depth.count());
  return text;
}

void drop_sums_of_others(EnergyTable& table, const Architecture& a) {
  std::erase_if(table.known_sums,
                [&](const KnownSum& k) { return !k.area && !k.machine.empty() && k.machine != outline(a); });
}

double usual_width(Confidence c) {
  switch (c) {
    case Confidence::SeenInText:
    case Confidence::Digitised:
      return 1.25;
    case Confidence::Derived:
    case Confidence::FromMemory:
      return 1.5;
    case Confidence::Assumed:
      return 2;
  }
  return 2;
}

void describe(Fields& f, EnergyTable& t) {
  f.about("energy of each action in one technology, and area of each component");
  f.place(t.where);
  f.required("kind", t.kind, "`energy_table`");
  f.required("name", t.name, "its name");
  f.optional("title", t.title, "what it is, in a line");
  f.required("technology", t.technology, "process node", Positive());
  f.required("voltage", t.voltage, "core supply", Positive());
  f.required("prices", t.prices, "one figure a component and action");
  f.optional("known_sums", t.known_sums, "of what is known in sum better than in parts");
  f.optional("areas", t.areas, "one figure a component, or several parts of it");
  f.optional("unknown_areas", t.unknown_areas, "parts of a component that its figures leave out");
}

std::string_view right_per(Priced action, Per per) {
  using enum Per;
  const auto one_of = [&](auto... right) { return ((per == right) || ...); };
  switch (action) {
    case Priced::Static:
    case Priced::Leakage:
      return one_of(Cycle, KibCycle) ? "" : "it costs a cycle or a kib_cycle";
    case Priced::Clock:
      return one_of(Cycle, PeCycle) ? "" : "it costs a cycle or a pe_cycle";
    case Priced::Control:
      return one_of(Cycle, PeCycle, Slot) ? "" : "it costs a cycle, a pe_cycle or a slot";
    case Priced::Idle:
      return one_of(IdleCycle) ? "" : "it costs an idle_cycle";
    case Priced::Row:
      return one_of(Per::Row) ? "" : "it costs a row";
    default:
      return one_of(Word, Bit) ? "" : "it costs a word or a bit";
  }
}

const Price* EnergyTable::find(std::string_view component, std::string_view component_kind, Priced action) const {
  for (const auto wanted : {component, component_kind})
    for (const auto& p : prices)
      if (p.action == action && p.component == wanted) return &p;
  return nullptr;
}

EnergyTable read_energy_table(const YamlDocument& document) {
  auto table = read_yaml<EnergyTable>(document);
  Diagnostics wrong;
  if (table.kind != "energy_table")
    wrong.error(document.place_of("kind"), fmt::format("kind is {}, and an energy table was wanted", table.kind),
                "write `kind: energy_table`");
  if (table.prices.empty())
    wrong.error(document.place_of("prices"), fmt::format("{} has no prices", table.name),
                "add one for every component and action");
  const bool apart = std::ranges::any_of(
      table.prices, [](const Price& p) { return is_of_time(p.action) && p.action != Priced::Static; });
  std::set<std::tuple<std::string, Priced>> seen;
  for (const auto& p : table.prices) {
    if (!seen.insert({p.component, p.action}).second)
      wrong.error(p.where, fmt::format("{} of {} is priced twice", name_of(p.action), p.component),
                  "keep one of the two");
    if (p.component.empty()) wrong.error(p.where, "a price names no component", "write a component's name or a kind");
    if (p.source.empty())
      wrong.error(p.where, fmt::format("{} of {} has no source", name_of(p.action), p.component),
                  "say where the figure comes from, or that it is an assumption");
    if (const auto right = right_per(p.action, p.per); !right.empty())
      wrong.error(p.where, fmt::format("{} is priced per {}", name_of(p.action), name_of(p.per)), std::string(right));
    if (apart && p.action == Priced::Static)
      wrong.error(p.where, fmt::format("static of {} stands beside clock, leakage or control", p.component),
                  "static is the three in one figure: price either it or them");
    if (p.action == Priced::Row && p.component != "dram")
      wrong.error(p.where, fmt::format("{} has no rows to open", p.component), "`row` is for `component: dram`");
  }
  check_areas(table, wrong);
  for (const auto& k : table.known_sums)
    if (!k.area && std::ranges::count(table.prices, k.source, &Price::source) == 0)
      wrong.error(k.where, fmt::format("no price has the source `{}`", k.source), "write it as the prices have it");
  wrong.raise_if_any();
  return table;
}

std::string kind_of(const Architecture& a, std::string_view component) {
  if (component == a.dram.name) return "dram";
  if (component == a.array.mac.name) return "mac";
  if (component == a.array.name) return "array";
  for (const auto& b : a.buffers)
    if (b.name == component) return "sram";
  for (const auto& n : a.networks)
    if (n.name == component) return n.role == NocRole::Forward ? "link" : "noc";
  for (const auto& s : a.array.spads)
    if (s.name == component) return "spad";
  return std::string(component);
}

}  // namespace eyrie
