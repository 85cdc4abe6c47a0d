#pragma once

#include <string>
#include <vector>

#include "app/validate/verdicts.hpp"

namespace eyrie {

/// What `eyrie validate` was asked.
struct ValidateRequest {
  std::vector<std::string> suites;  ///< names under configs/validation or files; empty: all that ship
  std::string format = "table";
  std::string out;  ///< folder for validation.json, validation.csv, validation.md; empty: nothing is written
};

/// Reads all suites, then measures and prints one after the other. Exit code 0 if every row that is judged is inside
/// its tolerance, 1 if not (the rows are named on stderr) or if interrupted. InputError: what is wrong in any of the
/// suites, before anything is measured.
int validate_suites(const ValidateRequest&, const Catalogue&, const MeasureOptions&);

}  // namespace eyrie
