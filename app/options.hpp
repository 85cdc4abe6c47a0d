#pragma once

// What stands on a command line, and the options that several commands share.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "app/accelergy.hpp"
#include "app/catalogue.hpp"
#include "app/experiment.hpp"
#include "app/scalesim.hpp"
#include "app/timeloop.hpp"

namespace eyrie {

/// What the options of all commands are read into.
struct CommandLine {
  std::string program;
  std::string experiment, architecture, workload, mapping, layer, out,
      format = "table", stepping, host, kind, name, dataflow, objective, space, precision, input, calibration, weights,
      fidelity = "simulated";
  std::vector<std::string> layers, overrides, files, windows, workloads;
  std::int64_t batch = 0, seed = -1;
  unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
  bool quiet = false, pareto = false, verify = false, require = false;
  double time_limit = 0;
  std::int64_t cycle_limit = 0, limit = 0, memory_mb = 0, search_limit = 0;
  std::size_t simulate_top = 0;
  std::string timeloop_out, scalesim_out, accelergy_out, trace, vcd;
  AccelergyFiles accelergy;
  TimeloopFiles timeloop;
  ScaleSimFiles scalesim;
};

/// Of commands that map.
void common_options(CLI::App&, CommandLine&);
/// Of commands that simulate.
void simulation_options(CLI::App&, CommandLine&);
/// What is printed: one of these.
void format_option(CLI::App&, CommandLine&, const std::vector<std::string>& formats);

/// The experiment of a file, then options on top. InputError if there is nothing to run.
Experiment asked(const CommandLine&, const Catalogue&);
/// The same of commands that take one machine: InputError if the file has several.
Experiment asked_of_one(const CommandLine&, const Catalogue&);
/// What the mapper is asked for it.
MapSettings map_settings(const CommandLine&, const Experiment&);
/// Takes `--layer WORKLOAD:LAYER` apart.
void split_layer(CommandLine&);

/// An option, and whether it was given.
struct GivenOption {
  const char* name;
  bool given;
};
/// All options that say what is run, where files say it alone.
std::vector<GivenOption> options_of_runs(const CommandLine&);
/// InputError that names each option that was given, with the same problem and remedy.
void refuse(const std::vector<GivenOption>&, const std::string& problem, const std::string& remedy);

}  // namespace eyrie
