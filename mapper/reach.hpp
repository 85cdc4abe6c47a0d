#pragma once

// Can the networks of an array in lockstep bring its PEs what a choice of options asks for?

#include <array>

#include "arch/architecture.hpp"
#include "mapper/options.hpp"
#include "mapper/pe_nest.hpp"
#include "workloads/nest.hpp"

namespace eyrie {

/// Words of a systolic network reach PEs along a line that shares them; others must stay for the whole pass: no tensor
/// is spread along both axes but those that stay. Where neighbours hand words on, PEs want the same ifmap word or
/// others, not both. `option`: of the dimensions chosen so far, by Dim; `nest`: the PE's, if it is chosen. What does
/// not reach them now never does.
bool reaches(const std::array<const DimOption*, kDims>& option, const PeNestChoice* nest, const LayerNest&,
             const Architecture&);

}  // namespace eyrie
