#pragma once

#include <array>

#include "arch/architecture.hpp"
#include "dataflows/mapping.hpp"
#include "mapper/options.hpp"
#include "mapper/outer.hpp"
#include "mapper/pe_nest.hpp"

namespace eyrie {

/// One option a dimension.
using InnerChoice = std::array<DimOption, kDims>;

/// The shape of a pass under these options.
PassOutline pass_outline(const InnerChoice&, std::array<bool, 3> passes_by);
/// Extents of a PE's part.
Extents pe_part(const InnerChoice&);

/// The choices as one nest.
Mapping assemble_mapping(const InnerChoice&, const PeNestChoice&, const OuterChoice&, std::array<bool, 3> passes_by,
                         const LayerNest&, const Architecture&);

}  // namespace eyrie
