#pragma once

#include <string>
#include <vector>

#include "app/study/study_run.hpp"

namespace eyrie {

/// Writes what a study came to into a folder: study.json, designs.csv, front.csv, study.html, and a report of each
/// design under designs/. The paths, without those of single designs.
std::vector<std::string> write_study(const StudyResult&, const Study&, const StudyStore&, const std::string& folder);

}  // namespace eyrie
