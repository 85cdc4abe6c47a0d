#pragma once

// What words of other widths than the machine's cost on the machine as it is.

#include "arch/precision.hpp"
#include "energy/energy_table.hpp"

namespace eyrie {

/// A machine's prices for a layer whose words have these widths.
///
/// Memories, networks and DRAM: a word costs in proportion to the machine's bits that it takes (`at_precision` of the
/// architecture; price.hpp). One that takes several words costs each; a narrow one that takes a whole word costs a
/// whole word, so nothing is saved; of packed ones each costs its part, which assumes that all words of an access are
/// of use.
///
/// Arithmetic: a MAC is a multiplication and an addition, which share its price as Horowitz (ISSCC 2014,
/// Fig. 1.1.9: 3.1 and 0.1 pJ at 32 b, with the square of the width and the width) has them. Of packed words the
/// multiplication goes with the product of the operands' widths and the addition with the psum's: a machine built for
/// such words has multipliers whose other bits stand still. Of whole words, operands in place as on a multiplier whose
/// low bits are held at zero, the multiplication goes with the root of that, and an addition costs no less than on the
/// machine's own psums: supply and clock stay, wires and registers toggle. That is on the safe side of Moons et al.
/// (DATE 2017), whose multiplier at a fixed supply takes some 0.38 of the energy at 8 b (from memory). Both are
/// assumptions, and lines priced by them say so. Throughput is the machine's: a MAC a slot, whatever its bits.
///
/// Clock, leakage and control are the machine's.
EnergyTable at_precision(const EnergyTable&, const Architecture& base, const Widths& data, Packing);

}  // namespace eyrie
