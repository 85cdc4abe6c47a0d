#pragma once

// What both sides, the network and the machine, must agree on: the three tensors, their word widths, and how values
// under a window are reduced.

#include <array>
#include <cstdint>

#include "base/fields.hpp"
#include "base/units.hpp"

namespace eyrie {

/// The three data spaces of a layer. Psums travel and rest as Output.
enum class Operand : std::uint8_t { Input, Weight, Output };
inline constexpr std::array<Operand, 3> kAllOperands{Operand::Input, Operand::Weight, Operand::Output};
template <>
struct names<Operand> {
  static constexpr Name<Operand> table[] = {{"input", Operand::Input, "ifmap words"},
                                            {"weight", Operand::Weight, "filter words"},
                                            {"output", Operand::Output, "psums and ofmap words"}};
};

/// How the values under a window become one value; a PE may know several.
enum class Reduction : std::uint8_t {
  MultiplyAdd,  ///< sum of input x weight
  Maximum,      ///< largest input; there are no weights
  Sum           ///< sum of inputs, the numerator of a mean; there are no weights
};
template <>
struct names<Reduction> {
  static constexpr Name<Reduction> table[] = {
      {"multiply_add", Reduction::MultiplyAdd, "convolution and fully connected layers"},
      {"maximum", Reduction::Maximum, "max pooling"},
      {"sum", Reduction::Sum, "average pooling"}};
};

/// Word widths of a machine. Input, weight, output: 2 to 16 bits; psum: 2 to 32.
struct Widths {
  Bits input{16}, weight{16}, psum{16}, output{16};
  bool operator==(const Widths&) const = default;
};

}  // namespace eyrie
