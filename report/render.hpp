#pragma once

#include <string>
#include <string_view>

#include "base/output_file.hpp"
#include "report/experiment_result.hpp"

namespace eyrie {

/// The public schema eyrie.result/1 (docs/result.md), indented, ends with a newline.
std::string to_json(const ExperimentResult&);
/// One row a layer, units in the column names, RFC 4180.
std::string to_csv(const ExperimentResult&);
/// One row a baseline, units in the column names, RFC 4180; empty cells where nothing was measured.
std::string to_baselines_csv(const ExperimentResult&);
/// One row a component's part, areas in mm2, RFC 4180; components of unknown area last, with empty cells.
std::string to_area_csv(const ExperimentResult&);
/// For a terminal of 120 columns.
std::string to_table(const ExperimentResult&);
/// The same and more, for a document: summary, layers, energy by component, targets, baselines, sources, and what is
/// not modelled.
std::string to_markdown(const ExperimentResult&);

}  // namespace eyrie
