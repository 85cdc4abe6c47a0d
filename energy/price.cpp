#include "energy/price.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/ensure.hpp"
#include "energy/price_vector.hpp"

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

namespace {

/// How counts of one component, tensor and action are charged.
struct Charging {
  std::string kind;
  Bits width{};  ///< of the words counted
  Priced action;
  const Price* price;       ///< null if the table has none
  double factor = 1;        ///< of a unit's price
  double units_a_word = 1;  ///< for wires millimetres; DRAM is charged for the bytes that crossed its link, in words

  Charging(std::string_view component, Priced of, Bits of_width, const Architecture& a, const EnergyTable& table)
      : kind{kind_of(a, component)}, width{of_width}, action{of}, price{table.find(component, kind, of)} {
    if (price) factor = scale(*price, kind, width);
  }
  Charging(const ActionCount& c, const Architecture& a, const EnergyTable& table)
      : Charging{c.component, priced(c.action), width_of(c, a), a, table} {
    if (c.action != Action::Wire || kind == "dram") return;
    ensure(a.array.pitch.has_value(), "wires are counted on machines with a pitch");
    units_a_word = a.array.pitch->mm;
  }
  [[nodiscard]] double units(Words words, Bytes bytes) const {
    if (kind == "dram") return static_cast<double>(bytes.count()) * 8.0 / static_cast<double>(width.count());
    return static_cast<double>(words.count()) * units_a_word;
  }

 private:
  /// Arithmetic is priced at the wider of its operands.
  static Bits width_of(const ActionCount& c, const Architecture& a) {
    return kind_of(a, c.component) == "mac" ? std::max(a.words.input, a.words.weight) : a.width(c.tensor);
  }
};

}  // namespace

EnergyReport price(const ActionCounts& counts, Cycles cycles, const Architecture& a, const EnergyTable& table) {
  EnergyReport report;
  Diagnostics wrong;
  std::set<std::pair<std::string, Priced>> missing;  // said once, not once a tensor
  const auto add = [&](const std::string& component, const std::string& tensor, const Charging& c, double units) {
    if (!c.price) {
      if (!missing.insert({component, c.action}).second) return;
      wrong.error(table.where, fmt::format("{} has no price for {} of {}", table.name, name_of(c.action), component),
                  component == c.kind
                      ? fmt::format("add one for `component: {}`", c.kind)
                      : fmt::format("add one for `component: {}` or `component: {}`", component, c.kind));
      return;
    }
    report.lines.push_back(
        {component, tensor, std::string(name_of(c.action)), units, c.price->energy * (c.factor * units),
         static_cast<std::size_t>(c.price - table.prices.data()), c.price->per == Per::Word && c.factor != 1.0});
    report.total += report.lines.back().energy;
    if (c.kind == "dram") report.dram += report.lines.back().energy;
  };
  for (const auto& row : counts.rows()) {
    const Charging c{row, a, table};
    add(row.component, c.kind == "mac" ? "compute" : std::string(name_of(row.tensor)), c,
        c.units(row.words, row.bytes));
  }
  add(a.array.name, "static", Charging{a.array.name, Priced::Static, Bits{16}, a, table},
      static_cast<double>(cycles.count()));
  wrong.raise_if_any();
  return report;
}

PriceVector::PriceVector(const std::vector<ActionCount>& rows, const Architecture& a, const EnergyTable& table)
    : keys_{rows}, architecture_{&a}, table_{&table} {
  for (const auto& row : rows) {
    const Charging c{row, a, table};
    const bool by_bytes = c.kind == "dram";
    prices_.push_back({.energy = c.price ? c.price->energy : Picojoules{},
                       .factor = c.factor,
                       .each = by_bytes ? 8.0 : c.units_a_word,
                       .divisor = by_bytes ? static_cast<double>(c.width.count()) : 1.0,
                       .by_bytes = by_bytes,
                       .known = c.price != nullptr});
  }
  const Charging c{a.array.name, Priced::Static, Bits{16}, a, table};
  if (!c.price) static_cast<void>(price({}, Cycles{}, a, table));  // says what is missing
  cycle_ = {.energy = c.price->energy, .factor = c.factor};
}

Picojoules PriceVector::total(std::span<const Count> counts, Cycles cycles) const {
  ensure(counts.size() == prices_.size(), "a count for each price");
  Picojoules all{};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto& p = prices_[i];
    if (!p.known) [[unlikely]]
      refuse(i, counts[i]);
    const auto n = static_cast<double>(p.by_bytes ? counts[i].bytes.count() : counts[i].words.count());
    all += p.energy * (p.factor * (n * p.each / p.divisor));
  }
  return all + cycle_.energy * (cycle_.factor * static_cast<double>(cycles.count()));
}

void PriceVector::refuse(std::size_t row, const Count& count) const {
  ActionCounts counts;
  counts.add(keys_[row].component, keys_[row].tensor, keys_[row].action, count.words, count.bytes);
  static_cast<void>(price(counts, Cycles{}, *architecture_, *table_));  // of no words: none is wanted
}

}  // namespace eyrie
