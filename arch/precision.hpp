#pragma once

// A machine that computes with words of other widths than its own.

#include <cstdint>

#include "arch/architecture.hpp"

namespace eyrie {

/// How words that are narrower than the machine's are held and moved.
enum class Packing : std::uint8_t { Whole, Packed };
template <>
struct names<Packing> {
  static constexpr Name<Packing> table[] = {
      {"whole", Packing::Whole, "a narrower word takes a whole word of the machine"},
      {"packed", Packing::Packed, "as many as fit lie in a word of DRAM, buffers, networks and scratch pads"}};
};

/// The widths of a layer's words, and how the machine holds them.
struct WordStorage {
  Widths words;
  Packing packing = Packing::Whole;
  bool operator==(const WordStorage&) const = default;
};

/// How words of `data` bits lie in words of `machine` bits. A wider one takes ceil(data / machine) of them; of narrower
/// ones, packed, floor(machine / data) share one.
struct WordFit {
  WordShare share;
  Bits stored{};  ///< of the machine's bits that a word takes; of several in one, rounded up to whole bits
};
WordFit fit_of(Bits data, Bits machine, Packing);

/// The machine as it is for a layer whose words have these bits (1 to 32 each). What its memories, networks and ports
/// hold or move of a tensor is divided (rounded down) by the words that a wider word takes, or multiplied by the words
/// that share one; psums, not finished outputs, are what buffers, networks and scratch pads hold of `output`. `words`
/// of the answer are the bits that a word takes in memories, from which bytes follow; a packed zero-run code has as
/// many pairs in its word as fit. Multipliers, adders, clocks, DRAM's bytes a cycle and values a cycle of the coder
/// stay.
///
/// InputError, at the machine, for what cannot be: no bits or more than 32, psums narrower than outputs, operands wider
/// than the multipliers', a memory, port or network that does not hold or move one word.
Architecture at_precision(const Architecture&, const Widths& data, Packing);
inline Architecture at_precision(const Architecture& a, const WordStorage& p) {
  return at_precision(a, p.words, p.packing);
}

}  // namespace eyrie
