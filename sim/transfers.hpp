#pragma once

// Tiles between DRAM and the buffers: real words, coded where the machine codes them, over one link in order.

#include <array>
#include <map>
#include <optional>

#include "arch/architecture.hpp"
#include "dataflows/action_counts.hpp"
#include "sim/filter_code.hpp"
#include "sim/layer_result.hpp"
#include "sim/pass_core.hpp"
#include "sim/pass_sequence.hpp"
#include "sim/run_log.hpp"
#include "sim/share.hpp"
#include "sim/tile_store.hpp"
#include "workloads/forward.hpp"

namespace eyrie::sim {

/// One tile move on the link.
struct Transfer {
  Cause cause = Cause::DramInput;  ///< what the array would wait for
  Cycles from{}, to{};             ///< core cycles; `from` is when the link took it up
  Cycles data{};                   ///< its first byte
  bool operator==(const Transfer&) const = default;
};

/// What a layer moves and finishes, with its DRAM contents.
class TileMover {
 public:
  TileMover(const LayerNest&, const Architecture&, const LayerOperands&, const TileStrides&,
            std::array<bool, 3> passes_by, bool reads_network_input, const Share& = {});

  /// Are the psums of this output tile computed here?
  [[nodiscard]] bool owns(const Box& output);
  /// To be called before a pass whose data are computed: puts words into the buffers that nobody wanted before.
  void settle() { store_.settle(); }
  [[nodiscard]] Tiles& tiles() { return store_.tiles(); }
  [[nodiscard]] const Tensor& ofmap() const { return store_.ofmap(); }
  [[nodiscard]] const ActionCounts& counts() const { return counts_; }
  [[nodiscard]] std::int64_t moves() const { return moves_; }  ///< that took the link
  void set_log(RunLog* log) { log_ = log; }

  /// Words of an ifmap tile that are not in the one before it.
  [[nodiscard]] Words new_words(const Box& tile, const Box& before) { return store_.new_words(tile, before); }
  /// Each asks the link no earlier than `ready` and returns when the move is over.
  Transfer bring_input(const Box& tile, const Box* overlaps_with, Cycles ready);
  Transfer bring_weights(const Box& tile, Cycles ready);
  /// Words that pass by the buffer in a pass that begins: `sent` of them cross the link while it runs.
  void stream_in(Operand, const Box& tile, Words sent);
  /// The link is taken until then by words that pass by the buffer.
  void hold_link(Cycles until) { link_free_ = std::max(link_free_, until); }
  /// Makes an output tile ready: biases (or identities) where psums start, psums from DRAM where they come back.
  Transfer bring_psums(const Box& tile, bool back, Cycles ready);
  /// Takes an output tile away: finished words through ReLU and the coder, or raw psums that will come back.
  Transfer take_psums(const Box& tile, bool finished, Cycles ready);

 private:
  Transfer on_link(Cause, Cycles ready, Bytes, std::int64_t coded_values, Cycles port, std::int64_t requests = 0,
                   bool out = false);
  /// Of a tensor that travels coded.
  [[nodiscard]] std::optional<RunLengthMeter> meter(Operand) const;
  [[nodiscard]] Bytes filter_bytes(const Box& tile, Words);
  [[nodiscard]] Bytes moved_bytes(Operand, Words, const std::optional<RunLengthMeter>&) const;
  [[nodiscard]] WordsPerCycle write_rate(Operand t) const { return write_rates_[static_cast<std::size_t>(t)]; }

  const LayerNest& layer_;
  const Architecture& a_;
  const LayerOperands& operands_;
  std::array<bool, 3> passes_by_;
  bool raw_input_;
  ClockRatio core_cycles_;                    ///< of DRAM's clock
  std::array<WordsPerCycle, 3> write_rates_;  ///< of buffers' ports, by Operand
  WordsPerCycle ofmap_rate_;                  ///< at which finished words and psums are read
  Share share_;
  std::map<Extents, std::int64_t> numbers_;  ///< of output tiles by their offsets, in the order in which they come
  TileStore store_;
  std::optional<FilterCoder> filters_;  ///< none: they travel uncoded
  bool codebook_came_ = false;
  Cycles link_free_{};
  std::array<Cycles, 3> engine_free_{};  ///< by Operand, where each has a DMA engine of its own
  ActionCounts counts_;
  std::int64_t moves_ = 0;
  RunLog* log_ = nullptr;
};

}  // namespace eyrie::sim
