#include "app/scenario_command.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/machine_run.hpp"
#include "app/out_folder.hpp"
#include "app/precision.hpp"
#include "base/json_schema.hpp"
#include "report/page.hpp"
#include "report/render.hpp"

namespace eyrie {

namespace {

/// Why there is no answer.
struct NoAnswer {
  std::string why;
};

/// Simulates one chip. NoAnswer after an interrupt, or if what it says cannot be relied on.
ExperimentResult simulated(PreparedExperiment& p, const ScenarioRequest& request,
                           const std::function<bool()>& interrupted) {
  auto settings = request.map;
  settings.question.objective = p.experiment.objective.value_or(Objective::Energy);
  settings.question.space = p.experiment.space.value_or(Space::Ragged);
  map_layers(p, settings, interrupted);
  const auto answer = run(p, request.run, interrupted);
  if (answer.interrupted) throw NoAnswer{"interrupted; nothing was written"};
  auto result = assemble(p.architecture, p.network, p.table,
                         {.seed = static_cast<std::uint64_t>(p.experiment.seed), .dataflow = p.flow.name},
                         answer.outcomes, {}, layer_machines(p));
  for (const auto& l : result.layers)
    if (l.place == PlaceOf::Machine && (l.deadlock || l.figures.mismatches > 0 || !l.analytic.counts_equal))
      throw NoAnswer{fmt::format("{} on {}: the simulation of {} is wrong; `eyrie run` of it tells more",
                                 p.network.name(), p.architecture.name, l.name)};
  return result;
}

std::string shown(const Layer& l, const char* where) {
  return fmt::format("{} ({}) {}", l.name, name_of(l.type), where);
}

/// A layer's cost on its chip; `r` is its report.
OffloadLayer on_chip(const Layer& l, const LayerReport& r, const HostCosts& costs) {
  OffloadLayer one{.name = l.name, .op = std::string(name_of(l.type))};
  const auto* stated = host_cost(l, costs);
  if (l.place == PlaceOf::Machine) {
    one.device_latency = Seconds{r.figures.latency_s()};
    one.device_energy = r.figures.energy.total;
  } else if (l.place == PlaceOf::Folded) {
    one.basis = CostBasis::Nothing;
  } else if (stated) {
    one.basis = CostBasis::Stated;
    one.device_latency = stated->latency;
    one.device_energy = stated->energy;
  } else {
    one.basis = CostBasis::NotModelled;
  }
  return one;
}

/// All layers of a chip's network, simulated; what counts as free is added to `free`.
std::vector<OffloadLayer> chip_layers(PreparedExperiment& p, const HostCosts& costs, const ScenarioRequest& request,
                                      const std::function<bool()>& interrupted, std::vector<std::string>& free) {
  const auto result = simulated(p, request, interrupted);
  std::vector<OffloadLayer> all;
  for (const auto& l : p.network.layers()) {
    const auto report = std::ranges::find(result.layers, l.name, &LayerReport::name);
    all.push_back(on_chip(l, report == result.layers.end() ? LayerReport{} : *report, costs));
    if (all.back().basis == CostBasis::NotModelled) free.push_back(shown(l, "on the device"));
  }
  return all;
}

/// Adds a network once.
void add_workload(ScenarioHead& head, const Network& n) {
  if (!std::ranges::count(head.workloads, n.name(), &ScenarioWorkload::name))
    head.workloads.push_back({n.name(), n.provenance(), n.source()});
}

OffloadAnswer answer_of(OpenOffload& open, const ScenarioRequest& request, const std::function<bool()>& interrupted) {
  const auto& file = open.file;
  OffloadAnswer a{.head = {.name = file.name, .title = file.title, .figures = figures_of(file)},
                  .workload = open.device.network.name(),
                  .machine = open.device.architecture.name};
  add_workload(a.head, open.device.network);
  auto layers = chip_layers(open.device, file.device.host_cost, request, interrupted, a.head.not_modelled);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto& l = open.device.network.layers()[i];
    const auto cost = cloud_cost(l, file.cloud);
    layers[i].cloud_latency = cost.latency;
    layers[i].cloud_energy = cost.energy;
    layers[i].cloud_modelled = cost.modelled;
    if (!cost.modelled) a.head.not_modelled.push_back(shown(l, "in the cloud"));
  }
  LinkCoding coding;
  if (file.coding && file.coding->network_input) coding.network_input = file.coding->network_input->value;
  if (file.coding && file.coding->between_layers) coding.between_layers = file.coding->between_layers->value;
  a.network = offload_network(open.device.network, open.device.architecture.words, coding, std::move(layers));
  a.terms = {.link = file.link,
             .idle_power = file.device.idle_power.value,
             .service = file.cloud.service_time.value,
             .percentile = file.percentile};
  a.objective = file.objective;
  if (file.deadline) a.deadline = Deadline{file.deadline->value, file.deadline->require};
  a.options = options_of(a.network, a.terms);
  a.prefixes = prefixes_of(a.network, a.terms);
  return a;
}

/// Bits of what comes into a network, or of its results.
Bits bits_of(const Network& n, const Widths& widths, bool results) {
  Bits all{};
  for (const auto& t : offload_network(n, widths, {}, std::vector<OffloadLayer>(n.layers().size())).tensors)
    if (results ? t.result : !t.producer) all += t.bits;
  return all;
}

/// The way to run the big network that an open part describes, with its costs.
BigOption big_option(OpenBig& open, const Widths& little_words, const ScenarioRequest& request,
                     const std::function<bool()>& interrupted, std::vector<std::string>& free) {
  const auto& file = open.file;
  const Network& network = open.chip ? open.chip->network : open.network;
  BigOption b{.name = file.name, .where = file.where, .network = network.name()};
  if (open.chip) {
    b.machine = open.chip->architecture.name;
    for (const auto& l : chip_layers(*open.chip, file.chip.host_cost, request, interrupted, free)) {
      b.compute += l.device_latency;
      b.energy += l.device_energy;
    }
  } else {
    b.compute = file.cloud.service_time.value;
    for (const auto& l : network.layers()) {
      const auto cost = cloud_cost(l, file.cloud);
      b.compute += cost.latency;
      b.cloud_energy += cost.energy;
      if (!cost.modelled) free.push_back(shown(l, "in the cloud"));
    }
  }
  if (file.where != BigPlace::SameChip) {
    b.link = file.link;
    b.sent = bits_of(network, little_words, false);
    b.received = bits_of(network, open.chip ? open.chip->architecture.words : little_words, true);
  }
  if (file.where == BigPlace::SecondChip) b.idle_power = file.chip.idle_power.value;
  return b;
}

BigLittleAnswer answer_of(OpenBigLittle& open, const ScenarioRequest& request,
                          const std::function<bool()>& interrupted) {
  const auto& file = open.file;
  BigLittleAnswer a{.head = {.name = file.name, .title = file.title, .figures = figures_of(file)}};
  add_workload(a.head, open.little.network);
  a.little = {.network = open.little.network.name(),
              .machine = open.little.architecture.name,
              .idle_power = file.little.idle_power.value};
  for (const auto& l : chip_layers(open.little, file.little.host_cost, request, interrupted, a.head.not_modelled)) {
    a.little.latency += l.device_latency;
    a.little.energy += l.device_energy;
  }
  a.share = file.escalated.value();
  a.share_origin = file.escalated.origin();
  a.targets.percentile = file.percentile;
  if (file.deadline) a.targets.deadline = file.deadline->value;
  if (file.energy) a.targets.energy = file.energy->value;
  a.require = (file.deadline && file.deadline->require) || (file.energy && file.energy->require);
  for (auto& big : open.big) {
    add_workload(a.head, big.chip ? big.chip->network : big.network);
    BigAnswer one{.option = big_option(big, open.little.architecture.words, request, interrupted, a.head.not_modelled)};
    one.at_share = big_little(a.little, one.option, a.share);
    one.big_only = big_only(a.little, one.option);
    for (std::int64_t i = 0; i <= file.steps; ++i)
      one.sweep.push_back(big_little(a.little, one.option, static_cast<double>(i) / static_cast<double>(file.steps)));
    one.largest = largest_shares(a.little, one.option, a.targets);
    a.big.push_back(std::move(one));
  }
  return a;
}

template <class Answer>
void deliver(const Answer& answer, const ScenarioRequest& request) {
  if (!request.out.empty()) {
    write_file(request.out + "/scenario.json", to_json(answer));
    write_file(request.out + "/scenario.csv", to_csv(answer));
    write_file(request.out + "/report.html", to_page({}, {{label_of_folder(request.out), to_json(answer)}}));
  }
  fmt::print("{}", request.format == "json"  ? to_json(answer)
                   : request.format == "csv" ? to_csv(answer)
                                             : to_table(answer));
  if (!request.out.empty() && !request.run.quiet)
    fmt::print(stderr, "written: {0}/scenario.json {0}/scenario.csv {0}/report.html\n", request.out);
}

int run_offload(const ScenarioRequest& request, const Catalogue& catalogue, const std::function<bool()>& interrupted) {
  auto open = open_offload(request.document, request.overrides, catalogue);
  const auto answer = answer_of(open, request, interrupted);
  deliver(answer, request);
  if (!answer.deadline || !answer.deadline->require || answer.deadline_met()) return 0;
  fmt::print(stderr, "the required deadline of {:g} ms is missed by {}\n", answer.deadline->value.count() * 1e3,
             answer.best());
  return 1;
}

int run_big_little(const ScenarioRequest& request, const Catalogue& catalogue,
                   const std::function<bool()>& interrupted) {
  auto open = open_big_little(request.document, request.overrides, catalogue);
  const auto answer = answer_of(open, request, interrupted);
  deliver(answer, request);
  if (!answer.require || answer.targets_met()) return 0;
  fmt::print(stderr, "a required target is missed by every way to run the big network\n");
  return 1;
}

}  // namespace

int run_scenario(const ScenarioRequest& request, const Catalogue& catalogue, const std::function<bool()>& interrupted) {
  const OutFolder out{request.out, "--out"};
  try {
    return request.document.top_level_text("kind") == "offload" ? run_offload(request, catalogue, interrupted)
                                                                : run_big_little(request, catalogue, interrupted);
  } catch (const NoAnswer& none) {
    fmt::print(stderr, "{}\n", none.why);
    return 1;
  }
}

void check_scenario(const YamlDocument& document, const Catalogue& catalogue) {
  if (document.top_level_text("kind") == "offload")
    (void)open_offload(document, {}, catalogue);
  else
    (void)open_big_little(document, {}, catalogue);
}

std::string scenario_in_full(const YamlDocument& document) {
  const auto write = [](auto value) { return write_yaml([&](Fields& f) { describe(f, value); }); };
  if (document.top_level_text("kind") == "offload") return write(read_yaml<OffloadFile>(document));
  return write(read_yaml<BigLittleFile>(document));
}

std::string scenario_schema(const std::string& kind) {
  return kind == "offload" ? json_schema_of<OffloadFile>("Eyrie offload")
                           : json_schema_of<BigLittleFile>("Eyrie big_little");
}

}  // namespace eyrie
