#include "sim/layer_result.hpp"

#include <numeric>

namespace eyrie {

std::int64_t CycleStack::total() const { return std::accumulate(pe_cycles.begin(), pe_cycles.end(), std::int64_t{0}); }

CycleStack& CycleStack::operator+=(const CycleStack& o) {
  for (std::size_t i = 0; i < kCauses; ++i) pe_cycles[i] += o.pe_cycles[i];
  return *this;
}

}  // namespace eyrie
