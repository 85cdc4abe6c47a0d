#pragma once

// The nests on either side of the array, walked to check an answer of the search. Written from the rules of legality
// and the traffic they make, not from the search.

#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "arch/architecture.hpp"
#include "dataflows/dataflow.hpp"
#include "dataflows/mapping.hpp"
#include "mapper/options.hpp"

namespace eyrie {

using OptionVector = std::array<DimOption, kDims>;

/// Keeps from outside to inside, extents inside each, and the loop that stands innermost among those over ifmap words,
/// so that windows slide along it.
struct KeptNest {
  std::vector<Operand> order;
  std::array<Extents, 3> tile;
  std::optional<Dim> slide;
  [[nodiscard]] std::size_t place(Operand) const;
};

/// Nests of a PE whose tiles fit the spads, one for each way to cut windows and to slide along them.
///
/// A psum and a filter word come to a PE once a pass: a dimension may be cut only inside the keep of the tensor that it
/// is irrelevant to. Cut as soon as it may be it makes all tiles smallest, unless another loop then stands between a
/// sliding loop and the ifmap's keep; so each place for the sliding loop is tried. Each dimension is cut once above the
/// ifmap's keep: cut twice, the last cut being the same, it falls into no fewer pieces. If windows need no cut, nothing
/// else is returned.
std::vector<KeptNest> pe_walks(const Extents& part, const LayerNest&, const Architecture&, const Dataflow&);

/// Words between DRAM and the buffers.
struct TileCount {
  std::int64_t input = 0, weight = 0, drained = 0;
};

/// Walks the loops outside the array: every order of the buffers' keeps, for each dimension every three nested extents
/// whose trips divide, if their tiles fit. `hopeful` is told words that no nest still to come undercuts; where it says
/// no, they are left. `offer` gets the others.
void outside_walk(const OptionVector&, std::array<bool, 3> passes_by, const LayerNest&, const Architecture&,
                  const std::function<bool(const TileCount&)>& hopeful,
                  const std::function<void(const KeptNest&)>& offer);

/// All of it as one mapping.
Mapping whole_nest(const OptionVector&, const KeptNest& outside, const KeptNest& pe, const LayerNest&,
                   const Architecture&);

}  // namespace eyrie
