#include "app/machine_run.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>

#include "app/memory.hpp"
#include "app/precision.hpp"
#include "app/study/closed_form.hpp"
#include "report/render.hpp"

namespace eyrie {

namespace {

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

}  // namespace

std::string quoted(const std::string& argument) {
  static constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,:/@%";
  if (!argument.empty() && argument.find_first_not_of(kPlain) == std::string::npos) return argument;
  std::string text = "'";
  for (const char c : argument) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string options_of(const Experiment& e, const CommandLine& line) {
  auto text = fmt::format(" --batch {} --seed {}", e.batch, e.seed);
  if (!e.mappings.empty()) text += " --mapping " + quoted(e.mappings);
  if (!e.dataflow.empty()) text += " --dataflow " + quoted(e.dataflow);
  if (e.objective) text += fmt::format(" --objective {}", name_of(*e.objective));
  if (e.space) text += fmt::format(" --space {}", name_of(*e.space));
  if (e.search_limit > 0) text += fmt::format(" --search-limit {}", e.search_limit);
  if (e.host != HostRule::Allow) text += fmt::format(" --host {}", name_of(e.host));
  if (!e.layers.empty()) text += fmt::format(" --layers {}", quoted(fmt::format("{}", fmt::join(e.layers, ","))));
  if (!e.input.empty()) text += " --input " + quoted(e.input);
  if (!e.calibration.empty()) text += " --calibrate " + quoted(e.calibration);
  if (e.precision) text += " --precision " + quoted(option_text(*e.precision));
  if (line.time_limit > 0) text += fmt::format(" --time-limit {}", line.time_limit);
  for (const auto& o : line.overrides) text += " --set " + quoted(o);
  return text;
}

/// The command that gives the same result again, without what doesn't change results.
static std::string command_of(const Experiment& e, const CommandLine& line) {
  const bool only_in_file = e.targets || e.battery || e.normalise || e.baselines != Experiment{}.baselines;
  return fmt::format("eyrie run{} --arch {} --workload {}", only_in_file ? " " + quoted(line.experiment) : "",
                     quoted(e.architecture), quoted(e.workload)) +
         options_of(e, line) + (line.fidelity == "closed" ? " --fidelity closed" : "");
}

Stopwatch::Stopwatch() : cpu_before_{cpu_seconds()} {}

double Stopwatch::wall_s() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
}

double Stopwatch::cpu_s() const { return cpu_seconds() - cpu_before_; }

std::optional<MachineRun> run_machine(const PreparedExperiment& p, const CommandLine& line, const Recording* recording,
                                      const Stopwatch& watch, const std::function<bool()>& interrupted) {
  RunOptions options{.jobs = line.jobs, .quiet = line.quiet, .memory = {}, .recording = recording};
  if (line.memory_mb > 0) options.memory = Bytes{line.memory_mb * 1024 * 1024};
  const bool closed = line.fidelity == "closed";
  DataMemo memo;
  auto answer = closed ? RunAnswer{.outcomes = closed_form(p, memo)} : run(p, options, interrupted);
  if (answer.interrupted) {
    fmt::print(stderr, "interrupted; nothing was written. Finished: {}\n",
               answer.finished.empty() ? "no layer" : fmt::format("{}", fmt::join(answer.finished, ", ")));
    return {};
  }
  const Settings settings{.seed = static_cast<std::uint64_t>(p.experiment.seed),
                          .dataflow = p.flow.name,
                          .fidelity = closed ? kClosedForm : kCycleFidelity,
                          .command = command_of(p.experiment, line),
                          .targets = p.experiment.targets.value_or(standard_targets()),
                          .baselines = p.baselines,
                          .normalise = p.experiment.normalise,
                          .battery = p.experiment.battery};
  const HostFigures host{.wall_s = watch.wall_s(),
                         .cpu_s = watch.cpu_s(),
                         .peak_rss_mb = in_mb(peak_memory()),
                         .memory_bound_mb = in_mb(answer.memory_bound),
                         .jobs = line.jobs,
                         .stepping = std::string(name_of(p.experiment.stepping))};
  auto result = assemble(p.architecture, p.network, p.table, settings, answer.outcomes, host, layer_machines(p));
  result.answer = std::move(answer.answer);
  return MachineRun{std::move(answer.outcomes), std::move(result)};
}

std::vector<std::string> write_result(const ExperimentResult& result, const std::string& folder) {
  std::vector<std::string> written;
  const auto write = [&](const char* name, const std::string& text) {
    written.push_back(folder + "/" + name);
    write_file(written.back(), text);
  };
  const auto write_or_clear = [&](bool any, const char* name, const auto& text) {
    std::error_code error;
    if (any)
      write(name, text());
    else
      std::filesystem::remove(folder + "/" + name, error);  // of a run before this one
  };
  write("result.json", to_json(result));
  write("layers.csv", to_csv(result));
  write_or_clear(result.area.known(), "area.csv", [&] { return to_area_csv(result); });
  write_or_clear(!result.baselines.empty(), "baselines.csv", [&] { return to_baselines_csv(result); });
  return written;
}

int verdict(const ExperimentResult& result, const std::string& who) {
  for (const auto& l : result.layers)
    if (l.deadlock)
      fmt::print(stderr, "{}{} stopped making progress in the pass that began at cycle {}: {}\n", who, l.name,
                 l.deadlock->at.count(), l.deadlock->wait_for);
  const bool stuck = std::ranges::any_of(result.layers, [](const LayerReport& l) { return l.deadlock.has_value(); });
  bool counts_differ = false;
  for (const auto& l : result.layers)
    if (!l.analytic.counts_equal) {
      counts_differ = true;
      fmt::print(stderr, "{}{}: the simulation's counts differ from the closed form's\n", who, l.name);
    }
  return stuck || counts_differ || result.totals.mismatches > 0 ? 1 : 0;
}

int missed(const ExperimentResult& result, const std::string& who) {
  int code = 0;
  for (const auto& v : result.targets)
    if (!v.met) {
      code = 1;
      fmt::print(stderr, "{}target {}\n", who, to_text(v));
    }
  return code;
}

std::string label_of_folder(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  auto whole = fs::weakly_canonical(path, error);
  if (error) whole = fs::path{path};
  if (whole.filename().empty()) whole = whole.parent_path();
  return whole.filename().empty() ? path : whole.filename().string();
}

}  // namespace eyrie
