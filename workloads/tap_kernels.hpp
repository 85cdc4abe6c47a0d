#pragma once

// The innermost loops of a convolution of 16-bit words: sums of (input * weight) >> shift. Two arrangements, each with
// vectors (AVX2) and without:
//
//   positions  a vector holds neighbouring outputs of a channel; every tap is a weight that all of them are multiplied
//              with and the place, counted from theirs, of what it is multiplied with
//   runs       a vector holds neighbouring taps of one output: filters that cover their whole ifmap
//
// Sums wrap, so they may be taken in any order and no wider than psums are. With a, w of 16 bits, hi and lo the halves
// of their product (lo without sign):
//
//   shift 0         a w                            two taps are multiplied and added at once
//   shift 1 to 15   hi 2^(16 - shift) + (lo >> shift)    both sums are kept and joined at the end
//   shift 16 to 31  hi >> (shift - 16)

#include <cstdint>

#include "base/units.hpp"

namespace eyrie::fast {

/// A block of neighbouring positions of a few channels. Words are int16; where taps come in pairs, `input` holds two
/// channels interleaved and a weight two words, the first in the lower half; else both halves hold the same word.
struct PositionBlock {
  const std::int16_t* input;     ///< what a tap of offset 0 reads for the first position
  const std::int32_t* offset;    ///< of each tap, in words
  const std::uint32_t* weights;  ///< [tap][channel]
  std::int64_t taps;             ///< or pairs of them
  int shift;
  std::int32_t* sums;  ///< [channel][position], right modulo 2^psum bits
};

/// One filter, `inputs` ifmaps that are `apart` words from each other.
struct RunBlock {
  const std::int16_t* weights;
  const std::int16_t* input;
  std::int64_t taps;
  std::int64_t inputs, apart;
  int shift;
  std::int32_t* sums;  ///< one an input, right modulo 2^psum bits
};

enum class Instructions : std::uint8_t { Best, Portable };

/// The loops that are right for a shift and a psum width.
struct TapKernels {
  using Positions = void (*)(const PositionBlock&);
  using Runs = void (*)(const RunBlock&);
  std::int64_t tap_pair;   ///< 2: taps come in pairs
  std::int64_t channels;   ///< in a block
  std::int64_t positions;  ///< in a block; also how many words behind the last one may be read
  Positions many, one;     ///< `channels` channels at once, and one
  Runs runs;
};
TapKernels tap_kernels(int shift, Bits psum, Instructions);

}  // namespace eyrie::fast
