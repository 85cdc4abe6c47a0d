#pragma once

// The words themselves: what DRAM holds of a layer, the tiles in the buffers, and what goes from one to the other.

#include <array>
#include <cstdint>
#include <optional>

#include "arch/architecture.hpp"
#include "sim/line_pattern.hpp"
#include "sim/pass_core.hpp"
#include "sim/pass_sequence.hpp"
#include "sim/run_length.hpp"
#include "workloads/forward.hpp"

namespace eyrie::sim {

class TileStore {
 public:
  TileStore(const LayerNest&, const Architecture&, const LayerOperands&, const TileStrides&);

  [[nodiscard]] Tiles& tiles() { return tiles_; }
  [[nodiscard]] const Tensor& ofmap() const { return ofmap_; }

  /// Puts an ifmap tile into its buffer. `meter` sees the words of it that are not under `overlaps_with`, in the order
  /// in which they travel.
  void place_input(const Box& tile, const Box* overlaps_with, RunLengthMeter* meter);
  /// Words of an ifmap tile that are not under the one before it, of as many channels and images.
  [[nodiscard]] Words new_words(const Box& tile, const Box& before);
  /// The filter tile that the buffer holds from now on; its words are put there by `settle`.
  void place_weights(const Box& tile) { weights_due_ = tile; }
  /// To be called before a pass whose data are computed.
  void settle();
  /// An output tile before its first psums: biases where the buffer hands them out, otherwise nothing yet.
  void start_psums(const Box& tile);
  /// Psums that had left come back.
  void restore_psums(const Box& tile);
  /// Psums leave and will come back.
  void save_psums(const Box& tile);
  /// Psums become words of the ofmap, or these are those of `known`; `meter` sees them.
  void finish_psums(const Box& tile, const Tensor* known, RunLengthMeter* meter);

 private:
  void copy_weights(const Box& tile);
  void finish_row(const std::int32_t* psums, std::int64_t channel, std::int64_t p, std::int64_t q, std::int64_t n,
                  std::int16_t* out) const;
  template <class Visit>
  void each_output_row(const Box& tile, Visit) const;

  const LayerNest& layer_;
  const Architecture& a_;
  const LayerOperands& operands_;
  const TileStrides& strides_;
  bool initial_psums_;  ///< psums start from the bias; otherwise it is added as they leave
  LinePatterns rows_, columns_;
  Tiles tiles_;
  std::optional<Box> weights_due_;
  Tensor ofmap_;
  PsumTensor psums_;  ///< psums that had to leave the chip
};

}  // namespace eyrie::sim
