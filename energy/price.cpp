#include "energy/price.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/ensure.hpp"

namespace eyrie {

static std::vector<std::pair<std::string, Picojoules>> sums(const std::vector<EnergyLine>& lines,
                                                            std::string EnergyLine::*key) {
  std::vector<std::pair<std::string, Picojoules>> all;
  for (const auto& l : lines) {
    auto it = std::ranges::find(all, l.*key, &std::pair<std::string, Picojoules>::first);
    if (it == all.end()) it = all.insert(all.end(), {l.*key, Picojoules{}});
    it->second += l.energy;
  }
  return all;
}

std::vector<std::pair<std::string, Picojoules>> EnergyReport::by_component() const {
  return sums(lines, &EnergyLine::component);
}
std::vector<std::pair<std::string, Picojoules>> EnergyReport::by_tensor() const {
  return sums(lines, &EnergyLine::tensor);
}

std::vector<Picojoules> EnergyReport::by_price(std::size_t prices) const {
  std::vector<Picojoules> all(prices);
  for (const auto& l : lines) all.at(l.price) += l.energy;
  return all;
}

EnergyReport& EnergyReport::operator+=(const EnergyReport& other) {
  for (const auto& l : other.lines) {
    const auto same = [&](const EnergyLine& m) {
      return m.component == l.component && m.tensor == l.tensor && m.action == l.action;
    };
    const auto it = std::ranges::find_if(lines, same);
    if (it == lines.end()) {
      lines.push_back(l);
    } else {
      it->units += l.units;
      it->energy += l.energy;
    }
  }
  total += other.total;
  dram += other.dram;
  return *this;
}

/// What one unit costs, in units of the price. Arithmetic is priced at the MAC's operand width, all else at the
/// tensor's word width.
static double scale(const Price& p, const std::string& kind, Bits width) {
  if (p.per == Per::Cycle) return 1.0;
  if (p.per == Per::Bit) return static_cast<double>(width.count());
  const double ratio = static_cast<double>(width.count()) / static_cast<double>(p.at.count());
  const bool multiplies = kind == "mac" && (p.action == Priced::Mac || p.action == Priced::GatedMac);
  return multiplies ? ratio * ratio : ratio;
}

static Priced priced(Action a) { return names<Priced>::table[static_cast<std::size_t>(a)].value; }
static_assert(
    [] {
      for (const auto& row : names<Action>::table)
        if (names<Priced>::table[static_cast<std::size_t>(row.value)].name != row.name) return false;
      return true;
    }(),
    "an action and its price have one name");

/// What a count is charged for: words; for DRAM the bytes that crossed its link, in words; for wires word-millimetres.
static double units_of(const ActionCount& c, const std::string& kind, Bits width, const Architecture& a) {
  if (kind == "dram") return static_cast<double>(c.bytes.count()) * 8.0 / static_cast<double>(width.count());
  const auto words = static_cast<double>(c.words.count());
  if (c.action != Action::Wire) return words;
  ensure(a.array.pitch.has_value(), "wires are counted on machines with a pitch");
  return words * a.array.pitch->mm;
}

EnergyReport price(const ActionCounts& counts, Cycles cycles, const Architecture& a, const EnergyTable& table) {
  EnergyReport report;
  Diagnostics wrong;
  std::set<std::pair<std::string, Priced>> missing;  // said once, not once a tensor
  const auto add = [&](const std::string& component, const std::string& tensor, Priced action, double units,
                       Bits width) {
    const auto kind = kind_of(a, component);
    const Price* p = table.find(component, kind, action);
    if (!p) {
      if (!missing.insert({component, action}).second) return;
      wrong.error(table.where, fmt::format("{} has no price for {} of {}", table.name, name_of(action), component),
                  component == kind ? fmt::format("add one for `component: {}`", kind)
                                    : fmt::format("add one for `component: {}` or `component: {}`", component, kind));
      return;
    }
    const double factor = scale(*p, kind, width);
    report.lines.push_back({component, tensor, std::string(name_of(action)), units, p->energy * (factor * units),
                            static_cast<std::size_t>(p - table.prices.data()), p->per == Per::Word && factor != 1.0});
    report.total += report.lines.back().energy;
    if (kind == "dram") report.dram += report.lines.back().energy;
  };
  for (const auto& c : counts.rows()) {
    const auto kind = kind_of(a, c.component);
    const Bits width = kind == "mac" ? std::max(a.words.input, a.words.weight) : a.width(c.tensor);
    add(c.component, kind == "mac" ? "compute" : std::string(name_of(c.tensor)), priced(c.action),
        units_of(c, kind, width, a), width);
  }
  add(a.array.name, "static", Priced::Static, static_cast<double>(cycles.count()), Bits{16});
  wrong.raise_if_any();
  return report;
}

}  // namespace eyrie
