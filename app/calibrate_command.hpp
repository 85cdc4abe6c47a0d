#pragma once

#include <functional>
#include <string>

#include "app/catalogue.hpp"
#include "app/experiment.hpp"
#include "energy/calibrate.hpp"

namespace eyrie {

/// What `eyrie calibrate` was asked.
struct CalibrateRequest {
  std::string file;  ///< a file of kind `calibration`, or a name under configs/calibrations
  std::string out;   ///< the energy table is written here if all is well; empty: nowhere
  unsigned jobs = 1;
  bool quiet = false;
};

/// A calibration with what it names, read and checked.
struct PreparedCalibration {
  Calibration calibration;
  EnergyTable base;
  PreparedExperiment experiment;  ///< of the measured layers, priced by the priors
};

/// Reads a file of kind `calibration`, its experiment and its base table. Relative paths in it count from its folder.
/// All errors at once as InputError.
PreparedCalibration prepare_calibration(const YamlDocument&, const Catalogue&);

/// What came of it.
struct CalibrateAnswer {
  Calibrated calibrated;
  bool interrupted = false;
  bool right = true;  ///< every layer computed what the reference says
};

/// Simulates the measured layers, fits, and writes the table if the fit converged and what was held out is within the
/// tolerance.
CalibrateAnswer calibrate(const CalibrateRequest&, const Catalogue&, const std::function<bool()>& interrupted);

/// The table as a file that says how it was made.
std::string table_text(const Calibrated&, const std::string& file);

/// For a terminal of 120 columns.
std::string to_table(const Calibrated&);
/// Schema eyrie.calibration/1.
std::string to_json(const Calibrated&);

}  // namespace eyrie
