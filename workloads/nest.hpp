#pragma once

// The eight loops of a MAC layer and the three tensors that they index.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "base/operand.hpp"
#include "base/units.hpp"

namespace eyrie {

/// Loops of a layer: groups, batch, output channels (per group), input channels (per group), output rows and columns,
/// filter rows and columns. P and R are vertical, Q and S horizontal.
enum class Dim : std::uint8_t { G, N, M, C, P, Q, R, S };
inline constexpr std::size_t kDims = 8;
inline constexpr std::array<Dim, kDims> kAllDims{Dim::G, Dim::N, Dim::M, Dim::C, Dim::P, Dim::Q, Dim::R, Dim::S};
inline constexpr std::string_view kDimNames = "GNMCPQRS";

/// A value per loop.
struct Extents {
  std::array<std::int64_t, kDims> of{1, 1, 1, 1, 1, 1, 1, 1};
  constexpr std::int64_t& operator[](Dim d) { return of[static_cast<std::size_t>(d)]; }
  constexpr std::int64_t operator[](Dim d) const { return of[static_cast<std::size_t>(d)]; }
  [[nodiscard]] constexpr std::int64_t product() const {
    std::int64_t all = 1;
    for (auto n : of) all *= n;
    return all;
  }
  constexpr auto operator<=>(const Extents&) const = default;
};

/// Does moving along `d` change which word of `t` is used? Windows: P, R index input rows, Q, S input columns.
constexpr bool is_relevant(Dim d, Operand t) {
  switch (t) {
    case Operand::Input:
      return d != Dim::M;
    case Operand::Weight:
      return d != Dim::N && d != Dim::P && d != Dim::Q;
    case Operand::Output:
      return d != Dim::C && d != Dim::R && d != Dim::S;
  }
  return false;
}

/// Rows or columns of an ifmap are indexed by an output dimension and a filter dimension together.
constexpr bool is_window(Dim d) { return d == Dim::P || d == Dim::Q || d == Dim::R || d == Dim::S; }

/// A value for rows and one for columns.
struct RowsColumns {
  std::int64_t rows = 1;
  std::int64_t columns = 1;
  constexpr auto operator<=>(const RowsColumns&) const = default;
};

/// Zeros (or, for maxima, nothing) around the input.
struct Padding {
  std::int64_t top = 0, bottom = 0, left = 0, right = 0;
  constexpr auto operator<=>(const Padding&) const = default;
};

/// Distinct input rows touched by `p` adjacent output rows under `r` adjacent filter rows:
/// U(p, r) = p r - max(0, p - e') max(0, r - s'), s' = stride/gcd, e' = dilation/gcd. All at least 1.
/// Exact for any stride and dilation, where the bounding box is not.
std::int64_t touched(std::int64_t p, std::int64_t r, std::int64_t stride, std::int64_t dilation);

/// A MAC layer (or a pooling layer) as a loop nest over G N M C P Q R S.
struct LayerNest {
  Extents extent;  ///< M and C per group
  RowsColumns stride, dilation;
  Padding padding;
  Reduction reduction = Reduction::MultiplyAdd;

  [[nodiscard]] bool has_weights() const { return reduction == Reduction::MultiplyAdd; }
  /// Multiply-accumulates (or comparisons, additions for pooling) of the whole nest; windows over padding count in
  /// full.
  [[nodiscard]] Macs macs() const { return Macs{extent.product()}; }
  /// Rows from the first to the last that the nest reads, padding included: (P-1) stride + (R-1) dilation + 1.
  [[nodiscard]] std::int64_t padded_rows() const {
    return (extent[Dim::P] - 1) * stride.rows + (extent[Dim::R] - 1) * dilation.rows + 1;
  }
  [[nodiscard]] std::int64_t padded_columns() const {
    return (extent[Dim::Q] - 1) * stride.columns + (extent[Dim::S] - 1) * dilation.columns + 1;
  }
  /// Words of a tensor under a tile of the nest with extents `tile`; padding counts as words, rows and columns that no
  /// window touches don't.
  [[nodiscard]] Words tile_words(Operand t, const Extents& tile) const;

  bool operator==(const LayerNest&) const = default;
};

}  // namespace eyrie
