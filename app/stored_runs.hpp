#pragma once

// Results on disk, found and read.

#include <string>
#include <vector>

#include "report/comparison.hpp"
#include "report/page.hpp"

namespace eyrie {

/// All that some folders and files hold: runs and scenarios to be compared, and the same for the page. Labels are
/// unique.
struct StoredRuns {
  Comparison comparison;
  std::vector<PageRun> runs;            ///< beside comparison.runs
  std::vector<PageScenario> scenarios;  ///< beside comparison.scenarios
};

/// A run is labelled by its folder, a run of a comparison as that has it; where two labels are the same, the folder
/// above stands before them, then a number behind. InputError with all that is wrong in any of them.
StoredRuns read_stored_runs(const std::vector<std::string>& inputs);

}  // namespace eyrie
