#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/file_names.hpp"
#include "app/regress_asked.hpp"
#include "app/regress_baseline.hpp"
#include "report/regression_moves.hpp"

namespace eyrie {

namespace fs = std::filesystem;

namespace {

/// An experiment that is to be recorded.
struct NewEntry {
  std::string name;
  CommandLine line;
  AskedRun asked;
  PreparedExperiment prepared;
};

/// A scenario is no run of a network on machines.
void check_kind(const std::string& file, const Catalogue& catalogue) {
  const auto document = YamlDocument::from_file(catalogue.find(Shelf::Experiments, file));
  if (const auto kind = document.top_level_text("kind"); !kind.empty() && kind != "experiment")
    throw InputError(document.place_of("kind"), fmt::format("kind is {}, and an experiment was wanted", kind),
                     "record the networks on the machines that it names");
}

/// Those of one experiment file, or of options alone (`file` empty): one a machine.
void add_entries(const std::string& file, const CommandLine& given, const RegressRequest& request,
                 const Catalogue& catalogue, std::vector<NewEntry>& all) {
  if (!file.empty()) check_kind(file, catalogue);
  CommandLine line = given;
  line.experiment = file;
  const auto experiment = asked(line, catalogue);
  const bool several = !experiment.architectures.empty();
  auto prepared = several ? prepare_each(experiment, line.overrides, catalogue) : std::vector<PreparedExperiment>{};
  if (!several) prepared.push_back(prepare(experiment, line.overrides, catalogue));
  for (std::size_t i = 0; i < prepared.size(); ++i) {
    auto& p = prepared[i];
    CommandLine one = line;
    if (several) one.architecture = experiment.architectures[i];
    auto name = file.empty()              ? fmt::format("{}_on_{}", p.network.name(), p.architecture.name)
                : experiment.name.empty() ? fs::path{file}.stem().string()
                                          : experiment.name;
    if (several) name += "_on_" + p.architecture.name;
    const auto stored = stored_of(one, request.baseline, catalogue);
    all.push_back({plain_name(name), line_of(stored, request.baseline, given), stored, std::move(p)});
  }
}

/// All new entries, right in what they ask for and each with a name of its own.
std::vector<NewEntry> new_entries(const CommandLine& line, const RegressRequest& request, const Regression& before,
                                  const Catalogue& catalogue) {
  std::vector<NewEntry> all;
  Diagnostics wrong;
  const auto files = request.experiments.empty() ? std::vector<std::string>{""} : request.experiments;
  for (const auto& file : files) {
    try {
      add_entries(file, line, request, catalogue, all);
    } catch (const InputError& e) {
      for (const auto& d : e.diagnostics())
        if (!std::ranges::count(wrong.all(), d)) wrong.error(d.place, d.problem, d.remedy);
    }
  }
  wrong.raise_if_any();
  if (!request.name.empty() && all.size() > 1)
    throw InputError({"--name", 0, 0}, fmt::format("{} experiments would have the same name", all.size()),
                     "record them one by one, or leave it out");
  if (!request.name.empty()) all.front().name = request.name;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& name = all[i].name;
    const bool twice = std::any_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i),
                                   [&](const auto& e) { return e.name == name; });
    if (twice || before.find(name))
      wrong.error({"--record", 0, 0}, fmt::format("{} has an experiment called {} already", request.baseline, name),
                  "give the new one a name with --name, or run the old one again with --update");
  }
  wrong.raise_if_any();
  return all;
}

}  // namespace

int record(const CommandLine& line, const RegressRequest& request, const Catalogue& catalogue,
           const std::function<bool()>& interrupted) {
  std::error_code error;
  const bool exists = fs::exists(request.baseline, error);
  auto baseline = exists ? read_baseline(request.baseline) : StoredBaseline{};
  auto entries = new_entries(line, request, baseline.recorded, catalogue);
  std::vector<RecordedRun> runs;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto& e = entries[i];
    announce(line, i, entries.size(), e.name);
    auto run = measured(std::move(e.prepared), e.line, e.name, e.asked, interrupted);
    if (!run) return 1;
    runs.push_back(std::move(*run));
  }
  if (!can_be_recorded(runs, request.baseline)) return 1;
  for (const auto& run : runs) {
    std::size_t figures = figures_of(run.totals).size();
    for (const auto& l : run.layers) figures += figures_of(l).size();
    fmt::print("{}: {} layers, {} figures, {} cycles, {} pJ\n", run.name, run.layers.size(), figures, run.totals.cycles,
               run.totals.energy_pj);
    baseline.recorded.experiments.push_back(run);
  }
  write_baseline(baseline.recorded, request.baseline, baseline.text, line.quiet);
  return 0;
}

}  // namespace eyrie
