#pragma once

// Where a network's wires run on the array, as the simulation uses it: how far a word goes, in cycles and in PE
// pitches. The buffer's port stands one pitch before the PE of row 0 and column 0.

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "arch/component.hpp"
#include "sim/core/engine.hpp"

namespace eyrie::sim {

/// Row and column of a PE.
using PePlace = std::pair<std::int64_t, std::int64_t>;

/// Where words enter or leave a systolic network, a line of PEs each; one pitch outside of the array.
enum class Edge : std::uint8_t { Left, Top, Bottom };

class Wiring {
 public:
  Wiring() = default;
  Wiring(NocKind kind, std::int64_t rows, std::int64_t columns, Edge edge = Edge::Left)
      : kind_{kind}, rows_{rows}, columns_{columns}, edge_{edge} {}

  [[nodiscard]] NocKind kind() const { return kind_; }
  /// Cycles between the port and a PE beyond the network's latency.
  [[nodiscard]] Time hops(PePlace pe) const { return kind_ == NocKind::Mesh ? pe.first + pe.second : 0; }
  /// First cycle in which the port knows of a PE's place that is free from `room` on: places that were never used are
  /// known at once, news of others takes all hops.
  [[nodiscard]] Time known_at(Time room, PePlace pe) const { return room == kAlways ? kAlways : room + hops(pe); }
  /// Pitches of wire that a word for these PEs charges:
  ///   bus, broadcast   all wires: along the rows, and along each row past its PEs
  ///   multicast        the Y bus, and the X buses of rows with a taker (JSSC 2017, III-C)
  ///   unicast          Manhattan distance, to each
  ///   mesh             the XY tree, every link once
  ///   systolic         in each line with a taker, from the edge to the last of them
  [[nodiscard]] std::int64_t pitches(std::span<const PePlace> takers) const;

 private:
  NocKind kind_ = NocKind::Multicast;
  [[nodiscard]] std::int64_t lines(std::span<const PePlace> takers) const;

  std::int64_t rows_ = 1, columns_ = 1;
  Edge edge_ = Edge::Left;
};

/// Pitches of wire between the PEs that take a word from each other: the first of them, row by row, has it from the
/// buffer, others from the one before them in their row, and the first of a row from the first of the row before.
std::int64_t handed_on_pitches(std::vector<PePlace> takers);

/// Cycles in which the sink of a collecting mesh is taken. A flit that leaves its PE at cycle g reaches the sink `hops`
/// later, whatever else is under way: it leaves only if the sink is free then, and on links that all routes to one
/// corner share, flits of different cycles at the sink never meet.
class SinkSlots {
 public:
  void reset() {
    taken_.clear();
    now_ = 0;
  }
  /// First cycle, neither before `ready` nor before the flit that left last, in which a flit may leave that is `hops`
  /// away and keeps the sink for `takes`.
  [[nodiscard]] Time earliest(Time ready, Time hops, Time takes) const;
  /// Takes the sink for a flit that leaves at `at`; forgets what ended before.
  void take(Time at, Time hops, Time takes);

 private:
  Time now_ = 0;
  std::vector<std::pair<Time, Time>> taken_;  ///< first and last cycle, in order
};

}  // namespace eyrie::sim
