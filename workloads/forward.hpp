#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "workloads/arithmetic.hpp"
#include "workloads/bind.hpp"
#include "workloads/forward_plan.hpp"
#include "workloads/network.hpp"
#include "workloads/tensor.hpp"
#include "workloads/zero_share.hpp"

namespace eyrie {

/// All that a machine needs to execute one layer's nest with data, and what must come out.
struct LayerOperands {
  Tensor input;                    ///< (N, C of all groups, H, W), without padding
  Tensor weight;                   ///< (M of all groups, C per group, R, S); empty for maxima and sums
  std::vector<std::int32_t> bias;  ///< initial psum per output channel; empty: 0
  Arithmetic arithmetic;
  std::int64_t codebook_bits =
      0;  ///< filters are 2^bits values at most, and may travel as their indices; 0: they aren't
};

/// What of a network is executed, and how.
struct ForwardOptions {
  std::optional<std::vector<std::size_t>> layers;  ///< whose operands and outputs are asked for; none: all
  unsigned jobs = 1;                               ///< threads; results are the same for any number
  const NetworkData* data = nullptr;               ///< of a trained network; it must outlive the pass. Null: seeded
  std::vector<Widths> widths{};  ///< of seeded layers' words, by number; empty: those of the pass. What a layer reads
                                 ///< must be no wider than its `input`
};

/// The network executed on seeded data, or on those of a trained network, to the bit as the plain reference does it:
/// the activations between layers, each layer's bias and shifts.
///
/// Inputs and filters are uniform over their word; a layer's `input_zeros` is met by shifting the bias of the layer
/// with filters that produces it (through what looks at each word or window alone), so that the chain of activations
/// stays one real computation; of inputs that are added or joined the one that is computed last is shifted; a network
/// input gets zeros directly. Shifts that a layer doesn't state are calibrated (calibration.hpp). Only what the asked
/// layers need is computed; of the rest nothing may be asked. No thread is left when it is built. The network must
/// outlive it.
class ForwardPass {
 public:
  ForwardPass(const Network& network, const Widths& widths, std::uint64_t seed, const ForwardOptions& = {});

  /// Operands of the nest of the n-th layer of `network.layers()`. Filters are drawn again from the seed, not stored.
  [[nodiscard]] LayerOperands operands(std::size_t layer) const;
  /// The layer's output as the network has it; `output_of` (gather.hpp) makes it from the ofmap of the nest.
  [[nodiscard]] const Tensor& output(std::size_t layer) const;
  /// Share of zeros of what the layer reads, padding not counted.
  [[nodiscard]] double input_zero_share(std::size_t layer) const;

  /// What a layer reads, after its views: others' outputs and network inputs.
  [[nodiscard]] std::vector<Tensor> inputs(std::size_t layer) const;
  /// Does the layer read a network input?
  [[nodiscard]] bool reads_network_input(std::size_t layer) const;

 private:
  /// An output to be used in place of a layer's own.
  struct Trial {
    std::size_t layer;
    const Tensor* output;
  };

  void run(std::size_t layer);
  void run_with_filters(std::size_t layer);
  void run_trained(std::size_t layer);
  [[nodiscard]] PsumTensor psums(std::size_t layer, const Tensor& input, const Tensor& weights) const;
  [[nodiscard]] std::vector<Tensor> inputs(std::size_t layer, const Trial*) const;
  [[nodiscard]] std::int64_t threshold(std::size_t layer, const PsumTensor& psums) const;
  [[nodiscard]] std::optional<ZeroShare> zero_share_of(std::size_t layer, const PsumTensor& psums) const;
  [[nodiscard]] double zeros_after(std::size_t layer, const PsumTensor& psums, std::int64_t taken) const;
  [[nodiscard]] Tensor without_filters(std::size_t layer, const std::vector<Tensor>& inputs) const;
  [[nodiscard]] Tensor seeded_input(const NetworkInput&) const;
  [[nodiscard]] const Widths& widths(std::size_t layer) const { return by_layer_.empty() ? widths_ : by_layer_[layer]; }

  const Network& network_;
  Widths widths_;
  std::vector<Widths> by_layer_;
  std::uint64_t seed_;
  std::map<std::string, Tensor> inputs_;  ///< of the network
  ForwardPlan plan_;
  unsigned jobs_;
  const NetworkData* data_;
  std::vector<Tensor> outputs_;
  std::vector<std::vector<std::int32_t>> biases_;
  std::vector<Arithmetic> arithmetic_;
};

/// Filters of a layer: uniform in [-(2^(bits-1)-1), 2^(bits-1)-1], from `seed` and the name that they are drawn under;
/// then pruned and shared as the workload's `compression` has it.
Tensor seeded_weights(const Layer&, Bits width, std::uint64_t seed);

}  // namespace eyrie
