#pragma once

// One complete loop nest of one layer on one machine, from DRAM inwards, as a list of three kinds of entries:
//
//   keep: glb, tensors: [output]       below this line glb holds the tile of these tensors
//   temporal: P, step: 7               for (p = 0; p < tile of P; p += 7)          one after another
//   spatial: R, step: 1, axis: y       the same, but every iteration on its own row (y) or column (x) of PEs
//
// `step` is the extent of the dimension inside the loop, so factors need not divide: P = 55 in steps of 7 is seven
// times 7 and once 6. A tensor that no buffer keeps passes it by: its words go straight between DRAM and the network.
// Outer spatial loops of an axis take the coarser part of the PE coordinate. Temporal loops above the first spatial
// loop make passes; those below it run inside the PEs.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/fields.hpp"
#include "base/operand.hpp"
#include "workloads/nest.hpp"

namespace eyrie {

template <>
struct names<Dim> {
  static constexpr Name<Dim> table[] = {{"G", Dim::G}, {"N", Dim::N}, {"M", Dim::M}, {"C", Dim::C},
                                        {"P", Dim::P}, {"Q", Dim::Q}, {"R", Dim::R}, {"S", Dim::S}};
};

enum class Axis : std::uint8_t { X, Y };
template <>
struct names<Axis> {
  static constexpr Name<Axis> table[] = {{"x", Axis::X, "columns of PEs"}, {"y", Axis::Y, "rows of PEs"}};
};

/// Exactly one of `keep`, `temporal`, `spatial` is set.
struct NestEntry {
  std::optional<std::string> keep;
  std::vector<Operand> tensors;  ///< with keep
  std::optional<Dim> temporal, spatial;
  std::int64_t step = 1;     ///< with temporal and spatial
  std::optional<Axis> axis;  ///< with spatial
  Place where;

  [[nodiscard]] bool is_loop() const { return temporal.has_value() || spatial.has_value(); }
  [[nodiscard]] Dim dim() const { return temporal ? *temporal : *spatial; }
  [[nodiscard]] bool keeps(Operand t) const;
};
void describe(Fields&, NestEntry&);

NestEntry keep(std::string component, std::vector<Operand> tensors);
NestEntry temporal(Dim, std::int64_t step);
NestEntry spatial(Dim, std::int64_t step, Axis);

/// A loop nest. Legal ones come out of `legality`.
struct Mapping {
  std::vector<NestEntry> nest;

  /// Index of the entry that keeps `t` in `component`; nest.size() if there is none.
  [[nodiscard]] std::size_t position(std::string_view component, Operand t) const;
  /// Nominal (largest) extents of the tile above entry `position`, that is, after the loops before it.
  [[nodiscard]] Extents tile_at(const Extents& layer, std::size_t position) const;
  /// Index of the first spatial loop or, if nothing is spatial, of the entry behind the last buffer's keep.
  [[nodiscard]] std::size_t pass_position() const;
  [[nodiscard]] std::int64_t trips(const Extents& layer, std::size_t position) const;  ///< of the loop there
};

/// The nest as a reader writes it on paper, a line an entry, indented; with trip counts.
std::string pretty(const Mapping&, const LayerNest&);

}  // namespace eyrie
