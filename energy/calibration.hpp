#pragma once

// A file of kind `calibration`: which prices of an energy table are fitted, what is known of them, and what was
// measured.

#include <optional>
#include <string>
#include <vector>

#include "energy/energy_table.hpp"

namespace eyrie {

/// One energy that is fitted: of one or several actions of a component.
struct CalibrationTerm {
  std::string name, component;
  std::vector<Priced> actions;
  Per per = Per::Word;
  Bits at{16};
  Picojoules prior{};
  double factor = 2;  ///< one standard deviation of the prior: so many times more, or less
  std::string source, note;
  Confidence confidence = Confidence::Assumed;
  Place where;
};

/// A layer's measured power on chip, over its total latency.
struct MeasuredPower {
  std::string layer;
  Milliwatts power{};
  std::optional<Milliwatts> width;  ///< one standard deviation; none: held out, only compared
  Place where;
};

/// Layers' measured power together, weighted by latency. Never fitted.
struct MeasuredAverage {
  Milliwatts power{};
  std::string source;
};

/// How far ours may be from what was held out.
struct CalibrationTolerance {
  double layer_percent = 10, average_percent = 5;
};

/// Which part of the power some components take.
struct MeasuredShare {
  std::string what;
  std::vector<std::string> of;  ///< names or kinds of components, or clock, leakage, control
  std::vector<std::string> in;  ///< the same; empty: all on chip
  std::string layer;            ///< empty: all layers together
  double percent = 0;
  bool at_most = false;         ///< published as a limit
  std::optional<double> width;  ///< in percent points; none: only compared
  std::string source;
  Place where;
};

/// What gating of zeros saves of the PEs' power.
struct MeasuredGating {
  std::string layer;
  double percent = 0;
  std::optional<double> width;  ///< in percent points; none: only compared
  std::string source, note;
  Place where;
};

/// One fitted energy in units of another.
struct MeasuredRatio {
  std::string what, of, to;  ///< names of terms
  double published = 1;
  std::string source;
  Place where;
};

/// The file.
struct Calibration {
  std::string kind = "calibration", name, title;
  std::string experiment;  ///< that was measured: a name under configs/experiments, or a file
  std::string base;  ///< table with the prices that no term replaces: a name under configs/technologies, or a file
  std::string table, table_title;  ///< what the calibrated table is called
  std::string source;              ///< of the powers
  std::vector<MeasuredPower> powers;
  std::optional<MeasuredAverage> average;
  CalibrationTolerance tolerance;
  std::optional<MeasuredGating> zero_gating;
  std::vector<MeasuredShare> shares;
  std::vector<MeasuredRatio> ratios;
  std::vector<CalibrationTerm> terms;
  std::vector<AreaFigure> areas{};      ///< of the chip, in place of the base table's; empty: those
  std::vector<KnownSum> known_areas{};  ///< sums of `areas`
  Place where;
};
void describe(Fields&, Calibration&);

/// Reads and checks: kind, at least one layer that is fitted and none twice, at least one term and no price in two,
/// units that fit the actions, sources, layers and terms that exist. All errors at once as InputError.
Calibration read_calibration(const YamlDocument&);

/// The base table with the terms' priors (or `energies`, one a term) in it. Prices of a component and action that a
/// term has are replaced; so is `static` where terms price time, and all areas where the calibration has some. Known
/// sums stay whose source still prices something. InputError if time then has no price.
EnergyTable with_terms(const EnergyTable& base, const Calibration&, const std::vector<double>& energies_pj = {});

}  // namespace eyrie
