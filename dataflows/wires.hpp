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
  std::int64_t links = 0;  ///< ifmap words that neighbours hand on
  bool operator==(const Wires&) const = default;
};

/// The axis along which systolic words of an operand go on: along the rows if the operand is not spread along them (PEs
/// of a row use the same words), else down the columns, also where no line of PEs shares words and each stays.
Axis systolic_axis(const Mapping&, const LayerNest&, Operand);

/// Of a legal mapping with its traffic.
Wires wires(const Mapping&, const LayerNest&, const Architecture&, const Traffic&);

/// The same as rows to add to `action_counts`; none for machines without a pitch.
ActionCounts wire_counts(const Mapping&, const LayerNest&, const Architecture&, const Traffic&);

}  // namespace eyrie
