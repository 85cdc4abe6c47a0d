#include "app/options.hpp"

#include <fmt/format.h>

#include "app/precision.hpp"

namespace eyrie {

/// The experiment of a file, then options on top.
Experiment asked(const CommandLine& line, const Catalogue& catalogue) {
  Experiment e;
  if (!line.experiment.empty()) {
    e = read_experiment(YamlDocument::from_file(catalogue.find(Shelf::Experiments, line.experiment)));
  }
  if (!line.architecture.empty()) {
    e.architecture = line.architecture;
    e.architectures.clear();
  }
  if (!line.workload.empty()) e.workload = line.workload;
  if (!line.mapping.empty()) e.mappings = line.mapping;
  if (line.batch > 0) e.batch = line.batch;
  if (line.seed >= 0) e.seed = line.seed;
  if (!line.layers.empty()) e.layers = line.layers;
  if (!line.input.empty()) e.input = line.input;
  if (!line.calibration.empty()) e.calibration = line.calibration;
  if (!line.dataflow.empty()) e.dataflow = line.dataflow;
  if (const auto objective = value_of<Objective>(line.objective)) e.objective = *objective;
  if (const auto space = value_of<Space>(line.space)) e.space = *space;
  if (line.search_limit > 0) e.search_limit = line.search_limit;
  // Who names constraints wants mappings that obey them.
  if (e.mappings.empty() && !e.objective && (!e.dataflow.empty() || e.space)) e.objective = Objective::Energy;
  if (const auto stepping = value_of<Stepping>(line.stepping)) e.stepping = *stepping;
  if (const auto host = value_of<HostRule>(line.host)) e.host = *host;
  if (!line.precision.empty()) e.precision = read_precision(line.precision);
  if ((e.architecture.empty() && e.architectures.empty()) || e.workload.empty())
    throw InputError({"", 0, 0}, "there is nothing to run", "give an experiment file, or --arch and --workload");
  return e;
}

Experiment asked_of_one(const CommandLine& line, const Catalogue& catalogue) {
  auto e = asked(line, catalogue);
  if (!e.architectures.empty())
    throw InputError(e.machines_at, "this experiment is of several machines, and one is wanted here",
                     "choose one with --arch");
  return e;
}

MapSettings map_settings(const CommandLine& line, const Experiment& e) {
  MapSettings s = map_settings(e, line.jobs, line.quiet);
  if (line.cycle_limit > 0) s.question.cycle_limit = Cycles{line.cycle_limit};
  s.time_limit_s = line.time_limit;
  s.verify = line.verify;
  return s;
}

void split_layer(CommandLine& line) {
  const auto colon = line.layer.rfind(':');
  if (colon == std::string::npos)
    throw InputError({"--layer", 0, 0}, fmt::format("{} names no layer of a workload", line.layer),
                     "write it like alexnet:conv3");
  line.workload = line.layer.substr(0, colon);
  line.layers = {line.layer.substr(colon + 1)};
}

std::vector<GivenOption> options_of_runs(const CommandLine& l) {
  return {{"--arch", !l.architecture.empty()},
          {"--workload", !l.workload.empty()},
          {"--mapping", !l.mapping.empty()},
          {"--batch", l.batch > 0},
          {"--seed", l.seed >= 0},
          {"--layers", !l.layers.empty()},
          {"--dataflow", !l.dataflow.empty()},
          {"--space", !l.space.empty()},
          {"--precision", !l.precision.empty()},
          {"--objective", !l.objective.empty()},
          {"--search-limit", l.search_limit > 0},
          {"--host", !l.host.empty()},
          {"--input", !l.input.empty()},
          {"--calibrate", !l.calibration.empty()}};
}

void refuse(const std::vector<GivenOption>& options, const std::string& problem, const std::string& remedy) {
  Diagnostics wrong;
  for (const auto& option : options)
    if (option.given) wrong.error({option.name, 0, 0}, problem, remedy);
  wrong.raise_if_any();
}

void format_option(CLI::App& app, CommandLine& line, const std::vector<std::string>& formats) {
  app.add_option("--format", line.format, "what is printed")->check(CLI::IsMember(formats));
}

void common_options(CLI::App& app, CommandLine& line) {
  app.add_option("--arch", line.architecture, "machine: a name under configs/architectures, or a file");
  app.add_option("--batch", line.batch, "inputs processed together")->check(CLI::Range(1, 4096));
  app.add_option("--seed", line.seed, "of all random data (default 1)")->check(CLI::NonNegativeNumber);
  app.add_option("--dataflow", line.dataflow, "constraints: a name under configs/dataflows, or a file");
  app.add_option("--space", line.space, "mappings to choose from (default ragged)")
      ->check(CLI::IsMember({"perfect", "ragged", "every"}));
  app.add_option("--search-limit", line.search_limit,
                 "partial mappings after which the search of a layer takes its best so far")
      ->check(CLI::PositiveNumber);
  app.add_option("--time-limit", line.time_limit, "seconds for the search of a layer; then its best so far is taken")
      ->check(CLI::PositiveNumber);
  app.add_option("--host", line.host, "layers that the PEs cannot do: the host takes them (default), or an error")
      ->check(CLI::IsMember({"allow", "refuse"}));
  app.add_option("--precision", line.precision,
                 "widths of words: 'weights: 8 b, activations: 8 b, psums: 32 b, packed: true'");
  app.add_option("--set", line.overrides,
                 "change a value: architecture.array.rows=6, workload.layers.conv1.input_zeros=0.5");
  app.add_option("-o,--out", line.out, "folder for what is written: results, or mappings");
  app.add_option("--jobs", line.jobs, "processes at once (default: all cores); results do not depend on it")
      ->check(CLI::Range(1, 1024));
  app.add_flag("--quiet", line.quiet, "no progress");
}

void simulation_options(CLI::App& app, CommandLine& line) {
  app.add_option("--input", line.input,
                 "what a trained network looks at: .npy, .npz, .png, .pgm, .ppm, .bin, a folder, or a name under "
                 "configs/inputs");
  app.add_option("--calibrate", line.calibration, "samples to find the ranges of a float model with; likewise");
  app.add_option("--mapping", line.mapping, "a mapping file, or a name under configs/mappings");
  app.add_option("--stepping", line.stepping, "how time advances; the results are the same")
      ->check(CLI::IsMember({"replay", "run_ahead", "cycle"}));
  app.add_option("--trace", line.trace, "file for an execution trace, for Perfetto or chrome://tracing");
  app.add_option("--vcd", line.vcd, "file for waveforms of a window");
  app.add_option("--window", line.windows, "LAYER:FROM-TO, core cycles that --trace and --vcd show");
  app.add_option("--timeloop", line.timeloop_out, "folder for Timeloop's problem, mapping and stats of each layer");
  app.add_option("--scalesim", line.scalesim_out, "folder for SCALE-Sim's three reports");
  app.add_option("--accelergy", line.accelergy_out,
                 "folder for the machine's energies and areas as ERT.yaml, ART.yaml");
}

}  // namespace eyrie
