#pragma once

// Layers in real numbers, (n, c, h, w). Functions of one number (exp, tanh, powers) and sums of windows are doubles
// that are rounded to floats once; sums of products are floats (float_kernels.hpp).

#include <vector>

#include "workloads/model.hpp"

namespace eyrie::real {

/// The part of a tensor that a layer reads.
RealTensor seen(const RealTensor& whole, const InputView&);
/// Sums of a conv, fully connected or locally connected layer before its activation; shapes as in model.hpp.
RealTensor filtered(const Layer&, const RealTensor& input, const std::vector<float>& weight,
                    const std::vector<float>& bias, unsigned jobs);
/// What any other layer makes before its activation.
RealTensor unfiltered(const Layer&, const std::vector<RealTensor>& inputs);
/// The true function, not a table's.
void activate(RealTensor&, Activation);

}  // namespace eyrie::real
