#include "sim/transfers.hpp"

#include <algorithm>
#include <cmath>

#include "workloads/activation.hpp"

namespace eyrie::sim {

TileMover::TileMover(const LayerNest& l, const Architecture& a, const LayerOperands& operands,
                     const TileStrides& strides, std::array<bool, 3> passes_by, bool reads_network_input,
                     const Share& share)
    : layer_{l},
      a_{a},
      operands_{operands},
      passes_by_{passes_by},
      raw_input_{reads_network_input && a.dram.compression && a.dram.compression->network_input_raw},
      core_cycles_{a.core_cycles_of(a.dram.clock)},
      write_rates_{a.write_rate(Operand::Input), a.write_rate(Operand::Weight), a.write_rate(Operand::Output)},
      ofmap_rate_{a.read_rate(Operand::Output)},
      share_{share},
      store_{l, a, operands, strides} {
  const auto& code = a.dram.compression;
  const bool coded = code && std::ranges::count(code->tensors, Operand::Weight) > 0;
  if (coded && l.has_weights() && !passes_by[1])
    filters_.emplace(*code, a.words.weight, operands.codebook_bits, operands.weight.data());
}

bool TileMover::owns(const Box& output) {
  if (share_.of == 1) return true;
  Extents place = output.offset;
  for (Dim d : {Dim::C, Dim::R, Dim::S}) place[d] = 0;
  const auto number = numbers_.emplace(place, std::ssize(numbers_)).first->second;
  return number % share_.of == share_.part;
}

std::optional<RunLengthMeter> TileMover::meter(Operand t) const {
  const auto& code = a_.dram.compression;
  const bool coded = code && std::ranges::count(code->tensors, t) > 0 && !(t == Operand::Input && raw_input_) &&
                     !passes_by_[static_cast<std::size_t>(t)];
  return coded ? std::optional<RunLengthMeter>{*code} : std::nullopt;
}

/// Bytes on the link for a tile's words.
Bytes TileMover::moved_bytes(Operand t, Words words, const std::optional<RunLengthMeter>& coded) const {
  if (coded) return packed_bytes(coded->pairs(), *a_.dram.compression);
  return bytes_of(words, t == Operand::Output ? a_.words.output : a_.width(t));
}

/// Bytes on the link for a tile of filters. The layer's codebook comes with the first.
Bytes TileMover::filter_bytes(const Box& tile, Words words) {
  if (!filters_) return bytes_of(words, a_.words.weight);
  const Bytes book = codebook_came_ ? Bytes{} : filters_->codebook();
  codebook_came_ = true;
  return book + filters_->bytes(filters_->pairs(operands_.weight, layer_, tile));
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
  const auto latency = core_cycles_(a_.dram.latency);
  auto data = core_cycles_(a_.dram.latency + link) - latency;
  if (coded_values > 0) data = std::max(data, transfer_time(Words{coded_values}, a_.dram.compression->rate));
  data = std::max(data, port);
  data = std::max(data, core_cycles_(Cycles{requests * a_.dram.request.count()}));
  move.data = std::max(move.from + latency, alone ? std::max(engine, link_free_) : Cycles{});
  move.to = move.data + data;
  engine = move.to;
  link_free_ = alone ? move.data + core_cycles_(link) : move.to;
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

Transfer TileMover::bring_input(const Box& tile, const Box* overlaps_with, Cycles ready) {
  auto coded = meter(Operand::Input);
  store_.place_input(tile, overlaps_with, coded ? &*coded : nullptr);
  const Words words = overlaps_with ? new_words(tile, *overlaps_with) : layer_.tile_words(Operand::Input, tile.extent);
  const Bytes bytes = moved_bytes(Operand::Input, words, coded);
  counts_.add(a_.dram.name, Operand::Input, Action::Read, words, bytes);
  if (coded) counts_.add("rlc", Operand::Input, Action::Decode, words, bytes_of(words, a_.words.input));
  counts_.add(a_.buffer(Operand::Input)->name, Operand::Input, Action::Fill, words, bytes_of(words, a_.words.input));
  const auto channels = std::max<std::int64_t>(1, tile.extent[Dim::G] * tile.extent[Dim::C]);
  return on_link(Cause::DramInput, ready, bytes, coded ? words.count() : 0,
                 transfer_time(words, write_rate(Operand::Input)), ceil_div(words.count(), channels));
}

Transfer TileMover::bring_weights(const Box& tile, Cycles ready) {
  store_.place_weights(tile);
  const Words words = layer_.tile_words(Operand::Weight, tile.extent);
  const Bytes bytes = filter_bytes(tile, words), held = bytes_of(words, a_.words.weight);
  counts_.add(a_.dram.name, Operand::Weight, Action::Read, words, bytes);
  if (filters_) counts_.add("rlc", Operand::Weight, Action::Decode, words, held);
  counts_.add(a_.buffer(Operand::Weight)->name, Operand::Weight, Action::Fill, words, held);
  return on_link(Cause::DramWeight, ready, bytes, filters_ ? words.count() : 0,
                 transfer_time(words, write_rate(Operand::Weight)));
}

void TileMover::stream_in(Operand t, const Box& tile, Words sent) {
  if (t == Operand::Input)
    store_.place_input(tile, nullptr, nullptr);
  else
    store_.place_weights(tile);
  counts_.add(a_.dram.name, t, Action::Read, sent, bytes_of(sent, a_.width(t)));
}

Transfer TileMover::bring_psums(const Box& tile, bool back, Cycles ready) {
  if (back) {
    if (owns(tile)) store_.restore_psums(tile);
    const Words words = layer_.tile_words(Operand::Output, tile.extent);
    const Bytes bytes = bytes_of(words, a_.words.psum);
    counts_.add(a_.dram.name, Operand::Output, Action::Read, words, bytes);
    counts_.add(a_.buffer(Operand::Output)->name, Operand::Output, Action::Fill, words, bytes);
    return on_link(Cause::DramOutput, ready, bytes, 0, transfer_time(words, write_rate(Operand::Output)));
  }
  store_.start_psums(tile);
  if (operands_.bias.empty()) return {Cause::DramWeight, ready, ready, ready};
  // The tile's biases, one a channel, come with it as psum words; the address generator hands them out at the first
  // read.
  const Words words{tile.extent[Dim::G] * tile.extent[Dim::M]};
  const Bytes bytes = bytes_of(words, a_.words.psum);
  counts_.add(a_.dram.name, Operand::Weight, Action::Read, words, bytes);
  return on_link(Cause::DramWeight, ready, bytes, 0, Cycles{});
}

Transfer TileMover::take_psums(const Box& tile, bool finished, Cycles ready) {
  const Words words = layer_.tile_words(Operand::Output, tile.extent);
  const auto port = transfer_time(words, ofmap_rate_);
  const bool past = passes_by_[static_cast<std::size_t>(Operand::Output)];
  if (!past)
    counts_.add(a_.buffer(Operand::Output)->name, Operand::Output, Action::Drain, words,
                bytes_of(words, a_.words.psum));
  if (!finished) {
    if (owns(tile)) store_.save_psums(tile);
    const Bytes bytes = bytes_of(words, a_.words.psum);
    counts_.add(a_.dram.name, Operand::Output, Action::Write, words, bytes);
    return on_link(Cause::DramOutput, ready, bytes, 0, port, 0, true);
  }
  auto coded = meter(Operand::Output);
  store_.finish_psums(tile, owns(tile) ? nullptr : share_.ofmap, coded ? &*coded : nullptr);
  if (uses_table(operands_.arithmetic.activation))
    counts_.add(a_.array.mac.name, Operand::Output, Action::Activate, words, bytes_of(words, a_.words.output));
  const Bytes bytes = moved_bytes(Operand::Output, words, coded);
  counts_.add(a_.dram.name, Operand::Output, Action::Write, words, bytes);
  if (coded) counts_.add("rlc", Operand::Output, Action::Encode, words, bytes_of(words, a_.words.output));
  if (past) return {Cause::DramOutput, ready, ready, ready};  // they left while the pass ran
  return on_link(Cause::DramOutput, ready, bytes, coded ? words.count() : 0, port, 0, true);
}

}  // namespace eyrie::sim
