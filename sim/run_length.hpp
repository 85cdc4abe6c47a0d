#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "arch/component.hpp"

namespace eyrie::sim {

/// A (zeros before, value) pair of the zero-run code.
struct RunLevel {
  std::int64_t run = 0;
  std::int16_t level = 0;
  bool operator==(const RunLevel&) const = default;
};

/// Pairs that stand for `values`. A run longer than 2^run - 1 is cut by a pair with level 0; zeros at the end become a
/// last pair with level 0. Source: Chen et al., JSSC 2017, IV-B and Fig. 8.
std::vector<RunLevel> run_length_pairs(std::span<const std::int16_t> values, const RunLengthCode&);

/// The values that pairs stand for.
std::vector<std::int16_t> run_length_values(std::span<const RunLevel> pairs);

/// Counts the pairs that stand for values which come piece by piece.
class RunLengthMeter {
 public:
  explicit RunLengthMeter(const RunLengthCode& code) : longest_{(std::int64_t{1} << code.run.count()) - 1} {}
  void add(std::span<const std::int16_t> values);
  void add_zeros(std::int64_t n);
  /// Of all values so far.
  [[nodiscard]] std::int64_t pairs() const { return pairs_ + (zeros_ > 0 ? 1 : 0); }

 private:
  std::int64_t longest_, zeros_ = 0, pairs_ = 0;
};

/// Bytes of the packed words that hold so many pairs: `code.pairs` to a word, the last word padded.
Bytes packed_bytes(std::int64_t pairs, const RunLengthCode& code);

}  // namespace eyrie::sim
