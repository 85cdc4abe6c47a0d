#include "workloads/compression/compress.hpp"

#include "workloads/compression/prune.hpp"
#include "workloads/compression/shrink.hpp"

namespace eyrie {

Model compressed(const Model& model) {
  Model small = shrunk(model);
  const auto& c = small.network.compression;
  if (c && c->prune) prune(small, *c->prune);
  if (c && c->share_weights) share_weights(small, *c->share_weights);
  return small;
}

}  // namespace eyrie
