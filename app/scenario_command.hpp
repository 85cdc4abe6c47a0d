#pragma once

// `eyrie run` of files that are scenarios.

#include <functional>
#include <string>
#include <vector>

#include "app/catalogue.hpp"
#include "app/experiment.hpp"
#include "app/scenario_open.hpp"

namespace eyrie {

/// How a scenario is run; the scenario itself is in its file.
struct ScenarioRequest {
  YamlDocument document;
  std::vector<std::string> overrides;
  std::string out, format = "table";
  MapSettings map;
  RunOptions run;
};

/// Simulates the chips, answers, prints, writes `scenario.json`, `scenario.csv` and `report.html` to `out`. The exit
/// code: 1 if a target that the file requires is missed, if a simulation is not what the reference says, or after an
/// interrupt.
int run_scenario(const ScenarioRequest&, const Catalogue&, const std::function<bool()>& interrupted);

/// Reads a scenario and all that it names. InputError if anything is wrong.
void check_scenario(const YamlDocument&, const Catalogue&);
/// A scenario in full, with every default written out.
std::string scenario_in_full(const YamlDocument&);
/// The JSON Schema of `offload` or `big_little`.
std::string scenario_schema(const std::string& kind);

}  // namespace eyrie
