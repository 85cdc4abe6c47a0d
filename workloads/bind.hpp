#pragma once

// From a quantised model to what a machine computes with: filters, biases and the requantisation of every layer.

#include <map>
#include <string>
#include <vector>

#include "workloads/arithmetic.hpp"
#include "workloads/model.hpp"

namespace eyrie {

/// Words of a trained network are computed at these widths whatever the machine's are: relative to their zero point
/// words of 8 bits have 9, and psums are 32 bits wide.
inline constexpr Widths kExactWidths{.input = Bits{16}, .weight = Bits{16}, .psum = Bits{32}, .output = Bits{16}};

struct Filters {
  Tensor weight;
  std::vector<std::int32_t> bias;
};

/// What a forward pass takes in place of drawing it from a seed.
struct NetworkData {
  std::map<std::string, Filters> filters;     ///< by `Layer::weights_name`
  std::map<std::string, Tensor> inputs;       ///< words of network inputs, (batch, c, h, w)
  std::vector<Arithmetic> arithmetic;         ///< by number in `network.layers()`
  std::vector<TensorCode> codes;              ///< of the outputs, the same
  std::vector<std::vector<TensorCode>> from;  ///< of what is read, the same
  std::vector<Widths> widths;                 ///< bits that raw words have, the same
};

/// Everything of a quantised model that a forward pass over `network` (built from its file) needs, with these inputs as
/// words. InputError, at the layer, for a parameter or a code that is missing or of another shape, and for what the
/// model's arithmetic does not have.
NetworkData bind(const Network& network, const Model& model, const RealInputs& inputs);

/// Words of the real numbers.
Tensor coded(const RealTensor&, const TensorCode&);
/// The real numbers of words.
RealTensor decoded(const Tensor&, const TensorCode&);

/// Softmax over channels of words, as the host computes it: in double, to the nearest word.
Tensor softmax(const Tensor&, const TensorCode& from, const TensorCode& to);
/// Local response normalisation, likewise.
Tensor lrn(const Layer&, const Tensor&, const TensorCode& from, const TensorCode& to);

}  // namespace eyrie
