#pragma once

// Internal to report: the sections of report.html, each a finished piece of the page.

#include <string>
#include <vector>

#include "report/experiment_result.hpp"

namespace eyrie::html {

/// The layers that ran on the machine, in the result's order.
std::vector<const LayerReport*> on_machine(const ExperimentResult&);

std::string cycle_section(const ExperimentResult&);  // html_charts.cpp
std::string energy_by_component_section(const ExperimentResult&);
std::string energy_by_tensor_section(const ExperimentResult&);
std::string layer_section(const ExperimentResult&);  // html_tables.cpp
std::string traffic_section(const ExperimentResult&);
std::string mapping_section(const ExperimentResult&);
std::string provenance_section(const ExperimentResult&);
std::string reproduce_section(const ExperimentResult&);
std::string targets_section(const ExperimentResult&);  // html_beside.cpp
std::string baselines_section(const ExperimentResult&);

}  // namespace eyrie::html
