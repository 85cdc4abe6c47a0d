#pragma once

// A published energy as it would be in another node and at another supply.

#include <optional>
#include <string>

#include "base/units.hpp"
#include "energy/energy_table.hpp"

namespace eyrie {

/// What a chip is made in.
struct Silicon {
  Nanometres node{};
  std::optional<Volts> voltage;  ///< of its logic; none: not known
  std::string source;
  Confidence confidence = Confidence::Assumed;
  Place where;
};
void describe(Fields&, Silicon&);

/// The usual supply of a node, V: 1.8 at 180 nm, 1.2 at 130, 1.1 at 90 and 65, 1.0 at 45, 0.97 at 32, 0.9 at 20, 0.86
/// at 16 and 14, 0.83 at 10, 0.8 at 7; between nodes linear in the logarithm of feature size. Assumed, after the
/// roadmaps of the time. InputError without a place outside 7 to 180 nm.
Volts nominal_supply(Nanometres);

/// An energy brought to another node and supply.
struct Normalised {
  Nanometres from{}, to{};
  Volts from_voltage{}, to_voltage{};
  bool nominal = false;  ///< `from_voltage` is the node's usual one: the chip's own is not known
  double factor = 1;     ///< energy there / energy here
  double within = 1;     ///< by which the factor may be off
  Confidence confidence = Confidence::Assumed;
  std::string source;  ///< of the node
  std::string note;    ///< how it was scaled
};

/// By the rule for logic (`energy_ratio`), as if all of the system were logic: DRAM, boards and converters do not scale
/// so, and what they take is in many published energies. At best derived. InputError at `from.where` where the rule
/// does not reach.
Normalised normalise(const Silicon& from, Nanometres to, Volts to_voltage);

}  // namespace eyrie
