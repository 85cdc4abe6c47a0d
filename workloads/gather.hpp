#pragma once

// From tensors as the network has them to operands as a nest reads them, and back. This is what a DMA's addresses do;
// a machine counts every word of the operands.

#include <vector>

#include "workloads/layer.hpp"
#include "workloads/tensor.hpp"

namespace eyrie {

/// A copy of what `view` leaves of a tensor.
Tensor seen(const Tensor& whole, const InputView& view);

/// The ifmap of the layer's nest, (N, G * C, H, W), from its inputs:
///
///   add                  input i's channel g as channel g * k + i
///   multiply             the first input, (1, elements, 1, 1)
///   concat, shuffle      already in the order of the output
///   locally_connected    the window of every output position, padding as zeros, (N, G * C, R, S)
///   reduce_mean of steps (1, elements of a step, steps, 1)
///   others               their one input as it is
Tensor gathered_input(const Layer&, const std::vector<Tensor>& inputs);

/// The second factor of a multiply layer as weights, (elements, 1, 1, 1). Where weights are narrower than outputs the
/// lowest bits are cut off.
Tensor gathered_weight(const Layer&, const std::vector<Tensor>& inputs, const Widths&);

/// The layer's output, (n, c, h, w), from the ofmap of its nest, (N, G * M, P, Q).
Tensor output_of(const Layer&, const Tensor& ofmap);

}  // namespace eyrie
