#pragma once

// Prices fitted to measured power: the energy of a layer is linear in them, so a run's counts are all that it takes.

#include <optional>
#include <string>
#include <vector>

#include "arch/architecture.hpp"
#include "energy/calibration.hpp"
#include "energy/map_fit.hpp"
#include "energy/price.hpp"

namespace eyrie {

/// What a run counted of one layer, and how long it took.
struct CountedLayer {
  std::string name;
  ActionCounts counts;
  Elapsed time;
};

/// One term after the fit.
struct FittedTerm {
  CalibrationTerm term;
  Picojoules fitted{};
  double moved = 0;        ///< from the prior, in its standard deviations
  double remaining = 1;    ///< standard deviation left, in those of the prior
  std::vector<double> mw;  ///< what it makes of the power of each layer
};

/// A measured power beside ours.
struct PowerRow {
  std::string layer;
  double published_mw = 0, prior_mw = 0, ours_mw = 0;  ///< prior: with the terms as they were before
  bool fitted = false;
  [[nodiscard]] double error_percent() const { return 100 * (ours_mw / published_mw - 1); }
};

/// Another published figure beside ours.
struct CalibratedFigure {
  std::string what, layer;  ///< layer empty: all together
  double published = 0, ours = 0;
  std::string unit;  ///< % or nothing
  bool at_most = false, fitted = false;
  double width = 0;  ///< of a fitted one
  std::string source, note;
};

struct Calibrated {
  std::string name;
  EnergyTable table;
  MapFit fit;
  std::vector<FittedTerm> terms;
  std::vector<double> rest_mw;  ///< power of each layer from prices that no term has
  std::vector<PowerRow> powers;
  std::optional<PowerRow> average;
  std::vector<CalibratedFigure> figures;
  CalibrationTolerance tolerance;
  [[nodiscard]] bool within_tolerance() const;
  /// Is every figure that was fitted, other than powers, within three widths of what was published?
  [[nodiscard]] bool figures_met() const;
  [[nodiscard]] bool ok() const { return fit.converged && within_tolerance() && figures_met(); }
};

/// Fits the terms to the powers (and other figures) that have a width, and compares the rest. A counted layer for each
/// of the powers, in their order. InputError where a term is the price of nothing that was counted, or a share of
/// nothing on the chip.
Calibrated calibrate(const Calibration&, const EnergyTable& base, const Architecture&,
                     const std::vector<CountedLayer>&);

/// The counts as they were if PEs did not gate zeros: a gated MAC reads its filter word, multiplies, and updates its
/// psum.
ActionCounts without_gating(const ActionCounts&, const Architecture&);

}  // namespace eyrie
