#include "app/timeloop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "app/file_names.hpp"
#include "dataflows/legality.hpp"
#include "interchange/timeloop_mapping.hpp"
#include "interchange/timeloop_stats.hpp"
#include "report/render.hpp"

namespace eyrie {

namespace {

/// A name as a file's: nothing that a file system or a shell takes for something else.
std::string file_name(std::string name) {
  name = plain_name(std::move(name));
  if (name.empty() || name.front() == '.' || name.front() == '-') name.insert(0, "_");
  return name;
}

/// One file of an import, not yet written.
struct Page {
  std::string path, text;
};

class Import {
 public:
  Import(TimeloopFiles files, std::string folder) : files_{std::move(files)}, folder_{std::move(folder)} {}

  TimeloopImport run() {
    if (files_.architecture.empty() && !files_.mapping.empty())
      throw InputError({files_.mapping, 0, 0}, "a mapping is read for a machine, and no architecture is given",
                       "give the architecture that it is for");
    problem_ = read_timeloop_problem(YamlDocument::from_file(files_.problem));
    if (problem_.name.empty()) problem_.name = "layer";
    add(workload_, problem_.name, "workload", timeloop_workload_text(problem_));
    if (!files_.architecture.empty()) architecture();
    if (!files_.mapping.empty()) mapping();
    if (!architecture_.empty()) done_.command = command();
    for (const auto& page : pages_) {
      write_file(page.path, page.text);
      done_.written.push_back(page.path);
    }
    return std::move(done_);
  }

 private:
  void add(std::string& path, const std::string& name, const char* kind, std::string text) {
    path = fmt::format("{}/{}.{}.yaml", folder_, file_name(name), kind);
    pages_.push_back({path, std::move(text)});
  }

  void architecture() {
    machine_ = read_timeloop_architecture(YamlDocument::from_file(files_.architecture));
    done_.notes.insert(done_.notes.end(), machine_->notes.begin(), machine_->notes.end());
    add(architecture_, machine_->architecture.name, "architecture", machine_->yaml);
  }

  void mapping() {
    const auto& a = machine_->architecture;
    const auto mapped =
        read_timeloop_mapping(YamlDocument::from_file(files_.mapping), problem_.nest, a,
                              {.axes = problem_.axes, .fanouts = machine_->fanouts, .added = machine_->added});
    Diagnostics wrong;
    legality(mapped.mapping, problem_.nest, a, {files_.mapping, 0, 0}, wrong);
    wrong.raise_if_any();
    done_.notes.insert(done_.notes.end(), mapped.notes.begin(), mapped.notes.end());
    add(mapping_, problem_.name, "mappings", timeloop_mappings_text(mapped, problem_.name, a.name));
  }

  std::string command() const {
    return fmt::format("eyrie simulate --arch {} --layer '{}:{}'{} --batch {}", architecture_, workload_, problem_.name,
                       mapping_.empty() ? "" : " --mapping " + mapping_, problem_.nest.extent[Dim::N]);
  }

  TimeloopFiles files_;
  std::string folder_;
  TimeloopProblem problem_;
  std::optional<TimeloopArchitecture> machine_;
  std::string workload_, architecture_, mapping_;  // paths
  std::vector<Page> pages_;
  TimeloopImport done_;
};

class Export {
 public:
  Export(const PreparedExperiment& p, const ExperimentResult& r, std::string folder)
      : prepared_{p}, result_{r}, folder_{std::move(folder)} {}

  TimeloopExport run() {
    for (const auto& planned : prepared_.layers) {
      const auto& name = prepared_.network.layers()[planned.number].name;
      const auto report = std::ranges::find(result_.layers, name, &LayerReport::name);
      if (report == result_.layers.end() || report->place != PlaceOf::Machine) continue;
      const auto path = folder_ + "/" + fresh(file_name(name));
      part(path + ".problem.yaml", [&] { return timeloop_problem_text(planned.nest, name); });
      if (planned.nest.has_weights())  // the problem's error has said it
        part(path + ".mapping.yaml", [&] {
          return timeloop_mapping_text(planned.mapping, planned.nest, prepared_.architecture, {}, {name, 0, 0});
        });
      part(path + ".stats.txt", [&] { return timeloop_stats_text(stats(*report, planned.nest)); });
    }
    return std::move(done_);
  }

 private:
  template <class Text>
  void part(const std::string& path, Text text) {
    try {
      write_file(path, text());
      done_.written.push_back(path);
    } catch (const InputError& e) {
      done_.left_out.insert(done_.left_out.end(), e.diagnostics().begin(), e.diagnostics().end());
    }
  }

  std::string fresh(std::string name) {
    while (!taken_.insert(name).second) name += "_";
    return name;
  }

  static TimeloopStats stats(const LayerReport& layer, const LayerNest& nest) {
    return {.cycles = layer.figures.cycles,
            .utilization = layer.figures.utilization(),
            .macs = layer.figures.macs,
            .outputs = nest.tile_words(Operand::Output, nest.extent),
            .energy = layer.figures.energy.by_component()};
  }

  const PreparedExperiment& prepared_;
  const ExperimentResult& result_;
  std::string folder_;
  std::set<std::string> taken_;
  TimeloopExport done_;
};

}  // namespace

TimeloopImport import_timeloop_files(const TimeloopFiles& files, const std::string& folder) {
  return Import{files, folder}.run();
}

int import_timeloop(const TimeloopFiles& files, const std::string& folder) {
  const auto done = import_timeloop_files(files, folder);
  for (const auto& note : done.notes) fmt::print(stderr, "note: {}\n", note);
  fmt::print("written: {}\n", fmt::join(done.written, " "));
  if (!done.command.empty()) fmt::print("simulate it: {}\n", done.command);
  return 0;
}

TimeloopExport export_timeloop_files(const PreparedExperiment& p, const ExperimentResult& r,
                                     const std::string& folder) {
  return Export{p, r, folder}.run();
}

void export_timeloop(const PreparedExperiment& p, const ExperimentResult& r, const std::string& folder) {
  const auto done = export_timeloop_files(p, r, folder);
  for (const auto& d : done.left_out)
    fmt::print(stderr, "not written: {}: {}{}{}\n", d.place.file, d.problem, d.remedy.empty() ? "" : "; ", d.remedy);
  fmt::print(stderr, "written: {}\n", fmt::join(done.written, " "));
}

}  // namespace eyrie
