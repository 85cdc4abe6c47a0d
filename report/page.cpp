#include "report/page.hpp"

#include <fmt/format.h>

#include "report/page_parts.hpp"
#include "report/page_template.hpp"

namespace eyrie {

static std::string title(const std::vector<PageRun>& runs, const std::vector<PageScenario>& scenarios) {
  std::vector<std::string> labels;
  for (const auto& r : runs) labels.push_back(r.label);
  for (const auto& s : scenarios) labels.push_back(s.label);
  return fmt::format("{} - Eyrie", fmt::join(labels, ", "));
}

std::string to_page(const std::vector<PageRun>& runs, const std::vector<PageScenario>& scenarios) {
  return fill_page(page_template(), title(runs, scenarios), report_document(runs, scenarios));
}

}  // namespace eyrie
