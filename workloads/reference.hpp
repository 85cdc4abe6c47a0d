#pragma once

// Every operation written as plainly as it can be: the truth that simulations are compared with.

#include <vector>

#include "workloads/arithmetic.hpp"
#include "workloads/layer.hpp"
#include "workloads/tensor.hpp"

namespace eyrie::reference {

/// Psums of a convolution or fully connected layer, (N, G*M, P, Q), before `finish`. `bias` has G*M entries or none.
PsumTensor psums(const LayerNest&, const Tensor& input, const Tensor& weight, const std::vector<std::int32_t>& bias,
                 const Arithmetic&);
/// `finish` on every element.
Tensor finished(const PsumTensor&, const Arithmetic&);
Tensor conv(const LayerNest&, const Tensor& input, const Tensor& weight, const std::vector<std::int32_t>& bias,
            const Arithmetic&);
/// Windows over padding see only elements inside the input; the nest has C = M = 1 and a group per channel.
Tensor max_pool(const LayerNest&, const Tensor& input);
/// Values are shifted right by `product_shift` before they are summed, so that psums hold the sum; the mean is shifted
/// back.
Tensor average_pool(const LayerNest&, const Tensor& input, const Arithmetic&);
/// The shift of an average pool whose sums must fit a psum.
int pool_shift(const LayerNest&, const Widths&);
/// The mean that leaves the chip for a sum of shifted values over `elements` elements.
std::int16_t pool_mean(std::int32_t sum, std::int64_t elements, const Arithmetic&);
Tensor relu(const Tensor& input);
Tensor lrn(const Layer&, const Tensor& input, Bits output);
Tensor softmax(const Tensor& input, Bits output);

/// Elements of the input under the window of output (p, q): the divisor of average pooling.
std::int64_t window_elements(const LayerNest&, Shape input, std::int64_t p, std::int64_t q);

}  // namespace eyrie::reference
