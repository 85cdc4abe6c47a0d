#pragma once

// How far words go, in words x PE pitches, on machines that state a pitch. Networks on which every word goes equally
// far need the traffic alone. Where it depends on who takes a word, the sets of takers are put together from the pieces
// of one pass of each shape, without a step of time: exact for every legal mapping, ragged ones included.

#include <array>
#include <cstdint>

#include "dataflows/action_counts.hpp"
#include "dataflows/traffic.hpp"

namespace eyrie {

/// Words x pitches. The buffer's port stands one pitch before the PE of row 0 and column 0.
struct Wires {
  std::array<std::int64_t, 3> deliver{};  ///< by Operand
  std::int64_t collect = 0, forward = 0;
  bool operator==(const Wires&) const = default;
};

/// Of a legal mapping of autonomous PEs, with its traffic.
Wires wires(const Mapping&, const LayerNest&, const Architecture&, const Traffic&);

/// The same as rows to add to `action_counts`; none for machines without a pitch.
ActionCounts wire_counts(const Mapping&, const LayerNest&, const Architecture&, const Traffic&);

}  // namespace eyrie
