#pragma once

// Runs whose words have other widths than the machine's.

#include <optional>
#include <string>
#include <vector>

#include "app/experiment.hpp"
#include "arch/precision.hpp"

namespace eyrie {

/// A machine's own name for what a layer runs on: the derived one, or the experiment's.
template <class AnyLayer>
const Architecture& machine_of(const PreparedExperiment& p, const AnyLayer& l) {
  return l.machine ? l.machine->architecture : p.architecture;
}
template <class AnyLayer>
const EnergyTable& prices_of(const PreparedExperiment& p, const AnyLayer& l) {
  return l.machine ? l.machine->table : p.table;
}

/// The request of an option: the value of the key `precision` without its braces. InputError at `--precision`.
PrecisionRequest read_precision(const std::string& text);
/// The option's text that asks for the same.
std::string option_text(const PrecisionRequest&);

/// Widths of every layer of the network, by number: what a layer says, else what the request says of all, else the
/// machine's. A layer reads words of the widest that those who make them write; network inputs are activations.
/// InputError, at the request, for a layer that the network has not.
std::vector<Widths> layer_widths(const PrecisionRequest&, const Network&, const Widths& machine);

/// From here on the layers of a prepared experiment have words of these widths, by number in `network.layers()`:
/// machine, prices and what is drawn from the seed. A mapping that was asked for must be legal; others give way to the
/// mapper's where the machine is another one. InputError, at the layer, for widths that the machine cannot have.
void use_widths(PreparedExperiment&, const std::vector<Widths>&, Packing);

/// What layers ran on, by name, for `assemble`.
LayerMachines layer_machines(const PreparedExperiment&);

}  // namespace eyrie
