#pragma once

// The ifmap words of a pass laid out so that the words of one filter tap for output positions that follow each other
// follow each other too, whatever stride and dilation: a plane for every channel and every remainder of row and column
// by the stride. Position (p, q) of a tap lies at its offset + p * width + q.

#include <cstdint>
#include <vector>

#include "sim/lane_kernel.hpp"
#include "sim/pass_plan.hpp"
#include "workloads/nest.hpp"

namespace eyrie::sim {

/// Address of each (c, r, s) of a pass in the tiles, relative to its first.
struct TapAddresses {
  std::vector<std::int64_t> input, weight;
  bool weights_in_row = false;  ///< weight addresses follow each other
};
TapAddresses tap_addresses(const Extents& pass, const LayerNest&, const TileStrides&);

class PackedTile {
 public:
  PackedTile() = default;
  PackedTile(const Extents& pass, const LayerNest&, const TileStrides&, bool pairs);
  /// Words that `pack` writes, and that are read past them.
  [[nodiscard]] std::size_t words() const { return static_cast<std::size_t>(planes_ * plane_ + kSlack); }
  /// Packs one image of one group; `into` has room for words().
  void pack(const std::int16_t* tile, std::int16_t* into) const;
  /// Per tap (c, r, s), of two channels where those lie in pairs, of the word for position (0, 0).
  [[nodiscard]] const std::vector<std::int32_t>& offsets() const { return offsets_; }
  /// Positions from the first to the last, those between rows included.
  [[nodiscard]] std::int64_t positions() const { return (rows_out_ - 1) * width_ + columns_out_; }
  [[nodiscard]] std::int64_t width() const { return width_; }
  /// MAC slots of one filter with a zero input, among the words packed.
  [[nodiscard]] std::int64_t zero_slots(const std::int16_t* packed) const;

 private:
  static constexpr std::int64_t kSlack = 4 * kLanes;
  /// Filter rows (or columns) whose words have the same remainder.
  struct Phase {
    std::int64_t remainder = 0, lines = 0;
    std::vector<std::int64_t> shifts;  ///< of each such tap, in lines
  };
  static std::vector<Phase> phases(std::int64_t out, std::int64_t taps, std::int64_t stride, std::int64_t dilation);
  template <class Visit>
  void each_line(Visit visit) const;

  std::vector<Phase> rows_, columns_;
  std::int64_t channels_ = 0, rows_out_ = 0, columns_out_ = 0;
  std::int64_t width_ = 0;  ///< positions from one row to the next
  std::int64_t plane_ = 0;  ///< words
  std::int64_t planes_ = 0;
  std::int64_t side_ = 1;                                                 ///< words of a position: 2 in pairs
  std::int64_t channel_stride_ = 0, row_stride_ = 0, column_stride_ = 0;  ///< in the tile
  RowsColumns stride_;
  std::vector<std::int32_t> offsets_;
};

}  // namespace eyrie::sim
