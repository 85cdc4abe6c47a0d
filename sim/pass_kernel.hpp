#pragma once

// The arithmetic of a whole pass at once, whichever PE does it: any order of additions gives the same psums (they
// wrap).

#include <array>
#include <cstdint>
#include <vector>

#include "sim/pass_plan.hpp"
#include "sim/pe.hpp"
#include "workloads/nest.hpp"

namespace eyrie::sim {

/// Where a pass lies in the tiles of the buffers.
struct PassWords {
  const std::int16_t* input = nullptr;
  const std::int16_t* weight = nullptr;  ///< null for pools
  std::int32_t* output = nullptr;
  bool read_psums = false;  ///< add to what is there; otherwise start anew
};

class PassKernel {
 public:
  PassKernel(const LayerNest&, const TileStrides&, const PeSetting&);
  /// Computes a pass of these extents; the number of MAC slots with a zero input where those are gated.
  std::int64_t run(const Extents& pass, const PassWords&);

 private:
  struct Taps {
    std::vector<std::int64_t> input, weight;  ///< address of each (c, r, s) of the pass, relative to its first
    bool weights_in_row = false;              ///< weight addresses follow each other
  };
  const Taps& taps(const Extents& pass);
  void gather(const std::int16_t* from, const std::vector<std::int64_t>& at, std::vector<std::int16_t>& into) const;

  const LayerNest& layer_;
  const TileStrides& strides_;
  PeSetting setting_;
  std::vector<std::pair<Extents, Taps>> known_;
  std::vector<std::int16_t> window_, filter_;
};

}  // namespace eyrie::sim
