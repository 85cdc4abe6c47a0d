#include "sim/tile_store.hpp"

#include <algorithm>
#include <cstring>

#include "sim/pe.hpp"
#include "workloads/reference.hpp"

namespace eyrie::sim {

using enum Dim;

TileStore::TileStore(const LayerNest& l, const Architecture& a, const LayerOperands& operands,
                     const TileStrides& strides)
    : layer_{l},
      a_{a},
      operands_{operands},
      strides_{strides},
      initial_psums_{a.partition(Operand::Output)->initial_psums},
      rows_{P, R, l.stride.rows, l.dilation.rows},
      columns_{Q, S, l.stride.columns, l.dilation.columns},
      ofmap_{Shape{l.extent[N], l.extent[G] * l.extent[M], l.extent[P], l.extent[Q]}} {
  tiles_.input.resize(static_cast<std::size_t>(strides.words[0]));
  tiles_.weight.resize(static_cast<std::size_t>(strides.words[1]));
  tiles_.output.resize(static_cast<std::size_t>(strides.words[2]));
}

namespace {

/// Mostly a few words: rows of tiles are short.
void copy_words(const std::int16_t* from, std::int64_t n, std::int16_t* to) {
  const auto eight = [&](std::int64_t at) { std::memcpy(to + at, from + at, 8 * sizeof *to); };
  if (n >= 8) {
    std::int64_t at = 0;
    for (; at + 8 <= n; at += 8) eight(at);
    if (at < n) eight(n - 8);
  } else if (n >= 4) {
    std::memcpy(to, from, 4 * sizeof *to);
    std::memcpy(to + n - 4, from + n - 4, 4 * sizeof *to);
  } else {
    if (n >= 1) to[0] = from[0];
    if (n >= 2) to[1] = from[1];
    if (n >= 3) to[2] = from[2];
  }
}

/// One row of a padded image: words where it has some.
struct PaddedRow {
  const std::int16_t* words = nullptr;  ///< null: a row of padding
  std::int64_t left = 0;                ///< the column of the first; fewer columns are padding
  std::int64_t width = 0;

  /// Calls `outside(from, to)` and `inside(from, to)` for the parts of a run of columns, in order.
  template <class Outside, class Inside>
  void parts(LineRun run, Outside outside, Inside inside) const {
    const auto begin = words ? std::clamp(left, run.from, run.to) : run.to;
    const auto end = words ? std::clamp(left + width, begin, run.to) : run.to;
    if (run.from < begin) outside(run.from, begin);
    if (begin < end) inside(begin, end);
    if (end < run.to) outside(end, run.to);
  }
};

}  // namespace

/// Words of input `i` of a sum become the numbers of its terms.
static void number_terms(std::int16_t* row, const LinePattern& columns, std::int64_t i) {
  for (const auto& run : columns.runs)
    for (auto at = run.from; at < run.to; ++at) row[at] = Requantisation::term_number(i, row[at]);
}

void TileStore::place_input(const Box& tile, const Box* overlaps_with, RunLengthMeter* meter) {
  const LinePattern &rows = rows_.of(tile), &columns = columns_.of(tile);
  const auto first_row = rows_.first(tile), first_column = columns_.first(tile);
  const FreshLines* fresh = overlaps_with && meter ? &columns_.fresh(tile, *overlaps_with) : nullptr;
  const LinePattern* old_rows = fresh ? &rows_.of(*overlaps_with) : nullptr;
  const auto later = fresh ? first_row - rows_.first(*overlaps_with) : 0;
  const auto pad = layer_.reduction == Reduction::Maximum
                       ? static_cast<std::int16_t>(psum_identity(layer_.reduction, operands_.arithmetic.widths))
                       : std::int16_t{0};
  const eyrie::Shape& shape = operands_.input.shape();
  const bool numbered = operands_.arithmetic.exact && !operands_.arithmetic.exact->terms.empty();
  const auto one_row = [&](const std::int16_t* plane, std::int16_t* to, std::int64_t row) {
    const auto h = first_row + row - layer_.padding.top;
    const PaddedRow from{.words = h >= 0 && h < shape.h ? plane + h * shape.w : nullptr,
                         .left = layer_.padding.left - first_column,
                         .width = shape.w};
    to += row * strides_.input[3];
    for (const auto& run : columns.runs)
      from.parts(
          run, [&](std::int64_t a, std::int64_t b) { std::fill(to + a, to + b, pad); },
          [&](std::int64_t a, std::int64_t b) { copy_words(from.words + a - from.left, b - a, to + a); });
    if (!meter) return;
    for (const auto& run : fresh && old_rows->has(row + later) ? fresh->runs : columns.runs)
      from.parts(
          run, [&](std::int64_t a, std::int64_t b) { meter->add_zeros(b - a); },
          [&](std::int64_t a, std::int64_t b) {
            meter->add({from.words + a - from.left, static_cast<std::size_t>(b - a)});
          });
  };
  for (std::int64_t g = 0; g < tile.extent[G]; ++g)
    for (std::int64_t n = 0; n < tile.extent[N]; ++n)
      for (std::int64_t c = 0; c < tile.extent[C]; ++c) {
        const auto channel = (tile.offset[G] + g) * layer_.extent[C] + tile.offset[C] + c;
        const std::int16_t* plane =
            operands_.input.data().data() + operands_.input.index(tile.offset[N] + n, channel, 0, 0);
        std::int16_t* to = tiles_.input.data() + g * strides_.input[0] + n * strides_.input[1] + c * strides_.input[2];
        for (const auto& run : rows.runs)
          for (auto row = run.from; row < run.to; ++row) one_row(plane, to, row);
        if (numbered)
          for (const auto& run : rows.runs)
            for (auto row = run.from; row < run.to; ++row)
              number_terms(to + row * strides_.input[3], columns, tile.offset[C] + c);
      }
}

Words TileStore::new_words(const Box& tile, const Box& before) {
  const auto shared = [&](LinePatterns& lines) { return lines.of(tile).count - lines.fresh(tile, before).count; };
  const auto all = rows_.of(tile).count * columns_.of(tile).count;
  return Words{layer_.tile_words(Operand::Input, tile.extent).count() / all * (all - shared(rows_) * shared(columns_))};
}

void TileStore::settle() {
  if (weights_due_) copy_weights(*weights_due_);
  weights_due_.reset();
}

void TileStore::copy_weights(const Box& tile) {
  const Tensor& from = operands_.weight;
  ++tiles_.weight_tile;
  for (std::int64_t g = 0; g < tile.extent[G]; ++g)
    for (std::int64_t m = 0; m < tile.extent[M]; ++m) {
      const auto filter = (tile.offset[G] + g) * layer_.extent[M] + tile.offset[M] + m;
      for (std::int64_t c = 0; c < tile.extent[C]; ++c)
        for (std::int64_t r = 0; r < tile.extent[R]; ++r) {
          const auto first =
              static_cast<std::ptrdiff_t>(from.index(filter, tile.offset[C] + c, tile.offset[R] + r, tile.offset[S]));
          copy_words(from.data().data() + first, tile.extent[S],
                     tiles_.weight.data() + g * strides_.weight[0] + m * strides_.weight[1] + c * strides_.weight[2] +
                         r * strides_.weight[3]);
        }
    }
}

/// Calls `visit(first psum in the tile, n, channel, p)` for every row of an output tile.
template <class Visit>
void TileStore::each_output_row(const Box& tile, Visit visit) const {
  for (std::int64_t g = 0; g < tile.extent[G]; ++g)
    for (std::int64_t n = 0; n < tile.extent[N]; ++n)
      for (std::int64_t m = 0; m < tile.extent[M]; ++m)
        for (std::int64_t p = 0; p < tile.extent[P]; ++p)
          visit(static_cast<std::size_t>(g * strides_.output[0] + n * strides_.output[1] + m * strides_.output[2] +
                                         p * strides_.output[3]),
                tile.offset[N] + n, (tile.offset[G] + g) * layer_.extent[M] + tile.offset[M] + m, tile.offset[P] + p);
}

void TileStore::start_psums(const Box& tile) {
  const auto identity = psum_identity(layer_.reduction, operands_.arithmetic.widths);
  const bool biased = !operands_.bias.empty() && initial_psums_;
  each_output_row(tile, [&](std::size_t at, auto, std::int64_t channel, auto) {
    std::fill_n(tiles_.output.data() + at, tile.extent[Q],
                biased ? operands_.bias[static_cast<std::size_t>(channel)] : identity);
  });
}

void TileStore::restore_psums(const Box& tile) {
  each_output_row(tile, [&](std::size_t at, auto n, auto c, auto p) {
    std::copy_n(psums_.data().data() + psums_.index(n, c, p, tile.offset[Q]), tile.extent[Q],
                tiles_.output.data() + at);
  });
}

void TileStore::save_psums(const Box& tile) {
  if (psums_.data().empty()) psums_ = PsumTensor{ofmap_.shape()};
  each_output_row(tile, [&](std::size_t at, auto n, auto c, auto p) {
    std::copy_n(tiles_.output.data() + at, tile.extent[Q],
                psums_.data().data() + psums_.index(n, c, p, tile.offset[Q]));
  });
}

namespace {

/// finish() of many psums, each with `bias` added, where the activation is a clamp.
void finish_clamped(const std::int32_t* psums, std::int64_t n, std::int32_t bias, const Arithmetic& a,
                    std::int16_t* out) {
  const auto unused = 32 - static_cast<int>(a.widths.psum.count());
  const auto least = activated(-(std::int32_t{1} << (a.widths.output.count() - 1)), a.activation, a.widths.output);
  const auto most = activated((std::int32_t{1} << (a.widths.output.count() - 1)) - 1, a.activation, a.widths.output);
  const int shift = a.output_shift, half = shift > 0 ? shift - 1 : 0, rounds = shift > 0 ? 1 : 0;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto sum = static_cast<std::uint32_t>(psums[i]) + static_cast<std::uint32_t>(bias);
    const std::int32_t psum = static_cast<std::int32_t>(sum << unused) >> unused;
    const std::int32_t rounded = (psum >> shift) + ((psum >> half) & rounds);  // round_shift without a carry
    out[i] = static_cast<std::int16_t>(std::clamp(rounded, least, most));
  }
}

}  // namespace

/// The words that `n` psums from (p, q) on become.
void TileStore::finish_row(const std::int32_t* psums, std::int64_t channel, std::int64_t p, std::int64_t q,
                           std::int64_t n, std::int16_t* out) const {
  const bool biased = !operands_.bias.empty() && !initial_psums_;
  const auto bias = biased ? operands_.bias[static_cast<std::size_t>(channel)] : 0;
  const Arithmetic& own = operands_.arithmetic;
  if (layer_.reduction != Reduction::Sum && !own.exact && !uses_table(own.activation))
    return finish_clamped(psums, n, bias, own, out);
  const auto window = [&](std::int64_t row, std::int64_t column) {
    return own.mean ? reference::window_elements(layer_, operands_.input.shape(), row, column) : 1;
  };
  for (std::int64_t i = 0; i < n; ++i) {
    const auto psum = biased ? wrap(std::int64_t{psums[i]} + bias, own.widths.psum) : psums[i];
    out[i] = layer_.reduction == Reduction::Sum ? finish_sum(psum, window(p, q + i), own, channel)
                                                : finish(psum, own, channel);
  }
}

void TileStore::finish_psums(const Box& tile, const Tensor* known, RunLengthMeter* meter) {
  each_output_row(tile, [&](std::size_t at, auto n, auto c, auto p) {
    const auto first = ofmap_.index(n, c, p, tile.offset[Q]);
    std::int16_t* out = ofmap_.data().data() + first;
    if (known)
      std::copy_n(known->data().data() + first, tile.extent[Q], out);
    else
      finish_row(tiles_.output.data() + at, c, p, tile.offset[Q], tile.extent[Q], out);
    if (meter) meter->add({out, static_cast<std::size_t>(tile.extent[Q])});
  });
}

}  // namespace eyrie::sim
