#pragma once

// What a network takes at least and gives at most, in closed form. Source: Dally and Towles, Principles and Practices
// of Interconnection Networks, 2004: ch. 3.2 and 23.1 (zero-load latency: hops and serialization, no contention), 3.3
// (throughput: the channel that a pattern loads most is the first to be full), 16.1 (credits: a buffer that is smaller
// than the round trip of its credits leaves its channel idle).
//
// Assumed: a packet is one flit; every channel and every port moves a flit a cycle; a hop of a mesh, router and channel
// together, takes one cycle; XY routing; senders that a pattern names inject alike; destinations take what they see at
// once. Buffers are ideal except where credits are asked about: a mesh of finite buffers under patterns with conflicts
// stays below its saturation bandwidth.

#include <cstdint>
#include <optional>

#include "arch/component.hpp"

namespace eyrie {

/// Who sends to whom. Nodes are the PEs of rows x columns.
enum class NocPattern : std::uint8_t { Neighbour, Transpose, Uniform, OneSink, OneSource };
template <>
struct names<NocPattern> {
  static constexpr Name<NocPattern> table[] = {
      {"neighbour", NocPattern::Neighbour, "each PE to the next in its row; the last one sends nothing"},
      {"transpose", NocPattern::Transpose, "row r, column c to row c, column r; the diagonal sends nothing"},
      {"uniform", NocPattern::Uniform, "each PE to any PE, itself included, with equal chance"},
      {"one_sink", NocPattern::OneSink, "all PEs to that of row 0 and column 0, which sends nothing"},
      {"one_source", NocPattern::OneSource, "the PE of row 0 and column 0 to all others in turn"}};
};

/// A network's size and times.
struct NocShape {
  std::int64_t rows = 1, columns = 1;
  Cycles latency{1};  ///< from leaving for a destination until visible there
  Cycles credit{1};   ///< from a place's becoming free until its sender can use it
};

/// Row and column.
struct NocPlace {
  std::int64_t row = 0, column = 0;
};

/// Cycles from sending until visible, nothing else under way. Nothing for ways that the kind doesn't have.
std::optional<Cycles> zero_load_latency(NocKind, const NocShape&, NocPlace from, NocPlace to);

/// Flits a cycle that each sender of a pattern can inject at most, the same for all. Nothing for patterns that the kind
/// can't carry, or in which nobody sends.
std::optional<double> saturation_bandwidth(NocKind, NocPattern, const NocShape&);
/// How many PEs send.
std::int64_t senders(NocPattern, const NocShape&);

/// Cycles from using a place of a FIFO until it can be used again, if its flit is taken at once.
Cycles credit_round_trip(NocKind, const NocShape&);
/// Flits a cycle of one channel into a FIFO of this many flits: min(1, fifo / round trip).
double credit_bandwidth(std::int64_t fifo, Cycles round_trip);

}  // namespace eyrie
