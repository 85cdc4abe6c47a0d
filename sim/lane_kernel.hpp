#pragma once

// The arithmetic of MACs many at a time: sums over filter taps of ((input * weight) >> shift), for runs of output
// positions or of taps. Psums wrap, so sums may be made in any order, in lanes as narrow as the psum, and high and low
// halves of products apart:
//
//   (x w) >> s  =  (high << (16 - s)) + (low >> s)     0 < s < 16; high signed, low unsigned, of 16 bits each
//   (x w) >> s  =   high >> (s - 16)                   s >= 16

#include <cstdint>

#include "base/units.hpp"

namespace eyrie::sim {

/// How products are summed.
enum class LaneMode : std::uint8_t {
  Plain,      ///< in 32-bit lanes, by ordinary code: any shift, any machine
  Low,        ///< 16-bit psums, no shift
  Split,      ///< 16-bit psums, shift 1 to 15
  High,       ///< 16-bit psums, shift 16 to 31
  Pair,       ///< wider psums, taps two by two, no shift
  PairSplit,  ///< the same, shift 1 to 15
  PairHigh    ///< the same, shift 16 to 31
};
/// The fastest that this processor has.
LaneMode lane_mode(int shift, Bits psum);
/// Do words of two taps lie side by side, and count as one tap?
constexpr bool in_pairs(LaneMode m) { return m >= LaneMode::Pair; }

/// Output positions 0 .. positions - 1 of up to `kFilters` filters. Inputs are read past the last position up to a
/// multiple of kLanes.
struct TapRun {
  const std::int16_t* input = nullptr;
  const std::int32_t* offsets = nullptr;  ///< of each tap's word for position 0; in pairs: of its two words
  std::int64_t taps = 0;
  const std::int32_t* weights = nullptr;  ///< [tap][filter]: the word twice (low and high half), or the words of a pair
  int filters = 0;
  int shift = 0;
  std::int32_t* sums = nullptr;  ///< [filter][position], congruent modulo 2^16 (2^32 in pairs and Plain)
  std::int64_t pitch = 0;        ///< of sums, at least positions rounded up to kLanes
  std::int64_t positions = 0;
};
inline constexpr std::int64_t kLanes = 16;
inline constexpr int kFilters = 4;
void sum_taps(LaneMode, const TapRun&);

/// One output position of many filters.
struct FilterRun {
  const std::int16_t* input = nullptr;
  const std::int64_t* offsets = nullptr;  ///< of each tap's word
  std::int64_t taps = 0;
  const std::int16_t* weights = nullptr;  ///< [tap][filter]
  std::int64_t filters = 0;               ///< a multiple of kLanes
  int shift = 0;
  std::int32_t* sums = nullptr;  ///< [filter], congruent modulo 2^16 (2^32 in pairs)
};
/// Not in Plain mode.
void sum_filters(LaneMode, const FilterRun&);

/// Sum over n taps whose words follow each other.
std::int32_t dot(LaneMode, const std::int16_t* input, const std::int16_t* weight, std::int64_t n, int shift);

}  // namespace eyrie::sim
