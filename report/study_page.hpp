#pragma once

// The pages of a study: one that sets all designs side by side, and one that opens the report of each.

#include <string>
#include <string_view>
#include <vector>

#include "report/page.hpp"

namespace eyrie {

/// The page of a study, `study.html`: `study_json` is its study.json (schema eyrie.study/1, docs/study_json.md) as it
/// was written, `name` stands in the page's title.
std::string to_study_page(std::string_view study_json, const std::string& name);

/// The page of all designs' reports, `designs/report.html`. It takes a design's number from its address
/// (`report.html#12`), loads `12.js` beside it, and shows the ordinary report of what is in there.
std::string to_design_page();

/// The text of `12.js`: runs of one design, packed (gzip, base64) for the page of designs' reports. The same runs give
/// the same text. Labels are shown as they are; results must be JSON.
std::string design_script(const std::vector<PageRun>& runs);

}  // namespace eyrie
