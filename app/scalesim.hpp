#pragma once

#include <string>
#include <vector>

#include "app/experiment.hpp"
#include "interchange/scalesim_reports.hpp"

namespace eyrie {

/// Paths of SCALE-Sim files and how to read them.
struct ScaleSimFiles {
  std::string config, topology;
  bool gemm = false;           ///< the topology's lines are name, M, N, K
  std::int64_t word_bits = 8;  ///< width of all words, 2 to 16
};

/// What an import did.
struct ScaleSimImport {
  std::vector<std::string> notes;    ///< what SCALE-Sim doesn't say and was chosen, or means otherwise
  std::vector<std::string> written;  ///< paths: architecture, workload, experiment
  std::string command;               ///< that runs the experiment
};

/// Reads a configuration and a topology and writes FOLDER/architecture.yaml, workload.yaml and experiment.yaml. Nothing
/// is written unless both are right; InputError has what is wrong in both. std::runtime_error: a file can't be written.
ScaleSimImport import_scalesim_files(const ScaleSimFiles&, const std::string& folder);

/// The same for the command line: notes to stderr, what was written and how to run it to stdout. Returns 0.
int import_scalesim(const ScaleSimFiles&, const std::string& folder);

/// The layers that ran on the machine, in the result's order, as SCALE-Sim's reports want them. First and last cycles
/// of a tensor's words are not known.
std::vector<ScaleSimLayerFigures> scalesim_figures(const ExperimentResult&);

/// Writes COMPUTE_REPORT.csv, BANDWIDTH_REPORT.csv and DETAILED_ACCESS_REPORT.csv of a result, and says so to stderr.
/// std::runtime_error: a file can't be written.
void export_scalesim(const ExperimentResult&, const std::string& folder);

}  // namespace eyrie
