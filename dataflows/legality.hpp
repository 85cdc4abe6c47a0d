#pragma once

#include <array>

#include "arch/architecture.hpp"
#include "base/diagnostics.hpp"
#include "dataflows/mapping.hpp"

namespace eyrie {

/// Is this mapping possible on this machine? Each broken rule becomes a diagnostic that says which rule, where and by
/// how much. `fallback` is the place of entries that have none (mappings built by code).
///
/// Rules: dram comes first and keeps all tensors; loops exhaust every dimension; steps shrink; spatial loops stand
/// together, inside rows x columns; reduction dimensions (C, R, S) are spatial along y only, inside all other y loops,
/// so that each psum chain is a run of neighbours, without gaps where something remains; every tensor is kept in its
/// buffer, above the spatial loops, and in its spad, below them; reduction loops inside the PE lie inside the psum
/// spad's keep; tiles fit. Where a partition has `bypass`, one tensor may be left out of its buffer; outputs only if
/// each pass finishes its psums.
void legality(const Mapping&, const LayerNest&, const Architecture&, const Place& fallback, Diagnostics&);

/// True if `legality` finds nothing.
bool is_legal(const Mapping&, const LayerNest&, const Architecture&);

/// Words that the tile kept at `position` takes for `t`, padding included.
Words kept_words(const Mapping&, const LayerNest&, std::size_t position, Operand t);

/// Do neighbours hand ifmap words on under this mapping? Where PEs want the same word at once (M is spread) it is sent
/// to all of them instead.
bool hands_on(const Mapping&, const LayerNest&, const Architecture&);
/// Words of its spad that a PE needs for a tile of these extents. Where neighbours hand ifmap words on, the array holds
/// a window together, and a PE what waits for its neighbours' turn (ShiDianNao, ISCA 2015, 5.1: FIFO-H and FIFO-V).
Words spad_words(const Extents& tile, const LayerNest&, const Architecture&, Operand);
/// Tensors, by Operand, that no buffer keeps: their words go straight between DRAM and the network.
std::array<bool, 3> passes_by(const Mapping&, const LayerNest&, const Architecture&);

/// Where the tile that a pass works on is cut off: at the keep of the tensor's buffer or, if the tensor passes it by,
/// at the pass.
std::size_t tile_position(const Mapping&, const Architecture&, Operand t);

/// Whole banks that a tensor's tile takes in its partition (twice the tile when double-buffered); 0 for a tensor
/// without a tile there.
std::int64_t banks_taken(const Mapping&, const LayerNest&, const Architecture&, Operand t);

}  // namespace eyrie
