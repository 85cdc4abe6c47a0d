#pragma once

// Internal to dataflows: the pieces of a dimension in which some loop leaves a remainder.

#include <array>

#include "dataflows/load_sum.hpp"
#include "dataflows/nest_loops.hpp"

namespace eyrie {

/// Used for one mapping after the other: lists keep their room.
class RaggedDim {
 public:
  /// What a stretch of loops makes of the dimension.
  struct Stretch {
    std::array<LoadBins, 3> bins;  ///< by Operand
    Pieces windowed;               ///< pieces under an ifmap's windows
  };

  /// Cuts, and sets the counts of `loops` right. `slides...`: the innermost loop that brings ifmap words there is of
  /// this dimension, and windows slide along it.
  void cut_up(Dim, DimLoops& loops, bool slides_outside, bool slides_inside);

  Stretch outside, inside;
  Pieces passes;             ///< the largest first
  std::int64_t largest = 1;  ///< extents of the largest PE's part in each pass, together

 private:
  void cut_stretch(Dim, LoopStretch& loops, bool slides, Stretch&);
  void cut_all(std::int64_t step, int position);

  Pieces all_;  ///< what loops have made so far, the largest first
};

}  // namespace eyrie
