#include "energy/price.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/ensure.hpp"
#include "energy/price_scale.hpp"
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
      it->scaled = it->scaled || l.scaled;
      it->assumed = it->assumed || l.assumed;
    }
  }
  total += other.total;
  dram += other.dram;
  return *this;
}

double price_scale(const Price& p, std::string_view kind, Bits width) {
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

/// Does a count use issue slots of PEs?
bool uses_slots(const ActionCount& c, const Architecture& a) {
  using enum Action;
  const bool of_pe = c.action == Mac || c.action == GatedMac || c.action == Add || c.action == Compare;
  return of_pe && c.component == a.array.mac.name;
}

double kib_of_buffers(const Architecture& a) {
  std::int64_t bytes = 0;
  for (const auto& b : a.buffers) bytes += b.capacity.count();
  return static_cast<double>(bytes) / 1024;
}

/// Units of what time costs.
struct TimeUnits {
  double cycles = 0, pe_cycles = 0, slots = 0, buffer_kib = 0;

  TimeUnits(const Elapsed& t, std::int64_t slots_used, double kib)
      : cycles{static_cast<double>(t.cycles.count())},
        pe_cycles{static_cast<double>(t.active_pes ? *t.active_pes * t.cycles.count() : slots_used)},
        slots{static_cast<double>(slots_used)},
        buffer_kib{kib} {}
  [[nodiscard]] double of(Per per) const {
    switch (per) {
      case Per::Cycle:
        return cycles;
      case Per::PeCycle:
        return pe_cycles;
      case Per::IdleCycle:
        return std::max(0.0, pe_cycles - slots);
      case Per::KibCycle:
        return cycles * buffer_kib;
      default:
        return slots;
    }
  }
};

/// A price of time, and the component that pays it.
struct TimeCharge {
  std::string_view component;
  const Price* price;
};

/// All that a table has for time: of the chip, then of the array.
std::vector<TimeCharge> time_charges(const Architecture& a, const EnergyTable& table) {
  std::vector<TimeCharge> all;
  const std::pair<std::string_view, std::string_view> payers[] = {{"chip", "chip"}, {a.array.name, "array"}};
  for (const auto& [component, kind] : payers)
    for (const Priced action : {Priced::Static, Priced::Clock, Priced::Leakage, Priced::Control, Priced::Idle})
      if (const auto* p = table.find(component, kind, action)) all.push_back({component, p});
  return all;
}

/// What of time nobody pays.
void check_time(const std::vector<TimeCharge>& charges, const Architecture& a, const EnergyTable& table,
                Diagnostics& wrong) {
  const auto has = [&](Priced action) {
    return std::ranges::any_of(charges, [&](const TimeCharge& c) { return c.price->action == action; });
  };
  if (has(Priced::Static)) return;
  if (charges.empty()) {
    wrong.error(table.where, fmt::format("{} has no price for static of {}", table.name, a.array.name),
                fmt::format("add one for `component: array` or `component: {}`, or clock, leakage and control apart",
                            a.array.name));
    return;
  }
  for (const Priced action : {Priced::Clock, Priced::Leakage, Priced::Control})
    if (!has(action))
      wrong.error(table.where, fmt::format("{} has no price for {} of chip or array", table.name, name_of(action)),
                  "add one; 0 pJ if another figure holds it, with a note that says which");
}

/// What opening a row costs a component: of DRAM, where its table says.
const Price* rows_of(std::string_view component, const Architecture& a, const EnergyTable& table) {
  return component == a.dram.name ? table.find(component, "dram", Priced::Row) : nullptr;
}

double rows_opened(Bytes moved, Bits for_each) {
  return static_cast<double>(moved.count()) * 8.0 / static_cast<double>(for_each.count());
}

/// How counts of one component, tensor and action are charged.
struct Charging {
  std::string kind;
  Bits width{};  ///< of the words counted
  Priced action;
  const Price* price;       ///< null if the table has none
  double factor = 1;        ///< of a unit's price
  bool assumed = false;     ///< the factor rests on a rule for other precisions
  double units_a_word = 1;  ///< for wires millimetres; DRAM is charged for the bytes that crossed its link, in words

  Charging(std::string_view component, Priced of, Bits of_width, const Architecture& a, const EnergyTable& table)
      : kind{kind_of(a, component)}, width{of_width}, action{of}, price{table.find(component, kind, of)} {
    if (!price) return;
    const bool computes = kind == "mac" && table.arithmetic;
    factor = price_scale(*price, kind, computes ? table.arithmetic->at : width);
    if (!computes) return;
    const double share = share_of(action, *table.arithmetic);
    factor *= share;
    assumed = share != 1;
  }
  Charging(const ActionCount& c, const Architecture& a, const EnergyTable& table)
      : Charging{c.component, priced(c.action), width_of(c, a), a, table} {
    assumed = assumed || (price && shares_words(c, a));
    if (c.action != Action::Wire || kind == "dram") return;
    ensure(a.array.pitch.has_value(), "wires are counted on machines with a pitch");
    units_a_word = a.array.pitch->mm;
  }
  [[nodiscard]] double units(Words words, Bytes bytes) const {
    if (kind == "dram") return static_cast<double>(bytes.count()) * 8.0 / static_cast<double>(width.count());
    return static_cast<double>(words.count()) * units_a_word;
  }

 private:
  static double share_of(Priced action, const ArithmeticShare& s) {
    switch (action) {
      case Priced::Mac:
        return s.mac;
      case Priced::GatedMac:
        return s.gated;
      case Priced::Activate:
        return s.activate;
      default:
        return s.add;
    }
  }
  /// Is a word of a chip's memory or network a part of one of the machine's words, all of whose parts are taken to be
  /// of use?
  [[nodiscard]] bool shares_words(const ActionCount& c, const Architecture& a) const {
    return kind != "dram" && kind != "mac" && kind != "rlc" &&
           a.port_share[static_cast<std::size_t>(c.tensor)].holds > 1;
  }
  /// Arithmetic is priced at the wider of its operands.
  static Bits width_of(const ActionCount& c, const Architecture& a) {
    return kind_of(a, c.component) == "mac" ? std::max(a.words.input, a.words.weight) : a.width(c.tensor);
  }
};

}  // namespace

Picojoules in_grains(Picojoules e) { return kEnergyGrain * std::nearbyint(e / kEnergyGrain); }

/// What counts and time are charged, each as it is, before it is rounded.
static std::vector<EnergyLine> lines_of(const ActionCounts& counts, const Elapsed& time, const Architecture& a,
                                        const EnergyTable& table) {
  std::vector<EnergyLine> lines;
  Diagnostics wrong;
  std::set<std::pair<std::string, Priced>> missing;  // said once, not once a tensor
  const auto index = [&](const Price& p) { return static_cast<std::size_t>(&p - table.prices.data()); };
  const auto add = [&](const std::string& component, const std::string& tensor, const Charging& c, double units) {
    if (c.price) {
      lines.push_back({component, tensor, std::string(name_of(c.action)), units, c.price->energy * (c.factor * units),
                       index(*c.price), (c.price->per == Per::Word && c.factor != 1.0) || c.assumed, c.kind == "dram",
                       c.assumed});
    } else if (missing.insert({component, c.action}).second) {
      wrong.error(table.where, fmt::format("{} has no price for {} of {}", table.name, name_of(c.action), component),
                  component == c.kind
                      ? fmt::format("add one for `component: {}`", c.kind)
                      : fmt::format("add one for `component: {}` or `component: {}`", component, c.kind));
    }
  };
  const auto open_rows = [&](const ActionCount& row) {
    const auto* p = rows_of(row.component, a, table);
    if (!p) return;
    const double rows = rows_opened(row.bytes, p->at);
    lines.push_back({row.component, std::string(name_of(row.tensor)), std::string(name_of(Priced::Row)), rows,
                     p->energy * rows, index(*p), false, true});
  };
  std::int64_t slots = 0;
  for (const auto& row : counts.rows()) {
    const Charging c{row, a, table};
    if (uses_slots(row, a)) slots += row.words.count();
    add(row.component, c.kind == "mac" ? "compute" : std::string(name_of(row.tensor)), c,
        c.units(row.words, row.bytes));
    open_rows(row);
  }
  const TimeUnits units{time, slots, kib_of_buffers(a)};
  const auto charges = time_charges(a, table);
  check_time(charges, a, table, wrong);
  for (const auto& [component, p] : charges) {
    const std::string action{name_of(p->action)};
    const auto n = units.of(p->per);
    lines.push_back({std::string(component), action, action, n, p->energy * n, index(*p), false, false});
  }
  wrong.raise_if_any();
  return lines;
}

EnergyReport price(const ActionCounts& counts, const Elapsed& time, const Architecture& a, const EnergyTable& table) {
  EnergyReport report{.lines = lines_of(counts, time, a, table), .total = {}, .dram = {}};
  for (auto& line : report.lines) {
    line.energy = in_grains(line.energy);
    report.total += line.energy;
    if (line.off_chip) report.dram += line.energy;
  }
  return report;
}

Picojoules unrounded_energy(const ActionCounts& counts, const Elapsed& time, const Architecture& a,
                            const EnergyTable& table) {
  Picojoules all{};
  for (const auto& line : lines_of(counts, time, a, table)) all += line.energy;
  return all;
}

PriceVector::PriceVector(const std::vector<ActionCount>& rows, const Architecture& a, const EnergyTable& table)
    : keys_{rows}, architecture_{&a}, table_{&table}, buffer_kib_{kib_of_buffers(a)} {
  for (const auto& row : rows) {
    const Charging c{row, a, table};
    const bool by_bytes = c.kind == "dram";
    prices_.push_back({.energy = c.price ? c.price->energy : Picojoules{},
                       .factor = c.factor,
                       .each = by_bytes ? 8.0 : c.units_a_word,
                       .divisor = by_bytes ? static_cast<double>(c.width.count()) : 1.0,
                       .by_bytes = by_bytes,
                       .known = c.price != nullptr,
                       .slots = uses_slots(row, a),
                       .row = rows_of(row.component, a, table)});
  }
  static_cast<void>(price({}, Cycles{}, a, table));  // says what of time has no price
  for (const auto& t : time_charges(a, table)) time_.push_back({t.price->energy, t.price->per});
}

Picojoules PriceVector::total(std::span<const Count> counts, Cycles cycles) const {
  ensure(counts.size() == prices_.size(), "a count for each price");
  Picojoules all{};
  std::int64_t slots = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto& p = prices_[i];
    if (!p.known) [[unlikely]]
      refuse(i, counts[i]);
    const auto n = static_cast<double>(p.by_bytes ? counts[i].bytes.count() : counts[i].words.count());
    all += p.energy * (p.factor * (n * p.each / p.divisor));
    if (p.row) all += p.row->energy * rows_opened(counts[i].bytes, p.row->at);
    if (p.slots) slots += counts[i].words.count();
  }
  const TimeUnits units{cycles, slots, buffer_kib_};
  for (const auto& t : time_) all += t.energy * units.of(t.per);
  return all;
}

void PriceVector::refuse(std::size_t row, const Count& count) const {
  ActionCounts counts;
  counts.add(keys_[row].component, keys_[row].tensor, keys_[row].action, count.words, count.bytes);
  static_cast<void>(price(counts, Cycles{}, *architecture_, *table_));  // of no words: none is wanted
}

}  // namespace eyrie
