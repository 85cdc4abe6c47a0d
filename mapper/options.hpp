#pragma once

// The part of the mapspace that lies inside a pass, one dimension at a time: how much of it a PE does, over how many
// columns and rows of PEs it is spread, and what follows from that. A whole inner mapping is one option a dimension.

#include <cstdint>
#include <string>
#include <vector>

#include "arch/architecture.hpp"
#include "dataflows/dataflow.hpp"
#include "workloads/nest.hpp"

namespace eyrie {

/// Which extents a PE's part of a dimension may have.
enum class Space : std::uint8_t { Perfect, Ragged, Every };
template <>
struct names<Space> {
  static constexpr Name<Space> table[] = {
      {"perfect", Space::Perfect, "PE part x rows x columns divides the dimension"},
      {"ragged", Space::Ragged,
       "the last pass and the last PE may do less: the smallest part for each number of passes"},
      {"every", Space::Every, "any part"}};
};

/// One way to do one dimension in passes.
struct DimOption {
  std::int64_t pe = 1;       ///< extent of a PE's part
  std::int64_t columns = 1;  ///< parts beside each other
  std::int64_t rows = 1;     ///< and above each other
  std::int64_t pass = 1;     ///< extent of a pass: what the parts come to, cut to the layer
  std::int64_t passes = 1;   ///< over the dimension; only the last may be smaller
  std::int64_t parts = 1;    ///< PEs' parts over all passes
  std::int64_t busiest = 1;  ///< extents of the largest part of each pass, together
  bool gap = false;          ///< the last pass uses fewer rows than the others
  bool operator==(const DimOption&) const = default;
};

/// All options of a dimension, best first for few passes. Empty if the dataflow or the array allows none.
std::vector<DimOption> dim_options(Dim, const LayerNest&, const Architecture&, const Dataflow&, Space);

/// What follows from a PE part spread over columns and rows.
DimOption dim_option(std::int64_t extent, std::int64_t pe, std::int64_t columns, std::int64_t rows);

}  // namespace eyrie
