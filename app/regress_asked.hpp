#pragma once

// What an entry of a regression's baseline asks, as a command line and back. Files are stored by their path from the
// baseline's folder, and options by what they say.

#include <string>

#include "app/options.hpp"
#include "report/regression.hpp"

namespace eyrie {

/// What a command line asks, as the baseline at `baseline` stores it.
AskedRun stored_of(const CommandLine&, const std::string& baseline, const Catalogue&);

/// The command line that asks it; what is not asked for (jobs, memory, ...) is as in `rest`.
CommandLine line_of(const AskedRun&, const std::string& baseline, const CommandLine& rest);

/// Adds what an option would refuse of an entry's words: objectives, spaces, host rules, precisions, overrides. `at` is
/// the entry's path in the document.
void check_asked(const AskedRun&, const StoredJson&, const std::string& at, Diagnostics&);

}  // namespace eyrie
