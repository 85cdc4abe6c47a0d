#pragma once

// The known closed forms of a systolic array: how many folds a matrix product takes, how many cycles a fold, how many
// words cross the array's edges. Source: Samajdar et al., "A Systematic Methodology for Characterizing Scalability of
// DNN Accelerators using SCALE-Sim", ISPASS 2020, section III; SCALE-Sim v2 where it differs.

#include <cstdint>
#include <vector>

#include "arch/component.hpp"
#include "base/fields.hpp"
#include "base/units.hpp"
#include "workloads/nest.hpp"

namespace eyrie {

/// outputs [m x n] = inputs [m x k] . weights [k x n], `count` times with operands of their own. All at least 1.
struct MatrixProduct {
  std::int64_t m = 1, k = 1, n = 1;
  std::int64_t count = 1;
  [[nodiscard]] Macs macs() const { return Macs{m * k * n * count}; }
  bool operator==(const MatrixProduct&) const = default;
};

/// The product that a layer with weights becomes when each window is written out as a row of inputs (im2col):
/// m = N P Q output pixels, k = C R S words of a window, n = M filters; one product a group.
MatrixProduct matrix_product(const LayerNest&);

/// Which operand stays in the PEs of a systolic array during a fold.
enum class Stationary : std::uint8_t { Weight, Output, Input };
template <>
struct names<Stationary> {
  static constexpr Name<Stationary> table[] = {
      {"weight_stationary", Stationary::Weight, "windows along the rows, filters along the columns, pixels stream"},
      {"output_stationary", Stationary::Output, "pixels along the rows, filters along the columns, windows stream"},
      {"input_stationary", Stationary::Input, "windows along the rows, pixels along the columns, filters stream"}};
};

/// What is spread along the rows and along the columns of an array without bounds, and what streams past: S_R, S_C
/// and T of the paper's table of mappings.
struct SystolicExtents {
  std::int64_t rows = 1, columns = 1, stream = 1;
  bool operator==(const SystolicExtents&) const = default;
};
SystolicExtents systolic_extents(const MatrixProduct&, Stationary);

/// Do finished outputs cost cycles of their own when an output-stationary fold ends?
enum class OutputDrain : std::uint8_t {
  Counted,  ///< they leave through all rows once the last is done: 2 R + C + T - 2, the paper's form
  Hidden    ///< a column's first output leaves once it is done: R + C + T - 2, as SCALE-Sim v2 counts
};

/// An array of `rows` x `columns` PEs with a skew of a cycle a row and a column, and how its folds are counted.
struct SystolicArray {
  std::int64_t rows = 1, columns = 1;
  Fold fold = Fold::Whole;                   ///< what a wave passes where a fold leaves PEs idle; SCALE-Sim: all
  OutputDrain drain = OutputDrain::Counted;  ///< of output-stationary folds; others have nothing to drain
};

/// Cycles of one fold that uses `rows` x `columns` PEs: 2 r + c + T - 2, where r x c are the PEs that a wave passes
/// (the used ones, or all of the array) and T the streamed extent. r cycles load what stays (or drain what stayed),
/// r + c - 2 are the skew.
Cycles systolic_fold_cycles(const SystolicArray&, Stationary, std::int64_t rows, std::int64_t columns,
                            std::int64_t stream);

/// Folds of one shape.
struct SystolicFolds {
  std::int64_t rows = 1, columns = 1;  ///< PEs used
  std::int64_t times = 1;
  Cycles cycles{};  ///< of each
  bool operator==(const SystolicFolds&) const = default;
};

/// A matrix product on an array, fold after fold, no memory ever late.
struct SystolicRun {
  std::int64_t row_folds = 1, column_folds = 1;  ///< of each product
  std::vector<SystolicFolds> folds;  ///< up to four shapes, whole ones first; each of `count` products adds its own
  Cycles cycles{};                   ///< sum over all folds
  Macs macs{};
  Words inputs{}, weights{}, outputs{};  ///< that cross the array's edge; outputs once for every fold that adds to them
  double mapping_efficiency = 0;         ///< mean over folds of the share of PEs used, 0 to 1
  double utilization = 0;                ///< MACs / (PEs x cycles), 0 to 1
};
SystolicRun systolic_run(const MatrixProduct&, Stationary, const SystolicArray&);

}  // namespace eyrie
