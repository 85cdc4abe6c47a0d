#pragma once

// The loops above the array: what the buffers keep, and in which order tiles come from DRAM.
//
// Any sequence of loops with the three tensors' keeps anywhere in it moves no fewer words than one of the sequences
// searched here, in which a dimension is cut as early and as far as it can be without making the tensor that it is
// irrelevant to come again more often. Why: let E1 >= E2 >= E3 be the extents of a dimension inside the three keeps.
// It is irrelevant to one tensor, t. Words of t depend on its extent at t's keep alone, and of the two others on
// nothing (but windows, see below); their tiles only get smaller with it. So with extent x at the keep of t, x is best
// before it, and one pass's extent behind it. G, relevant to all, is cut outermost. Rows and columns of the ifmap are
// touched by two dimensions each, whose extents at the ifmap's keep change its words (halos), and the loop along which
// tiles slide must stand in the innermost place that has loops over ifmap words: they may take any extents. So may G
// and C at the ifmap's keep where DRAM is asked for pixels one by one (`dram.request`): the more channels a tile has of
// a pixel, the fewer requests. Trip counts divide the number of passes, so that every loop has the same trips wherever
// it is met.

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "arch/architecture.hpp"
#include "mapper/pe_nest.hpp"
#include "workloads/nest.hpp"

namespace eyrie {

/// Words that a choice moves between DRAM and the buffers.
struct TileWords {
  std::int64_t input = 0;    ///< brought
  std::int64_t weight = 0;   ///< brought
  std::int64_t outputs = 0;  ///< taken away, psums that come back included
  std::int64_t run = 0;      ///< channels of the largest ifmap tile (Traffic::input_run)
  auto operator<=>(const TileWords&) const = default;
};

/// Keeps from outside to inside (those of tensors that pass by the buffer come last and count for nothing), the tile
/// inside each, and the loop along which ifmap tiles slide.
struct OuterChoice {
  std::array<Operand, 3> order{};
  KeptExtents tile;
  std::optional<Dim> slide;
  TileWords words;
};

/// A pass, seen from outside: its extents, how many of them there are, and what passes by the buffers.
struct PassOutline {
  Extents extent;
  Extents passes;
  std::array<bool, 3> passes_by{};
};

/// Extents of one dimension inside the three keeps.
struct Chain {
  std::array<std::int64_t, 3> extent{};
  std::int64_t again = 1;  ///< how often it makes the tensor come that it is irrelevant to
  bool late = false;       ///< cut further in than it could be, which only the loop that slides has a reason for
};

/// Chains that were made before: dimension, extent of a pass, passes, places of the two keeps that matter.
using KnownChains = std::map<std::array<std::int64_t, 5>, std::vector<Chain>>;

/// Visits choices that fit the buffers in a good order. `worth(lower bound)` says whether words at least as many as
/// these could still be of use; `offer` gets every choice for which it did. `known` may be kept from one pass of a
/// layer to the next. Returns the number of choices weighed.
std::int64_t outer_choices(const PassOutline&, const LayerNest&, const Architecture&, KnownChains& known,
                           const std::function<bool(const TileWords&)>& worth,
                           const std::function<void(const OuterChoice&)>& offer);

/// Words that every choice moves at least: each tensor once, ifmap tiles of all channels.
TileWords least_words(const LayerNest&, const std::array<bool, 3>& passes_by);

/// Do the tiles of one pass fit the buffers?
bool pass_fits(const PassOutline&, const LayerNest&, const Architecture&);

}  // namespace eyrie
