#pragma once

// How many bits the words of a network get when it is quantised, layer by layer.

#include <optional>
#include <string>
#include <vector>

#include "workloads/network.hpp"

namespace eyrie {

/// Where the largest number that a tensor's words can hold comes from. Magnitudes are those of the calibration inputs.
enum class RangeRule : std::uint8_t { Max, Percentile, Mse };
template <>
struct names<RangeRule> {
  static constexpr Name<RangeRule> table[] = {
      {"max", RangeRule::Max, "the largest magnitude: nothing that was seen is clipped"},
      {"percentile", RangeRule::Percentile, "the magnitude that a stated share of the numbers does not exceed"},
      {"mse", RangeRule::Mse, "the range with the least mean squared error of rounding and clipping"}};
};

/// Bits of words, 1 to 16, and how their ranges are found.
///
/// The default rule is `mse`: it minimises the very error that SQNR measures, the largest magnitude is among its
/// candidates, and with few bits (where a range set by one outlier leaves most words unused) it is far better.
struct WordPrecision {
  Bits weights{8}, activations{8};
  bool per_channel = true;  ///< filters have a scale each; otherwise one a layer
  RangeRule range = RangeRule::Mse;
  double percentile = 99.99;   ///< of the rule of that name
  bool unsigned_range = true;  ///< words of tensors that are never negative run from 0 to 2^bits - 1 (below 16 bits)
};

/// What a layer, a network input or a part of a cell (`cell` or `cell/ifo`) has of its own.
struct LayerWordPrecision {
  std::string layer;
  std::optional<Bits> weights, activations;  ///< of its filters; of the tensor that it makes
  std::optional<bool> per_channel, unsigned_range;
  std::optional<RangeRule> range;
  std::optional<double> percentile;
  Place where;
};

struct PrecisionPlan {
  WordPrecision all;
  std::vector<LayerWordPrecision> layers;
  Place where;

  /// Of a layer of a built network: its own entry, or its cell's, or all's. An input's name is looked up as it is.
  [[nodiscard]] WordPrecision of(const Layer&) const;
  [[nodiscard]] WordPrecision of_input(const std::string& name) const;
};
/// `precision: {weights: 8 b, activations: 8 b, per_channel: true, range: mse, layers: [{layer: conv1, weights: 4
/// b}]}`.
void describe(Fields&, LayerWordPrecision&);
/// Its keys without `layer`.
void describe_words(Fields&, LayerWordPrecision&);
/// What is stated takes the place of what was.
void apply(WordPrecision&, const LayerWordPrecision&);
void describe(Fields&, PrecisionPlan&);

/// InputError for bits that are not 1 to 16, names that the network does not have, entries that would change nothing
/// (weights of what has none, activations of what leaves words as they are) and names that stand twice.
void check(const PrecisionPlan&, const Network&);

/// Does the layer leave words as they are, so that its output has the code of its input?
bool keeps_words(const Layer&);

}  // namespace eyrie
