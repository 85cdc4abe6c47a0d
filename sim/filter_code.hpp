#pragma once

// What filters take on DRAM's link where they travel coded.

#include <cstdint>
#include <span>

#include "arch/component.hpp"
#include "sim/pass_sequence.hpp"
#include "workloads/nest.hpp"
#include "workloads/tensor.hpp"

namespace eyrie {

/// Coded filters of one layer.
struct FilterPairs {
  std::int64_t values = 0;   ///< that travel, zeros that cut long runs among them
  std::int64_t columns = 0;  ///< of csc: pieces of columns that a pointer ends
};

/// Sizes of coded filter tiles. `codebook_bits`: those of an index where a machine knows codebooks and the layer has
/// one; 0 where it has none. `width`: of a word. `filters`: all words of the layer, which are no more than 2^bits
/// different ones if there is a codebook; only looked at once. Refers to the code.
class FilterCoder {
 public:
  FilterCoder(const RunLengthCode&, Bits width, std::int64_t codebook_bits, std::span<const std::int16_t> filters);

  /// What stands for a tile of filters (G * M, C, R, S).
  [[nodiscard]] FilterPairs pairs(const Tensor& weight, const LayerNest&, const sim::Box& tile) const;
  /// Whole bytes on the link: packed words of run-length pairs; values, counts and pointers of csc; or indices alone.
  [[nodiscard]] Bytes bytes(const FilterPairs&) const;
  /// The layer's codebook itself, which comes once: 2^bits values.
  [[nodiscard]] Bytes codebook() const;

 private:
  [[nodiscard]] FilterPairs run_length(const Tensor&, const LayerNest&, const sim::Box&) const;
  [[nodiscard]] FilterPairs columns(const Tensor&, const LayerNest&, const sim::Box&) const;

  const RunLengthCode& code_;
  Bits width_, value_;
  bool indices_;
};

}  // namespace eyrie
