#pragma once

// The spatial loops of a mapping, unrolled: which PE has which part of a pass.

#include <cstdint>
#include <vector>

#include "dataflows/mapping.hpp"
#include "workloads/nest.hpp"

namespace eyrie::sim {

/// A PE's share of a pass.
struct Slice {
  std::int64_t row = 0, column = 0;
  Extents offset{{0, 0, 0, 0, 0, 0, 0, 0}}, extent;
};

/// One for each PE that has work in a pass of these extents.
std::vector<Slice> slices(const Mapping&, const LayerNest&, const Extents& pass);

}  // namespace eyrie::sim
