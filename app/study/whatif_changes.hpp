#pragma once

// Single changes to a machine, made from the machine itself.

#include <string>
#include <vector>

#include "arch/architecture.hpp"
#include "explore/whatif.hpp"

namespace eyrie {

/// Twice and half of every size and rate of a machine, every feature on or off (docs/whatif.md lists them). What goes
/// with a size goes along: banks with their buffer, the FIFO with a network that gets wider than it. A half is rounded
/// up to whole words, cycles or PEs. A change that the kind of thing cannot have says so in `impossible`; whether a
/// machine is legal is for its reader to say.
std::vector<MachineChange> changes_of(const Architecture&);

/// Does an override change what lies on the chip? DRAM but for its coder, clocks, network and prices do not.
bool is_on_chip(const std::string& set);
/// The components that it changes, by their names in area reports; of the array's size, all of the array and its
/// networks.
std::vector<std::string> parts_of(const std::string& set, const Architecture&);

}  // namespace eyrie
