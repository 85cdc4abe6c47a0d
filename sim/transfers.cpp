#include "sim/transfers.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "sim/run_length.hpp"
#include "workloads/reference.hpp"

namespace eyrie::sim {

TileMover::TileMover(const LayerNest& l, const Architecture& a, const LayerOperands& operands,
                     const TileStrides& strides, std::array<bool, 3> passes_by, bool reads_network_input)
    : layer_{l},
      a_{a},
      operands_{operands},
      strides_{strides},
      passes_by_{passes_by},
      raw_input_{reads_network_input && a.dram.compression && a.dram.compression->network_input_raw},
      ofmap_{Shape{l.extent[Dim::N], l.extent[Dim::G] * l.extent[Dim::M], l.extent[Dim::P], l.extent[Dim::Q]}} {
  tiles_.input.resize(static_cast<std::size_t>(strides.words[0]));
  tiles_.weight.resize(static_cast<std::size_t>(strides.words[1]));
  tiles_.output.resize(static_cast<std::size_t>(strides.words[2]));
}

bool TileMover::coded(Operand t) const {
  const auto& code = a_.dram.compression;
  return code && std::ranges::count(code->tensors, t) > 0 && !(t == Operand::Input && raw_input_) &&
         !passes_by_[static_cast<std::size_t>(t)];
}

/// Bytes on the link for a tile's words, in the order in which they travel.
Bytes TileMover::moved_bytes(Operand t, std::int64_t words, const std::vector<std::int16_t>& values,
                             std::int64_t& coded_values) {
  coded_values = 0;
  if (!coded(t)) return bytes_of(Words{words}, t == Operand::Output ? a_.words.output : a_.width(t));
  coded_values = words;
  return packed_bytes(std::ssize(run_length_pairs(values, *a_.dram.compression)), *a_.dram.compression);
}

static std::size_t engine_of(Cause cause) {
  return static_cast<std::size_t>(cause == Cause::DramInput    ? Operand::Input
                                  : cause == Cause::DramWeight ? Operand::Weight
                                                               : Operand::Output);
}

/// Link time, or the coder's, the buffer port's or the requests' where those are slower. One engine serves in order,
/// a move after the other. Engines of their own ask as soon as they may; each gets its bytes in order, when the link is
/// free for them.
Transfer TileMover::on_link(Cause cause, Cycles ready, Bytes bytes, std::int64_t coded_values, Cycles port,
                            std::int64_t requests, bool out) {
  const bool alone = a_.dram.engines == DmaEngines::PerTensor;
  Cycles& engine = alone ? engine_free_[engine_of(cause)] : link_free_;
  Transfer move{.cause = cause, .from = alone ? ready : std::max(ready, engine), .to = {}, .data = {}};
  if (bytes.count() == 0) return {cause, move.from, ready, ready};
  ++moves_;
  const auto link =
      Cycles{static_cast<std::int64_t>(std::ceil(static_cast<double>(bytes.count()) / a_.dram.bandwidth.count()))};
  const auto latency = a_.core_cycles(a_.dram.latency, a_.dram.clock);
  auto data = a_.core_cycles(a_.dram.latency + link, a_.dram.clock) - latency;
  if (coded_values > 0) data = std::max(data, transfer_time(Words{coded_values}, a_.dram.compression->rate));
  data = std::max(data, port);
  data = std::max(data, a_.core_cycles(Cycles{requests * a_.dram.request.count()}, a_.dram.clock));
  move.data = std::max(move.from + latency, alone ? std::max(engine, link_free_) : Cycles{});
  move.to = move.data + data;
  engine = move.to;
  link_free_ = alone ? move.data + a_.core_cycles(link, a_.dram.clock) : move.to;
  if (log_)
    log_->keep(log_->moves,
               TileMove{.tensor = static_cast<Operand>(engine_of(cause)),
                        .out = out,
                        .asked = move.from,
                        .from = move.data,
                        .to = move.to,
                        .bytes = bytes},
               move.data, move.to);
  return move;
}

static std::vector<std::int64_t> touched_lines(const Box& b, Dim out, Dim tap, std::int64_t stride,
                                               std::int64_t dilation) {
  std::vector<std::int64_t> all;
  for (std::int64_t o = 0; o < b.extent[out]; ++o)
    for (std::int64_t k = 0; k < b.extent[tap]; ++k)
      all.push_back((b.offset[out] + o) * stride + (b.offset[tap] + k) * dilation);
  std::ranges::sort(all);
  all.erase(std::ranges::unique(all).begin(), all.end());
  return all;
}

/// Puts a tile into the buffer; the words of it that are new, in the order in which they travel.
std::vector<std::int16_t> TileMover::place_input(const Box& tile, const Box* overlaps_with) {
  const auto rows = [&](const Box& b) {
    return touched_lines(b, Dim::P, Dim::R, layer_.stride.rows, layer_.dilation.rows);
  };
  const auto columns = [&](const Box& b) {
    return touched_lines(b, Dim::Q, Dim::S, layer_.stride.columns, layer_.dilation.columns);
  };
  const auto row_set = rows(tile), column_set = columns(tile);
  std::set<std::int64_t> old_rows, old_columns;
  if (overlaps_with) {
    for (auto r : rows(*overlaps_with)) old_rows.insert(r);
    for (auto c : columns(*overlaps_with)) old_columns.insert(c);
  }
  const auto row0 = tile.offset[Dim::P] * layer_.stride.rows + tile.offset[Dim::R] * layer_.dilation.rows;
  const auto column0 = tile.offset[Dim::Q] * layer_.stride.columns + tile.offset[Dim::S] * layer_.dilation.columns;
  const auto pad = layer_.reduction == Reduction::Maximum
                       ? static_cast<std::int16_t>(psum_identity(layer_.reduction, a_.words))
                       : std::int16_t{0};
  const Shape& shape = operands_.input.shape();
  std::vector<std::int16_t> values;
  for (std::int64_t g = 0; g < tile.extent[Dim::G]; ++g)
    for (std::int64_t n = 0; n < tile.extent[Dim::N]; ++n)
      for (std::int64_t c = 0; c < tile.extent[Dim::C]; ++c) {
        const auto channel = (tile.offset[Dim::G] + g) * layer_.extent[Dim::C] + tile.offset[Dim::C] + c;
        for (auto row : row_set)
          for (auto column : column_set) {
            const auto h = row - layer_.padding.top, w = column - layer_.padding.left;
            const bool inside = h >= 0 && h < shape.h && w >= 0 && w < shape.w;
            const auto value = inside ? operands_.input.at(tile.offset[Dim::N] + n, channel, h, w) : pad;
            tiles_.input[static_cast<std::size_t>(g * strides_.input[0] + n * strides_.input[1] +
                                                  c * strides_.input[2] + (row - row0) * strides_.input[3] +
                                                  (column - column0) * strides_.input[4])] = value;
            if (!(overlaps_with && old_rows.contains(row) && old_columns.contains(column)))
              values.push_back(inside ? value : std::int16_t{0});
          }
      }
  return values;
}

Words TileMover::new_words(const Box& tile, const Box& before) const {
  const auto lines = [&](const Box& b, bool rows) {
    return rows ? touched_lines(b, Dim::P, Dim::R, layer_.stride.rows, layer_.dilation.rows)
                : touched_lines(b, Dim::Q, Dim::S, layer_.stride.columns, layer_.dilation.columns);
  };
  std::int64_t all = 1, both = 1;
  for (const bool rows : {true, false}) {
    const auto now = lines(tile, rows), then = lines(before, rows);
    std::vector<std::int64_t> shared;
    std::ranges::set_intersection(now, then, std::back_inserter(shared));
    all *= std::ssize(now);
    both *= std::ssize(shared);
  }
  return Words{layer_.tile_words(Operand::Input, tile.extent).count() / all * (all - both)};
}

Transfer TileMover::bring_input(const Box& tile, const Box* overlaps_with, Cycles ready) {
  const auto values = place_input(tile, overlaps_with);
  const Words words{std::ssize(values)};
  std::int64_t coded_values = 0;
  const Bytes bytes = moved_bytes(Operand::Input, words.count(), values, coded_values);
  counts_.add(a_.dram.name, Operand::Input, Action::Read, words, bytes);
  if (coded_values > 0) counts_.add("rlc", Operand::Input, Action::Decode, words, bytes_of(words, a_.words.input));
  counts_.add(a_.buffer(Operand::Input)->name, Operand::Input, Action::Fill, words, bytes_of(words, a_.words.input));
  const auto channels = std::max<std::int64_t>(1, tile.extent[Dim::G] * tile.extent[Dim::C]);
  return on_link(Cause::DramInput, ready, bytes, coded_values,
                 transfer_time(words, a_.partition(Operand::Input)->write), ceil_div(words.count(), channels));
}

void TileMover::place_weights(const Box& tile) {
  const Tensor& from = operands_.weight;
  for (std::int64_t g = 0; g < tile.extent[Dim::G]; ++g)
    for (std::int64_t m = 0; m < tile.extent[Dim::M]; ++m)
      for (std::int64_t c = 0; c < tile.extent[Dim::C]; ++c)
        for (std::int64_t r = 0; r < tile.extent[Dim::R]; ++r)
          for (std::int64_t s = 0; s < tile.extent[Dim::S]; ++s)
            tiles_.weight[static_cast<std::size_t>(g * strides_.weight[0] + m * strides_.weight[1] +
                                                   c * strides_.weight[2] + r * strides_.weight[3] +
                                                   s * strides_.weight[4])] =
                from.at((tile.offset[Dim::G] + g) * layer_.extent[Dim::M] + tile.offset[Dim::M] + m,
                        tile.offset[Dim::C] + c, tile.offset[Dim::R] + r, tile.offset[Dim::S] + s);
}

Transfer TileMover::bring_weights(const Box& tile, Cycles ready) {
  place_weights(tile);
  const Words words = layer_.tile_words(Operand::Weight, tile.extent);
  const Bytes bytes = bytes_of(words, a_.words.weight);
  counts_.add(a_.dram.name, Operand::Weight, Action::Read, words, bytes);
  counts_.add(a_.buffer(Operand::Weight)->name, Operand::Weight, Action::Fill, words, bytes);
  return on_link(Cause::DramWeight, ready, bytes, 0, transfer_time(words, a_.partition(Operand::Weight)->write));
}

void TileMover::stream_in(Operand t, const Box& tile, Words sent) {
  if (t == Operand::Input)
    place_input(tile, nullptr);
  else
    place_weights(tile);
  counts_.add(a_.dram.name, t, Action::Read, sent, bytes_of(sent, a_.width(t)));
}

template <class Visit>
void TileMover::each_output(const Box& tile, Visit visit) const {
  for (std::int64_t g = 0; g < tile.extent[Dim::G]; ++g)
    for (std::int64_t n = 0; n < tile.extent[Dim::N]; ++n)
      for (std::int64_t m = 0; m < tile.extent[Dim::M]; ++m)
        for (std::int64_t p = 0; p < tile.extent[Dim::P]; ++p)
          for (std::int64_t q = 0; q < tile.extent[Dim::Q]; ++q)
            visit(static_cast<std::size_t>(g * strides_.output[0] + n * strides_.output[1] + m * strides_.output[2] +
                                           p * strides_.output[3] + q * strides_.output[4]),
                  tile.offset[Dim::N] + n, (tile.offset[Dim::G] + g) * layer_.extent[Dim::M] + tile.offset[Dim::M] + m,
                  tile.offset[Dim::P] + p, tile.offset[Dim::Q] + q);
}

Transfer TileMover::bring_psums(const Box& tile, bool back, Cycles ready) {
  if (back) {
    each_output(tile,
                [&](std::size_t at, auto n, auto c, auto p, auto q) { tiles_.output[at] = psums_.at(n, c, p, q); });
    const Words words = layer_.tile_words(Operand::Output, tile.extent);
    const Bytes bytes = bytes_of(words, a_.words.psum);
    counts_.add(a_.dram.name, Operand::Output, Action::Read, words, bytes);
    counts_.add(a_.buffer(Operand::Output)->name, Operand::Output, Action::Fill, words, bytes);
    return on_link(Cause::DramOutput, ready, bytes, 0, transfer_time(words, a_.partition(Operand::Output)->write));
  }
  const auto identity = psum_identity(layer_.reduction, a_.words);
  const bool biased = !operands_.bias.empty() && a_.partition(Operand::Output)->initial_psums;
  each_output(tile, [&](std::size_t at, auto, auto c, auto, auto) {
    tiles_.output[at] = biased ? operands_.bias[static_cast<std::size_t>(c)] : identity;
  });
  if (operands_.bias.empty()) return {Cause::DramWeight, ready, ready, ready};
  // The tile's biases, one a channel, come with it as psum words; the address generator hands them out at the first
  // read.
  const Words words{tile.extent[Dim::G] * tile.extent[Dim::M]};
  const Bytes bytes = bytes_of(words, a_.words.psum);
  counts_.add(a_.dram.name, Operand::Weight, Action::Read, words, bytes);
  return on_link(Cause::DramWeight, ready, bytes, 0, Cycles{});
}

std::int16_t TileMover::finished_word(std::int64_t channel, std::int64_t p, std::int64_t q, std::int32_t psum) const {
  if (!a_.partition(Operand::Output)->initial_psums && !operands_.bias.empty())
    psum = wrap(std::int64_t{psum} + operands_.bias[static_cast<std::size_t>(channel)], a_.words.psum);
  if (layer_.reduction == Reduction::Sum)
    return finish_sum(psum, reference::window_elements(layer_, operands_.input.shape(), p, q), operands_.arithmetic);
  return finish(psum, operands_.arithmetic);
}

Transfer TileMover::take_psums(const Box& tile, bool finished, Cycles ready) {
  const Words words = layer_.tile_words(Operand::Output, tile.extent);
  const auto port = transfer_time(words, a_.partition(Operand::Output)->read);
  const bool past = passes_by_[static_cast<std::size_t>(Operand::Output)];
  if (!past)
    counts_.add(a_.buffer(Operand::Output)->name, Operand::Output, Action::Drain, words,
                bytes_of(words, a_.words.psum));
  if (!finished) {
    if (psums_.data().empty()) psums_ = PsumTensor{ofmap_.shape()};
    each_output(tile,
                [&](std::size_t at, auto n, auto c, auto p, auto q) { psums_.at(n, c, p, q) = tiles_.output[at]; });
    const Bytes bytes = bytes_of(words, a_.words.psum);
    counts_.add(a_.dram.name, Operand::Output, Action::Write, words, bytes);
    return on_link(Cause::DramOutput, ready, bytes, 0, port, 0, true);
  }
  std::vector<std::int16_t> values;
  values.reserve(static_cast<std::size_t>(words.count()));
  each_output(tile, [&](std::size_t at, auto n, auto c, auto p, auto q) {
    values.push_back(ofmap_.at(n, c, p, q) = finished_word(c, p, q, tiles_.output[at]));
  });
  if (uses_table(operands_.arithmetic.activation))
    counts_.add(a_.array.mac.name, Operand::Output, Action::Activate, words, bytes_of(words, a_.words.output));
  std::int64_t coded_values = 0;
  const Bytes bytes = moved_bytes(Operand::Output, words.count(), values, coded_values);
  counts_.add(a_.dram.name, Operand::Output, Action::Write, words, bytes);
  if (coded_values > 0) counts_.add("rlc", Operand::Output, Action::Encode, words, bytes_of(words, a_.words.output));
  if (past) return {Cause::DramOutput, ready, ready, ready};  // they left while the pass ran
  return on_link(Cause::DramOutput, ready, bytes, coded_values, port, 0, true);
}

}  // namespace eyrie::sim
