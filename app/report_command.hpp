#pragma once

// `eyrie report`: results that were written before, side by side and as one page.

#include <string>
#include <vector>

namespace eyrie {

struct ReportRequest {
  std::vector<std::string> inputs;  ///< folders with result.json, comparison.json or scenario.json; or such files
  std::string out;                  ///< the page; empty: none
  std::string format = "table";
  bool quiet = false;
};

/// Prints the comparison of all runs, writes the page. The exit code is 0. InputError for all that is wrong in any
/// input; nothing is printed or written then.
int report_command(const ReportRequest&);

}  // namespace eyrie
