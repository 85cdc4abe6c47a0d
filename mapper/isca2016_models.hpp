#pragma once

// Inside of mapper/isca2016: the closed forms of each dataflow as exact integers.

#include <cstdint>
#include <string_view>

#include "mapper/isca2016.hpp"

namespace eyrie::isca2016 {

/// A layer in the paper's letters: M and C per group, H and W the padded ifmap.
struct Sizes {
  std::int64_t G, N, M, C, E, F, R, S, H, W;
  RowsColumns stride, dilation;
  explicit Sizes(const LayerNest&);
  [[nodiscard]] std::int64_t weights() const { return G * M * C * R * S; }
  [[nodiscard]] std::int64_t outputs() const { return G * N * M * E * F; }
  [[nodiscard]] std::int64_t macs() const { return weights() * N * E * F; }
  /// Input rows under `e` ofmap rows, input columns under `f` ofmap columns: the h and w of the limits.
  [[nodiscard]] std::int64_t rows_under(std::int64_t e) const {
    return (e - 1) * stride.rows + (R - 1) * dilation.rows + 1;
  }
  [[nodiscard]] std::int64_t columns_under(std::int64_t f) const {
    return (f - 1) * stride.columns + (S - 1) * dilation.columns + 1;
  }
};

/// Words that move at each level, each times `per`. The halo terms divide by the tile's extents, so the counts are
/// fractions; kept over their denominator they are compared without rounding.
struct Counts {
  std::int64_t per = 1;
  std::int64_t dram_reads = 0, dram_writes = 0, glb = 0, array_inputs = 0, array_psums = 0, rf = 0;
};

/// The closed forms of one dataflow.
struct Model {
  /// Its parameters in the order in which the search fixes them. The last one's largest legal value is always best.
  std::string_view order;
  /// Smallest value of the last parameter that the others allow.
  std::int64_t (*least_last)(const Parameters&);
  /// The machine's limits; each side that grows does so with every parameter.
  bool (*within)(const Sizes&, const Machine&, const Parameters&);
  Counts (*counts)(const Sizes&, const Parameters&);
  std::int64_t (*active_pes)(const Sizes&, const Parameters&);
};
const Model& model_of(Dataflow);

/// The parameter that a letter names, and the layer's extent that bounds it.
std::int64_t Parameters::*member_of(char letter);
std::int64_t bound_of(char letter, const Sizes&);

}  // namespace eyrie::isca2016
