#include "app/commands.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>

#include "app/accelergy.hpp"
#include "app/calibrate_command.hpp"
#include "app/compress_command.hpp"
#include "app/map_command.hpp"
#include "app/options.hpp"
#include "app/precision.hpp"
#include "app/profile_command.hpp"
#include "app/program.hpp"
#include "app/regress_command.hpp"
#include "app/report_command.hpp"
#include "app/run_command.hpp"
#include "app/scalesim.hpp"
#include "app/shelf_commands.hpp"
#include "app/study/explore_command.hpp"
#include "app/study/whatif_command.hpp"
#include "app/technology_command.hpp"
#include "app/timeloop.hpp"
#include "app/validate/validate_command.hpp"
#include "app/workload.hpp"
#include "base/ensure.hpp"
#include "dataflows/explain.hpp"

namespace eyrie {

namespace {

std::atomic<bool> g_interrupted{false};  // the one global: a signal has no other way in

/// `eyrie map`. Exit code 1 if a check of a certificate or a simulation says that something is wrong.
int map_command(const CommandLine& line) {
  const Catalogue catalogue{line.program};
  MapRequest request{.experiment = asked_of_one(line, catalogue),
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
int calibrate_command(const CommandLine& line) {
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

/// `eyrie explain`: a layer's mapping, given, shipped or the best, with its traffic as formulas.
int explain_one(CommandLine line) {
  split_layer(line);
  const Catalogue catalogue{line.program};
  auto prepared = prepare(asked_of_one(line, catalogue), line.overrides, catalogue);
  map_layers(prepared, map_settings(line, prepared.experiment), [] { return g_interrupted.load(); });
  const auto& l = prepared.layers.front();
  fmt::print("{} of {} on {}, batch {}; {}\n\n{}", line.layers.front(), prepared.network.name(),
             prepared.architecture.name, prepared.experiment.batch, l.origin,
             to_text(explain(l.mapping, l.nest, machine_of(prepared, l),
                             expected_facts(to_map(prepared, l), machine_of(prepared, l)))));
  return 0;
}

/// `eyrie show program`: the instructions of a lockstep machine for a layer, mapped as `explain` has it.
int show_program(CommandLine line) {
  split_layer(line);
  const Catalogue catalogue{line.program};
  auto prepared = prepare(asked_of_one(line, catalogue), line.overrides, catalogue);
  map_layers(prepared, map_settings(line, prepared.experiment), [] { return g_interrupted.load(); });
  const auto& l = prepared.layers.front();
  const auto& a = machine_of(prepared, l);
  const ProgramHead head{line.layers.front(), prepared.network.name(), l.origin, prepared.experiment.batch};
  const Program program{l.mapping, l.nest, a};
  fmt::print("{}", line.format == "json"  ? program_json(program, head, l.nest, a, line.limit)
                   : line.format == "csv" ? program_csv(program, l.nest, a, line.limit)
                                          : program_table(program, head, l.nest, a, line.limit));
  return 0;
}

/// `eyrie show KIND NAME`.
int show(const CommandLine& line) {
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

void import_accelergy_options(CLI::App& import_it, CommandLine& line, int& code) {
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

int run_command_line_reporting(const std::vector<std::string>& arguments, const MakeEngine& make_engine) {
  try {
    const int code = run_command_line(arguments, make_engine);
    if (std::fflush(stdout) == 0) return code;
    throw InputError({"standard output", 0, 0}, std::string("cannot be written: ") + std::strerror(errno),
                     "see that there is room where it goes");
  } catch (const InputError& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 2;
  } catch (const InternalError& e) {
    fmt::print(stderr, "{}\nThis is a bug in Eyrie; please report it with the command and the files.\n", e.what());
    return 3;
  } catch (const std::exception& e) {
    fmt::print(stderr, "error: {}\n", e.what());
    return 3;
  }
}

int run_command_line(const std::vector<std::string>& arguments, const MakeEngine& make_engine) {
  CommandLine line;
  const std::function<bool()> interrupted = [] { return g_interrupted.load(); };
  line.program = arguments.empty() ? "eyrie" : arguments.front();

  CLI::App app{"Eyrie: cycle-level simulation of spatial CNN accelerators", "eyrie"};
  app.set_version_flag("--version", std::string("eyrie ") + kVersion);
  app.require_subcommand(1);
  int code = 0;

  auto* run_it = app.add_subcommand("run", "map a network onto a machine, simulate it, account for energy, report");
  run_it->add_option("experiment", line.experiment,
                     "a file of kind experiment, of one machine or of several, offload or big_little");
  run_it->add_option("--workload", line.workload, "network: a name under configs/workloads, or a file");
  run_it->add_option("--layers", line.layers, "only these layers")->delimiter(',');
  run_it
      ->add_option("--objective", line.objective, "map every layer for this (default: energy, where no mapping ships)")
      ->check(CLI::IsMember({"energy", "cycles", "edp"}));
  common_options(*run_it, line);
  format_option(*run_it, line, {"table", "json", "csv", "markdown"});
  simulation_options(*run_it, line);
  run_it
      ->add_option("--memory", line.memory_mb,
                   "MB to be held at most (default: what is available); fewer jobs if short")
      ->check(CLI::PositiveNumber);
  run_it
      ->add_option("--fidelity", line.fidelity,
                   "simulated (default), or closed: exact counts and estimated cycles by formulas, nothing executed")
      ->check(CLI::IsMember({"simulated", "closed"}));
  run_it->add_flag("--require", line.require, "exit code 1 if a target of the experiment is missed");
  run_it->callback([&] { code = run_command(line, interrupted); });

  auto* report_it = app.add_subcommand("report", "results side by side, and as one page");
  report_it->add_option("results", line.files, "folders that `run --out` wrote, or their JSON files")->required();
  report_it->add_option("-o,--out", line.out, "the page to be written, FILE.html");
  format_option(*report_it, line, {"table", "json", "csv", "markdown"});
  report_it->add_flag("--quiet", line.quiet, "do not say what was written");
  report_it->callback([&] {
    code = report_command({.inputs = line.files, .out = line.out, .format = line.format, .quiet = line.quiet});
  });

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
  format_option(*map_it, line, {"table", "json", "csv"});
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
  format_option(*simulate_it, line, {"table", "json", "csv", "markdown"});
  simulation_options(*simulate_it, line);
  simulate_it->callback([&] { code = simulate_command(line, interrupted); });

  auto* explain_it = app.add_subcommand("explain", "a mapping: what is kept where, and its traffic as formulas");
  explain_it->add_option("--layer", line.layer, "WORKLOAD:LAYER")->required();
  explain_it->add_option("--objective", line.objective, "explain the best mapping for this")
      ->check(CLI::IsMember({"energy", "cycles", "edp"}));
  common_options(*explain_it, line);
  format_option(*explain_it, line, {"table", "json", "csv"});
  explain_it->add_option("--mapping", line.mapping, "a mapping file, or a name under configs/mappings");
  explain_it->callback([&] { code = explain_one(line); });

  auto* profile_it = app.add_subcommand("profile", "cycles of layers against MACs and parameters, and a model of them");
  profile_options(*profile_it, line);
  profile_it->callback([&] { code = profile_command(line, interrupted); });

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

  RegressRequest regress;
  auto* regress_it = app.add_subcommand("regress", "recorded experiments, run again: every figure that moved");
  regress_options(*regress_it, line, regress);
  regress_it->callback([&] { code = regress_command(line, regress, interrupted); });

  auto* import_it = app.add_subcommand("import", "a model, or files of other tools, as files of Eyrie");
  import_it->require_subcommand(0, 1);
  import_it->add_option("model", line.name, "an .onnx or .tflite file, to become a workload");
  import_it->add_option("-o,--out", line.out, "the workload file to be written");
  import_it->add_option("--weights", line.weights, "the .npz file for its parameters (default: beside it)");
  import_it->add_flag("--quiet", line.quiet, "do not say what was written");
  import_it->callback([&, import_it] {
    if (import_it->get_subcommands().empty())
      code = import_model({.model = line.name, .out = line.out, .weights = line.weights, .quiet = line.quiet});
  });
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

  compress_options(
      *app.add_subcommand("compress", "a network made smaller: zeros, fewer channels, shared weights; what it saves"),
      line.program, code);

  ExploreRequest study;
  study.program = line.program;
  study.arguments = arguments;
  explore_options(*app.add_subcommand("explore", "a study of many designs: what is computed is kept, and its front"),
                  study, code, make_engine, interrupted);

  WhatIfRequest changes;
  changes.program = line.program;
  whatif_options(*app.add_subcommand("whatif", "single changes to a machine, ranked by what they gain a mm2"), changes,
                 code, interrupted);

  auto* list_it = app.add_subcommand(
      "list",
      "what ships: architectures, workloads, technologies, dataflows, mappings, experiments, validation, calibrations, "
      "baselines, inputs, studies");
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
  format_option(*program_it, line, {"table", "json", "csv"});
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
