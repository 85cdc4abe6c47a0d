#pragma once

// A trained network: its layers, its parameters and, if it is quantised, how its words stand for numbers. Importers and
// model files make one; `bind` makes of it what a machine computes with.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "workloads/network.hpp"
#include "workloads/tensor_code.hpp"

namespace eyrie {

/// The numbers of one parameter in row-major order, real or integer: one of the two is empty.
struct Parameter {
  std::vector<std::int64_t> shape;
  std::vector<float> real;
  std::vector<std::int32_t> integer;  ///< relative to their zero point
  bool operator==(const Parameter&) const = default;
};

/// Parameters are called after the name that filters are shared under (`Layer::weights_name`, of a cell's layers
/// `cell/x`, `cell/h`, ...):
///
///   NAME/weight        Layer::weight_shape: (out, in per group, rows, columns); fully connected: (out, c, h, w)
///   NAME/bias          (out); integer ones in units of input scale x weight scale x 2^product_shift. None: no bias
///   NAME/weight_scale  real, (out) or (1); of quantised models
///
/// Codes, of quantised models, are called after what makes the tensor: a layer or a network input. What a cell is made
/// of has one for all steps: `cell/ifo` for `cell/t00/ifo`. Where a function that is no clamp follows a sum (sigmoid,
/// tanh as `activation`), NAME/before is the code of the sum. Layers that leave words as they are (reshape, max_pool,
/// channel_shuffle) have that of their input if they have none. A model's batch norm is folded in.
struct Model {
  NetworkFile network;
  ModelArithmetic arithmetic = ModelArithmetic::Float;
  std::map<std::string, Parameter> parameters;
  std::map<std::string, TensorCode> codes;
  std::map<std::string, Pixels> pixels;  ///< by network input
  std::vector<std::string> labels;       ///< what the outputs' channels are called
  std::string calibration;               ///< samples to find ranges with, of a float model; empty: none is named
};

/// Real-valued activations, (n, c, h, w).
using RealTensor = BasicTensor<float>;
using RealInputs = std::map<std::string, RealTensor>;  ///< by network input

/// What is given for an input of a network of this batch; null, with an error, if nothing is, or if its shape is
/// another.
const RealTensor* numbers_of(const NetworkInput&, std::int64_t batch, const RealInputs& given, Diagnostics& wrong);

/// The name that parameters and codes of a layer stand under: without the time step.
std::string parameter_name(const Layer&);
/// The product_shift that the model's file states for a layer, of a cell for all that it is made of. None: 0.
int stated_product_shift(const Model&, const Layer&);

}  // namespace eyrie
