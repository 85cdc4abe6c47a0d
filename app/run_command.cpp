#include "app/run_command.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/comparison_command.hpp"
#include "app/machine_run.hpp"
#include "app/out_folder.hpp"
#include "app/scenario_command.hpp"
#include "report/page.hpp"
#include "report/render.hpp"

namespace eyrie {

namespace {

void print(const CommandLine& line, const ExperimentResult& result) {
  fmt::print("{}", line.format == "json"       ? to_json(result)
                   : line.format == "csv"      ? to_csv(result)
                   : line.format == "markdown" ? to_markdown(result)
                                               : to_table(result));
}

RecordingRequest recording_of(const CommandLine& line) {
  RecordingRequest request{.trace = line.trace, .vcd = line.vcd, .windows = {}};
  const bool one = !line.layer.empty();  // `simulate` has one
  for (const auto& text : line.windows) request.windows.push_back(read_window(text, one ? line.layers.front() : ""));
  return request;
}

/// Options that say what is run; a scenario's file says that alone.
void refuse_options_of_experiments(const CommandLine& l) {
  auto all = options_of_runs(l);
  all.insert(all.end(), {{"--fidelity", l.fidelity != "simulated"},
                         {"--stepping", !l.stepping.empty()},
                         {"--window", !l.windows.empty()},
                         {"--trace", !l.trace.empty()},
                         {"--vcd", !l.vcd.empty()},
                         {"--timeloop", !l.timeloop_out.empty()},
                         {"--scalesim", !l.scalesim_out.empty()},
                         {"--accelergy", !l.accelergy_out.empty()}});
  refuse(all, "a scenario has no such option", "change its file, or --set scenario.PATH=VALUE");
  if (l.format == "markdown")
    throw InputError({"--format", 0, 0}, "a scenario has no Markdown", "table, json or csv; `eyrie report` shows it");
}

/// The scenario that a file is, if it is one.
std::optional<ScenarioRequest> scenario_of(const CommandLine& line, const Catalogue& catalogue) {
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
                          .map = map_settings(line, Experiment{}),
                          .run = {.jobs = line.jobs, .quiet = line.quiet, .memory = {}, .recording = nullptr}};
  if (line.memory_mb > 0) request.run.memory = Bytes{line.memory_mb * 1024 * 1024};
  return request;
}

/// Files of other programs know one width for all layers.
void refuse_exports_of_precisions(const CommandLine& l, const PreparedExperiment& p) {
  if (p.widths.empty()) return;
  refuse({{"--timeloop", !l.timeloop_out.empty()}, {"--scalesim", !l.scalesim_out.empty()}},
         "its files have the machine's own words, and this run's words have other widths",
         "leave it out, or leave out the precision");
}

/// Nothing is executed that could be drawn or written in another simulator's terms.
void refuse_drawings_of_closed_form(const CommandLine& l) {
  if (l.fidelity != "closed") return;
  refuse({{"--window", !l.windows.empty()},
          {"--trace", !l.trace.empty()},
          {"--vcd", !l.vcd.empty()},
          {"--stepping", !l.stepping.empty()},
          {"--timeloop", !l.timeloop_out.empty()},
          {"--scalesim", !l.scalesim_out.empty()}},
         "it is of a simulation, and --fidelity closed executes nothing", "leave one of them out");
}

/// One machine.
int run_one(const CommandLine& line, const Experiment& experiment, const Catalogue& catalogue,
            const std::function<bool()>& interrupted) {
  refuse_drawings_of_closed_form(line);
  const Stopwatch watch;
  const OutFolder out{line.out, "--out"}, timeloop{line.timeloop_out, "--timeloop"},
      scalesim{line.scalesim_out, "--scalesim"}, accelergy{line.accelergy_out, "--accelergy"};
  auto prepared = prepare(experiment, line.overrides, catalogue);
  refuse_exports_of_precisions(line, prepared);
  map_layers(prepared, map_settings(line, prepared.experiment), interrupted);
  Recording recording{recording_of(line), layer_names(prepared), prepared.architecture.core().count()};
  const auto done = run_machine(prepared, line, &recording, watch, interrupted);
  if (!done) return 1;
  const auto& result = done->result;
  const auto drawn = recording.finish(done->outcomes);
  std::vector<std::string> written;
  if (!line.out.empty()) {
    const auto page = to_page({{label_of_folder(line.out), to_json(result)}}, {});
    written = write_result(result, line.out);
    written.push_back(line.out + "/report.html");
    write_file(written.back(), page);
  }
  if (!line.timeloop_out.empty()) export_timeloop(prepared, result, line.timeloop_out);
  if (!line.scalesim_out.empty()) export_scalesim(result, line.scalesim_out);
  if (!line.accelergy_out.empty()) export_accelergy(result.architecture, result.table, line.accelergy_out);
  print(line, result);
  if (!written.empty() && !line.quiet) fmt::print(stderr, "written: {}\n", fmt::join(written, " "));
  if (!drawn.empty() && !line.quiet) fmt::print(stderr, "drawn: {}\n", fmt::join(drawn, " "));
  if (!recording.cut_short().empty())
    fmt::print(stderr, "{} has the beginning only of {}: no more than {} slices are kept\n", line.trace,
               fmt::join(recording.cut_short(), ", "), kMostSlices);
  return std::max(verdict(result), line.require ? missed(result) : 0);
}

}  // namespace

int run_command(const CommandLine& line, const std::function<bool()>& interrupted) {
  const Catalogue catalogue{line.program};
  if (const auto scenario = scenario_of(line, catalogue)) return run_scenario(*scenario, catalogue, interrupted);
  const auto experiment = asked(line, catalogue);
  if (!experiment.architectures.empty()) return run_comparison(line, experiment, catalogue, interrupted);
  return run_one(line, experiment, catalogue, interrupted);
}

int simulate_command(CommandLine line, const std::function<bool()>& interrupted) {
  split_layer(line);
  return run_command(line, interrupted);
}

}  // namespace eyrie
