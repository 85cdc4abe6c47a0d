#pragma once

// One layer on several processes. Every process finds all times, which costs little once they are known; the data of a
// pass are computed by the one that its output tile belongs to. Times depend on data only through coded words, which
// are those of finished tiles: of tiles of others these are taken from what the layer has to come to. Whoever computes
// a tile says whether it came to that.

#include <cstdint>
#include <vector>

#include "arch/architecture.hpp"
#include "dataflows/mapping.hpp"
#include "sim/layer_result.hpp"
#include "workloads/nest.hpp"
#include "workloads/tensor.hpp"

namespace eyrie {

/// Which output tiles a simulation computes: of those in the order in which they first come, every `of`-th from `part`
/// on.
struct Share {
  std::int64_t part = 0, of = 1;
  const Tensor* ofmap = nullptr;  ///< (N, G * M, P, Q), for the tiles of others; not needed by a whole layer
};

/// Output tiles of a mapping: no layer has use for more shares.
std::int64_t output_tiles(const Mapping&, const LayerNest&, const Architecture&);

/// The result of a layer from those of its shares, in order, equal to that of the whole layer but for the ofmap, which
/// is left out. InternalError if their times differ.
LayerResult joined(const std::vector<LayerResult>& shares, const LayerNest&, const Architecture&);

/// Counts of what MAC units and spads did, from the slots that were used.
void add_slot_counts(ActionCounts&, const Architecture&, const LayerNest&, const SlotCounts&);

}  // namespace eyrie
