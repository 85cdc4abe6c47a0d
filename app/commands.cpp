#include "app/commands.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "app/accelergy.hpp"
#include "app/calibrate_command.hpp"
#include "app/catalogue.hpp"
#include "app/experiment.hpp"
#include "app/map_command.hpp"
#include "app/memory.hpp"
#include "app/program.hpp"
#include "app/scalesim.hpp"
#include "app/scenario_command.hpp"
#include "app/shelf_commands.hpp"
#include "app/technology_command.hpp"
#include "app/timeloop.hpp"
#include "app/validate/validate_command.hpp"
#include "dataflows/explain.hpp"
#include "report/render.hpp"

namespace eyrie {

namespace {

std::atomic<bool> g_interrupted{false};  // the one global: a signal has no other way in

/// What the options of all commands are read into.
struct Line {
  std::string program;
  std::string experiment, architecture, workload, mapping, layer, out, format = "table", stepping, host, kind, name,
                                                                       dataflow, objective, space;
  std::vector<std::string> layers, overrides, files, windows;
  std::int64_t batch = 0, seed = -1;
  unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
  bool quiet = false, pareto = false, verify = false, require = false;
  double time_limit = 0;
  std::int64_t cycle_limit = 0, limit = 0, memory_mb = 0;
  std::size_t simulate_top = 0;
  std::string timeloop_out, scalesim_out, accelergy_out, trace, vcd;
  AccelergyFiles accelergy;
  TimeloopFiles timeloop;
  ScaleSimFiles scalesim;
};

double cpu_seconds() {
  double all = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage use{};
    ::getrusage(who, &use);
    for (const auto& t : {use.ru_utime, use.ru_stime})
      all += static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  }
  return all;
}

double in_mb(Bytes b) { return static_cast<double>(b.count()) / (1024 * 1024); }

/// The experiment of a file, then options on top.
Experiment asked(const Line& line, const Catalogue& catalogue) {
  Experiment e;
  if (!line.experiment.empty()) {
    e = read_experiment(YamlDocument::from_file(catalogue.find(Shelf::Experiments, line.experiment)));
  }
  if (!line.architecture.empty()) e.architecture = line.architecture;
  if (!line.workload.empty()) e.workload = line.workload;
  if (!line.mapping.empty()) e.mappings = line.mapping;
  if (line.batch > 0) e.batch = line.batch;
  if (line.seed >= 0) e.seed = line.seed;
  if (!line.layers.empty()) e.layers = line.layers;
  if (!line.dataflow.empty()) e.dataflow = line.dataflow;
  for (const auto& row : names<Objective>::table)
    if (row.name == line.objective) e.objective = row.value;
  for (const auto& row : names<Space>::table)
    if (row.name == line.space) e.space = row.value;
  // Who names constraints wants mappings that obey them.
  if (e.mappings.empty() && !e.objective && (!e.dataflow.empty() || e.space)) e.objective = Objective::Energy;
  for (const auto& row : names<Stepping>::table)
    if (row.name == line.stepping) e.stepping = row.value;
  for (const auto& row : names<HostRule>::table)
    if (row.name == line.host) e.host = row.value;
  if (e.architecture.empty() || e.workload.empty())
    throw InputError({"", 0, 0}, "there is nothing to run", "give an experiment file, or --arch and --workload");
  return e;
}

/// The command that gives the same result again, without what doesn't change results.
std::string command_of(const Experiment& e, const Line& line) {
  const bool only_in_file = e.targets || e.battery || e.baselines != Experiment{}.baselines;
  std::string text =
      fmt::format("eyrie run{} --arch {} --workload {} --batch {} --seed {}", only_in_file ? " " + line.experiment : "",
                  e.architecture, e.workload, e.batch, e.seed);
  if (!e.mappings.empty()) text += " --mapping " + e.mappings;
  if (!e.dataflow.empty()) text += " --dataflow " + e.dataflow;
  if (e.objective) text += fmt::format(" --objective {}", name_of(*e.objective));
  if (e.space) text += fmt::format(" --space {}", name_of(*e.space));
  if (e.host != HostRule::Allow) text += fmt::format(" --host {}", name_of(e.host));
  if (!e.layers.empty()) text += fmt::format(" --layers {}", fmt::join(e.layers, ","));
  for (const auto& o : line.overrides) text += " --set " + o;
  return text;
}

void print(const Line& line, const ExperimentResult& result) {
  fmt::print("{}", line.format == "json" ? to_json(result) : line.format == "csv" ? to_csv(result) : to_table(result));
}

/// Exit code of a finished run: 1 if a layer could not go on, computed something else than the reference, or counted
/// something else than the closed form.
int verdict(const ExperimentResult& result) {
  for (const auto& l : result.layers)
    if (l.deadlock)
      fmt::print(stderr, "{} stopped making progress in the pass that began at cycle {}: {}\n", l.name,
                 l.deadlock->at.count(), l.deadlock->wait_for);
  const bool stuck = std::ranges::any_of(result.layers, [](const LayerReport& l) { return l.deadlock.has_value(); });
  bool counts_differ = false;
  for (const auto& l : result.layers)
    if (!l.analytic.counts_equal) {
      counts_differ = true;
      fmt::print(stderr, "{}: the simulation's counts differ from the closed form's\n", l.name);
    }
  return stuck || counts_differ || result.totals.mismatches > 0 ? 1 : 0;
}

/// Exit code of a run whose targets must be met.
int missed(const ExperimentResult& result) {
  int code = 0;
  for (const auto& v : result.targets)
    if (!v.met) {
      code = 1;
      fmt::print(stderr, "target {}\n", to_text(v));
    }
  return code;
}

MapSettings map_settings(const Line& line, const Experiment& e) {
  MapSettings s = map_settings(e, line.jobs, line.quiet);
  if (line.cycle_limit > 0) s.question.cycle_limit = Cycles{line.cycle_limit};
  s.time_limit_s = line.time_limit;
  s.verify = line.verify;
  return s;
}

/// `eyrie map`. Exit code 1 if a check of a certificate or a simulation says that something is wrong.
int map_command(const Line& line) {
  const Catalogue catalogue{line.program};
  MapRequest request{.experiment = asked(line, catalogue),
                     .overrides = line.overrides,
                     .settings = {},
                     .simulate_top = line.simulate_top,
                     .out = line.out};
  request.settings = map_settings(line, request.experiment);
  if (line.pareto) request.settings.question.objective = Objective::Front;
  const auto mapped = map_network(request, catalogue, [] { return g_interrupted.load(); });
  fmt::print("{}", line.format == "json" ? to_json(mapped) : line.format == "csv" ? to_csv(mapped) : to_table(mapped));
  if (!line.out.empty() && !line.quiet)
    fmt::print(stderr, "written: {0}/LAYER.yaml {0}/{1}.yaml\n", line.out, mapped.workload);
  bool wrong = false;
  for (const auto& l : mapped.layers) {
    for (const auto& s : l.simulated) wrong = wrong || !s.right;
    wrong = wrong || l.best.front().certificate->verified.starts_with("FAILED");
  }
  return wrong ? 1 : 0;
}

/// `eyrie calibrate`. Exit code 1 if the fit did not converge, or what was held out is not within the tolerance.
int calibrate_command(const Line& line) {
  const auto answer = calibrate({.file = line.name, .out = line.out, .jobs = line.jobs, .quiet = line.quiet},
                                Catalogue{line.program}, [] { return g_interrupted.load(); });
  if (answer.interrupted) {
    fmt::print(stderr, "interrupted; nothing was written\n");
    return 1;
  }
  fmt::print("{}", line.format == "json" ? to_json(answer.calibrated) : to_table(answer.calibrated));
  if (!answer.right)
    fmt::print(stderr, "a layer was not computed as the reference says: nothing here can be relied on\n");
  const bool ok = answer.right && answer.calibrated.ok();
  if (!line.out.empty() && !line.quiet) fmt::print(stderr, "{}: {}\n", ok ? "written" : "not written", line.out);
  return ok ? 0 : 1;
}

RecordingRequest recording_of(const Line& line) {
  RecordingRequest request{.trace = line.trace, .vcd = line.vcd, .windows = {}};
  const bool one = !line.layer.empty();  // `simulate` has one
  for (const auto& text : line.windows) request.windows.push_back(read_window(text, one ? line.layers.front() : ""));
  return request;
}

/// Options that say what is run; a scenario's file says that alone.
void refuse_options_of_experiments(const Line& l) {
  const std::pair<const char*, bool> given[] = {{"--arch", !l.architecture.empty()},
                                                {"--workload", !l.workload.empty()},
                                                {"--mapping", !l.mapping.empty()},
                                                {"--batch", l.batch > 0},
                                                {"--seed", l.seed >= 0},
                                                {"--layers", !l.layers.empty()},
                                                {"--dataflow", !l.dataflow.empty()},
                                                {"--space", !l.space.empty()},
                                                {"--objective", !l.objective.empty()},
                                                {"--host", !l.host.empty()},
                                                {"--stepping", !l.stepping.empty()},
                                                {"--window", !l.windows.empty()},
                                                {"--trace", !l.trace.empty()},
                                                {"--vcd", !l.vcd.empty()},
                                                {"--timeloop", !l.timeloop_out.empty()},
                                                {"--scalesim", !l.scalesim_out.empty()},
                                                {"--accelergy", !l.accelergy_out.empty()}};
  Diagnostics wrong;
  for (const auto& [option, is_given] : given)
    if (is_given)
      wrong.error({option, 0, 0}, "a scenario has no such option", "change its file, or --set scenario.PATH=VALUE");
  wrong.raise_if_any();
}

/// The scenario that a file is, if it is one.
std::optional<ScenarioRequest> scenario_of(const Line& line, const Catalogue& catalogue) {
  if (line.experiment.empty()) return std::nullopt;
  auto document = YamlDocument::from_file(catalogue.find(Shelf::Experiments, line.experiment));
  const auto kind = document.top_level_text("kind");
  static constexpr std::string_view runs[] = {"experiment", "offload", "big_little"};
  if (!kind.empty() && !std::ranges::count(runs, kind))
    throw InputError(document.place_of("kind"), fmt::format("kind is {}, which is nothing to run", kind),
                     did_you_mean(kind, runs));
  if (!is_scenario(kind)) return std::nullopt;
  refuse_options_of_experiments(line);
  ScenarioRequest request{.document = std::move(document),
                          .overrides = line.overrides,
                          .out = line.out,
                          .format = line.format,
                          .map = map_settings(line, {}),
                          .run = {.jobs = line.jobs, .quiet = line.quiet, .memory = {}, .recording = nullptr}};
  if (line.memory_mb > 0) request.run.memory = Bytes{line.memory_mb * 1024 * 1024};
  return request;
}

int run_experiment(const Line& line) {
  const Catalogue catalogue{line.program};
  if (const auto scenario = scenario_of(line, catalogue))
    return run_scenario(*scenario, catalogue, [] { return g_interrupted.load(); });
  const auto began = std::chrono::steady_clock::now();
  auto prepared = prepare(asked(line, catalogue), line.overrides, catalogue);
  map_layers(prepared, map_settings(line, prepared.experiment), [] { return g_interrupted.load(); });
  Recording recording{recording_of(line), layer_names(prepared), prepared.architecture.core().count()};
  RunOptions options{.jobs = line.jobs, .quiet = line.quiet, .memory = {}, .recording = &recording};
  if (line.memory_mb > 0) options.memory = Bytes{line.memory_mb * 1024 * 1024};
  const auto answer = run(prepared, options, [] { return g_interrupted.load(); });
  if (answer.interrupted) {
    fmt::print(stderr, "interrupted; nothing was written. Finished: {}\n",
               answer.finished.empty() ? "no layer" : fmt::format("{}", fmt::join(answer.finished, ", ")));
    return 1;
  }
  Settings settings{.seed = static_cast<std::uint64_t>(prepared.experiment.seed),
                    .dataflow = prepared.flow.name,
                    .fidelity = "cycle",
                    .command = command_of(prepared.experiment, line),
                    .targets = prepared.experiment.targets.value_or(standard_targets()),
                    .baselines = prepared.baselines,
                    .battery = prepared.experiment.battery};
  const HostFigures host{.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count(),
                         .cpu_s = cpu_seconds(),
                         .peak_rss_mb = in_mb(peak_memory()),
                         .memory_bound_mb = in_mb(answer.memory_bound),
                         .jobs = line.jobs,
                         .stepping = std::string(name_of(prepared.experiment.stepping))};
  const auto result =
      assemble(prepared.architecture, prepared.network, prepared.table, settings, answer.outcomes, host);
  const auto drawn = recording.finish(answer.outcomes);
  if (!line.out.empty()) {
    write_file(line.out + "/result.json", to_json(result));
    write_file(line.out + "/layers.csv", to_csv(result));
    if (result.area.known()) write_file(line.out + "/area.csv", to_area_csv(result));
    if (!result.baselines.empty()) write_file(line.out + "/baselines.csv", to_baselines_csv(result));
    write_file(line.out + "/report.html", to_html(result));
  }
  if (!line.timeloop_out.empty()) export_timeloop(prepared, result, line.timeloop_out);
  if (!line.scalesim_out.empty()) export_scalesim(result, line.scalesim_out);
  if (!line.accelergy_out.empty()) export_accelergy(result.architecture, result.table, line.accelergy_out);
  print(line, result);
  if (!line.out.empty() && !line.quiet)
    fmt::print(stderr, "written: {0}/result.json {0}/layers.csv {1}{2}{0}/report.html\n", line.out,
               result.area.known() ? line.out + "/area.csv " : "",
               result.baselines.empty() ? "" : line.out + "/baselines.csv ");
  if (!drawn.empty() && !line.quiet) fmt::print(stderr, "drawn: {}\n", fmt::join(drawn, " "));
  if (!recording.cut_short().empty())
    fmt::print(stderr, "{} has the beginning only of {}: no more than {} slices are kept\n", line.trace,
               fmt::join(recording.cut_short(), ", "), kMostSlices);
  return std::max(verdict(result), line.require ? missed(result) : 0);
}

/// `--layer WORKLOAD:LAYER` as workload and layer.
void split_layer(Line& line) {
  const auto colon = line.layer.rfind(':');
  if (colon == std::string::npos)
    throw InputError({"--layer", 0, 0}, fmt::format("{} names no layer of a workload", line.layer),
                     "write it like alexnet:conv3");
  line.workload = line.layer.substr(0, colon);
  line.layers = {line.layer.substr(colon + 1)};
}

int simulate_one(Line line) {
  split_layer(line);
  return run_experiment(line);
}

/// `eyrie explain`: a layer's mapping, given, shipped or the best, with its traffic as formulas.
int explain_one(Line line) {
  split_layer(line);
  const Catalogue catalogue{line.program};
  auto prepared = prepare(asked(line, catalogue), line.overrides, catalogue);
  map_layers(prepared, map_settings(line, prepared.experiment), [] { return g_interrupted.load(); });
  const auto& l = prepared.layers.front();
  fmt::print("{} of {} on {}, batch {}; {}\n\n{}", line.layers.front(), prepared.network.name(),
             prepared.architecture.name, prepared.experiment.batch, l.origin,
             to_text(explain(l.mapping, l.nest, prepared.architecture,
                             expected_facts(to_map(prepared, l), prepared.architecture))));
  return 0;
}

/// `eyrie show program`: the instructions of a lockstep machine for a layer, mapped as `explain` has it.
int show_program(Line line) {
  split_layer(line);
  const Catalogue catalogue{line.program};
  auto prepared = prepare(asked(line, catalogue), line.overrides, catalogue);
  map_layers(prepared, map_settings(line, prepared.experiment), [] { return g_interrupted.load(); });
  const auto& l = prepared.layers.front();
  const auto& a = prepared.architecture;
  const ProgramHead head{line.layers.front(), prepared.network.name(), l.origin, prepared.experiment.batch};
  const Program program{l.mapping, l.nest, a};
  fmt::print("{}", line.format == "json"  ? program_json(program, head, l.nest, a, line.limit)
                   : line.format == "csv" ? program_csv(program, l.nest, a, line.limit)
                                          : program_table(program, head, l.nest, a, line.limit));
  return 0;
}

/// `eyrie show KIND NAME`.
int show(const Line& line) {
  const Catalogue catalogue{line.program};
  if (line.kind == "dataflow") return show_dataflow(catalogue, line.name);
  if (line.kind == "sram") return show_sram(catalogue, line.name, line.format);
  if (line.kind == "technology" && !line.architecture.empty())
    return show_prices(catalogue, line.name, line.architecture, line.overrides, line.format);
  if (line.kind == "technology")
    throw InputError({"--arch", 0, 0}, "prices are of a machine's parts",
                     "say which with --arch; `show technologies` prints the file itself");
  return show_item(catalogue, line.kind, line.name);
}

void common_options(CLI::App& app, Line& line) {
  app.add_option("--arch", line.architecture, "machine: a name under configs/architectures, or a file");
  app.add_option("--batch", line.batch, "inputs processed together")->check(CLI::Range(1, 4096));
  app.add_option("--seed", line.seed, "of all random data (default 1)")->check(CLI::NonNegativeNumber);
  app.add_option("--dataflow", line.dataflow, "constraints: a name under configs/dataflows, or a file");
  app.add_option("--space", line.space, "mappings to choose from (default ragged)")
      ->check(CLI::IsMember({"perfect", "ragged", "every"}));
  app.add_option("--time-limit", line.time_limit, "seconds for the search of a layer; then its best so far is taken")
      ->check(CLI::PositiveNumber);
  app.add_option("--host", line.host, "layers that the PEs cannot do: the host takes them (default), or an error")
      ->check(CLI::IsMember({"allow", "refuse"}));
  app.add_option("--set", line.overrides,
                 "change a value: architecture.array.rows=6, workload.layers.conv1.input_zeros=0.5");
  app.add_option("-o,--out", line.out, "folder for what is written: results, or mappings");
  app.add_option("--jobs", line.jobs, "processes at once (default: all cores); results do not depend on it")
      ->check(CLI::Range(1, 1024));
  app.add_option("--format", line.format, "what is printed")->check(CLI::IsMember({"table", "json", "csv"}));
  app.add_flag("--quiet", line.quiet, "no progress");
}

/// Of commands that simulate.
void simulation_options(CLI::App& app, Line& line) {
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

void import_accelergy_options(CLI::App& import_it, Line& line, int& code) {
  auto* it = import_it.add_subcommand("accelergy", "energy and area reference tables of Accelergy as an energy table");
  it->add_option("--ert", line.accelergy.ert, "an ERT.yaml")->required();
  it->add_option("--art", line.accelergy.art, "an ART.yaml");
  it->add_option("--architecture", line.accelergy.architecture,
                 "the machine: a name under configs/architectures, or a file");
  it->add_option("--base", line.accelergy.base, "an energy table with the prices that the ERT doesn't have");
  it->add_option("--name", line.accelergy.names, "THEIRS=OURS: system.shared_glb=glb");
  it->add_option("--access-bits", line.accelergy.access_bits, "COMPONENT=BITS of an access (default: its widest port)");
  it->add_option("--technology", line.accelergy.technology_nm, "nm (default: the machine's)")
      ->check(CLI::PositiveNumber);
  it->add_option("--voltage", line.accelergy.voltage, "V (default: of the machine's table)")
      ->check(CLI::PositiveNumber);
  it->add_flag("--lenient", line.accelergy.lenient, "note what has no place, and leave it out");
  it->add_option("-o,--out", line.out, "file for the energy table (default: printed)");
  it->callback([&line, &code] { code = import_accelergy(line.accelergy, Catalogue{line.program}, line.out); });
}

}  // namespace

void interrupt() { g_interrupted = true; }

int run_command_line(const std::vector<std::string>& arguments) {
  Line line;
  line.program = arguments.empty() ? "eyrie" : arguments.front();

  CLI::App app{"Eyrie: cycle-level simulation of spatial CNN accelerators", "eyrie"};
  app.set_version_flag("--version", std::string("eyrie ") + kVersion);
  app.require_subcommand(1);
  int code = 0;

  auto* run_it = app.add_subcommand("run", "map a network onto a machine, simulate it, account for energy, report");
  run_it->add_option("experiment", line.experiment, "a file of kind experiment, offload or big_little");
  run_it->add_option("--workload", line.workload, "network: a name under configs/workloads, or a file");
  run_it->add_option("--layers", line.layers, "only these layers")->delimiter(',');
  run_it
      ->add_option("--objective", line.objective, "map every layer for this (default: energy, where no mapping ships)")
      ->check(CLI::IsMember({"energy", "cycles", "edp"}));
  common_options(*run_it, line);
  simulation_options(*run_it, line);
  run_it
      ->add_option("--memory", line.memory_mb,
                   "MB to be held at most (default: what is available); fewer jobs if short")
      ->check(CLI::PositiveNumber);
  run_it->add_flag("--require", line.require, "exit code 1 if a target of the experiment is missed");
  run_it->callback([&] { code = run_experiment(line); });

  auto* map_it = app.add_subcommand("map", "the best mapping of each layer, with a proof");
  map_it->add_option("experiment", line.experiment, "a file of kind experiment");
  map_it->add_option("--workload", line.workload, "network: a name under configs/workloads, or a file");
  map_it->add_option("--layers", line.layers, "only these layers")->delimiter(',');
  map_it->add_option("--objective", line.objective, "what is minimised (default energy)")
      ->check(CLI::IsMember({"energy", "cycles", "edp"}));
  map_it->add_flag("--pareto", line.pareto, "all mappings that no other beats in both energy and cycles");
  map_it->add_option("--cycle-limit", line.cycle_limit, "only mappings whose cycle bound is within it")
      ->check(CLI::PositiveNumber);
  map_it->add_option("--simulate-top", line.simulate_top, "simulate so many of the best and rank them again")
      ->check(CLI::Range(1, 64));
  map_it->add_flag("--verify", line.verify, "check each certificate with code that is not the search");
  common_options(*map_it, line);
  map_it->callback([&] { code = map_command(line); });

  auto* calibrate_it = app.add_subcommand("calibrate", "an energy table fitted to the measured power of a chip");
  calibrate_it->add_option("calibration", line.name, "a file of kind calibration, or a name")->required();
  calibrate_it->add_option("-o,--out", line.out, "file for the energy table, written if all is well");
  calibrate_it->add_option("--jobs", line.jobs, "processes at once (default: all cores); results do not depend on it")
      ->check(CLI::Range(1, 1024));
  calibrate_it->add_option("--format", line.format, "what is printed")->check(CLI::IsMember({"table", "json"}));
  calibrate_it->add_flag("--quiet", line.quiet, "no progress");
  calibrate_it->callback([&] { code = calibrate_command(line); });

  auto* simulate_it = app.add_subcommand("simulate", "execute one layer with a given mapping");
  simulate_it->add_option("--layer", line.layer, "WORKLOAD:LAYER")->required();
  common_options(*simulate_it, line);
  simulation_options(*simulate_it, line);
  simulate_it->callback([&] { code = simulate_one(line); });

  auto* explain_it = app.add_subcommand("explain", "a mapping: what is kept where, and its traffic as formulas");
  explain_it->add_option("--layer", line.layer, "WORKLOAD:LAYER")->required();
  explain_it->add_option("--objective", line.objective, "explain the best mapping for this")
      ->check(CLI::IsMember({"energy", "cycles", "edp"}));
  common_options(*explain_it, line);
  explain_it->add_option("--mapping", line.mapping, "a mapping file, or a name under configs/mappings");
  explain_it->callback([&] { code = explain_one(line); });

  auto* validate_it = app.add_subcommand("validate", "reproduce published figures: ours beside theirs, row by row");
  validate_it->add_option("suites", line.files, "names under configs/validation, or files (default: all that ship)");
  validate_it->add_option("-o,--out", line.out, "folder for validation.json, validation.csv and validation.md");
  validate_it->add_option("--jobs", line.jobs, "processes at once (default: all cores); results do not depend on it")
      ->check(CLI::Range(1, 1024));
  validate_it->add_option("--format", line.format, "what is printed")
      ->check(CLI::IsMember({"table", "json", "csv", "markdown"}));
  validate_it->add_flag("--quiet", line.quiet, "no progress");
  validate_it->callback([&] {
    code =
        validate_suites({.suites = line.files, .format = line.format, .out = line.out}, Catalogue{line.program},
                        {.jobs = line.jobs, .quiet = line.quiet, .interrupted = [] { return g_interrupted.load(); }});
  });

  auto* import_it = app.add_subcommand("import", "files of other tools as files of Eyrie");
  import_it->require_subcommand(1);
  auto* timeloop_it = import_it->add_subcommand("timeloop", "problem, architecture and mapping of Timeloop v4");
  timeloop_it->add_option("--problem", line.timeloop.problem, "a Timeloop problem");
  timeloop_it->add_option("--architecture", line.timeloop.architecture, "a Timeloop architecture");
  timeloop_it->add_option("--mapping", line.timeloop.mapping, "a Timeloop mapping; needs the other two");
  timeloop_it->add_option("-o,--out", line.out, "folder for the files")->required();
  timeloop_it->callback([&] { code = import_timeloop(line.timeloop, line.out); });
  auto* scalesim_it = import_it->add_subcommand("scalesim", "configuration and topology of SCALE-Sim");
  scalesim_it->add_option("--config", line.scalesim.config, "a SCALE-Sim configuration (.cfg)")->required();
  scalesim_it->add_option("--topology", line.scalesim.topology, "a SCALE-Sim topology (.csv)")->required();
  scalesim_it->add_flag("--gemm", line.scalesim.gemm, "the topology's lines are name, M, N, K");
  scalesim_it->add_option("--word-bits", line.scalesim.word_bits, "width of all words (default 8)")
      ->check(CLI::Range(2, 16));
  scalesim_it->add_option("-o,--out", line.out, "folder for the files")->required();
  scalesim_it->callback([&] { code = import_scalesim(line.scalesim, line.out); });

  import_accelergy_options(*import_it, line, code);

  auto* list_it = app.add_subcommand(
      "list",
      "what ships: architectures, workloads, technologies, dataflows, mappings, experiments, validation, calibrations, "
      "baselines");
  list_it->add_option("kind", line.kind, "which kind")->required();
  list_it->add_option("--format", line.format, "what is printed; of all but workloads only names")
      ->check(CLI::IsMember({"table", "names", "markdown"}));
  list_it->callback([&] { code = list_shelf(Catalogue{line.program}, line.kind, line.format); });

  auto* show_it =
      app.add_subcommand("show", "one thing in full; NAME `schema` prints the JSON Schema of a kind of file");
  auto* kind = show_it->add_option(
      "kind", line.kind,
      "which kind; `dataflow` shows the loop nest of a dataflow, `technology` the prices of --arch in it, `sram` "
      "the fit of an SRAM sweep");
  auto* name = show_it->add_option("name", line.name, "a name, a file, or schema");
  show_it->add_option("--arch", line.architecture, "of `technology`: the machine whose parts are priced");
  show_it->add_option("--set", line.overrides, "of `technology`: architecture.PATH=VALUE or energy_table.PATH=VALUE");
  show_it->add_option("--format", line.format, "of `technology` and `sram`")
      ->check(CLI::IsMember({"table", "markdown"}));
  auto* program_it = show_it->add_subcommand("program", "the instructions of a lockstep machine for a layer");
  program_it->add_option("--layer", line.layer, "WORKLOAD:LAYER")->required();
  program_it->add_option("--mapping", line.mapping, "a mapping file, or a name under configs/mappings");
  program_it->add_option("--objective", line.objective, "of the best mapping for this")
      ->check(CLI::IsMember({"energy", "cycles", "edp"}));
  program_it->add_option("--limit", line.limit, "the first instructions only")->check(CLI::PositiveNumber);
  common_options(*program_it, line);
  program_it->callback([&] { code = show_program(line); });
  show_it->callback([&] {
    if (show_it->got_subcommand(program_it)) return;
    for (const auto* needed : {kind, name})
      if (needed->empty()) throw CLI::RequiredError(needed->get_name());
    code = show(line);
  });

  auto* check_it = app.add_subcommand("check", "are these files right?");
  check_it->add_option("files", line.files, "YAML files")->required();
  check_it->add_flag("--quiet", line.quiet, "say only what is wrong");
  check_it->callback([&] { code = check_files(Catalogue{line.program}, line.files, line.quiet); });

  std::vector<std::string> reversed{arguments.rbegin(), arguments.rend()};
  if (!reversed.empty()) reversed.pop_back();
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);
    throw InputError({"", 0, 0}, e.what(), "eyrie --help tells more");
  }
  return code;
}

}  // namespace eyrie
