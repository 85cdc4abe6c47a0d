#pragma once

// Inside of mapper/isca2016: the closed forms of each dataflow as exact integers.

#include <cstdint>
#include <string_view>

#include "mapper/isca2016.hpp"

namespace eyrie::isca2016 {

/// A layer in the paper's letters: M and C per group, H the rows of the padded ifmap.
struct Sizes {
  std::int64_t G, N, M, C, E, F, R, S;
  RowsColumns stride, dilation;
  std::int64_t H;
  explicit Sizes(const LayerNest&);
  [[nodiscard]] std::int64_t weights() const { return G * M * C * R * S; }
  [[nodiscard]] std::int64_t outputs() const { return G * N * M * E * F; }
  [[nodiscard]] std::int64_t macs() const { return weights() * N * E * F; }
  /// Ifmap rows that `e` ofmap rows touch, columns that `f` ofmap columns touch: the h and w of the limits. With a
  /// stride up to the filter's size (all that the paper has) (f-1) U + S; beyond it, untouched columns don't count, so
  /// that columns_under(f)/f never grows with f.
  [[nodiscard]] std::int64_t rows_under(std::int64_t e) const { return touched(e, R, stride.rows, dilation.rows); }
  [[nodiscard]] std::int64_t columns_under(std::int64_t f) const {
    return touched(f, S, stride.columns, dilation.columns);
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
  std::int64_t rf_bytes, glb_bytes_at_256_pes;  ///< of the paper's machine
  /// Its parameters in the order in which the search fixes them. The last one's largest legal value is always best.
  std::string_view order;
  /// Smallest value of the last parameter that the others allow.
  std::int64_t (*least_last)(const Parameters&);
  /// The machine's limits; each side that grows does so with every parameter.
  bool (*within)(const Sizes&, const Machine&, const Parameters&);
  Counts (*counts)(const Sizes&, const Parameters&);
  std::int64_t (*active_pes)(const Sizes&, const Parameters&);
};
extern const Model kRowStationary, kWeightStationary, kOutputStationaryA, kOutputStationaryB, kOutputStationaryC,
    kNoLocalReuse;
const Model& model_of(Dataflow);

/// The parameter that a letter names, and the layer's extent that bounds it.
std::int64_t Parameters::*member_of(char letter);
std::int64_t bound_of(char letter, const Sizes&);

}  // namespace eyrie::isca2016
