#pragma once

// The integer arithmetic of a layer: what a product, a psum and an output are, to the bit.
//
//   product = (input * weight) >> product_shift          arithmetic shift, rounds towards minus infinity
//   psum    = wrap(bias + sum of products)               two's complement at psum_bits: any order gives the same psum
//   output  = saturate(round(psum / 2^output_shift))     half away from minus infinity; then the layer's activation
//
// Sums (pooling, addition) have no product: their inputs are shifted right by product_shift as they are added, so that
// psums hold the sum, and the total is shifted back before it is divided (a mean) or leaves as it is.
//
// A layer of a trained, quantised network has the arithmetic of the runtime that it comes from instead: no product is
// cut, psums have 32 bits, and a finished one goes through its `Requantisation`.
//
// Eyeriss keeps 16 of the 32 product bits, the field being selectable (JSSC 2017, III-A): product_shift is that
// selection.

#include <cstdint>

#include "base/operand.hpp"
#include "base/units.hpp"
#include "workloads/activation.hpp"
#include "workloads/requantisation.hpp"

namespace eyrie {

/// The shifts of one layer, stated in its file or calibrated on its operands; or how its runtime requantises.
struct Arithmetic {
  int product_shift = 0;
  int output_shift = 0;
  Widths widths;
  Activation activation = Activation::None;
  bool mean = true;  ///< of sums: divided by the elements under the window; false: the sum itself
  std::shared_ptr<const Requantisation> exact{};  ///< of a trained network: in place of shifts and activation
  bool operator==(const Arithmetic&) const = default;
};

/// `value` modulo 2^bits as a two's complement number of `bits` (1 to 32).
constexpr std::int32_t wrap(std::int64_t value, Bits bits) {
  const int unused = 64 - static_cast<int>(bits.count());
  return static_cast<std::int32_t>(static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << unused) >> unused);
}

/// Nearest value that a two's complement number of `bits` (1 to 32) can hold.
constexpr std::int32_t saturate(std::int64_t value, Bits bits) {
  const std::int64_t most = (std::int64_t{1} << (bits.count() - 1)) - 1;
  if (value > most) return static_cast<std::int32_t>(most);
  if (value < -most - 1) return static_cast<std::int32_t>(-most - 1);
  return static_cast<std::int32_t>(value);
}

/// value / 2^shift, halves rounded up. Shift 0 to 31.
constexpr std::int64_t round_shift(std::int64_t value, int shift) {
  return shift == 0 ? value : (value + (std::int64_t{1} << (shift - 1))) >> shift;
}

/// One product as the MAC hands it to its adder.
constexpr std::int32_t product(std::int32_t input, std::int32_t weight, int product_shift) {
  return static_cast<std::int32_t>((static_cast<std::int64_t>(input) * weight) >> product_shift);
}

/// A finished psum to the word that leaves the chip.
constexpr std::int16_t finish(std::int32_t psum, const Arithmetic& a) {
  const std::int32_t out = saturate(round_shift(psum, a.output_shift), a.widths.output);
  return static_cast<std::int16_t>(activated(out, a.activation, a.widths.output));
}

/// sum / count, halves away from zero: the division of average pooling.
constexpr std::int64_t rounded_mean(std::int64_t sum, std::int64_t count) {
  return sum >= 0 ? (sum + count / 2) / count : -((-sum + count / 2) / count);
}

/// A finished sum of values that were shifted by `product_shift` to the word that leaves the chip; `elements` lie under
/// its window.
constexpr std::int16_t finish_sum(std::int32_t sum, std::int64_t elements, const Arithmetic& a) {
  const auto whole = static_cast<std::int64_t>(sum) * (std::int64_t{1} << a.product_shift);
  const auto value = a.mean ? rounded_mean(whole, elements > 0 ? elements : 1) : round_shift(whole, a.output_shift);
  return static_cast<std::int16_t>(activated(saturate(value, a.widths.output), a.activation, a.widths.output));
}

/// A finished psum of an ofmap channel (all groups counted) to its word.
inline std::int16_t finish(std::int32_t psum, const Arithmetic& a, std::int64_t channel) {
  return a.exact ? a.exact->finish(psum, channel) : finish(psum, a);
}

/// The same of a finished sum.
inline std::int16_t finish_sum(std::int32_t sum, std::int64_t elements, const Arithmetic& a, std::int64_t channel) {
  if (!a.exact) return finish_sum(sum, elements, a);
  const Requantisation& q = *a.exact;
  if (q.by_elements) {
    const auto mean = q.of(channel).factor / static_cast<double>(elements > 0 ? elements : 1);
    return q.held(rescaled(sum, nearest_even_wide(mean)));
  }
  if (!a.mean || !q.by_channel.empty()) return q.finish(sum, channel);
  return q.held(rounded_mean(sum + elements * q.mean_zero, elements > 0 ? elements : 1) - q.mean_out_zero);
}

/// What a word of input `i` counts in a sum.
inline std::int32_t term(std::int16_t word, std::int64_t i, const Arithmetic& a) {
  if (a.exact && !a.exact->terms.empty())
    return a.exact->terms[static_cast<std::size_t>(Requantisation::term_number(i, word))];
  return word >> a.product_shift;
}

}  // namespace eyrie
