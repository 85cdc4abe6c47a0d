#include "app/map_command.hpp"

#include "app/layer_jobs.hpp"
#include "app/out_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "app/precision.hpp"
#include "base/processes.hpp"
#include "dataflows/legality.hpp"
#include "dataflows/traffic.hpp"
#include "energy/price.hpp"
#include "report/render.hpp"

namespace eyrie {

namespace {

/// The mapping that ships for this machine and network, weighed like those found.
void weigh_given(MappedLayer& mapped, const PreparedExperiment& p, const LayerToMap& l, const Catalogue& catalogue) {
  const auto name = p.architecture.name + "/" + p.network.name();
  if (!std::filesystem::exists(catalogue.path(Shelf::Mappings, name))) return;
  for (const auto& entry : read_mapping_file(YamlDocument::from_file(catalogue.path(Shelf::Mappings, name))).layers) {
    if (entry.layer != mapped.layer) continue;
    const auto& a = machine_of(p, l);
    const auto m = mapping_of(entry, l.nest, a);
    if (!is_legal(m, l.nest, a)) return;
    const auto facts = expected_facts(l, a);
    const auto moved = traffic(m, l.nest, a);
    const auto cost = map_cost(moved, l.nest, a, facts, pricing_of(a, prices_of(p, l)));
    mapped.given = Certificate{};
    mapped.given->energy_pj = cost.energy.count();
    mapped.given->cycles_bound = cost.cycles.count();
    mapped.given->cycles_estimate = cycle_model(moved, l.nest, a, facts).estimate.count();
    mapped.given_origin = name;
  }
}

/// Simulates the first `top` mappings of each layer with data.
void simulate_best(MappedNetwork& all, const PreparedExperiment& p, const MapRequest& request) {
  const ForwardPass forward = reference_of(p, request.settings.jobs);
  struct Job {
    std::size_t layer, rank;
  };
  std::vector<Job> jobs;
  for (std::size_t i = 0; i < all.layers.size(); ++i)
    for (std::size_t k = 0; k < std::min(request.simulate_top, all.layers[i].best.size()); ++k) jobs.push_back({i, k});
  const auto answers = run_in_processes(jobs.size(), request.settings.jobs, [&](std::size_t j) {
    PlannedLayer planned = p.layers[jobs[j].layer];
    planned.mapping = Mapping{all.layers[jobs[j].layer].best[jobs[j].rank].nest};
    return to_text(simulate_layer(p, planned, forward));
  });
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    const auto outcome = outcome_from_text(answers[j]);
    SimulatedMapping s{.cycles = outcome.result.cycles,
                       .energy = price(outcome.result.counts, {outcome.result.cycles, outcome.result.active_pes},
                                       machine_of(p, p.layers[jobs[j].layer]), prices_of(p, p.layers[jobs[j].layer]))
                                     .total,
                       .score = 0,
                       .right = outcome.mismatches == 0 && outcome.analytic.counts_equal && !outcome.result.deadlock};
    s.score = score_of(all.objective, {s.energy, s.cycles});
    auto& layer = all.layers[jobs[j].layer];
    layer.best[jobs[j].rank].certificate->simulated_cycles = s.cycles.count();
    layer.best[jobs[j].rank].certificate->simulated_energy_pj = s.energy.count();
    layer.simulated.push_back(s);
  }
}

/// The mapping that is written: the best by simulation where there was one.
std::size_t chosen(const MappedLayer& l) {
  if (l.simulated.empty()) return 0;
  return static_cast<std::size_t>(std::ranges::min_element(l.simulated, {}, &SimulatedMapping::score) -
                                  l.simulated.begin());
}

void write_mappings(const MappedNetwork& all, const std::string& folder) {
  const auto head = mappings_head(all.architecture, all.workload);
  const auto entry = [](const LayerMapping& m) {
    Certificate c = *m.certificate;
    c.search_s = 0;  // the same search gives the same file
    return mapping_entry(Mapping{m.nest}, m.layer, c);
  };
  std::string network = head;
  for (const auto& l : all.layers) {
    write_file(fmt::format("{}/{}.yaml", folder, l.layer), head + entry(l.best[chosen(l)]));
    network += entry(l.best[chosen(l)]);
    if (l.best.size() == 1) continue;
    for (std::size_t k = 0; k < l.best.size(); ++k)
      write_file(fmt::format("{}/{}_{}.yaml", folder, l.layer, k + 1), head + entry(l.best[k]));
  }
  write_file(fmt::format("{}/{}.yaml", folder, all.workload), network);
}

}  // namespace

MappedNetwork map_network(const MapRequest& request, const Catalogue& catalogue,
                          const std::function<bool()>& interrupted) {
  const OutFolder out{request.out, "--out"};
  Experiment e = request.experiment;
  e.mappings.clear();
  e.objective = request.settings.question.objective;
  const auto p = prepare(e, request.overrides, catalogue);
  MapSettings settings = request.settings;
  settings.question.keep = std::max<std::size_t>(1, request.simulate_top);

  std::vector<LayerToMap> layers;
  for (const auto& l : p.layers) layers.push_back(to_map(p, l));
  const auto found = best_mappings(p, layers, settings, interrupted);
  MappedNetwork all{.architecture = p.architecture.name,
                    .workload = p.network.name(),
                    .dataflow = p.flow.name,
                    .energy_table = p.table.name,
                    .batch = e.batch,
                    .pes = p.architecture.pes(),
                    .objective = *e.objective,
                    .layers = {}};
  std::vector<Diagnostic> wrong;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (found[i].empty()) {
      for (auto& d : no_mapping(p, layers[i], settings.question)) wrong.push_back(std::move(d));
      continue;
    }
    all.layers.push_back({.layer = layers[i].layer->name,
                          .nest = layers[i].nest,
                          .best = found[i],
                          .simulated = {},
                          .given = {},
                          .given_origin = {}});
    weigh_given(all.layers.back(), p, layers[i], catalogue);
  }
  if (!wrong.empty()) throw InputError{std::move(wrong)};
  if (request.simulate_top > 0) simulate_best(all, p, request);
  if (!request.out.empty()) write_mappings(all, request.out);
  return all;
}

}  // namespace eyrie
