#pragma once

#include <string>
#include <vector>

namespace eyrie {

/// Runs the command line. The exit code: 0 done, 1 the work ran and its verdict is negative (or it was interrupted).
/// Bad usage and bad input leave as InputError, our own bugs as InternalError.
int run_command_line(const std::vector<std::string>& arguments);

/// Asks a running command to stop; safe in a signal handler.
void interrupt();

}  // namespace eyrie
