#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workloads/arithmetic.hpp"
#include "workloads/network.hpp"
#include "workloads/tensor.hpp"

namespace eyrie {

/// All that a machine needs to execute one layer with data, and what must come out.
struct LayerOperands {
  Tensor input;                    ///< (N, C of all groups, H, W), without padding
  Tensor weight;                   ///< (M of all groups, C per group, R, S); empty for pools
  std::vector<std::int32_t> bias;  ///< initial psum per output channel; empty: 0
  Arithmetic arithmetic;
};

/// The network executed by the plain reference on seeded data: the activations between layers, each layer's bias and shifts.
///
/// Inputs and filters are uniform over their word; a layer's `input_zeros` is met by shifting the bias of the convolution or fully
/// connected layer that produces it (through ReLU, LRN and pooling), so that the chain of activations stays one real computation; a network input gets zeros
/// directly. Shifts that a layer doesn't state are calibrated on its ifmap: product_shift brings the expected r.m.s. psum to 2^(psum_bits - 4),
/// output_shift the output to 2^(output_bits - 4).
class ForwardPass {
 public:
  ForwardPass(const Network& network, const Widths& widths, std::uint64_t seed);

  /// Operands of the n-th layer of `network.layers()`. Filters are drawn again from the seed, not stored.
  [[nodiscard]] LayerOperands operands(std::size_t layer) const;
  [[nodiscard]] const Tensor& output(std::size_t layer) const { return outputs_[layer]; }
  /// Share of zeros of the layer's ifmap, padding not counted.
  [[nodiscard]] double input_zero_share(std::size_t layer) const;

 private:
  // to be completed by the implementation
  std::vector<Tensor> outputs_;
};

/// Filters of a layer: uniform in [-(2^(bits-1)-1), 2^(bits-1)-1], from `seed` and the layer's name.
Tensor seeded_weights(const Layer&, Bits width, std::uint64_t seed);

}  // namespace eyrie
