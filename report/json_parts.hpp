#pragma once

// Internal to report: parts of a result's JSON.

#include <nlohmann/json.hpp>

#include "arch/architecture.hpp"
#include "report/experiment_result.hpp"

namespace eyrie {

/// Key `architecture`: name, sizes, peak, DRAM's link, and all components from DRAM inwards.
nlohmann::ordered_json architecture_json(const Architecture&);

/// Key `answer`: what a trained network answered.
nlohmann::ordered_json answer_json(const Answer&);

/// Key `loop_nest` of a layer, outermost loop first.
nlohmann::ordered_json loop_nest_json(const std::vector<MappedLoop>&);

}  // namespace eyrie
