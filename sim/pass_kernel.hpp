#pragma once

// The arithmetic of a whole pass at once, whichever PE does it: any order of additions gives the same psums (they
// wrap). Words are taken from the tiles in the buffers and psums put back there, as the pass does it.

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/lane_kernel.hpp"
#include "sim/packed_tile.hpp"
#include "sim/pass_plan.hpp"
#include "sim/pe.hpp"
#include "workloads/nest.hpp"

namespace eyrie::sim {

/// Where a pass lies in the tiles of the buffers.
struct PassWords {
  const std::int16_t* input = nullptr;
  const std::int16_t* weight = nullptr;  ///< null for pools
  std::int32_t* output = nullptr;
  bool read_psums = false;       ///< add to what is there; otherwise start anew
  std::int64_t weight_tile = 0;  ///< number of the filter tile: another one, other words
};

/// Of a pass's MAC slots.
struct GatedSlots {
  std::int64_t all = 0;        ///< with a zero operand that is gated
  std::int64_t by_weight = 0;  ///< of these, those that read their filter word to know
};

class PassKernel {
 public:
  PassKernel(const LayerNest&, const TileStrides&, const PeSetting&);
  /// With lanes of this mode.
  PassKernel(const LayerNest&, const TileStrides&, const PeSetting&, LaneMode);
  /// Computes a pass of these extents; MAC slots with a zero operand where those are gated.
  GatedSlots run(const Extents& pass, const PassWords&);

 private:
  /// What passes of the same extents share.
  struct Shape {
    Extents extent;
    TapAddresses taps;
    PackedTile packed;
    bool by_position = false;  ///< lanes are output positions; otherwise filters or taps
  };
  const Shape& shape_of(const Extents& pass);
  std::int64_t by_position(const Shape&, const PassWords&);
  std::int64_t by_filter(const Shape&, const PassWords&, const std::vector<std::int16_t>& filters);
  std::int64_t by_tap(const Shape&, const PassWords&);
  const std::vector<std::int16_t>* filters_in_lanes(const Shape&, const PassWords&);
  void pools(const Shape&, const PassWords&);
  [[nodiscard]] GatedSlots gated(const Shape&, const PassWords&) const;
  void pack_filters(const Shape&, const std::int16_t* weight, std::int64_t first, int filters);
  void put(const Shape&, const std::int32_t* sums, std::int32_t* output, bool read_psums) const;

  const LayerNest& layer_;
  const TileStrides& strides_;
  PeSetting setting_;
  LaneMode mode_;
  std::int32_t identity_;
  bool gates_, gates_weights_;
  std::vector<std::unique_ptr<Shape>> known_;
  /// Filters of the tile in the buffer, [group][tap][filter], once a second pass of a shape wants them.
  struct InLanes {
    const Shape* shape = nullptr;
    const std::int16_t* weight = nullptr;
    std::vector<std::int16_t> filters;
  };
  std::vector<InLanes> in_lanes_;
  std::int64_t weight_tile_ = -1;
  std::vector<std::int16_t> input_, window_, filters_;
  std::vector<std::int32_t> packed_filters_, sums_;
};

}  // namespace eyrie::sim
