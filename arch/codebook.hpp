#pragma once

// Indices of filters' codebooks in the packed words of run-length pairs.

#include <cstdint>

#include "arch/component.hpp"

namespace eyrie {

/// The widest index of a codebook that a workload may ask for.
inline constexpr Bits kWidestIndex{12};

/// Pairs of a run and an index that a packed word holds; one bit of it says whether it is the last one. 0: it has no
/// room for one.
inline std::int64_t indices_in_word(const RunLengthCode& code, Bits index) {
  return (code.word.count() - 1) / (code.run + index).count();
}

}  // namespace eyrie
