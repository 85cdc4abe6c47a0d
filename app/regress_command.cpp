#include "app/regress_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "app/regress_asked.hpp"
#include "app/regress_baseline.hpp"
#include "base/ensure.hpp"
#include "report/regression_moves.hpp"
#include "report/render.hpp"

namespace eyrie {

namespace fs = std::filesystem;

namespace {

/// A recorded experiment as it is now; what keeps it from running is its failure.
std::optional<RecordedRun> rerun(const RecordedRun& before, const std::string& baseline, const CommandLine& rest,
                                 const Catalogue& catalogue, const std::function<bool()>& interrupted) {
  const auto failed = [&](const std::string& why) -> std::optional<RecordedRun> {
    if (interrupted()) {  // its processes may have ended by that
      say_interrupted();
      return {};
    }
    RecordedRun run{.name = before.name, .asked = before.asked, .layers = {}, .totals = {}, .failure = why};
    std::ranges::replace(run.failure, '\n', ' ');
    return run;
  };
  const auto line = line_of(before.asked, baseline, rest);
  try {
    return measured(prepare(asked_of_one(line, catalogue), line.overrides, catalogue), line, before.name, before.asked,
                    interrupted);
  } catch (const std::exception& e) {  // bad input, a process that died, a promise of ours that was broken
    return failed(e.what());
  }
}

/// Those of the baseline that `--only` names, in the baseline's order.
std::vector<const RecordedRun*> chosen(const Regression& all, const std::vector<std::string>& only) {
  std::vector<std::string_view> known;
  for (const auto& run : all.experiments) known.push_back(run.name);
  Diagnostics wrong;
  for (const auto& name : only)
    if (!all.find(name))
      wrong.error({"--only", 0, 0}, fmt::format("the baseline has no experiment {}", name), did_you_mean(name, known));
  wrong.raise_if_any();
  std::vector<const RecordedRun*> runs;
  for (const auto& run : all.experiments)
    if (only.empty() || std::ranges::count(only, run.name)) runs.push_back(&run);
  return runs;
}

int run_again(const CommandLine& line, const RegressRequest& request, const Catalogue& catalogue,
              const std::function<bool()>& interrupted) {
  const auto tolerance =
      request.tolerance.empty() ? RegressionTolerance{} : parse_regression_tolerance(request.tolerance);
  auto baseline = read_baseline(request.baseline);
  const auto runs = chosen(baseline.recorded, request.only);
  Regression now;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    announce(line, i, runs.size(), runs[i]->name);
    auto run = rerun(*runs[i], request.baseline, line, catalogue, interrupted);
    if (!run) return 1;
    now.experiments.push_back(std::move(*run));
  }
  const auto moves = compare(baseline.recorded, now, tolerance);
  const auto title = "Regression of " + fs::path{request.baseline}.filename().string();
  fmt::print("{}", line.format == "json"       ? to_json(moves)
                   : line.format == "csv"      ? to_csv(moves)
                   : line.format == "markdown" ? to_markdown(moves, title)
                                               : to_table(moves));
  if (!request.markdown.empty()) {
    write_file(request.markdown, to_markdown(moves, title));
    if (!line.quiet) fmt::print(stderr, "written: {}\n", request.markdown);
  }
  if (!request.update) return moves.beyond() > 0 ? 1 : 0;
  if (!can_be_recorded(now.experiments, request.baseline)) return 1;
  for (auto& run : baseline.recorded.experiments)
    if (const auto* is = now.find(run.name)) run = *is;
  write_baseline(baseline.recorded, request.baseline, baseline.text, line.quiet);
  return 0;
}

/// Options of another way of calling it.
void refuse_others(const CommandLine& l, const RegressRequest& r) {
  if (r.record) {
    refuse({{"--update", r.update},
            {"--only", !r.only.empty()},
            {"--tolerance", !r.tolerance.empty()},
            {"--markdown", !r.markdown.empty()},
            {"--format", l.format != "table"}},
           "recording compares nothing", "leave it out, or --record");
    refuse({{"--search-limit", l.search_limit > 0}}, "a baseline does not keep it",
           "write `search_limit:` into an experiment's file");
    if (r.name.find_first_of(", \t\n") != std::string::npos)
      throw InputError({"--name", 0, 0}, fmt::format("\"{}\" could not be given to --only", r.name),
                       "leave commas and spaces out");
    return;
  }
  auto of_runs = options_of_runs(l);
  of_runs.insert(of_runs.end(), {{"--set", !l.overrides.empty()}, {"--name", !r.name.empty()}});
  refuse(of_runs, "the baseline says what is run", "leave it out, or add an experiment with --record");
}

}  // namespace

void regress_options(CLI::App& app, CommandLine& line, RegressRequest& request) {
  app.add_option("baseline", request.baseline, "a file that --record wrote: experiments, and all that they gave")
      ->required();
  app.add_option("--tolerance", request.tolerance,
                 "percent that figures may move (default 0): 0.5, or cycles=1,counts=0,energy=0.5");
  app.add_option("--markdown", request.markdown, "file for a summary as GitHub shows it");
  app.add_option("--only", request.only, "only these experiments")->delimiter(',');
  app.add_flag("--update", request.update, "rewrite the baseline with what is now");
  app.add_option_function<std::vector<std::string>>(
         "--record",
         [&request](const std::vector<std::string>& files) {
           request.record = true;
           for (const auto& file : files)
             if (!file.empty()) request.experiments.push_back(file);
         },
         "add experiments to the baseline: files of kind experiment, or --arch, --workload and their options")
      ->expected(0, -1)
      ->type_name("EXPERIMENT");
  app.add_option("--name", request.name, "with --record: what the new experiment is called");
  app.add_option("--workload", line.workload, "network: a name under configs/workloads, or a file");
  app.add_option("--layers", line.layers, "only these layers")->delimiter(',');
  app.add_option("--objective", line.objective, "map every layer for this (default: energy, where no mapping ships)")
      ->check(CLI::IsMember({"energy", "cycles", "edp"}));
  app.add_option("--mapping", line.mapping, "a mapping file, or a name under configs/mappings");
  app.add_option("--input", line.input, "what a trained network looks at: a file, or a name under configs/inputs");
  app.add_option("--calibrate", line.calibration, "samples to find the ranges of a float model with; likewise");
  common_options(app, line);
  for (const char* none : {"--out", "--time-limit"})
    app.remove_option(app.get_option(none));  // a clock decides nothing
  format_option(app, line, {"table", "json", "csv", "markdown"});
  app.add_option("--memory", line.memory_mb, "MB to be held at most (default: what is available); fewer jobs if short")
      ->check(CLI::PositiveNumber);
}

int regress_command(const CommandLine& line, const RegressRequest& request, const std::function<bool()>& interrupted) {
  refuse_others(line, request);
  const Catalogue catalogue{line.program};
  return request.record ? record(line, request, catalogue, interrupted)
                        : run_again(line, request, catalogue, interrupted);
}

}  // namespace eyrie
