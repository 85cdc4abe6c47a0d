#pragma once

#include "workloads/nest.hpp"
#include "workloads/tensor.hpp"

namespace eyrie {

/// Of the layer's MACs those whose input word is zero, padding included: what a machine can gate or skip. The same for
/// every mapping. `input` is (N, C of all groups, H, W), without padding.
Macs zero_macs(const LayerNest&, const Tensor& input);

}  // namespace eyrie
