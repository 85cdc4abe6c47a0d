#pragma once

// The temporal loops above the array, walked one pass at a time: where each pass lies, and which tiles in the buffers
// change before it.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "arch/architecture.hpp"
#include "dataflows/mapping.hpp"
#include "workloads/nest.hpp"

namespace eyrie::sim {

/// A box of the layer's loops.
struct Box {
  Extents offset{{0, 0, 0, 0, 0, 0, 0, 0}}, extent;
};

/// How a tensor's tile in its buffer changes before a pass.
enum class TileChange : std::uint8_t {
  Stays,
  Whole,  ///< all words are brought
  Slides  ///< the overlap with the tile before it, along one window, stays; the rest is brought
};

struct PassStep {
  Box pass;
  std::array<TileChange, 3> change{};  ///< by Operand
  std::array<Box, 3> tile;             ///< by Operand, after the change
  bool first_psums = false;            ///< no pass has added to these outputs yet
  bool psums_final = false;            ///< the output tile that goes when it changes next is finished (of this pass)
  bool psums_back = false;             ///< a Whole output tile was here before: its psums come back from DRAM
};

/// Loads sit where the innermost loop relevant to the tensor goes on; what that loop keeps by sliding along a window is
/// not brought again.
class PassSequence {
 public:
  PassSequence(const Mapping&, const LayerNest&, const Architecture&);
  /// The next pass; nothing after the last.
  std::optional<PassStep> next();

 private:
  struct Level {
    Dim dim;
    std::int64_t step, index = 0, trips = 1;
    std::int64_t nominal = 1;
  };
  struct Held {
    std::size_t keep = 0;  ///< loops before this one stand above the keep
    std::size_t slides_with = SIZE_MAX;
    Box tile;
    bool any = false;
    bool passes_by = false;  ///< no tile: a pass's words come afresh
  };
  [[nodiscard]] Box box(std::size_t loops) const;
  [[nodiscard]] bool advance();
  [[nodiscard]] TileChange change(Operand t, const Box& now) const;
  [[nodiscard]] bool reduction_at(std::size_t loops, bool first) const;

  Extents layer_;
  std::vector<Level> loops_;
  std::array<Held, 3> held_;
  std::size_t advanced_ = 0;  ///< outermost loop that went on before this pass
  bool begun_ = false;
  bool weights_ = true;
};

}  // namespace eyrie::sim
