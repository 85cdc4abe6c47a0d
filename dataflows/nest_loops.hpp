#pragma once

// Internal to dataflows: the loops of a mapping sorted by dimension, without those of a single iteration, and where
// each tensor is kept. All that counts need of a mapping, found in one walk along its nest.

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "arch/architecture.hpp"
#include "base/inline_vector.hpp"
#include "dataflows/mapping.hpp"

namespace eyrie {

/// A loop of one dimension.
struct NestLoop {
  int position = -1;
  std::int64_t step = 1;   ///< extent inside
  std::int64_t count = 1;  ///< pieces of the dimension inside
};

/// Loops of one stretch of a nest, outermost first, behind an entry at position -1 for what they cut.
struct LoopStretch {
  InlineVector<NestLoop, 6> loops;
  std::array<std::uint32_t, 3> used{};  ///< by Operand: how many stand before the keep that they bring words into

  /// The innermost that brings words of a tensor.
  [[nodiscard]] const NestLoop& last(Operand t) const { return loops[used[static_cast<std::size_t>(t)]]; }
  /// The innermost that stands before a position.
  [[nodiscard]] const NestLoop& before(int position) const {
    std::size_t i = loops.size() - 1;
    while (i > 0 && loops[i].position >= position) --i;
    return loops[i];
  }
  [[nodiscard]] bool empty() const { return loops.size() == 1; }
};

/// One dimension. Counts are those of even cuts where there are remainders.
struct DimLoops {
  LoopStretch outside, inside;            ///< of the pass: above the spatial loops, in a PE
  InlineVector<std::int64_t, 2> spatial;  ///< steps
  bool ragged = false;                    ///< some loop leaves a remainder

  [[nodiscard]] const NestLoop& pass() const { return outside.loops.back(); }
  [[nodiscard]] std::int64_t pe_extent() const { return inside.loops.front().step; }
};

/// Made once for a layer on a machine, read again and again: lists keep their room. Refers to the architecture.
class NestLoops {
 public:
  NestLoops(const LayerNest&, const Architecture&);
  /// Of a legal mapping.
  void read(const Mapping&);

  std::array<DimLoops, kDims> of;
  InlineVector<Dim, kDims> dims;    ///< those of more than one element
  std::array<bool, 3> passes_by{};  ///< no buffer keeps it
  /// The dimension of the innermost loop that brings ifmap words, outside of the pass and in a PE. M: there is none.
  Dim innermost_outside = Dim::M, innermost_inside = Dim::M;

 private:
  void begin();
  void outside(const Mapping&, std::size_t pass);
  void inside(const Mapping&, std::size_t pass);

  const Extents layer_;
  /// Names of the components that keep each tensor; null where the layer has no such tensor.
  std::array<const std::string*, 3> buffer_{}, spad_{};
};

}  // namespace eyrie
