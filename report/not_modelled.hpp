#pragma once

#include <string>
#include <vector>

#include "report/experiment_result.hpp"

namespace eyrie {

/// What no figure of this run contains, a sentence each: its layers on the host and those left out, then what the
/// machine's description and its energy table leave open, then what Eyrie models of no machine.
std::vector<std::string> not_modelled(const ExperimentResult&);

}  // namespace eyrie
