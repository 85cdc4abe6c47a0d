#pragma once

#include <cstdint>
#include <map>
#include <optional>
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

/// The network executed by the plain reference on seeded data: the activations between layers, each layer's bias and
/// shifts.
///
/// Inputs and filters are uniform over their word; a layer's `input_zeros` is met by shifting the bias of the
/// convolution or fully connected layer that produces it (through ReLU, LRN and pooling), so that the chain of
/// activations stays one real computation; a network input gets zeros directly. Shifts that a layer doesn't state are
/// calibrated on its ifmap: product_shift brings the expected r.m.s. psum to 2^(psum_bits - 4), output_shift the output
/// to 2^(output_bits - 4). The network must outlive it.
class ForwardPass {
 public:
  ForwardPass(const Network& network, const Widths& widths, std::uint64_t seed);

  /// Operands of the n-th layer of `network.layers()`. Filters are drawn again from the seed, not stored.
  [[nodiscard]] LayerOperands operands(std::size_t layer) const;
  [[nodiscard]] const Tensor& output(std::size_t layer) const { return outputs_[layer]; }
  /// Share of zeros of the layer's ifmap, padding not counted.
  [[nodiscard]] double input_zero_share(std::size_t layer) const;

  /// The ifmap of a layer: another's output or a network input.
  [[nodiscard]] const Tensor& input(std::size_t layer) const;
  /// Does the layer read a network input?
  [[nodiscard]] bool reads_network_input(std::size_t layer) const;

 private:
  void run(std::size_t layer);
  void run_weighted(std::size_t layer);
  [[nodiscard]] std::int64_t threshold(std::size_t layer, const PsumTensor& psums) const;
  [[nodiscard]] std::optional<double> zeros_wanted_after(std::size_t layer) const;
  [[nodiscard]] double zeros_after(std::size_t layer, Tensor values) const;
  [[nodiscard]] Tensor elementwise(std::size_t layer, const Tensor& input) const;
  [[nodiscard]] Tensor seeded_input(const NetworkInput&) const;

  const Network& network_;
  Widths widths_;
  std::uint64_t seed_;
  std::map<std::string, Tensor> inputs_;  ///< of the network
  std::map<std::string, std::size_t> number_;
  std::vector<Tensor> outputs_;
  std::vector<std::vector<std::int32_t>> biases_;
  std::vector<Arithmetic> arithmetic_;
};

/// Filters of a layer: uniform in [-(2^(bits-1)-1), 2^(bits-1)-1], from `seed` and the layer's name.
Tensor seeded_weights(const Layer&, Bits width, std::uint64_t seed);

}  // namespace eyrie
