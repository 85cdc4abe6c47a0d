#include "sim/packed_tile.hpp"

#include <algorithm>
#include <cstring>

namespace eyrie::sim {

using enum Dim;

TapAddresses tap_addresses(const Extents& pass, const LayerNest& l, const TileStrides& strides) {
  TapAddresses t;
  for (std::int64_t c = 0; c < pass[C]; ++c)
    for (std::int64_t r = 0; r < pass[R]; ++r)
      for (std::int64_t s = 0; s < pass[S]; ++s) {
        t.input.push_back(c * strides.input[2] + r * l.dilation.rows * strides.input[3] +
                          s * l.dilation.columns * strides.input[4]);
        t.weight.push_back(c * strides.weight[2] + r * strides.weight[3] + s * strides.weight[4]);
      }
  t.weights_in_row = true;
  for (std::size_t k = 0; k < t.weight.size(); ++k)
    t.weights_in_row = t.weights_in_row && t.weight[k] == static_cast<std::int64_t>(k);
  return t;
}

std::vector<PackedTile::Phase> PackedTile::phases(std::int64_t out, std::int64_t taps, std::int64_t stride,
                                                  std::int64_t dilation) {
  std::vector<Phase> all;
  for (std::int64_t k = 0; k < taps; ++k) {
    const auto remainder = k * dilation % stride, shift = k * dilation / stride;
    auto it = std::ranges::find(all, remainder, &Phase::remainder);
    if (it == all.end()) it = all.insert(all.end(), {.remainder = remainder, .lines = 0, .shifts = {}});
    it->lines = std::max(it->lines, out + shift);
    it->shifts.push_back(shift);
  }
  return all;
}

PackedTile::PackedTile(const Extents& pass, const LayerNest& l, const TileStrides& strides, bool pairs)
    : rows_{phases(pass[P], pass[R], l.stride.rows, l.dilation.rows)},
      columns_{phases(pass[Q], pass[S], l.stride.columns, l.dilation.columns)},
      channels_{pass[C]},
      rows_out_{pass[P]},
      columns_out_{pass[Q]},
      side_{pairs ? 2 : 1},
      channel_stride_{strides.input[2]},
      row_stride_{strides.input[3]},
      column_stride_{strides.input[4]},
      stride_{l.stride} {
  const auto most = [](const std::vector<Phase>& all) { return std::ranges::max(all, {}, &Phase::lines).lines; };
  width_ = most(columns_);
  plane_ = most(rows_) * width_ * side_;
  const auto row_phases = std::ssize(rows_), column_phases = std::ssize(columns_);
  planes_ = ceil_div(channels_, side_) * row_phases * column_phases;
  const auto place = [](const std::vector<Phase>& all, std::int64_t remainder) {
    return std::ranges::find(all, remainder, &Phase::remainder) - all.begin();
  };
  for (std::int64_t c = 0; c < channels_; c += side_)
    for (std::int64_t r = 0; r < pass[R]; ++r)
      for (std::int64_t s = 0; s < pass[S]; ++s) {
        const auto row = r * l.dilation.rows, column = s * l.dilation.columns;
        const auto plane = (c / side_ * row_phases + place(rows_, row % stride_.rows)) * column_phases +
                           place(columns_, column % stride_.columns);
        offsets_.push_back(static_cast<std::int32_t>(plane * plane_ +
                                                     (row / stride_.rows * width_ + column / stride_.columns) * side_));
      }
}

/// Calls `visit(channel, row phase, column phase, line of the plane, its first word there)`.
template <class Visit>
void PackedTile::each_line(Visit visit) const {
  const auto row_phases = std::ssize(rows_), column_phases = std::ssize(columns_);
  for (std::int64_t c = 0; c < channels_; ++c)
    for (std::int64_t r = 0; r < row_phases; ++r)
      for (std::int64_t s = 0; s < column_phases; ++s) {
        const auto plane = ((c / side_ * row_phases + r) * column_phases + s) * plane_;
        for (std::int64_t line = 0; line < rows_[static_cast<std::size_t>(r)].lines; ++line)
          visit(c, rows_[static_cast<std::size_t>(r)], columns_[static_cast<std::size_t>(s)], line,
                plane + line * width_ * side_ + c % side_);
      }
}

void PackedTile::pack(const std::int16_t* tile, std::int16_t* into) const {
  if (side_ == 2 && channels_ % 2 == 1) {  // the last channel has no partner
    const auto last = plane_ * std::ssize(rows_) * std::ssize(columns_);
    std::fill_n(into + planes_ * plane_ - last, last, std::int16_t{0});
  }
  each_line([&](std::int64_t c, const Phase& rows, const Phase& columns, std::int64_t line, std::int64_t at) {
    const std::int16_t* from = tile + c * channel_stride_ + (line * stride_.rows + rows.remainder) * row_stride_ +
                               columns.remainder * column_stride_;
    const auto step = stride_.columns * column_stride_;
    std::int16_t* to = into + at;
    if (step == 1 && side_ == 1)
      std::memcpy(to, from, static_cast<std::size_t>(columns.lines) * sizeof *to);
    else if (side_ == 1)
      for (std::int64_t i = 0; i < columns.lines; ++i) to[i] = from[i * step];
    else
      for (std::int64_t i = 0; i < columns.lines; ++i) to[2 * i] = from[i * step];
  });
}

std::int64_t PackedTile::zero_slots(const std::int16_t* packed) const {
  std::int64_t slots = 0;
  each_line([&](std::int64_t, const Phase& rows, const Phase& columns, std::int64_t line, std::int64_t at) {
    const auto uses = std::ranges::count_if(
        rows.shifts, [&](std::int64_t shift) { return line >= shift && line < rows_out_ + shift; });
    if (uses == 0) return;
    std::int64_t zeros = 0;
    for (const auto shift : columns.shifts) {
      const std::int16_t* words = packed + at + shift * side_;
      std::int32_t n = 0;
      if (side_ == 1)
        for (std::int64_t q = 0; q < columns_out_; ++q) n += words[q] == 0 ? 1 : 0;
      else
        for (std::int64_t q = 0; q < columns_out_; ++q) n += words[2 * q] == 0 ? 1 : 0;
      zeros += n;
    }
    slots += zeros * uses;
  });
  return slots;
}

}  // namespace eyrie::sim
