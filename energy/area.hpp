#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "arch/architecture.hpp"
#include "energy/energy_table.hpp"
#include "energy/interval.hpp"

namespace eyrie {

/// Adds what is wrong with a table's areas: one of dram, a figure or part twice, no source, a bit or word of what has
/// none, a size of what is not an instance's, a known sum of no area.
void check_areas(const EnergyTable&, Diagnostics&);

/// Something on the chip that takes area. Beside the parts that an architecture names: `rlc`, the coder, and `chip`,
/// all that is in none of the others.
struct AreaComponent {
  std::string name, kind;  ///< kind as in Price
  std::int64_t instances = 1;
  Bits width{16};          ///< of its words; a buffer's are bytes
  std::int64_t words = 0;  /// of an instance: a scratch pad's depth, what a network moves in a cycle; a MAC: 1
  Bits bits{};             ///< of an instance: its capacity; words x width
};
std::vector<AreaComponent> area_components(const Architecture&);

/// What one figure comes to on a machine.
struct AreaLine {
  std::string component, part;
  std::int64_t instances = 1;
  SquareMicrons area{};                         ///< of all instances
  Interval interval;                            ///< um2
  std::size_t figure = 0;                       ///< index into the table's areas
  bool scaled = false;                          ///< to another word width or capacity
  Confidence confidence = Confidence::Assumed;  ///< the figure's; of a scaled one derived at best
};

/// What takes how much room. Off-chip DRAM is not in it.
struct AreaReport {
  std::vector<AreaLine> lines;  ///< in the order of `area_components`
  /// Components of which the table has no area, by name; parts of others: "glb (wires)".
  std::vector<std::string> unknown;
  SquareMicrons total{};  ///< of the lines; where something is unknown the chip has at least this
  Interval interval;      ///< of the total, um2
  [[nodiscard]] bool complete() const { return unknown.empty(); }
  [[nodiscard]] bool known() const { return !lines.empty(); }
};

/// Areas of the components by name, else by kind, with their parts. InputError: a figure is per word or bit of a
/// component without words, of a memory without the size that it is for, or of a size of what is no memory.
AreaReport area_of(const Architecture&, const EnergyTable&);

}  // namespace eyrie
