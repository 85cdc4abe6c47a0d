#pragma once

// What a figure of one process node and supply is in another.

#include <span>
#include <string>

#include "base/fields.hpp"

namespace eyrie {

/// Dynamic energy of logic at `to` in units of that at `from`, each at its supply.
///
/// Source: Stillmaker and Baas, Integration 58 (2017), E = a V^2 + b V + c for 130 to 7 nm (coefficients as in
/// Accelergy's hwcomponents); between their nodes linear in the logarithms; from 130 to 180 nm as feature size x V^2
/// from 130 nm at 1.2 V, which is assumed. InputError without a place outside 7 to 180 nm, and below 0.6 V or above
/// 1.3 V (2.0 V from 150 nm up): the polynomials turn round not far below. Not for DRAM.
double energy_ratio(Nanometres from, Volts from_voltage, Nanometres to, Volts to_voltage);

/// Area of logic at `to` in units of that at `from`, from the same paper; 130 to 180 nm as the square of feature size.
/// The printed factors have two digits; these are the areas that fit all of them best, within 4 %. InputError outside
/// 7 to 180 nm.
double area_ratio(Nanometres from, Nanometres to);

/// Delay of logic at `to` in units of that at `from`: as feature size. A rule of thumb, of which the paper's own
/// polynomials are not at hand.
double delay_ratio(Nanometres from, Nanometres to);

/// Leakage power at `to` in units of that at `from`: as the supply, whatever the node. Assumed: flavours of one node
/// differ by more than nodes do.
double leakage_ratio(Volts from, Volts to);

/// Factor by which `energy_ratio` may be off, as assumed here: 1.15 an octave of feature size, 1.5 more where it
/// passes from 32 to 20 nm or a part of that way, 1.3 more between 130 and 180 nm, 1.1 more where the supply changes.
double scaling_width(Nanometres from, Volts from_voltage, Nanometres to, Volts to_voltage);

/// Factor by which `area_ratio` may be off, as assumed here: as `scaling_width` has it at one supply.
double area_scaling_width(Nanometres from, Nanometres to);

/// `x 1.96 from 40 nm`; empty at the same node.
std::string area_scaling_note(Nanometres from, Nanometres to);

/// The rule in a line for notes: `x 0.606 from 65 nm, 1.1 V (Stillmaker and Baas, 2017)`; says when it passes the step
/// from planar to multi-gate devices. Empty if nothing is scaled.
std::string scaling_note(Nanometres from, Volts from_voltage, Nanometres to, Volts to_voltage);

/// Does a figure that goes from one to the other pass the step from 32 nm (planar) to 20 nm (multi-gate), or a part of
/// it?
bool crosses_multigate(Nanometres from, Nanometres to);

/// Factors by which independent causes may put a figure off, as one: their logarithms add as squares.
double combined(std::span<const double> factors);

}  // namespace eyrie
