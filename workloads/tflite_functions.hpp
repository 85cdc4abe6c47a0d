#pragma once

// The functions of TFLite's integer kernels, to the bit.

#include <cstdint>

#include "workloads/requantisation.hpp"

namespace eyrie {

/// Sigmoid of a word with 12 bits of fraction as a word with 15, as the 16-bit kernels of TFLite Micro compute it:
/// between 256 places a twenty-fourth apart, halves up. Source: reference_integer_ops/logistic.h (input_multiplier 0).
std::int16_t tflite_sigmoid(std::int16_t word);

/// Tanh of a word of scale 2^`power` (-15 to 0) as a word with 15 bits of fraction: from the same places, by tanh(x) =
/// 2 sigmoid(2x) - 1. Source: reference_integer_ops/tanh.h, as the LSTM kernel calls it.
std::int16_t tflite_tanh(std::int16_t word, int power);

/// The factor that a sum of `count` words (at least 1) is multiplied by to be their mean, `factor` being input scale /
/// output scale: its multiplier is divided by the count and rounded down. Source: QuantizedMeanOrSum,
/// reference/reduce.h.
Rescale tflite_mean(double factor, std::int64_t count);

}  // namespace eyrie
