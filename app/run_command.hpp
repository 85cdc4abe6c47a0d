#pragma once

// `eyrie run` and `eyrie simulate`.

#include <functional>

#include "app/options.hpp"

namespace eyrie {

/// Runs what the file is: an experiment of one machine or of several, or a scenario. The exit code.
int run_command(const CommandLine&, const std::function<bool()>& interrupted);
/// `eyrie simulate`: one layer.
int simulate_command(CommandLine, const std::function<bool()>& interrupted);

}  // namespace eyrie
