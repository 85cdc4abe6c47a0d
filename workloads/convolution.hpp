#pragma once

// The psums of `reference::psums`, soon: what the forward pass computes with. Tests hold the two against each other.

#include <cstdint>
#include <vector>

#include "workloads/arithmetic.hpp"
#include "workloads/nest.hpp"
#include "workloads/tap_kernels.hpp"
#include "workloads/tensor.hpp"

namespace eyrie::fast {

/// Psums of a convolution or fully connected layer, (N, G*M, P, Q), before `finish`. `bias` has G*M entries or none.
/// Runs on up to `jobs` threads; the psums are the same for any number.
PsumTensor psums(const LayerNest&, const Tensor& input, const Tensor& weight, const std::vector<std::int32_t>& bias,
                 const Arithmetic&, unsigned jobs = 1, Instructions = Instructions::Best);

/// Bytes that `psums` takes besides its operands and its answer, at most.
Bytes psums_scratch(const LayerNest&, unsigned jobs);

}  // namespace eyrie::fast
