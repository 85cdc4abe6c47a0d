#pragma once

#include <optional>

#include "dataflows/row_stationary.hpp"

namespace eyrie {

/// A row-stationary mapping for a layer that has none: of a grid of parameters the first legal one in the order of an
/// estimate of its cycles (array and DRAM time from tile sizes and bandwidths). Sensible, not optimal. Nothing if no
/// parameters of the grid are legal; `why` then has what the best-looking ones broke.
std::optional<RowStationary> simple_choice(const LayerNest&, const Architecture&, Diagnostics& why);

/// The estimate that orders the candidates, in core cycles.
double estimated_cycles(const RowStationary&, const LayerNest&, const Architecture&);

}  // namespace eyrie
