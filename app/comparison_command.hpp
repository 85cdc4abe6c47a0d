#pragma once

// `eyrie run` of an experiment of several machines.

#include <functional>

#include "app/options.hpp"

namespace eyrie {

/// Maps and simulates the network on each machine, compares them, prints; with `--out` writes OUT/MACHINE/ as a run of
/// that machine alone does, and `comparison.json`, `comparison.csv` and `report.html` beside. Nothing is written before
/// all are done. The exit code: the worst of those that each run has. InputError for options that are of one machine.
int run_comparison(const CommandLine&, const Experiment&, const Catalogue&, const std::function<bool()>& interrupted);

}  // namespace eyrie
