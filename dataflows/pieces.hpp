#pragma once

// How nested loops cut one dimension, remainders included, and what that makes of the words of a tensor. The closed
// form of every count is put together from these.

#include <algorithm>
#include <cstdint>
#include <span>

#include "base/inline_vector.hpp"
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
using Pieces = InlineVector<Piece, 4>;

/// An extent that nothing has cut yet.
inline Pieces one_piece(std::int64_t extent) {
  Pieces one;
  one.push_back({.extent = extent});
  return one;
}
/// Adds a piece, joining it with one that is alike.
void add(Pieces&, const Piece&);
/// The pieces into which loops, outermost first, cut `whole` pieces. The first is the largest.
Pieces cut(const Pieces& whole, std::span<const Cut> loops);
Pieces cut(const Pieces& whole, const Cut& loop);
void cut(const Pieces& whole, const Cut& loop, Pieces& into);
/// How many there are.
std::int64_t count(const Pieces&);
/// Their extents together.
std::int64_t total(const Pieces&);

/// Words of one group of dimensions (one dimension, or the two of a window) by the position of the innermost loop that
/// cut them from others.
class Histogram {
 public:
  struct Bin {
    int position = -1;
    std::int64_t words = 0;
  };
  void add(int position, std::int64_t words);
  /// Words of pieces at positions up to (or before) `position`.
  [[nodiscard]] std::int64_t up_to(int position) const;
  [[nodiscard]] std::int64_t before(int position) const { return up_to(position - 1); }
  [[nodiscard]] const InlineVector<Bin, 4>& bins() const { return bins_; }

 private:
  InlineVector<Bin, 4> bins_;
};

/// Extents of pieces (or, with `times`, their number) by position.
Histogram histogram(const Pieces&, bool times = false);
/// Stride and dilation without their common factor, which makes no difference to how many lines windows touch.
struct WindowStep {
  WindowStep(std::int64_t of_stride, std::int64_t of_dilation);
  std::int64_t stride, dilation;
  /// The same as the function of this name in workloads/nest.hpp.
  [[nodiscard]] std::int64_t touched(std::int64_t p, std::int64_t r) const {
    return p * r - std::max<std::int64_t>(0, p - dilation) * std::max<std::int64_t>(0, r - stride);
  }
};

/// Lines that a pair of pieces, of an output dimension and of a filter dimension, brings: those of its window, less
/// those that the pair before it had.
inline std::int64_t lines(const Piece& out, const Piece& tap, const WindowStep& s) {
  if (out.slides) return s.touched(out.step + out.extent, tap.extent) - s.touched(out.step, tap.extent);
  if (tap.slides) return s.touched(out.extent, tap.step + tap.extent) - s.touched(out.extent, tap.step);
  return s.touched(out.extent, tap.extent);
}
/// Lines of a window under pieces of an output dimension and of a filter dimension; with `times` the number of pairs.
Histogram window_histogram(const Pieces& out, const Pieces& tap, std::int64_t stride, std::int64_t dilation,
                           bool times = false);

}  // namespace eyrie
