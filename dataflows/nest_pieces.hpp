#pragma once

// Internal to dataflows: how a mapping cuts each dimension, before words are counted. `traffic` adds up what is here;
// `explain` writes it down.

#include <array>
#include <cstdint>
#include <vector>

#include "arch/architecture.hpp"
#include "dataflows/mapping.hpp"
#include "dataflows/pieces.hpp"
#include "dataflows/window.hpp"

namespace eyrie {

using PiecesOf = std::array<Pieces, kDims>;          ///< by Dim
using CutsOf = std::array<std::vector<Cut>, kDims>;  ///< by Dim

/// The pieces of a legal mapping. Refers to its arguments.
class NestPieces {
 public:
  NestPieces(const Mapping&, const LayerNest&, const Architecture&);

  std::size_t pass = 0;                                 ///< position
  std::array<std::vector<std::int64_t>, kDims> spread;  ///< steps of the spatial loops
  PiecesOf layer;                                       ///< the whole layer
  PiecesOf passes;                                      ///< of all passes, the largest first
  PiecesOf pes;                                         ///< of all PEs in all passes
  PiecesOf largest;                                     ///< of the largest PE in each pass

  /// The PEs' parts of an extent in one pass.
  [[nodiscard]] std::vector<Part> parts(Dim, std::int64_t extent) const;
  /// The loops that bring another tile of `t` into its buffer; those outside of the pass if none keeps it.
  [[nodiscard]] CutsOf above_tile(Operand t) const;
  /// The loops in a PE that bring other words of `t` into its spad.
  [[nodiscard]] CutsOf above_spad(Operand t) const;
  /// One side of a window as the PEs see it.
  [[nodiscard]] WindowSide side(Dim, const CutsOf&) const;
  /// No buffer keeps `t`.
  [[nodiscard]] bool passes_by(Operand t) const;
  /// Neighbours hand ifmap words on.
  [[nodiscard]] bool hands_on() const;

 private:
  void spread_out(Dim, const Piece& pass);
  [[nodiscard]] CutsOf loops_between(std::size_t from, std::size_t to, Operand t) const;

  const Mapping& m_;
  const LayerNest& l_;
  const Architecture& a_;
};

}  // namespace eyrie
