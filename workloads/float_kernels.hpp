#pragma once

// Sums of products of real numbers, with vectors (AVX2) and without: the same additions in the same order, so the same
// floats on every machine and any number of threads.

#include <vector>

#include "workloads/model.hpp"
#include "workloads/nest.hpp"
#include "workloads/tap_kernels.hpp"

namespace eyrie::fast {

/// Convolution or fully connected layer of a nest: (N, G*M, P, Q). Weights (G*M, C, R, S) in row-major order; `bias`
/// has G*M numbers or none. Sums are floats: bias first, then the products in the order C R S (of filters that cover
/// their ifmap: in 16 interleaved partial sums).
RealTensor real_sums(const LayerNest&, const RealTensor& input, const std::vector<float>& weight,
                     const std::vector<float>& bias, unsigned jobs, Instructions = Instructions::Best);

}  // namespace eyrie::fast
