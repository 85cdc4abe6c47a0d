#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arch/architecture.hpp"
#include "base/units.hpp"
#include "dataflows/action_counts.hpp"
#include "energy/energy_table.hpp"

namespace eyrie {

/// Energy is accounted in whole grains: every line is rounded to the nearest, so that sums are exact, in any order and
/// in any tool that adds doubles, as long as a total stays below 2^43 pJ (8.8 J).
inline constexpr Picojoules kEnergyGrain{1.0 / 1024};  // a power of two: 0.98 fJ

/// The nearest whole number of grains.
Picojoules in_grains(Picojoules);

/// One count, priced.
struct EnergyLine {
  std::string component;
  std::string tensor;  ///< input, weight, output; `compute` for arithmetic; for what time costs the action's name
  std::string action;
  double units =
      0;  ///< words (for DRAM the bytes moved, in words; for wires words x mm), cycles, PE-cycles, slots or rows
  Picojoules energy{};
  std::size_t price = 0;  ///< index into the table's prices
  bool scaled = false;    ///< the figure was scaled to another word width
  bool off_chip = false;  ///< DRAM's
  bool assumed = false;   ///< the figure is for a word of another precision than the machine's, by an assumed rule
};

/// Where a layer's energy went. Parts of every view sum to the total exactly.
struct EnergyReport {
  std::vector<EnergyLine> lines;
  Picojoules total{}, dram{};
  [[nodiscard]] Picojoules on_chip() const { return total - dram; }
  /// Sums in order of first appearance.
  [[nodiscard]] std::vector<std::pair<std::string, Picojoules>> by_component() const;
  [[nodiscard]] std::vector<std::pair<std::string, Picojoules>> by_tensor() const;
  /// What each of the table's `prices` prices was charged, by index.
  [[nodiscard]] std::vector<Picojoules> by_price(std::size_t prices) const;
  EnergyReport& operator+=(const EnergyReport&);
};

/// The time that counts took.
struct Elapsed {
  Cycles cycles{};
  /// PEs that are clocked all that time; the others' clocks are gated. None: not known, and PEs are charged for the
  /// slots of their counts alone, the least that they can be clocked for.
  std::optional<std::int64_t> active_pes;
  Elapsed(Cycles of, std::optional<std::int64_t> pes = {}) : cycles{of}, active_pes{pes} {}  // NOLINT: a plain time
};

/// Counts times prices. DRAM pays for the bytes that crossed its link, coded where coded. A price quoted at another
/// word width is scaled: memories and networks linearly, multiplications by the square (Horowitz, ISSCC 2014:
/// exponent 1.98 between 8 and 32 bits). A price per bit holds for every width. An action without a price is never
/// free: InputError at the table that lacks it. Nor is time: a table has `static`, or clock, leakage and control, of
/// the array or of the chip (what is not in the array).
EnergyReport price(const ActionCounts&, const Elapsed&, const Architecture&, const EnergyTable&);

/// The total of `price` before lines are rounded to grains: linear in the counts, which is what a search wants.
Picojoules unrounded_energy(const ActionCounts&, const Elapsed&, const Architecture&, const EnergyTable&);

}  // namespace eyrie
