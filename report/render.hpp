#pragma once

#include <string>
#include <string_view>

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

/// Writes a file whole or not at all: a temporary name beside it, then a rename. Missing folders are made. A link is
/// followed; a device or pipe is written to, and stays what it is. InputError at the path if that fails.
void write_file(const std::string& path, std::string_view text);
/// Gives a finished file its name, as `write_file` does.
void put_in_place(const std::string& temporary, const std::string& path);

}  // namespace eyrie
