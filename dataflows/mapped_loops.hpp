#pragma once

// The loops of a mapping with their numbers, as results tell them.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dataflows/mapping.hpp"

namespace eyrie {

/// A loop of a nest with its numbers.
struct MappedLoop {
  std::string level;  ///< the memory that its tiles come out of: the last kept above it; several that are kept at once
                      ///< are joined by " + "
  Dim dim = Dim::G;
  std::optional<Axis> axis;                      ///< of a spatial loop
  std::int64_t trips = 1, extent = 1, step = 1;  ///< extent: of the dimension outside the loop; step: inside
  [[nodiscard]] std::int64_t remainder() const { return extent % step; }  ///< extent of the last trip; 0: as the others
  bool operator==(const MappedLoop&) const = default;
};
/// All loops, outermost first, those with a single trip too.
std::vector<MappedLoop> loops_of(const Mapping&, const LayerNest&);

}  // namespace eyrie
