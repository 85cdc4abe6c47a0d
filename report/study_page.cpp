#include "report/study_page.hpp"

#include <fmt/format.h>

#include "base/gzip.hpp"
#include "report/page_parts.hpp"
#include "report/page_template.hpp"

namespace eyrie {

/// The page of designs' reports loads scripts that stand beside it, and nothing else: so far its policy is wider.
static std::string with_neighbours(std::string_view page) {
  constexpr std::string_view kOwn = "script-src 'unsafe-inline'";
  std::string text{page};
  return text.insert(place_of(page, kOwn) + kOwn.size(), " 'self' file:");
}

std::string to_study_page(std::string_view study_json, const std::string& name) {
  return fill_page(study_page_template(), fmt::format("{} - Eyrie", name), trimmed_json(study_json));
}

std::string to_design_page() {
  return with_neighbours(fill_page(page_template(), "Reports of designs - Eyrie", R"({"schema":"eyrie.designs/1"})"));
}

std::string design_script(const std::vector<PageRun>& runs) {
  return fmt::format("eyrieDesign(\"{}\");\n", to_base64(gzipped(report_document(runs, {}))));
}

}  // namespace eyrie
