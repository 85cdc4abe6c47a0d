#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "workloads/model.hpp"

namespace eyrie {

/// The network computed in real numbers (floats): what a quantised one is compared with, and where its ranges come
/// from. Every layer type, wherever the file places it; functions are the true ones, no tables. Sums of products are
/// floats (of locally connected layers doubles), all others doubles (float_kernels.hpp, float_layers.hpp); results are
/// the same for any number of threads. No thread is left when it is built. The network must outlive it.
class FloatPass {
 public:
  /// `real` has Float arithmetic. InputError, at the layer or input, for what is missing or of another shape.
  FloatPass(const Network& network, const Model& real, const RealInputs& inputs, unsigned jobs = 1);

  /// What the n-th layer of `network.layers()` makes.
  [[nodiscard]] const RealTensor& output(std::size_t layer) const { return outputs_[layer]; }
  /// What it reads, after its views.
  [[nodiscard]] std::vector<RealTensor> inputs(std::size_t layer) const;
  /// Its sums before its activation, computed again.
  [[nodiscard]] RealTensor before(std::size_t layer) const;

 private:
  const Network& network_;
  std::map<std::string, std::vector<float>> parameters_;  ///< that layers use
  unsigned jobs_;
  std::map<std::string, RealTensor> inputs_;
  std::map<std::string, std::size_t> numbers_;  ///< of layers
  std::vector<RealTensor> outputs_;
};

/// Has a Float model all parameters of the network, in the right number? InputError, at the layers, if not.
void check_parameters(const Network&, const Model& real);

/// `file` with parameters drawn from `seed`, so that precision can be studied without training: filters normal with
/// variance 2 / fan-in (He et al., ICCV 2015, eq. 10), which keeps the power of activations through layers with ReLU,
/// those of cells 1 / fan-in; biases normal with deviation 0.05. Same seed and names: the same numbers. InputError if
/// the network is wrong.
Model random_parameters(const NetworkFile& file, std::uint64_t seed);

}  // namespace eyrie
