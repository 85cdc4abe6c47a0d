#include "app/shelf_commands.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "app/baselines.hpp"
#include "app/calibrate_command.hpp"
#include "app/experiment.hpp"
#include "app/scenario_command.hpp"
#include "app/study/study_file.hpp"
#include "app/study/whatif_file.hpp"
#include "app/technology_command.hpp"
#include "app/validate/verdicts.hpp"
#include "app/workload.hpp"
#include "base/grouped.hpp"
#include "base/json_schema.hpp"
#include "dataflows/dataflow.hpp"
#include "energy/simd_core.hpp"

namespace eyrie {

static Shelf shelf_of(const std::string& kind) {
  std::vector<std::string_view> known;
  for (const auto& row : names<Shelf>::table) {
    if (row.name == kind) return row.value;
    known.push_back(row.name);
  }
  throw InputError({"", 0, 0}, fmt::format("there is no kind {}", kind), did_you_mean(kind, known));
}

/// A row of the list of workloads.
struct WorkloadRow {
  std::string name;
  std::string macs, parameters, layers;  ///< of one input; digits in groups
  Network network;
};

static std::vector<WorkloadRow> workload_rows(const Catalogue& catalogue) {
  std::vector<WorkloadRow> rows;
  for (const auto& name : catalogue.list(Shelf::Workloads)) {
    auto network = Network::from_yaml(YamlDocument::from_file(catalogue.find(Shelf::Workloads, name)), 1);
    rows.push_back({name, grouped(network.macs().count(), ","), grouped(network.parameter_words().count(), ","),
                    std::to_string(network.stated_layers()), std::move(network)});
  }
  return rows;
}

static void print_table(const std::vector<WorkloadRow>& rows) {
  std::size_t widest = 0;
  for (const auto& r : rows) widest = std::max(widest, r.name.size());
  fmt::print("{:{}} {:>15} {:>12} {:>6}  {}\n", "name", widest, "MACs", "parameters", "layers", "title");
  for (const auto& r : rows)
    fmt::print("{:{}} {:>15} {:>12} {:>6}  {}\n", r.name, widest, r.macs, r.parameters, r.layers, r.network.title());
}

static void print_markdown(const std::vector<WorkloadRow>& rows) {
  fmt::print("| name | what it is | MACs | parameters | layers | provenance and doubts | source |\n");
  fmt::print("|---|---|---:|---:|---:|---|---|\n");
  for (const auto& r : rows)
    fmt::print("| `{}` | {} | {} | {} | {} | {} | {} |\n", r.name, r.network.title(), r.macs, r.parameters, r.layers,
               r.network.provenance(), r.network.source());
}

int list_shelf(const Catalogue& catalogue, const std::string& kind, const std::string& format) {
  const Shelf shelf = shelf_of(kind);
  if (format == "markdown" && shelf != Shelf::Workloads)
    throw InputError({"--format", 0, 0}, fmt::format("there is no markdown list of {}", kind),
                     "it is for workloads; use names");
  if (shelf != Shelf::Workloads || format == "names")
    for (const auto& name : catalogue.list(shelf)) fmt::print("{}\n", name);
  else if (format == "markdown")
    print_markdown(workload_rows(catalogue));
  else
    print_table(workload_rows(catalogue));
  return 0;
}

/// The text of one file kind's JSON Schema.
static std::string schema(Shelf shelf) {
  switch (shelf) {
    case Shelf::Architectures:
      return json_schema_of<Architecture>("Eyrie architecture");
    case Shelf::Workloads:
      return json_schema_of<NetworkFile>("Eyrie workload");
    case Shelf::Technologies:
      return technologies_schema();
    case Shelf::Dataflows:
      return json_schema_of<Dataflow>("Eyrie dataflow");
    case Shelf::Mappings:
      return json_schema_of<MappingFile>("Eyrie mappings");
    case Shelf::Experiments:
      return json_schema_of<Experiment>("Eyrie experiment");
    case Shelf::Validation:
      return json_schema_of<Suite>("Eyrie validation");
    case Shelf::Calibrations:
      return json_schema_of<Calibration>("Eyrie calibration");
    case Shelf::Baselines:
      return baselines_schema();
    case Shelf::Studies:
      return json_schema_of<StudyFile>("Eyrie study");
    case Shelf::Inputs:
      break;
  }
  return {};
}

/// A scenario, which is kept with the experiments.
static int show_scenario(const Catalogue& catalogue, const std::string& kind, const std::string& name) {
  fmt::print("{}", name == "schema"
                       ? scenario_schema(kind)
                       : scenario_in_full(YamlDocument::from_file(catalogue.find(Shelf::Experiments, name))));
  return 0;
}

/// Changes to a machine, which lie wherever their users keep them.
static int show_changes(const std::string& name) {
  if (name == "schema") {
    fmt::print("{}", json_schema_of<ChangesFile>("Eyrie changes"));
    return 0;
  }
  auto file = read_changes(YamlDocument::from_file(name));
  fmt::print("{}", write_yaml([&](Fields& f) { describe(f, file); }));
  return 0;
}

/// One thing in full, with every default written out.
int show_item(const Catalogue& catalogue, const std::string& kind, const std::string& name) {
  if (is_scenario(kind)) return show_scenario(catalogue, kind, name);
  if (kind == "changes") return show_changes(name);
  const Shelf shelf = shelf_of(kind);
  if (shelf == Shelf::Inputs)
    throw InputError({"", 0, 0}, "inputs are images and arrays, which are not shown",
                     "`eyrie list inputs` names those that ship");
  if (name == "schema") {
    fmt::print("{}", schema(shelf));
    return 0;
  }
  if (shelf == Shelf::Workloads && is_foreign_model(name))
    throw InputError({name, 0, 0}, "it is another program's model, and no YAML file to show",
                     fmt::format("`eyrie import {} -o x.yaml` first", name));
  const auto document = YamlDocument::from_file(catalogue.find(shelf, name));
  const auto write = [](auto value) { return write_yaml([&](Fields& f) { describe(f, value); }); };
  switch (shelf) {
    case Shelf::Architectures:
      fmt::print("{}", write(read_architecture(document)));
      break;
    case Shelf::Workloads:
      fmt::print("{}", write(read_yaml<NetworkFile>(document)));
      break;
    case Shelf::Technologies:
      fmt::print("{}", technology_in_full(document, catalogue));
      break;
    case Shelf::Dataflows:
      fmt::print("{}", write(read_dataflow(document)));
      break;
    case Shelf::Mappings:
      fmt::print("{}", write(read_mapping_file(document)));
      break;
    case Shelf::Experiments:
      fmt::print("{}", is_scenario(document.top_level_text("kind")) ? scenario_in_full(document)
                                                                    : write(read_yaml<Experiment>(document)));
      break;
    case Shelf::Validation:
      fmt::print("{}", write(read_suite(document)));
      break;
    case Shelf::Calibrations:
      fmt::print("{}", write(read_calibration(document)));
      break;
    case Shelf::Baselines:
      if (document.top_level_text("kind") == "simd_core")
        fmt::print("{}", write(read_simd_core(document)));
      else
        fmt::print("{}", write(read_baseline(document)));
      break;
    case Shelf::Studies:
      fmt::print("{}", write(read_yaml<StudyFile>(document)));
      break;
    case Shelf::Inputs:
      break;
  }
  return 0;
}

int show_dataflow(const Catalogue& catalogue, const std::string& name) {
  const auto path = catalogue.find(Shelf::Dataflows, name);
  fmt::print("{}\na mapping that obeys it: eyrie explain --arch ARCH --layer WORKLOAD:LAYER --dataflow {}\n",
             to_text(read_dataflow(YamlDocument::from_file(path))), name);
  return 0;
}

/// A machine, and that the energy table and the dataflow which it names are there and right. All errors at once.
static void check_machine(const YamlDocument& document, const Catalogue& catalogue) {
  const auto a = read_architecture(document);
  std::vector<Diagnostic> all;
  const auto named = [&](Shelf shelf, const std::string& key, const std::string& name, auto read) {
    try {
      const auto path = catalogue.find(shelf, Catalogue::beside(name, document.name()));
      std::error_code error;
      if (!std::filesystem::exists(path, error))
        throw InputError({"", 0, 0}, fmt::format("there is no file {}", path),
                         "a path counts from this file's folder, then from the current one");
      read(YamlDocument::from_file(path));
    } catch (const InputError& e) {
      for (const auto& d : e.diagnostics())
        all.push_back(d.place.file.empty() ? Diagnostic{document.place_of(key), d.problem, d.remedy} : d);
    }
  };
  named(Shelf::Technologies, "energy_table", a.energy_table,
        [&](const auto& d) { (void)read_prices(d, a, technologies_of(catalogue)); });
  named(Shelf::Dataflows, "dataflow", a.dataflow, [](const auto& d) { (void)read_dataflow(d); });
  if (!a.fallback.empty())
    named(Shelf::Dataflows, "fallback", a.fallback, [](const auto& d) { (void)read_dataflow(d); });
  if (!all.empty()) throw InputError{std::move(all)};
}

/// An experiment, and all that it names, for each of its machines.
static void check_experiment(const YamlDocument& document, const Catalogue& catalogue) {
  const auto e = read_experiment(document);
  if (e.architectures.empty())
    (void)prepare(e, {}, catalogue);
  else
    (void)prepare_each(e, {}, catalogue);
}

/// Kinds of files, and what reads one as such: throws if it is wrong.
struct FileKind {
  std::string_view name;
  void (*check)(const YamlDocument&, const Catalogue&);
};
static constexpr FileKind kFileKinds[] = {
    {"architecture", check_machine},
    {"workload", [](const YamlDocument& d, const Catalogue& c) { check_workload(workload_of(d), c); }},
    {"energy_table", check_technology},
    {"technology", check_technology},
    {"sram_sweep", check_technology},
    {"dram_types", check_technology},
    {"dataflow", [](const YamlDocument& d, const Catalogue&) { (void)read_dataflow(d); }},
    {"mappings", [](const YamlDocument& d, const Catalogue&) { (void)read_mapping_file(d); }},
    {"experiment", check_experiment},
    {"offload", check_scenario},
    {"big_little", check_scenario},
    {"validation", [](const YamlDocument& d, const Catalogue& c) { (void)open_suite(read_suite(d), c); }},
    {"calibration", [](const YamlDocument& d, const Catalogue& c) { (void)prepare_calibration(d, c); }},
    {"study", check_study},
    {"changes", [](const YamlDocument& d, const Catalogue&) { (void)read_changes(d); }},
    {"simd_core", [](const YamlDocument& d, const Catalogue&) { (void)read_simd_core(d); }},
    {"baseline", check_baseline}};

/// Reads a file as what its `kind` says. Throws if it is wrong.
static void check_file(const std::string& path, const Catalogue& catalogue) {
  if (is_foreign_model(path)) return check_workload(stated_workload(path, {}, catalogue), catalogue);
  const auto document = YamlDocument::from_file(path);
  const auto kind = document.top_level_text("kind");
  const auto known = std::ranges::find(kFileKinds, kind, &FileKind::name);
  if (known != std::end(kFileKinds)) return known->check(document, catalogue);
  std::vector<std::string_view> names;
  for (const auto& k : kFileKinds) names.push_back(k.name);
  if (kind.empty())
    throw InputError(document.place_of("kind"), "the file has no key kind",
                     fmt::format("write `kind:` with one of {}", fmt::join(names, ", ")));
  throw InputError(document.place_of("kind"), fmt::format("the kind {} is not known", kind), did_you_mean(kind, names));
}

int check_files(const Catalogue& catalogue, const std::vector<std::string>& files, bool quiet) {
  std::vector<Diagnostic> all;
  for (const auto& path : files) {
    try {
      check_file(path, catalogue);
      if (!quiet) fmt::print("{}: right\n", path);
    } catch (const InputError& e) {
      all.insert(all.end(), e.diagnostics().begin(), e.diagnostics().end());
    }
  }
  if (!all.empty()) throw InputError{std::move(all)};
  return 0;
}

}  // namespace eyrie
