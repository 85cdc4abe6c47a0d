#pragma once

// `eyrie regress`: recorded experiments, run again and compared figure by figure.

#include <functional>
#include <string>
#include <vector>

#include "app/options.hpp"

namespace eyrie {

struct RegressRequest {
  std::string baseline;
  std::string tolerance;          ///< empty: 0 of all kinds
  std::string markdown;           ///< a file for the summary; empty: none
  std::vector<std::string> only;  ///< names of experiments; empty: all
  bool record = false, update = false;
  std::vector<std::string> experiments;  ///< with `record`: files of kind experiment, or their names
  std::string name;                      ///< with `record`: of the one new entry
};

void regress_options(CLI::App&, CommandLine&, RegressRequest&);

/// Runs the experiments of a baseline again and prints what moved. Exit code 0 if nothing moved beyond the tolerance, 1
/// if something did, or if interrupted.
///
/// With `update` the baseline is then rewritten with what is now, and the exit code is 0; with `record` new
/// experiments are run and added to it. Both write nothing, and give 1, if one of the experiments fails or computes
/// something else than the reference. InputError for all that is wrong in the baseline or asked; nothing is run then.
int regress_command(const CommandLine&, const RegressRequest&, const std::function<bool()>& interrupted);

}  // namespace eyrie
