#include "app/experiment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/baselines.hpp"
#include "app/precision.hpp"
#include "app/technology_command.hpp"
#include "app/trained.hpp"
#include "base/ensure.hpp"
#include "dataflows/legality.hpp"
#include "mapper/why_not.hpp"

namespace eyrie {

void describe(Fields& f, Experiment& e) {
  f.about("a run: a network on a machine, or on several");
  f.required("kind", e.kind, "`experiment`");
  f.optional("name", e.name, "its name");
  f.optional("architecture", e.architecture, "a machine: a name under configs/architectures or a file");
  f.optional("architectures", e.architectures, "instead of `architecture`: several, to be compared");
  f.required("workload", e.workload, "a network: a name under configs/workloads or a file");
  f.optional("mappings", e.mappings, "a mapping file, or a name under configs/mappings");
  f.optional("batch", e.batch, "inputs processed together", Between(1, 4096));
  f.optional("seed", e.seed, "of all random data", AtLeast(0));
  f.optional("layers", e.layers, "only these layers");
  f.optional("dataflow", e.dataflow, "constraints on mappings: a name under configs/dataflows or a file");
  f.optional("objective", e.objective, "map every layer for this");
  f.optional("space", e.space, "mappings to choose from");
  f.optional("search_limit", e.search_limit,
             "partial mappings after which a layer's search takes its best so far; 0: it goes to its end, with proof",
             AtLeast(0));
  f.optional("host", e.host, "may layers that the PEs cannot do run on the host?");
  f.optional("baselines", e.baselines, "processors to compare with: names under configs/baselines, or files");
  f.optional("normalise", e.normalise,
             "show the energy of baselines also as it would be in the machine's node and supply");
  f.optional("targets", e.targets, "what is to be met (default: 1 TOP/W with DRAM)");
  f.optional("battery", e.battery, "how long does it last?");
  f.optional("stepping", e.stepping, "how time advances");
  f.optional("precision", e.precision, "widths of words, where they are not the machine's");
  f.optional("input", e.input, "what a trained network looks at: a file, or a name under configs/inputs");
  f.optional("calibration", e.calibration, "samples to find the ranges of a float model with: likewise");
}

/// One machine or several, and no mappings of one machine for several.
static void check_machines(const Experiment& e, const YamlDocument& document, Diagnostics& wrong) {
  if (!e.architecture.empty() && !e.architectures.empty())
    wrong.error(e.machines_at, "both architecture and architectures are given", "leave one of them out");
  if (e.architecture.empty() && e.architectures.empty())
    wrong.error(document.place_of(""), "the experiment has no machine", "write `architecture:` or `architectures:`");
  if (!e.architectures.empty() && !e.mappings.empty())
    wrong.error(document.place_of("mappings"), "mappings are of one machine, and this experiment has several",
                "leave them out: those that ship for a machine and network are found");
}

Experiment read_experiment(const YamlDocument& document) {
  auto e = read_yaml<Experiment>(document);
  if (e.kind != "experiment")
    throw InputError(document.place_of("kind"), fmt::format("kind is {}, and an experiment was wanted", e.kind),
                     "write `kind: experiment`");
  for (auto* path : {&e.architecture, &e.workload, &e.mappings, &e.dataflow, &e.input, &e.calibration})
    *path = Catalogue::beside(*path, document.name());
  for (auto& machine : e.architectures) machine = Catalogue::beside(machine, document.name());
  e.machines_at = document.place_of("architectures");
  for (auto& baseline : e.baselines) baseline = Catalogue::beside(baseline, document.name());
  Diagnostics wrong;
  check_machines(e, document, wrong);
  if (e.targets) check(*e.targets, wrong);
  if (e.battery) check(*e.battery, wrong);
  wrong.raise_if_any();
  return e;
}

namespace {

/// Overrides by the document that they change.
struct Overrides {
  std::vector<Override> architecture, workload, energy_table, dataflow;
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
                 : document == "dataflow"     ? &all.dataflow
                                              : nullptr;
    if (!list || dot == std::string::npos)
      throw InputError({"--set", 0, 0}, fmt::format("{} names no key of a document", o.path),
                       "begin with architecture., workload., energy_table. or dataflow.");
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

/// The prices that a machine names, from an energy table or a technology.
EnergyTable prices_of(const Architecture& a, const std::string& machine, const Overrides& overrides,
                      const Catalogue& catalogue) {
  const auto path = catalogue.find(Shelf::Technologies, Catalogue::beside(a.energy_table, machine));
  const auto read = [&](const YamlDocument& d) {
    const auto anew = [&] { return read_technology(d, technologies_of(catalogue)); };
    return overrides.energy_table.empty() ? catalogue.technology(path, anew)
                                          : std::make_shared<const Technology>(anew());
  };
  return read_prices(document(path, overrides.energy_table), a, read);
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
  if (!m.asked && (e.objective || !std::filesystem::exists(m.path))) return m;
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
  LayerPlanner(const Architecture& a, Network& network, const Mappings& mappings, HostRule host)
      : a_{a}, network_{network}, mappings_{mappings}, host_{host} {}

  std::vector<PlannedLayer> plan(const std::vector<std::string>& only) {
    for (const auto& name : only) (void)network_.layer(name, {"--layers", 0, 0});
    std::vector<PlannedLayer> all;
    for (std::size_t i = 0; i < network_.layers().size(); ++i) {
      const Layer& l = network_.layers()[i];
      if (l.place != PlaceOf::Machine) continue;
      const bool asked = only.empty() || std::ranges::count(only, l.name) || std::ranges::count(only, l.part_of);
      if (const auto why = cannot(l); !why.empty() && host_ == HostRule::Allow)
        network_.to_host(i, why);
      else if (asked && !why.empty())
        wrong_.error(l.where, fmt::format("{} cannot run {} ({}): {}", a_.name, l.name, name_of(l.type), why),
                     "write `place: host`; its cost is then not modelled");
      else if (asked)
        all.push_back(planned(i, l, *l.nest()));
    }
    wrong_.raise_if_any();
    if (all.empty())
      throw InputError(only.empty() ? network_.layers().front().where : Place{"--layers", 0, 0},
                       fmt::format("no layer of {} is left to run on {}", network_.name(), a_.name),
                       only.empty() ? "choose a machine whose PEs have the operations that it needs"
                                    : "choose layers that are not placed on the host");
    return all;
  }

 private:
  /// Why the PEs cannot do a layer; empty if they can.
  [[nodiscard]] std::string cannot(const Layer& l) const {
    const auto nest = l.nest();
    if (!nest) return fmt::format("{} is no loop nest", name_of(l.type));
    if (std::ranges::count(a_.array.mac.operations, nest->reduction)) return {};
    return fmt::format("PEs of {} have no {}", a_.name, name_of(nest->reduction));
  }

  PlannedLayer planned(std::size_t number, const Layer& l, const LayerNest& nest) {
    PlannedLayer p{.number = number, .nest = nest, .mapping = {}, .origin = {}, .dataflow = {}, .cost = cost(l, nest)};
    from_file(l, nest, p);
    return p;
  }

  /// A mapping that was asked for must be legal; one that merely ships gives way when the machine was changed.
  void from_file(const Layer& l, const LayerNest& nest, PlannedLayer& p) {
    if (!mappings_.file) return;
    for (const auto& entry : mappings_.file->layers) {
      if (entry.layer != l.name) continue;
      p.mapping = mapping_of(entry, nest, a_);
      p.origin = "file " + std::filesystem::path(mappings_.path).filename().string();
      Diagnostics broken;
      legality(p.mapping, nest, a_, entry.where, broken);
      p.dataflow = entry.row_stationary ? "row_stationary" : entry.certificate ? entry.certificate->dataflow : "given";
      if (!broken.empty() && !mappings_.asked) p.mapping = {};
      if (!broken.empty() && mappings_.asked)
        for (const auto& d : broken.all()) wrong_.error(d.place, l.name + ": " + d.problem, d.remedy);
      return;
    }
  }

  static double cost(const Layer& l, const LayerNest& nest) {
    return static_cast<double>(nest.macs().count()) + 60 * static_cast<double>(l.weight_words().count()) +
           10 * static_cast<double>(l.input.elements());
  }

  const Architecture& a_;
  Network& network_;
  const Mappings& mappings_;
  HostRule host_;
  Diagnostics wrong_;
};

}  // namespace

PreparedMachine prepare_machine(const std::string& name, const std::vector<std::string>& arguments,
                                const Catalogue& catalogue) {
  const auto overrides = sorted(arguments);
  const auto machine = catalogue.find(Shelf::Architectures, name);
  auto architecture = read_architecture(document(machine, overrides.architecture));
  auto table = prices_of(architecture, machine, overrides, catalogue);
  return {std::move(architecture), std::move(table)};
}

std::vector<PreparedExperiment> prepare_each(const Experiment& e, const std::vector<std::string>& arguments,
                                             const Catalogue& catalogue) {
  std::vector<PreparedExperiment> all;
  Diagnostics wrong;
  for (const auto& machine : e.architectures) {
    Experiment one = e;
    one.architecture = machine;
    one.architectures.clear();
    try {
      auto prepared = prepare(one, arguments, catalogue);
      const auto& name = prepared.architecture.name;
      if (std::ranges::any_of(all, [&](const auto& other) { return other.architecture.name == name; }))
        wrong.error(e.machines_at, fmt::format("two of the machines are called {}", name), "give each its own name");
      all.push_back(std::move(prepared));
    } catch (const InputError& error) {
      for (const auto& d : error.diagnostics())  // what is wrong with the network is so for every machine
        if (!std::ranges::count(wrong.all(), d)) wrong.error(d.place, d.problem, d.remedy);
    }
  }
  wrong.raise_if_any();
  return all;
}

PreparedExperiment prepare(const Experiment& e, const std::vector<std::string>& arguments, const Catalogue& catalogue) {
  if (!e.architectures.empty())
    throw InputError(e.machines_at, "the experiment is of several machines, and one is wanted here",
                     "name an experiment with `architecture:`");
  const auto overrides = sorted(arguments);
  const auto machine = catalogue.find(Shelf::Architectures, e.architecture);
  auto architecture_text = document(machine, overrides.architecture);
  auto architecture = read_architecture(architecture_text);
  const auto flow_name = e.dataflow.empty() ? Catalogue::beside(architecture.dataflow, machine) : e.dataflow;
  auto flow_text = document(catalogue.find(Shelf::Dataflows, flow_name), overrides.dataflow);
  auto flow = read_dataflow(flow_text);
  std::optional<Dataflow> fallback;
  if (e.dataflow.empty() && !architecture.fallback.empty())
    fallback = read_dataflow(
        document(catalogue.find(Shelf::Dataflows, Catalogue::beside(architecture.fallback, machine)), {}));
  const auto workload = open_workload(e.workload, overrides.workload, catalogue);
  const auto given = given_input(e, workload, catalogue);
  auto network = Network::build(workload.network, batch_of(e, given));
  std::shared_ptr<const Trained> model;
  if (workload.model) model = trained(e, network, workload, given, architecture.words, catalogue);
  auto table = prices_of(architecture, machine, overrides, catalogue);
  auto layers =
      LayerPlanner{architecture, network, find_mappings(e, architecture, network, catalogue), e.host}.plan(e.layers);
  PreparedExperiment p{e,
                       std::move(architecture),
                       std::move(network),
                       std::move(table),
                       std::move(flow),
                       std::move(fallback),
                       std::move(architecture_text),
                       std::move(flow_text),
                       std::move(layers),
                       read_baselines(e.baselines, catalogue)};
  p.trained = std::move(model);
  if (p.trained)
    use_widths(p, p.trained->data.widths, e.precision && e.precision->packed ? Packing::Packed : Packing::Whole);
  else if (e.precision)
    use_widths(p, layer_widths(*e.precision, p.network, p.architecture.words),
               e.precision->packed ? Packing::Packed : Packing::Whole);
  return p;
}

LayerToMap to_map(const PreparedExperiment& p, const PlannedLayer& planned) {
  const Layer& l = p.network.layers()[planned.number];
  const bool reads_input =
      std::ranges::any_of(p.network.inputs(), [&](const auto& i) { return std::ranges::count(l.inputs, i.name) > 0; });
  const bool brings = p.trained && l.has_filters();
  return {.layer = &l,
          .nest = planned.nest,
          .reads_network_input = reads_input,
          .machine = planned.machine,
          .filters = brings ? &p.trained->data.filters.at(l.weights_name()).weight : nullptr};
}

/// `map_layers` of the layers of each machine.
static std::vector<LayerMappings> mapped_by_machine(const PreparedExperiment& p, const std::vector<LayerToMap>& layers,
                                                    const Dataflow& flow, const MapSettings& settings,
                                                    const std::function<bool()>& interrupted) {
  std::vector<LayerMappings> all(layers.size());
  std::vector<bool> done(layers.size());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (done[i]) continue;
    std::vector<LayerToMap> alike;
    std::vector<std::size_t> number;
    for (std::size_t k = i; k < layers.size(); ++k)
      if (layers[k].machine == layers[i].machine) {
        alike.push_back(layers[k]);
        number.push_back(k);
        done[k] = true;
      }
    auto found = map_layers(alike, machine_of(p, layers[i]), flow, prices_of(p, layers[i]), settings, interrupted);
    for (std::size_t k = 0; k < number.size(); ++k) all[number[k]] = std::move(found[k]);
  }
  return all;
}

std::vector<LayerMappings> best_mappings(const PreparedExperiment& p, const std::vector<LayerToMap>& layers,
                                         const MapSettings& settings, const std::function<bool()>& interrupted) {
  auto found = mapped_by_machine(p, layers, p.flow, settings, interrupted);
  if (!p.fallback) return found;
  std::vector<LayerToMap> left;
  std::vector<std::size_t> number;
  for (std::size_t i = 0; i < layers.size(); ++i)
    if (found[i].empty()) {
      left.push_back(layers[i]);
      number.push_back(i);
    }
  auto others = mapped_by_machine(p, left, *p.fallback, settings, interrupted);
  for (std::size_t i = 0; i < left.size(); ++i) found[number[i]] = std::move(others[i]);
  return found;
}

MapSettings map_settings(const Experiment& e, unsigned jobs, bool quiet) {
  MapSettings s{.question = {}, .jobs = jobs, .quiet = quiet};
  s.question.objective = e.objective.value_or(Objective::Energy);
  s.question.space = e.space.value_or(Space::Ragged);
  s.question.node_limit = e.search_limit;
  return s;
}

void map_layers(PreparedExperiment& p, const MapSettings& settings, const std::function<bool()>& interrupted) {
  std::vector<LayerToMap> wanted;
  std::vector<PlannedLayer*> planned;
  for (auto& l : p.layers)
    if (l.mapping.nest.empty()) {
      wanted.push_back(to_map(p, l));
      planned.push_back(&l);
    }
  const auto found = best_mappings(p, wanted, settings, interrupted);
  std::vector<Diagnostic> wrong;
  for (std::size_t i = 0; i < planned.size(); ++i) {
    if (found[i].empty()) {
      for (auto& d : no_mapping(p, wanted[i], settings.question)) wrong.push_back(std::move(d));
      continue;
    }
    planned[i]->mapping = Mapping{found[i].front().nest};
    planned[i]->origin = fmt::format("mapper: best {}{}", found[i].front().certificate->objective,
                                     found[i].front().certificate->complete ? "" : ", search stopped early");
    planned[i]->dataflow = found[i].front().certificate->dataflow;
  }
  if (!wrong.empty()) throw InputError{std::move(wrong)};
}

std::vector<Diagnostic> no_mapping(const PreparedExperiment& p, const LayerToMap& l, const MapQuestion& question) {
  const auto& a = machine_of(p, l);
  const MapProblem problem{l.nest, a, p.flow, question.space};
  std::optional<CycleLimit> limit;
  if (question.cycle_limit && feasible(problem)) {
    const auto fastest = search_mapping(l.nest, a, p.flow, expected_facts(l, a), pricing_of(a, prices_of(p, l)),
                                        {.objective = Objective::Cycles, .space = question.space});
    limit = CycleLimit{*question.cycle_limit, fastest.best.at(0).cost.cycles};
  }
  const auto locate = [&](Document document, std::string_view path) {
    if (document == Document::Architecture) return p.architecture_text.place_of(path);
    if (document == Document::Dataflow) return p.flow_text.place_of(path);
    return Place{path == "space" ? "--space" : "--cycle-limit", 0, 0};
  };
  const auto why = why_not(problem, limit);
  if (!why)
    throw InternalError(fmt::format("the mapper found nothing for {}, and nothing stands in its way", l.layer->name));
  return diagnostics(*why, l.layer->name, l.layer->where, locate);
}

}  // namespace eyrie
