#include "dataflows/systolic_model.hpp"

#include "base/ensure.hpp"

namespace eyrie {

MatrixProduct matrix_product(const LayerNest& l) {
  ensure(l.has_weights(), "a layer without weights was taken for a matrix product");
  const auto& x = l.extent;
  return {.m = x[Dim::N] * x[Dim::P] * x[Dim::Q],
          .k = x[Dim::C] * x[Dim::R] * x[Dim::S],
          .n = x[Dim::M],
          .count = x[Dim::G]};
}

SystolicExtents systolic_extents(const MatrixProduct& p, Stationary s) {
  switch (s) {
    case Stationary::Weight:
      return {.rows = p.k, .columns = p.n, .stream = p.m};
    case Stationary::Output:
      return {.rows = p.m, .columns = p.n, .stream = p.k};
    case Stationary::Input:
      return {.rows = p.k, .columns = p.m, .stream = p.n};
  }
  return {};
}

Cycles systolic_fold_cycles(const SystolicArray& a, Stationary s, std::int64_t rows, std::int64_t columns,
                            std::int64_t stream) {
  const bool whole = a.fold == Fold::Whole;
  const auto r = whole ? a.rows : rows, c = whole ? a.columns : columns;
  const auto load = s == Stationary::Output && a.drain == OutputDrain::Hidden ? 0 : r;
  return Cycles{load + r + c + stream - 2};
}

/// A count of pieces of one size.
struct Pieces {
  std::int64_t size = 1, times = 1;
};

/// `whole` cut into pieces of `most`: the full ones, then the last, smaller one.
static std::vector<Pieces> cut(std::int64_t whole, std::int64_t most) {
  std::vector<Pieces> all;
  if (whole >= most) all.push_back({.size = most, .times = whole / most});
  if (whole % most != 0) all.push_back({.size = whole % most, .times = 1});
  return all;
}

SystolicRun systolic_run(const MatrixProduct& p, Stationary s, const SystolicArray& a) {
  const auto x = systolic_extents(p, s);
  SystolicRun run{.row_folds = ceil_div(x.rows, a.rows), .column_folds = ceil_div(x.columns, a.columns)};
  std::int64_t used = 0, folds = 0;
  for (const auto& r : cut(x.rows, a.rows))
    for (const auto& c : cut(x.columns, a.columns)) {
      const SystolicFolds f{.rows = r.size,
                            .columns = c.size,
                            .times = r.times * c.times * p.count,
                            .cycles = systolic_fold_cycles(a, s, r.size, c.size, x.stream)};
      run.cycles += f.cycles * f.times;
      run.macs += Macs{f.rows * f.columns * x.stream * f.times};
      used += f.rows * f.columns * f.times;
      folds += f.times;
      run.folds.push_back(f);
    }
  // What stays crosses the edge once; what enters at the rows once for every fold along the columns, and the other way.
  const Words stays{x.rows * x.columns * p.count}, at_rows{x.rows * x.stream * run.column_folds * p.count},
      at_columns{x.columns * x.stream * run.row_folds * p.count};
  run.inputs = s == Stationary::Input ? stays : at_rows;
  run.weights = s == Stationary::Weight ? stays : s == Stationary::Output ? at_columns : at_rows;
  run.outputs = s == Stationary::Output ? stays : at_columns;
  const auto pes = static_cast<double>(a.rows * a.columns);
  run.mapping_efficiency = static_cast<double>(used) / (pes * static_cast<double>(folds));
  run.utilization = static_cast<double>(run.macs.count()) / (pes * static_cast<double>(run.cycles.count()));
  return run;
}

}  // namespace eyrie
