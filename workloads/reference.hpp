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
/// The shift of a sum that must fit a psum.
int sum_shift(const LayerNest&, const Widths&);
Tensor relu(const Tensor& input);
/// Every word through an activation.
Tensor activate(const Tensor& input, const Arithmetic&);

// Layers of several kinds, from what they read as the network has it: tensors (n, c, h, w).

/// Filters (out, in, rows, columns) as `Layer::weight_shape` has them: those of output position (p, q) of group g
/// follow those of the position before it.
PsumTensor local_psums(const Layer&, const Tensor& input, const Tensor& weight, const std::vector<std::int32_t>& bias,
                       const Arithmetic&);
/// Sum of words that are each shifted right by `product_shift`, shifted back, then by `output_shift`.
Tensor add(const std::vector<Tensor>& inputs, const Arithmetic&);
/// (a * b) >> product_shift, wrapped at psum width, rounded by output_shift.
Tensor multiply(const Tensor& a, const Tensor& b, const Arithmetic&);
Tensor concat(ConcatAxis, const std::vector<Tensor>& inputs);
/// Channel g * (c / groups) + i goes to i * groups + g.
Tensor channel_shuffle(const Tensor& input, std::int64_t groups);
/// Mean over n, halves away from zero; `product_shift` as in average pooling.
Tensor mean_of_steps(const Tensor& input, const Arithmetic&);
/// Inputs one behind the other along n, with other coordinates.
Tensor reshaped(const std::vector<Tensor>& inputs, Shape);

Tensor lrn(const Layer&, const Tensor& input, Bits output);
Tensor softmax(const Tensor& input, Bits output);

/// Elements of the input under the window of output (p, q): the divisor of average pooling.
std::int64_t window_elements(const LayerNest&, Shape input, std::int64_t p, std::int64_t q);

}  // namespace eyrie::reference
