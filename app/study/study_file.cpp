#include "app/study/study_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "app/precision.hpp"
#include "app/workload.hpp"
#include "explore/study/measures.hpp"
#include "explore/study/sampling.hpp"

namespace eyrie {

static void describe(Fields& f, Strategy& s) {
  f.about("which designs are looked at");
  f.optional("kind", s.kind, "how they are chosen");
  f.optional("designs", s.designs, "of random and latin_hypercube: how many", Between(1, 1e6));
  f.optional("population", s.population, "of nsga2: designs of a generation, a multiple of four", Between(8, 10000));
  f.optional("generations", s.generations, "of nsga2", Between(1, 10000));
}

static void describe(Fields& f, SimulateRequest& s) {
  f.about("which designs are simulated once all are known in closed form");
  f.optional("front", s.front, "those of the front");
  f.optional("within", s.within, "per cent: also those that so much would bring onto the front", Between(0, 50));
  f.optional("sample", s.sample, "so many others at random, to know the closed form's error", Between(0, 1e6));
}

void describe(Fields& f, StudyFile& s) {
  f.about("a design-space study: parameters of a run, and the designs that they make");
  f.required("kind", s.kind, "`study`");
  f.required("name", s.name, "its name");
  f.optional("title", s.title, "what it asks, for reports");
  f.optional("experiment", s.experiment, "the run that is varied: a name under configs/experiments, or a file");
  f.optional("architecture", s.architecture, "its machine, if the experiment is not given or has another");
  f.optional("workloads", s.workloads, "networks; each design runs all of them");
  f.optional("batch", s.batch, "inputs processed together", Between(1, 4096));
  f.optional("seed", s.seed, "of data, samples and searches (default: the experiment's, else 1)", AtLeast(0));
  f.optional("dataflow", s.dataflow, "constraints on mappings");
  f.optional("objective", s.objective, "what mappings are chosen for");
  f.optional("precision", s.precision, "widths of words");
  f.optional("set", s.set, "values changed in every design: PATH=VALUE as of --set, or experiment.KEY=VALUE");
  f.required("parameters", s.parameters, "what is varied");
  f.optional("constraints", s.constraints, "what every design must keep, over parameters and figures");
  f.optional("objectives", s.objectives, "figures that make the front (default: energy, latency, area)");
  f.optional("strategy", s.strategy, "which designs are looked at");
  f.optional("simulate", s.simulate, "which designs are simulated; leave it out for none");
}

namespace {

/// Overrides that say what keys of the file say.
std::vector<std::string> base_overrides(const StudyFile& s, const std::string& machine) {
  std::vector<std::string> all;
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) all.push_back(fmt::format("experiment.{}={}", key, value));
  };
  add("architecture", machine);
  if (s.batch) add("batch", std::to_string(*s.batch));
  if (s.seed) add("seed", std::to_string(*s.seed));
  add("dataflow", s.dataflow);
  if (s.objective) add("objective", std::string(name_of(*s.objective)));
  if (s.precision) add("precision", "{" + option_text(*s.precision) + "}");
  all.insert(all.end(), s.set.begin(), s.set.end());
  return all;
}

std::vector<std::size_t> objectives_of(const StudyFile& s, const YamlDocument& document, Diagnostics& wrong) {
  const auto known = measure_names();
  std::vector<std::size_t> all;
  const auto asked = s.objectives.empty() ? std::vector<std::string>{"energy", "latency", "area"} : s.objectives;
  for (const auto& name : asked) {
    const auto at = std::ranges::find(known, name) - known.begin();
    if (at == std::ssize(known))
      wrong.error(document.place_of("objectives"), fmt::format("{} is no figure of a design", name),
                  did_you_mean(name, std::vector<std::string_view>{known.begin(), known.end()}));
    else if (std::ranges::count(all, static_cast<std::size_t>(at)) > 0)
      wrong.error(document.place_of("objectives"), fmt::format("{} stands twice", name), "each once");
    else
      all.push_back(static_cast<std::size_t>(at));
  }
  return all;
}

void check_strategy(const StudyFile& file, const YamlDocument& document, Diagnostics& wrong) {
  const auto& s = file.strategy;
  const bool sample = s.kind == StrategyKind::Random || s.kind == StrategyKind::LatinHypercube;
  if (sample && s.designs == 0)
    wrong.error(document.place_of("strategy"), fmt::format("{} does not say how many designs", name_of(s.kind)),
                "write `designs: 200`");
  if (s.kind == StrategyKind::Nsga2 && s.population % 4 != 0)
    wrong.error(document.place_of("strategy.population"), fmt::format("a population of {}", s.population),
                "take a multiple of four");
  if (s.kind == StrategyKind::Nsga2 && file.objectives.size() == 1)
    wrong.error(document.place_of("objectives"), "nsga2 weighs objectives against each other, and there is one",
                "name at least two, or use another strategy");
  if (s.kind == StrategyKind::Nsga2 &&
      std::ranges::all_of(file.parameters, [](const auto& p) { return !p.value.empty(); }))
    wrong.error(document.place_of("parameters"), "nsga2 has nothing to choose from: all parameters follow from others",
                "give one of them `values` or a `range`");
}

/// Constraints on figures are judged once there are figures, which is late to find that they mix units.
void check_units(const ParameterSpace& space, const Place& at, Diagnostics& wrong) {
  constexpr double kAnyFigure = 1.37;
  NamedQuantities named;
  try {
    named = space.design(Choice(space.sizes().size())).named;
  } catch (const InputError&) {  // it depends on values, and is told with the designs
    return;
  }
  for (const auto& m : measures()) named[std::string(m.name)] = quantity_of(m, kAnyFigure);
  for (const auto& c : space.constraints()) {
    try {
      (void)c.broken_by(named);
    } catch (const UnitError& e) {
      wrong.error(at, e.diagnostics().front().problem, e.diagnostics().front().remedy);
    } catch (const InputError&) {  // these figures are none
    }
  }
}

std::string text_of(const Strategy& s) {
  switch (s.kind) {
    case StrategyKind::Grid:
      return "grid";
    case StrategyKind::Nsga2:
      return fmt::format("nsga2, population {}, {} generations", s.population, s.generations);
    default:
      return fmt::format("{}, {} designs", name_of(s.kind), s.designs);
  }
}

/// What a study names, beside its file or on a shelf, such that it is found from any folder.
std::string lasting(const std::string& name, const YamlDocument& document) {
  std::error_code error;
  return Catalogue::beside(name, std::filesystem::absolute(document.name(), error).string());
}

/// The networks: those of the file, else the experiment's.
std::vector<std::string> workloads_of(const StudyFile& s, const YamlDocument& document, const Experiment& base,
                                      const Catalogue& catalogue, Diagnostics& wrong) {
  auto all = s.workloads;
  if (all.empty() && !base.workload.empty()) all.push_back(base.workload);
  if (all.empty()) wrong.error(document.place_of(""), "the study has no network", "write `workloads: [alexnet]`");
  for (const auto& w : all) {
    if (std::ranges::count(all, w) > 1) {
      wrong.error(document.place_of("workloads"), fmt::format("{} stands twice", w), "each network once");
      break;
    }
    if (is_foreign_model(w)) continue;
    try {
      (void)catalogue.find(Shelf::Workloads, lasting(w, document));
    } catch (const InputError& e) {
      wrong.error(document.place_of("workloads"), e.diagnostics().front().problem, e.diagnostics().front().remedy);
    }
  }
  return all;
}

/// The files that it names, beside its networks.
void check_files(const StudyFile& s, const std::string& machine, const YamlDocument& document,
                 const Catalogue& catalogue, Diagnostics& wrong) {
  const auto check = [&](Shelf shelf, const std::string& name, const char* key) {
    try {
      if (!name.empty()) (void)catalogue.find(shelf, name);
    } catch (const InputError& e) {
      wrong.error(document.place_of(key), e.diagnostics().front().problem, e.diagnostics().front().remedy);
    }
  };
  check(Shelf::Architectures, machine, "architecture");
  check(Shelf::Dataflows, s.dataflow, "dataflow");
}

/// Networks are what a study says they are, and a value that a parameter sets is the parameter's.
void check_settings(const StudyFile& s, const std::vector<std::string>& overrides, const YamlDocument& document,
                    Diagnostics& wrong) {
  constexpr std::string_view kNetwork = "experiment.workload";
  std::map<std::string, std::string> setter;
  for (const auto& p : s.parameters)
    for (const auto& path : p.set) {
      setter[path] = p.name;
      if (path == kNetwork)
        wrong.error(p.where, fmt::format("{} sets {}, and the study runs its own networks", p.name, path),
                    "list them under `workloads`: each design runs all of them");
    }
  const auto check = [&](const std::vector<std::string>& all, const Place& at) {
    for (const auto& o : all) {
      const auto path = o.substr(0, o.find('='));
      if (path == o) continue;  // it sets nothing, which is told elsewhere
      if (path == kNetwork)
        wrong.error(at, path + " is set, and the study runs its own networks", "list them under `workloads`");
      else if (const auto it = setter.find(path); it != setter.end())
        wrong.error(at, fmt::format("{} is set, which the parameter {} sets too", path, it->second),
                    "leave one of the two out");
    }
  };
  check(s.set, document.place_of("set"));
  check(overrides, {"--set", 0, 0});
}

/// What every design sets: `DOCUMENT.PATH=VALUE`.
void check_set(const StudyFile& s, const YamlDocument& document, Diagnostics& wrong) {
  const auto sets = [](const std::string& o) {
    return o.find('=') != std::string::npos && std::ranges::any_of(kSetDocuments, [&](std::string_view d) {
             const auto head = std::string(d) + ".";
             return o.starts_with(head) && !o.starts_with(head + "=");
           });
  };
  for (const auto& o : s.set)
    if (!sets(o))
      wrong.error(document.place_of("set"), fmt::format("\"{}\" sets nothing", o),
                  "write it like \"architecture.array.rows=6\" or \"experiment.seed=2\"");
}

/// The experiment that is varied, as far as it is given.
Experiment base_of(const StudyFile& s, const Catalogue& catalogue) {
  if (s.experiment.empty()) return {};
  return read_experiment(YamlDocument::from_file(catalogue.find(Shelf::Experiments, s.experiment)));
}

}  // namespace

Study read_study(const YamlDocument& document, const std::vector<std::string>& overrides, const Catalogue& catalogue) {
  auto file = read_yaml<StudyFile>(document);
  if (file.kind != "study")
    throw InputError(document.place_of("kind"), fmt::format("kind is {}, and a study was wanted", file.kind),
                     "write `kind: study`");
  file.experiment = lasting(file.experiment, document);
  file.dataflow = lasting(file.dataflow, document);
  Diagnostics wrong;
  const auto base = base_of(file, catalogue);
  const auto machine = file.architecture.empty() ? base.architecture : file.architecture;
  if (machine.empty())
    wrong.error(document.place_of(""), "the study has no machine",
                "write `architecture:`, or `experiment:` of one with a machine");
  if (file.parameters.empty())
    wrong.error(document.place_of("parameters"), "nothing is varied", "list at least one parameter");
  const auto workloads = workloads_of(file, document, base, catalogue, wrong);
  const auto objectives = objectives_of(file, document, wrong);
  check_strategy(file, document, wrong);
  check_files(file, machine, document, catalogue, wrong);
  check_set(file, document, wrong);
  check_settings(file, overrides, document, wrong);
  for (const auto& o : overrides) (void)parse_override(o);
  auto files = workloads;
  for (auto& w : files) w = lasting(w, document);
  try {
    ParameterSpace space{file.parameters, file.constraints, document.place_of("constraints"), measure_names()};
    check_units(space, document.place_of("constraints"), wrong);
    wrong.raise_if_any();
    auto all = base_overrides(file, lasting(machine, document));
    all.insert(all.end(), overrides.begin(), overrides.end());
    return {.name = file.name,
            .title = file.title,
            .architecture = machine,
            .strategy_text = text_of(file.strategy),
            .workloads = workloads,
            .workload_files = std::move(files),
            .experiment = file.experiment,
            .overrides = std::move(all),
            .space = std::move(space),
            .objectives = objectives,
            .strategy = file.strategy,
            .simulate = file.simulate,
            .seed = file.seed.value_or(base.seed),
            .text = {},
            .place = document.name(),
            .extra_overrides = overrides};
  } catch (const InputError& e) {
    if (wrong.empty()) throw;
    for (const auto& d : e.diagnostics())
      if (std::ranges::count(wrong.all(), d) == 0) wrong.error(d.place, d.problem, d.remedy);
    wrong.raise_if_any();
    throw;
  }
}

void check_study(const YamlDocument& document, const Catalogue& catalogue) {
  const auto study = read_study(document, {}, catalogue);
  const auto choices = study.is_search() ? std::vector<Choice>{Choice(study.space.sizes().size())} : choices_of(study);
  for (std::size_t n = 0; n < study.workloads.size(); ++n) {
    const auto asked = asked_of(study.task(study.space.design(choices.front()), n, PointFidelity::Closed), catalogue);
    (void)prepare(asked.experiment, asked.overrides, catalogue);
  }
}

PointTask Study::task(const Design& design, std::size_t workload, PointFidelity fidelity) const {
  PointTask t{.experiment = experiment, .overrides = overrides, .fidelity = fidelity};
  t.overrides.push_back("experiment.workload=" + workload_files.at(workload));
  for (std::size_t i = 0; i < space.parameters().size(); ++i)
    for (const auto& path : space.parameters()[i].set) t.overrides.push_back(path + "=" + design.values[i]);
  return t;
}

std::vector<Choice> choices_of(const Study& s) {
  constexpr double kMost = 1e6;
  const auto allowed = [&](const Choice& c) { return s.space.broken(s.space.design(c).named).empty(); };
  const auto count = static_cast<std::size_t>(s.strategy.designs);
  if (s.strategy.kind == StrategyKind::Grid && s.space.combinations() > kMost)
    throw InputError({s.place, 0, 0}, fmt::format("the grid has {:.3g} designs", s.space.combinations()),
                     "use `strategy: {kind: latin_hypercube, designs: 1000}`, or fewer values");
  auto all = s.strategy.kind == StrategyKind::Random ? random_choices(s.space.sizes(), count, s.seed, allowed)
             : s.strategy.kind == StrategyKind::LatinHypercube
                 ? latin_hypercube(s.space.sizes(), count, s.seed, allowed)
                 : full_grid(s.space.sizes(), allowed);
  if (all.empty())
    throw InputError({s.place, 0, 0},
                     s.space.combinations() > kMost ? "no combination that was drawn keeps the constraints"
                                                    : "no combination of the parameters keeps the constraints",
                     "allow more, or take other values");
  return all;
}

}  // namespace eyrie
