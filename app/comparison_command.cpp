#include "app/comparison_command.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/file_names.hpp"
#include "app/machine_run.hpp"
#include "app/out_folder.hpp"
#include "report/comparison.hpp"
#include "report/page.hpp"
#include "report/render.hpp"

namespace eyrie {

namespace {

void refuse_options_of_one_machine(const CommandLine& l) {
  refuse({{"--mapping", !l.mapping.empty()}}, "mappings are of one machine, and this experiment has several",
         "choose a machine with --arch");
  refuse({{"--window", !l.windows.empty()},
          {"--trace", !l.trace.empty()},
          {"--vcd", !l.vcd.empty()},
          {"--timeloop", !l.timeloop_out.empty()},
          {"--scalesim", !l.scalesim_out.empty()},
          {"--accelergy", !l.accelergy_out.empty()}},
         "its files are of one machine, and this experiment has several", "choose a machine with --arch");
}

/// A machine's folder in OUT, each its own. Whatever is in a name, the folder lies there.
std::vector<std::string> folders_of(const std::vector<PreparedExperiment>& all) {
  std::vector<std::string> folders;
  for (const auto& p : all) {
    auto name = plain_name(p.architecture.name);
    if (name.find_first_not_of('.') == std::string::npos) name = "_" + name;
    while (std::ranges::count(folders, name)) name += "_";
    folders.push_back(name);
  }
  return folders;
}

/// What all machines gave, and their results as text, from which all else is made.
struct Runs {
  std::vector<ExperimentResult> results;
  std::vector<std::string> texts;
};

/// Nothing after an interrupt.
std::optional<Runs> run_all(std::vector<PreparedExperiment>& machines, const CommandLine& line,
                            const std::function<bool()>& interrupted) {
  Runs runs;
  for (std::size_t i = 0; i < machines.size(); ++i) {
    auto& p = machines[i];
    const Stopwatch watch;
    if (!line.quiet) fmt::print(stderr, "machine {} of {}: {}\n", i + 1, machines.size(), p.architecture.name);
    map_layers(p, map_settings(line, p.experiment), interrupted);
    auto done = run_machine(p, line, nullptr, watch, interrupted);
    if (!done) return {};
    runs.texts.push_back(to_json(done->result));
    runs.results.push_back(std::move(done->result));
  }
  return runs;
}

Comparison compared(const std::string& name, const std::vector<PreparedExperiment>& machines,
                    const std::vector<std::string>& folders, const Runs& runs) {
  static constexpr std::string_view schemas[] = {kResultSchema};
  Comparison all{.name = name, .runs = {}, .scenarios = {}};
  for (std::size_t i = 0; i < machines.size(); ++i)
    all.runs.push_back(compared_run(StoredJson{runs.texts[i], folders[i] + "/result.json", schemas},
                                    machines[i].architecture.name, folders[i]));
  return all;
}

std::vector<std::string> write_all(const std::string& out, const Comparison& all, const Runs& runs) {
  std::vector<PageRun> pages;
  for (std::size_t i = 0; i < all.runs.size(); ++i) pages.push_back({all.runs[i].label, runs.texts[i]});
  const std::vector<std::pair<const char*, std::string>> files{
      {"comparison.json", to_json(all)}, {"comparison.csv", to_csv(all)}, {"report.html", to_page(pages, {})}};
  std::vector<std::string> written;
  for (std::size_t i = 0; i < all.runs.size(); ++i)
    std::ranges::copy(write_result(runs.results[i], out + "/" + all.runs[i].directory), std::back_inserter(written));
  for (const auto& [name, text] : files) {
    written.push_back(out + "/" + name);
    write_file(written.back(), text);
  }
  return written;
}

}  // namespace

int run_comparison(const CommandLine& line, const Experiment& experiment, const Catalogue& catalogue,
                   const std::function<bool()>& interrupted) {
  refuse_options_of_one_machine(line);
  const OutFolder out{line.out, "--out"};
  auto machines = prepare_each(experiment, line.overrides, catalogue);
  const auto runs = run_all(machines, line, interrupted);
  if (!runs) return 1;
  const auto all = compared(experiment.name, machines, folders_of(machines), *runs);
  std::vector<std::string> written;
  if (!line.out.empty()) written = write_all(line.out, all, *runs);
  fmt::print("{}", line.format == "json"       ? to_json(all)
                   : line.format == "csv"      ? to_csv(all)
                   : line.format == "markdown" ? to_markdown(all)
                                               : to_table(all));
  if (!written.empty() && !line.quiet) fmt::print(stderr, "written: {}\n", fmt::join(written, " "));
  int code = 0;
  for (const auto& r : runs->results) {
    const auto who = r.architecture.name + ": ";
    code = std::max({code, verdict(r, who), line.require ? missed(r, who) : 0});
  }
  return code;
}

}  // namespace eyrie
