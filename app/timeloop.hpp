#pragma once

#include <string>
#include <vector>

#include "app/experiment.hpp"

namespace eyrie {

/// Paths of Timeloop v4 files; the same file may hold several parts. Empty: there is none.
struct TimeloopFiles {
  std::string problem, architecture, mapping;
};

/// What an import did.
struct TimeloopImport {
  std::vector<std::string> notes;    ///< what Timeloop doesn't say and was chosen, or means otherwise
  std::vector<std::string> written;  ///< paths: workload, then architecture and mappings if they were given
  std::string command;               ///< that simulates the layer; empty without an architecture
};

/// Reads Timeloop files and writes them as Eyrie's, named after the problem and the architecture:
/// FOLDER/PROBLEM.workload.yaml, ARCHITECTURE.architecture.yaml and PROBLEM.mappings.yaml. Nothing is written unless
/// all of it is right; a mapping must be legal on its machine. InputError: what isn't understood; a mapping without an
/// architecture. std::runtime_error: a file can't be written.
TimeloopImport import_timeloop_files(const TimeloopFiles&, const std::string& folder);

/// The same for the command line: notes to stderr, what was written and how to simulate it to stdout. Returns 0.
int import_timeloop(const TimeloopFiles&, const std::string& folder);

/// What an export did.
struct TimeloopExport {
  std::vector<std::string> written;  ///< paths
  std::vector<Diagnostic> left_out;  ///< what has no words in Timeloop's language, at the layer's name
};

/// Writes every simulated layer as Timeloop v4 files: FOLDER/LAYER.problem.yaml, LAYER.mapping.yaml and
/// LAYER.stats.txt. A part that Timeloop can't express is left out and the rest still written. Fan-outs of an
/// imported machine aren't known any more: spatial loops are written for ARRAY_rows and ARRAY_columns.
/// std::runtime_error: a file can't be written.
TimeloopExport export_timeloop_files(const PreparedExperiment&, const ExperimentResult&, const std::string& folder);

/// The same for the command line: what was left out and why, then what was written, to stderr.
void export_timeloop(const PreparedExperiment&, const ExperimentResult&, const std::string& folder);

}  // namespace eyrie
