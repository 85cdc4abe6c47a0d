#pragma once

#include <string>
#include <vector>

#include "app/validate/verdicts.hpp"

namespace eyrie {

/// For a terminal: a table a suite, then what could explain the rows that are outside.
std::string to_table(const std::vector<SuiteVerdict>&);
/// Schema eyrie.validation/1 (docs/validation.md).
std::string to_json(const std::vector<SuiteVerdict>&);
/// One line a row.
std::string to_csv(const std::vector<SuiteVerdict>&);
/// The tables of docs/validation.md. `images`: folder of the plots as the page sees it.
std::string to_markdown(const std::vector<SuiteVerdict>&, const std::string& images);

/// A number as rows show it: whole numbers with grouped digits, others with five significant digits.
std::string shown(double value);
/// The error of a row: in percent, or as a factor where that is how it is judged.
std::string shown_error(const RowVerdict&);

}  // namespace eyrie
