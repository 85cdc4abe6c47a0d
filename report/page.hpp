#pragma once

// The report as one page that works offline: a template with scripts of its own, and the data that they show.

#include <string>
#include <vector>

namespace eyrie {

/// A run: its label, and its result.json as it was written.
struct PageRun {
  std::string label, result;
};
/// A scenario: its label, and its scenario.json as it was written.
struct PageScenario {
  std::string label, scenario;
};

/// The page of schema eyrie.report/1 (docs/comparisons.md). Labels are shown as they are; results and scenarios must be
/// JSON.
std::string to_page(const std::vector<PageRun>&, const std::vector<PageScenario>&);

}  // namespace eyrie
