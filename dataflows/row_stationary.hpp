#pragma once

#include <cstdint>

#include "arch/architecture.hpp"
#include "base/fields.hpp"
#include "dataflows/mapping.hpp"

namespace eyrie {

/// Parameters of the row-stationary dataflow. Source: Chen et al., JSSC 2017, Table II and IV-A.
struct RowStationary {
  std::int64_t m = 1;  ///< ofmap channels whose psums rest in the buffer together
  std::int64_t n = 1;  ///< ifmaps processed in a pass
  std::int64_t e = 1;  ///< ofmap rows of a PE set after strip mining
  std::int64_t p = 1;  ///< filters interleaved in a PE
  std::int64_t q = 1;  ///< channels interleaved in a PE
  std::int64_t r = 1;  ///< PE sets on different channels, psums chained
  std::int64_t t = 1;  ///< PE sets on different filters (on different groups when a group has one filter)
  auto operator<=>(const RowStationary&) const = default;
};
void describe(Fields&, RowStationary&);

/// The loop nest that the parameters mean on an array of this shape. PE (i, j) of a set has filter row i and psum row
/// j; a set wider than the array is cut into segments on other row bands; sets with different filters are stacked, then
/// laid side by side. Parameters beyond the layer's extents are cut to them. The nest may be illegal; `legality` says
/// so.
Mapping row_stationary(const RowStationary&, const LayerNest&, const Architecture&);

}  // namespace eyrie
