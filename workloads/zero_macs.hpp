#pragma once

#include "workloads/nest.hpp"
#include "workloads/tensor.hpp"

namespace eyrie {

/// Of the layer's MACs those whose input word is zero, padding included: what a machine can gate or skip. The same for
/// every mapping. `input` is (N, C of all groups, H, W), without padding.
Macs zero_macs(const LayerNest&, const Tensor& input);

/// Of the layer's MACs those with a zero filter word, and of these those whose input is zero as well. `weight` is
/// (M of all groups, C per group, R, S).
struct ZeroWeightMacs {
  std::int64_t all = 0, both = 0;
};
ZeroWeightMacs zero_weight_macs(const LayerNest&, const Tensor& input, const Tensor& weight);

}  // namespace eyrie
