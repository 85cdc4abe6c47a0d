#include "sim/layer_result.hpp"

#include <numeric>

namespace eyrie {

std::int64_t CycleStack::total() const { return std::accumulate(pe_cycles.begin(), pe_cycles.end(), std::int64_t{0}); }

CycleStack& CycleStack::operator+=(const CycleStack& o) {
  for (std::size_t i = 0; i < kCauses; ++i) pe_cycles[i] += o.pe_cycles[i];
  return *this;
}

Advanced& Advanced::operator+=(const Advanced& o) {
  passes.stepped += o.passes.stepped;
  passes.ahead += o.passes.ahead;
  passes.replayed += o.passes.replayed;
  passes.cut += o.passes.cut;
  cycles_stepped += o.cycles_stepped;
  cycles_ahead += o.cycles_ahead;
  cycles_replayed += o.cycles_replayed;
  array_activations += o.array_activations;
  controller_activations += o.controller_activations;
  tile_moves += o.tile_moves;
  return *this;
}

}  // namespace eyrie
