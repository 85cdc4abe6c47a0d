#pragma once

// How the numbers of a trained network stand for real ones: its arithmetic, the codes of its tensors, its pixels.

#include <cmath>
#include <cstdint>
#include <vector>

#include "base/fields.hpp"

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

/// What pixels of 0 to 255 stand for: real = (pixel / divide - mean[channel]) / deviation[channel].
struct Pixels {
  double divide = 1;
  std::vector<double> mean, deviation;  ///< one for all channels, or one each; none: 0 and 1

  [[nodiscard]] double real(double pixel, std::int64_t channel) const {
    const auto of = [channel](const std::vector<double>& all, double none) {
      return all.empty() ? none : all.size() == 1 ? all[0] : all.at(static_cast<std::size_t>(channel));
    };
    return (pixel / divide - of(mean, 0)) / of(deviation, 1);
  }
  bool operator==(const Pixels&) const = default;
};

}  // namespace eyrie
