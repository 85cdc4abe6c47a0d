#include "app/experiment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "dataflows/legality.hpp"
#include "dataflows/simple_choice.hpp"

namespace eyrie {

void describe(Fields& f, Experiment& e) {
  f.about("a run: a network on a machine");
  f.required("kind", e.kind, "`experiment`");
  f.optional("name", e.name, "its name");
  f.required("architecture", e.architecture, "a machine: a name under configs/architectures or a file");
  f.required("workload", e.workload, "a network: a name under configs/workloads or a file");
  f.optional("mappings", e.mappings, "a mapping file, or a name under configs/mappings");
  f.optional("batch", e.batch, "inputs processed together", Between(1, 4096));
  f.optional("seed", e.seed, "of all random data", AtLeast(0));
  f.optional("layers", e.layers, "only these layers");
  f.optional("target_tops_per_w", e.target_tops_per_w, "efficiency to be met, with DRAM", Positive());
  f.optional("stepping", e.stepping, "how time advances");
}

namespace {

/// Overrides by the document that they change.
struct Overrides {
  std::vector<Override> architecture, workload, energy_table;
};

Overrides sorted(const std::vector<std::string>& arguments) {
  Overrides all;
  for (const auto& argument : arguments) {
    Override o = parse_override(argument);
    const auto dot = o.path.find('.');
    const auto document = o.path.substr(0, dot);
    auto* list = document == "architecture"   ? &all.architecture
                 : document == "workload"     ? &all.workload
                 : document == "energy_table" ? &all.energy_table
                                              : nullptr;
    if (!list || dot == std::string::npos)
      throw InputError({"--set", 0, 0}, fmt::format("{} names no key of a document", o.path),
                       "begin with architecture., workload. or energy_table.");
    o.path.erase(0, dot + 1);
    list->push_back(std::move(o));
  }
  return all;
}

YamlDocument document(const std::string& path, const std::vector<Override>& overrides) {
  auto d = YamlDocument::from_file(path);
  for (const auto& o : overrides) d.apply(o);
  return d;
}

/// The mapping file of a run: the one asked for, or the one that ships for this machine and network.
struct Mappings {
  std::optional<MappingFile> file;
  std::string path;
  bool asked = false;
};

Mappings find_mappings(const Experiment& e, const Architecture& a, const Network& network, const Catalogue& catalogue) {
  Mappings m{
      .file = {}, .path = catalogue.path(Shelf::Mappings, a.name + "/" + network.name()), .asked = !e.mappings.empty()};
  if (m.asked) m.path = catalogue.find(Shelf::Mappings, e.mappings);
  if (!m.asked && !std::filesystem::exists(m.path)) return m;
  m.file = read_mapping_file(YamlDocument::from_file(m.path));
  for (const auto& l : m.file->layers) (void)network.layer(l.layer, l.where);
  if (m.asked && m.file->architecture != a.name)
    throw InputError(m.file->where,
                     fmt::format("these mappings are for {}, and the machine is {}", m.file->architecture, a.name),
                     "choose mappings of this machine");
  return m;
}

class LayerPlanner {
 public:
  LayerPlanner(const Architecture& a, const Network& network, const Mappings& mappings)
      : a_{a}, network_{network}, mappings_{mappings} {}

  std::vector<PlannedLayer> plan(const std::vector<std::string>& only) {
    for (const auto& name : only) (void)network_.layer(name, {"--layers", 0, 0});
    std::vector<PlannedLayer> all;
    for (std::size_t i = 0; i < network_.layers().size(); ++i) {
      const Layer& l = network_.layers()[i];
      if (l.place == PlaceOf::Host || (!only.empty() && !std::ranges::count(only, l.name))) continue;
      if (const auto nest = l.nest(); nest && std::ranges::count(a_.array.mac.operations, nest->reduction))
        all.push_back(planned(i, l, *nest));
      else
        wrong_.error(l.where, fmt::format("{} cannot run {} ({})", a_.name, l.name, name_of(l.type)),
                     "write `place: host`; its cost is then not modelled");
    }
    wrong_.raise_if_any();
    if (all.empty())
      throw InputError({"--layers", 0, 0}, "no layer is left to run on the machine",
                       "choose layers that are not placed on the host");
    return all;
  }

 private:
  PlannedLayer planned(std::size_t number, const Layer& l, const LayerNest& nest) {
    PlannedLayer p{.number = number, .nest = nest, .mapping = {}, .origin = "simple choice", .cost = cost(l, nest)};
    if (from_file(l, nest, p)) return p;
    Diagnostics why;
    if (const auto k = simple_choice(nest, a_, why))
      p.mapping = row_stationary(*k, nest, a_);
    else
      for (const auto& d : why.all())
        wrong_.error(l.where, fmt::format("{} has no row-stationary mapping on {}: {}", l.name, a_.name, d.problem),
                     d.remedy);
    return p;
  }

  /// A mapping that was asked for must be legal; one that merely ships gives way when the machine was changed.
  bool from_file(const Layer& l, const LayerNest& nest, PlannedLayer& p) {
    if (!mappings_.file) return false;
    for (const auto& entry : mappings_.file->layers) {
      if (entry.layer != l.name) continue;
      p.mapping = mapping_of(entry, nest, a_);
      p.origin = "file " + std::filesystem::path(mappings_.path).filename().string();
      Diagnostics broken;
      legality(p.mapping, nest, a_, entry.where, broken);
      if (broken.empty()) return true;
      if (!mappings_.asked) {
        p.origin = "simple choice";
        return false;
      }
      for (const auto& d : broken.all()) wrong_.error(d.place, l.name + ": " + d.problem, d.remedy);
      return true;
    }
    return false;
  }

  static double cost(const Layer& l, const LayerNest& nest) {
    return static_cast<double>(nest.macs().count()) + 60 * static_cast<double>(l.weight_words().count()) +
           10 * static_cast<double>(l.input.elements());
  }

  const Architecture& a_;
  const Network& network_;
  const Mappings& mappings_;
  Diagnostics wrong_;
};

}  // namespace

PreparedExperiment prepare(const Experiment& e, const std::vector<std::string>& arguments, const Catalogue& catalogue) {
  const auto overrides = sorted(arguments);
  PreparedExperiment p;
  p.experiment = e;
  p.architecture =
      read_architecture(document(catalogue.find(Shelf::Architectures, e.architecture), overrides.architecture));
  p.network = Network::from_yaml(document(catalogue.find(Shelf::Workloads, e.workload), overrides.workload), e.batch);
  p.table = read_energy_table(
      document(catalogue.find(Shelf::Technologies, p.architecture.energy_table), overrides.energy_table));
  p.layers =
      LayerPlanner{p.architecture, p.network, find_mappings(e, p.architecture, p.network, catalogue)}.plan(e.layers);
  return p;
}

}  // namespace eyrie
