#pragma once

// What is done to a finished word as it leaves the chip. Words are fixed point here, in two's complement.
//
// A word of 16 bits has 6 integer bits, sign included, and 10 of fraction, as in DianNao (Chen et al., ASPLOS 2014,
// 3.1); other widths keep three eighths of their bits, rounded down and at least 4, as integer bits (8 bits: 4 and 4).
// Sigmoid and tanh are piecewise linear, 16 segments with integer coefficients, as DianNao's NFU-3 (5.2) computes them:
// f(x) = (a_i x + b_i) / 2^s in segment i, the ends beyond the outer ones.

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/fields.hpp"
#include "base/units.hpp"

namespace eyrie {

enum class Activation : std::uint8_t { None, Relu, Relu6, Sigmoid, Tanh, SigmoidComplement };
template <>
struct names<Activation> {
  static constexpr Name<Activation> table[] = {
      {"none", Activation::None},
      {"relu", Activation::Relu, "max(0, x)"},
      {"relu6", Activation::Relu6, "min(max(0, x), 6.0)"},
      {"sigmoid", Activation::Sigmoid, "1 / (1 + exp(-x)) from a table of 16 segments"},
      {"tanh", Activation::Tanh, "from a table of 16 segments"},
      {"sigmoid_complement", Activation::SigmoidComplement, "1 - sigmoid(x), from the same table"}};
};

/// Does a word need the table of segments?
constexpr bool uses_table(Activation f) {
  return f == Activation::Sigmoid || f == Activation::Tanh || f == Activation::SigmoidComplement;
}

/// Bits behind the binary point of a word: 10 of 16, 4 of 8.
constexpr int fraction_bits(Bits width) {
  return static_cast<int>(std::max<std::int64_t>(0, width.count() - std::max<std::int64_t>(4, width.count() * 3 / 8)));
}

/// A line of the table: (a x + b) >> shift, x with two fraction bits more than the word has.
struct Segment {
  std::int64_t a = 0, b = 0;
  int shift = 0;
};

/// Where the segments of sigmoid begin at 0 and above, in halves of 1.0 (tanh: in quarters). Widths are powers of two,
/// so that slopes are exact and neighbours meet; narrow where the curve bends.
inline constexpr std::array<std::int64_t, 9> kSegmentStarts{0, 1, 2, 3, 4, 6, 8, 12, 16};
/// sigmoid at those places, times 2^16. tanh(x) = 2 sigmoid(2x) - 1 needs no other numbers.
inline constexpr std::array<std::int64_t, 9> kSigmoid{32768, 40793, 47911, 53581, 57724, 62428, 64357, 65374, 65514};

/// The function at the start of segment -8 to 8, as a word with `fraction` bits; odd about its middle.
constexpr std::int64_t at_start(bool tanh, int segment, int fraction) {
  const std::int64_t value = kSigmoid[static_cast<std::size_t>(segment < 0 ? -segment : segment)];
  const std::int64_t exact = tanh ? 2 * value - 65536 : value;
  const std::int64_t word = (exact + (std::int64_t{1} << (15 - fraction))) >> (16 - fraction);
  if (segment >= 0) return word;
  return tanh ? -word : (std::int64_t{1} << fraction) - word;
}

/// Segment -8 to 7 of sigmoid or tanh for words with `fraction` bits behind the point. The rounding of the shift is
/// part of b.
constexpr Segment segment_of(bool tanh, int segment, int fraction) {
  const auto starts = [](int i) {
    return i < 0 ? -kSegmentStarts[static_cast<std::size_t>(-i)] : kSegmentStarts[static_cast<std::size_t>(i)];
  };
  const int unit = fraction + (tanh ? 0 : 1);  // log2 of a half (a quarter) of 1.0 in words of fraction + 2 bits
  const int shift = unit + 2;                  // the widest segment has four of them
  const std::int64_t rise = at_start(tanh, segment + 1, fraction) - at_start(tanh, segment, fraction);
  const std::int64_t a = rise * (4 / (starts(segment + 1) - starts(segment)));
  const std::int64_t from = starts(segment) * (std::int64_t{1} << unit);
  const std::int64_t b = at_start(tanh, segment, fraction) * (std::int64_t{1} << shift) - a * from;
  return {a, b + (std::int64_t{1} << (shift - 1)), shift};
}

/// sigmoid or tanh of a word with `fraction` bits behind the point. Rises with `word`.
constexpr std::int64_t interpolated(bool tanh, std::int64_t word, int fraction) {
  const std::int64_t x = word * 4;
  const int unit = fraction + (tanh ? 0 : 1);
  const std::int64_t place = x >> unit;
  if (place < -16) return at_start(tanh, -8, fraction);
  if (place >= 16) return at_start(tanh, 8, fraction);
  int i = 7;
  while (i > -8 &&
         place < (i < 0 ? -kSegmentStarts[static_cast<std::size_t>(-i)] : kSegmentStarts[static_cast<std::size_t>(i)]))
    --i;
  const Segment s = segment_of(tanh, i, fraction);
  return (s.a * x + s.b) >> s.shift;
}

/// The word that leaves after `f`. Ones and sixes that the width cannot hold become its largest word.
constexpr std::int32_t activated(std::int32_t word, Activation f, Bits width) {
  const std::int64_t most = (std::int64_t{1} << (width.count() - 1)) - 1;
  const int fraction = fraction_bits(width);
  const auto held = [most](std::int64_t v) { return static_cast<std::int32_t>(std::min(v, most)); };
  switch (f) {
    case Activation::None:
      return word;
    case Activation::Relu:
      return std::max(word, 0);
    case Activation::Relu6:
      return held(std::clamp<std::int64_t>(word, 0, std::int64_t{6} << fraction));
    case Activation::Sigmoid:
      return held(interpolated(false, word, fraction));
    case Activation::Tanh:
      return held(interpolated(true, word, fraction));
    case Activation::SigmoidComplement:
      return held((std::int64_t{1} << fraction) - interpolated(false, word, fraction));
  }
  return word;
}

}  // namespace eyrie
