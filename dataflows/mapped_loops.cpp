#include "dataflows/mapped_loops.hpp"

#include <algorithm>

namespace eyrie {

std::vector<MappedLoop> loops_of(const Mapping& mapping, const LayerNest& layer) {
  std::vector<MappedLoop> all;
  std::string level;
  std::vector<std::string_view> kept;  // one after the other, without a loop between them
  for (std::size_t i = 0; i < mapping.nest.size(); ++i) {
    const auto& e = mapping.nest[i];
    if (e.keep) {
      if (!std::ranges::count(kept, *e.keep)) {
        level = kept.empty() ? *e.keep : level + " + " + *e.keep;
        kept.push_back(*e.keep);
      }
      continue;
    }
    kept.clear();
    all.push_back({.level = level,
                   .dim = e.dim(),
                   .axis = e.axis,
                   .trips = mapping.trips(layer.extent, i),
                   .extent = mapping.tile_at(layer.extent, i)[e.dim()],
                   .step = e.step});
  }
  return all;
}

}  // namespace eyrie
