#pragma once

// The arithmetic of trained, quantised networks: how a psum of one scale becomes a word of another, to the bit as the
// two runtimes do it whose files are read.
//
// Words are kept relative to their zero point: a word w of a tensor stands for the real number scale x w, whatever raw
// number a file holds for it. So padding is zero, a zero is a zero, and psums need no correction.
//
//   TFLite  y = rounding_shift(doubling_high_product(psum << left, multiplier), right)        (gemmlowp; halves away)
//   ONNX    y = nearest_even(float(psum) x float factor)                                      (QLinear operators)

#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/fields.hpp"

namespace eyrie {

/// How psums are brought to another scale.
enum class Rounding : std::uint8_t { FixedPoint, NearestEven, NearestEvenWide };
template <>
struct names<Rounding> {
  static constexpr Name<Rounding> table[] = {
      {"fixed_point", Rounding::FixedPoint, "a multiplier of 31 bits and a shift, as TFLite"},
      {"nearest_even", Rounding::NearestEven, "a float factor, rounded to nearest even, as ONNX"},
      {"nearest_even_wide", Rounding::NearestEvenWide,
       "the same with a double factor: of sums, exact before rounding"}};
};

/// A factor that psums are multiplied by.
struct Rescale {
  Rounding rounding = Rounding::FixedPoint;
  std::int32_t multiplier = std::int32_t{1} << 30;  ///< of fixed point, 2^31 is one; 2^30 to 2^31 - 1, or 0
  std::int32_t exponent = 1;                        ///< of fixed point: positive shifts left
  double factor = 1;                                ///< of nearest even; a float unless wide
  bool operator==(const Rescale&) const = default;
};

/// The factor as fixed point: split by frexp, the fraction rounded to 31 bits. `factor` >= 0, at most 2^30.
Rescale fixed_point(double factor);
/// The factor as a float.
Rescale nearest_even(float factor);
/// The factor as a double.
Rescale nearest_even_wide(double factor);

/// `value` x 2^-31 x `multiplier` x 2, rounded to nearest, saturating: gemmlowp's SaturatingRoundingDoublingHighMul.
constexpr std::int32_t doubling_high_product(std::int32_t a, std::int32_t b) {
  constexpr auto kLeast = static_cast<std::int32_t>(-2147483647 - 1);
  if (a == kLeast && b == kLeast) return 2147483647;
  const std::int64_t product = static_cast<std::int64_t>(a) * b;
  const std::int64_t nudge = product >= 0 ? (std::int64_t{1} << 30) : 1 - (std::int64_t{1} << 30);
  return static_cast<std::int32_t>((product + nudge) / (std::int64_t{1} << 31));
}

/// `value` / 2^shift, halves away from zero: gemmlowp's RoundingDivideByPOT. Shift 0 to 31.
constexpr std::int32_t rounding_shift(std::int32_t value, int shift) {
  const auto mask = static_cast<std::int32_t>((std::int64_t{1} << shift) - 1);
  const std::int32_t rest = value & mask;
  const std::int32_t threshold = (mask >> 1) + (value < 0 ? 1 : 0);
  return (value >> shift) + (rest > threshold ? 1 : 0);
}

/// A psum in the other scale. Shifts to the left wrap, as a register of 32 bits does.
inline std::int32_t rescaled(std::int32_t psum, const Rescale& r) {
  if (r.rounding == Rounding::NearestEven) {
    const float value = std::nearbyint(static_cast<float>(psum) * static_cast<float>(r.factor));
    return value >= 2147483648.0F    ? 2147483647
           : value <= -2147483648.0F ? -2147483647 - 1
                                     : static_cast<std::int32_t>(value);
  }
  if (r.rounding == Rounding::NearestEvenWide)
    return static_cast<std::int32_t>(
        std::fmin(std::fmax(std::nearbyint(psum * r.factor), -2147483648.0), 2147483647.0));
  const int left = r.exponent > 0 ? r.exponent : 0, right = r.exponent < 0 ? -r.exponent : 0;
  const auto shifted = static_cast<std::int32_t>(static_cast<std::uint32_t>(psum) << left);
  return rounding_shift(doubling_high_product(shifted, r.multiplier), right);
}

/// Words of 8 bits and their zero points lie in -255 to 255.
inline constexpr std::int32_t kTermSpan = 512;
/// Sums of words of several scales: at most so wide, and so many.
inline constexpr Bits kWidestTerm{8};
inline constexpr std::size_t kMostTerms = 32;

/// What a finished psum goes through in a layer of a trained network. Shared by all copies of a layer's arithmetic.
struct Requantisation {
  std::vector<Rescale> by_channel;        ///< one for all ofmap channels, or one each; none: psums are words already
  std::int32_t least = -255, most = 255;  ///< words, after the zero point and the activation's clamp
  /// Words become others: w is table[w - least]. Empty: they stay.
  std::vector<std::int16_t> table;
  /// Means: zero point of what is averaged (rounded with it, as TFLite does) and how much the ofmap's differs; with
  /// `by_channel` the sum is rescaled instead of divided, and there is neither.
  std::int32_t mean_zero = 0, mean_out_zero = 0;
  /// Means over windows of several sizes: the factor is divided by the elements under each.
  bool by_elements = false;
  /// Sums of words of several scales: what word w of input i counts, at [i * kTermSpan + w + kTermSpan / 2]. Empty:
  /// words count as they are.
  std::vector<std::int32_t> terms;

  [[nodiscard]] const Rescale& of(std::int64_t channel) const {
    return by_channel[by_channel.size() == 1 ? 0 : static_cast<std::size_t>(channel)];
  }
  /// The word of a psum that is in the ofmap's scale already.
  [[nodiscard]] std::int16_t held(std::int64_t value) const {
    const auto word = value < least ? least : value > most ? most : static_cast<std::int32_t>(value);
    return table.empty() ? static_cast<std::int16_t>(word) : table[static_cast<std::size_t>(word - least)];
  }
  [[nodiscard]] std::int16_t finish(std::int32_t psum, std::int64_t channel) const {
    return held(by_channel.empty() ? psum : rescaled(psum, of(channel)));
  }
  /// Where word `w` of input `i` stands in `terms`.
  static constexpr std::int16_t term_number(std::int64_t i, std::int16_t w) {
    return static_cast<std::int16_t>(i * kTermSpan + w + kTermSpan / 2);
  }
  bool operator==(const Requantisation&) const = default;
};

}  // namespace eyrie
