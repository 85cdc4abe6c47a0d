#pragma once

// What a workload asks to be made smaller: `compression` in its file. Shrinking changes the layers, pruning and sharing
// the values of their filters, whether those come from a seed or from training.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/fields.hpp"

namespace eyrie {

/// Filters of the least magnitude become zero.
struct Pruning {
  double share = 0;                 ///< of them, 0 to 1
  bool global = false;              ///< one threshold for all layers; otherwise each layer has its share
  std::vector<std::string> layers;  ///< none: all with filters
};

/// A layer gives up channels, and whoever reads them does without (shrink.hpp).
struct LayerShrink {
  std::string layer;
  double share = 0;  ///< of its output channels (units of a cell) that go, 0 to 1
  Place where;
};

/// Filters of a layer share 2^bits values.
struct WeightSharing {
  std::int64_t bits = 4;
  std::vector<std::string> layers;  ///< none: all with filters
};

struct Compression {
  std::optional<Pruning> prune;
  std::vector<LayerShrink> shrink;
  std::optional<WeightSharing> share_weights;
  Place where;
};

void describe(Fields&, Pruning&);
void describe(Fields&, LayerShrink&);
void describe(Fields&, WeightSharing&);
void describe(Fields&, Compression&);

/// Is a layer, or what it is a part of, among these? None: all are.
bool is_among(const std::string& name, const std::string& part_of, const std::vector<std::string>& layers);

}  // namespace eyrie
