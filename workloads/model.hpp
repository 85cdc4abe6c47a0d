#pragma once

// A trained network: its layers, its parameters and, if it is quantised, how its words stand for numbers. Importers and
// model files make one; `bind` makes of it what a machine computes with.

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "workloads/network.hpp"

namespace eyrie {

/// Whose arithmetic a model has.
enum class ModelArithmetic : std::uint8_t { Float, Onnx, Tflite };
template <>
struct names<ModelArithmetic> {
  static constexpr Name<ModelArithmetic> table[] = {
      {"float", ModelArithmetic::Float, "real numbers; to be quantised before a machine computes with them"},
      {"onnx", ModelArithmetic::Onnx, "integers, requantised by a float factor to nearest even (QLinear operators)"},
      {"tflite", ModelArithmetic::Tflite, "integers, requantised by a 31-bit multiplier and a shift"}};
};

/// How the integers of a tensor stand for numbers: real = scale x (raw - zero_point), raw from `least` to `most`. A
/// word is raw - zero_point (requantisation.hpp).
struct TensorCode {
  double scale = 1;
  std::int64_t zero_point = 0, least = -128, most = 127;

  [[nodiscard]] double real(std::int64_t word) const { return scale * static_cast<double>(word); }
  /// The nearest word (halves to even); beyond the range the last one.
  [[nodiscard]] std::int16_t word(double real_value) const {
    const double raw = std::nearbyint(real_value / scale) + static_cast<double>(zero_point);
    const double held = std::fmin(std::fmax(raw, static_cast<double>(least)), static_cast<double>(most));
    return static_cast<std::int16_t>(static_cast<std::int64_t>(held) - zero_point);
  }
  /// Bits that a raw number takes: 8 of -128 to 127 and of 0 to 255.
  [[nodiscard]] Bits width() const {
    std::int64_t bits = 1;
    while ((std::int64_t{1} << bits) < most - least + 1) ++bits;
    return Bits{bits};
  }
  bool operator==(const TensorCode&) const = default;
};

/// The numbers of one parameter in row-major order, real or integer: one of the two is empty.
struct Parameter {
  std::vector<std::int64_t> shape;
  std::vector<float> real;
  std::vector<std::int32_t> integer;  ///< relative to their zero point
  bool operator==(const Parameter&) const = default;
};

/// What pixels of 0 to 255 stand for: real = (pixel / divide - mean[channel]) / deviation[channel].
struct Pixels {
  double divide = 1;
  std::vector<double> mean, deviation;  ///< one for all channels, or one each; none: 0 and 1
  bool operator==(const Pixels&) const = default;
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
};

/// Real-valued activations, (n, c, h, w).
using RealTensor = BasicTensor<float>;
using RealInputs = std::map<std::string, RealTensor>;  ///< by network input

/// The name that parameters and codes of a layer stand under: without the time step.
std::string parameter_name(const Layer&);

}  // namespace eyrie
