#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "report/experiment_result.hpp"

namespace eyrie {

/// `area` of a result: total and interval (null where no area is known), what is unknown, one entry a component's part.
nlohmann::ordered_json area_json(const ExperimentResult&);

/// A line of the terminal table, with its end; then what is unknown.
std::string area_line(const ExperimentResult&);

}  // namespace eyrie
