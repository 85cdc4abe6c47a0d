#pragma once

// How nested loops cut one dimension, remainders included, and what that makes of the words of a tensor. The closed
// form of every count is put together from these.

#include <cstdint>
#include <span>
#include <vector>

#include "workloads/nest.hpp"

namespace eyrie {

/// A loop of one dimension: where it stands in its nest (larger is further in) and the extent inside it.
struct Cut {
  int position = 0;
  std::int64_t step = 1;
  bool slides = false;  ///< all but its first iteration keep what their window shares with the iteration before
};

/// Pieces of one extent that are alike. `alone` marks a piece that no loop made: position -1.
struct Piece {
  std::int64_t extent = 1;
  std::int64_t count = 1;
  int position = -1;    ///< of the innermost loop that cut it from others
  bool slides = false;  ///< brings only what its neighbour before it, `step` long, did not
  std::int64_t step = 0;
  bool operator==(const Piece&) const = default;
};
using Pieces = std::vector<Piece>;

/// Adds a piece, joining it with one that is alike.
void add(Pieces&, const Piece&);
/// The pieces into which loops, outermost first, cut `whole` pieces.
Pieces cut(const Pieces& whole, std::span<const Cut> loops);
/// How many there are.
std::int64_t count(const Pieces&);
/// Their extents together.
std::int64_t total(const Pieces&);

/// Words of one group of dimensions (one dimension, or the two of a window) by the position of the innermost loop that
/// cut them from others.
class Histogram {
 public:
  void add(int position, std::int64_t words);
  /// Words of pieces at positions up to (or before) `position`.
  [[nodiscard]] std::int64_t up_to(int position) const;
  [[nodiscard]] std::int64_t before(int position) const { return up_to(position - 1); }
  [[nodiscard]] const std::vector<std::pair<int, std::int64_t>>& bins() const { return bins_; }

 private:
  std::vector<std::pair<int, std::int64_t>> bins_;
};

/// Extents of pieces (or, with `times`, their number) by position.
Histogram histogram(const Pieces&, bool times = false);
/// Lines of a window under pieces of an output dimension and of a filter dimension; with `times` the number of pairs.
Histogram window_histogram(const Pieces& out, const Pieces& tap, std::int64_t stride, std::int64_t dilation,
                           bool times = false);

}  // namespace eyrie
