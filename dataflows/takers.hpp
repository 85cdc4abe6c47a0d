#pragma once

// Internal to dataflows: which PEs take which words in one pass, from the nest alone.

#include <cstdint>
#include <functional>
#include <vector>

#include "dataflows/nest_pieces.hpp"

namespace eyrie {

/// A PE's part of one dimension of a pass, and what it adds to the PE's place.
struct Spot {
  Part part;
  std::int64_t row = 0, column = 0;
  bool first = true, last = true;  ///< of its dimension
};

/// A PE's part of a pass.
struct PePart {
  std::int64_t row = 0, column = 0;
  Extents offset{{0, 0, 0, 0, 0, 0, 0, 0}}, extent;
  bool first_of_sum = true, last_of_sum = true;  ///< its parts of C, R, S are the first (the last)
};

/// All passes of one shape.
struct PassShape {
  Extents extent;
  std::int64_t count = 1;
  std::int64_t starting = 0;  ///< of them, those in which psums start
};

class Takers {
 public:
  /// Refers to its arguments.
  Takers(const Mapping&, const LayerNest&, const Architecture&);

  [[nodiscard]] std::vector<PassShape> shapes() const;
  [[nodiscard]] std::vector<PePart> pes(const Extents& pass) const;
  /// Calls `each` once for every word that a network sends, with the PEs (numbers into `pes`) that take it then.
  void for_each_word(Operand, const std::vector<PePart>& pes, const Extents& pass,
                     const std::function<void(const std::vector<std::int32_t>&)>& each) const;

 private:
  [[nodiscard]] std::vector<Spot> spots(Dim, std::int64_t extent) const;

  const Mapping& m_;
  const LayerNest& l_;
  const Architecture& a_;
  NestPieces nest_;
};

}  // namespace eyrie
