#include "workloads/compression/compression.hpp"

#include <algorithm>

namespace eyrie {

void describe(Fields& f, Pruning& p) {
  f.about("filters of the least magnitude become zero");
  f.required("share", p.share, "of the filters' words, 0 to 1", Between(0, 1));
  f.optional("global", p.global, "one threshold for all layers; otherwise each layer has its share");
  f.optional("layers", p.layers, "which; all with filters if unsaid");
}

void describe(Fields& f, LayerShrink& s) {
  f.about("output channels that go");
  f.place(s.where);
  f.required("layer", s.layer, "which layer, or cell");
  f.required("share", s.share, "of its channels, 0 to 1", Between(0, 1));
}

void describe(Fields& f, WeightSharing& s) {
  f.about("filters of a layer share few values");
  f.required("bits", s.bits, "2^bits values at most, zero among them", Between(1, 12));
  f.optional("layers", s.layers, "which; all with filters if unsaid");
}

void describe(Fields& f, Compression& c) {
  f.about("how the network is made smaller");
  f.place(c.where);
  f.optional("prune", c.prune, "filters of the least magnitude become zero");
  f.optional("shrink", c.shrink, "layers that give up output channels");
  f.optional("share_weights", c.share_weights, "filters of a layer share few values");
}

bool is_among(const std::string& name, const std::string& part_of, const std::vector<std::string>& layers) {
  return layers.empty() || std::ranges::count(layers, name) > 0 || std::ranges::count(layers, part_of) > 0;
}

}  // namespace eyrie
