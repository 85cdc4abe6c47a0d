#pragma once

#include <string>
#include <vector>

#include "app/study/engine.hpp"

namespace eyrie {

/// Runs the command line. The exit code: 0 done, 1 the work ran and its verdict is negative (or it was interrupted).
/// Bad usage and bad input leave as InputError, our own bugs as InternalError.
/// `make_engine`: the engine of `explore --engine mpi`, in the program that has it.
int run_command_line(const std::vector<std::string>& arguments, const MakeEngine& make_engine = {});

/// The same, with what was thrown told on stderr. The exit code: also 2 for bad usage or bad input, 3 for a bug of
/// ours.
int run_command_line_reporting(const std::vector<std::string>& arguments, const MakeEngine& make_engine = {});

/// Asks a running command to stop; safe in a signal handler.
void interrupt();

}  // namespace eyrie
