#pragma once

// Internal to dataflows: what an array in lockstep asks of a mapping besides the rules for all.

#include <functional>
#include <string>

#include "arch/architecture.hpp"
#include "dataflows/mapping.hpp"

namespace eyrie {

/// Called with the entry that breaks a rule, what is wrong and what would be right.
using RuleBroken = std::function<void(std::size_t entry, std::string problem, std::string remedy)>;

/// The mapping's loops and keeps are well-formed.
void lockstep_legality(const Mapping&, const LayerNest&, const Architecture&, const RuleBroken&);

}  // namespace eyrie
