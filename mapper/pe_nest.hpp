#pragma once

// What a PE does with its part of a pass: in which order its three spads' tiles are nested, and how windows are cut.
// Every psum and every filter word comes to a PE once a pass, and every ifmap word once but for windows that overlap:
// so a loop never stands outside the keep of a tensor that it is irrelevant to.

#include <array>
#include <optional>
#include <vector>

#include "arch/architecture.hpp"
#include "dataflows/dataflow.hpp"
#include "workloads/nest.hpp"

namespace eyrie {

/// Extents of a dimension inside each of the three keeps, outermost first.
using KeptExtents = std::array<Extents, 3>;

/// One nest of a PE: keeps from outside to inside, the tile inside each, and the loop along which ifmap tiles slide.
struct PeNestChoice {
  std::array<Operand, 3> order{Operand::Weight, Operand::Output, Operand::Input};
  KeptExtents tile;
  std::optional<Dim> slide;
  /// Extents of the ifmap tile, for what windows bring.
  [[nodiscard]] const Extents& input_tile() const;
  /// Steps of the loops over a dimension above the ifmap tile, outermost first, in a PE part of this extent.
  [[nodiscard]] std::vector<std::int64_t> window_cuts(Dim, std::int64_t part) const;
};

/// The nests worth trying for a PE part of these extents: those that fit the spads, and of those that cut windows alike
/// one. Empty if nothing fits.
std::vector<PeNestChoice> pe_nests(const Extents& part, const LayerNest&, const Architecture&, const Dataflow&);

}  // namespace eyrie
