// How long the mapper takes for published networks on three machines.

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <exception>
#include <string_view>

#include "base/yaml.hpp"
#include "bench/networks.hpp"
#include "bench/program.hpp"
#include "bench/tables.hpp"
#include "dataflows/closed_form.hpp"
#include "energy/energy_table.hpp"
#include "energy/price.hpp"
#include "mapper/search.hpp"

namespace eyrie::bench {

namespace {

YamlDocument file(const std::string& path) { return YamlDocument::from_file(EYRIE_SOURCE_DIR "/" + path); }

/// What a search needs besides the layer.
struct Machine {
  Architecture architecture;
  Dataflow flow;
  EnergyTable table;

  Machine(const std::string& architecture_file, const std::string& dataflow_file)
      : architecture{read_architecture(file(architecture_file))},
        flow{read_dataflow(file(dataflow_file))},
        table{read_energy_table(file("configs/technologies/" + architecture.energy_table + ".yaml"))} {}

  [[nodiscard]] Pricing pricing() const {
    return [this](const ActionCounts& counts, Cycles cycles) {
      return unrounded_energy(counts, cycles, architecture, table);
    };
  }
  [[nodiscard]] bool computes(const LayerNest& l) const {
    return std::ranges::count(architecture.array.mac.operations, l.reduction) > 0;
  }
};

/// Without data: nothing is gated, coded words are as long as uncoded ones.
DataFacts facts_of(const Nest& n) { return {.biases = n.biases, .reads_network_input = n.reads_network_input}; }

void search(benchmark::State& state, const Machine& m, const Nest& n, Objective objective, double limit) {
  MapAnswer answer;
  for ([[maybe_unused]] auto _ : state) {
    const auto start = std::clock();
    std::int64_t asked = 0;
    const auto in_time = [&](double, double) {  // reading the clock takes longer than many a step of the search
      return ++asked % 256 != 0 || static_cast<double>(std::clock() - start) < limit * CLOCKS_PER_SEC;
    };
    try {
      answer =
          search_mapping(n.nest, m.architecture, m.flow, facts_of(n), m.pricing(), {.objective = objective}, in_time);
    } catch (const std::exception& e) {
      state.SkipWithError(e.what());
      return;
    }
  }
  const auto& p = answer.proof;
  if (answer.best.empty())
    state.SetLabel(fmt::format("{}: array full {}, spads full {}, buffers full {}, gaps {}, {} passes",
                               p.complete ? "no mapping" : "stopped without a mapping", p.array_full, p.spads_full,
                               p.buffers_full, p.gaps, p.passes));
  else if (!p.complete)
    state.SetLabel("stopped");
  for (const auto& [name, value] :
       {std::pair{"times", n.times}, {"nodes", p.nodes}, {"passes", p.passes}, {"nests", p.nests}})
    state.counters[name] = static_cast<double>(value);
  state.counters["log10_space"] = p.log10_space;
  state.counters["root"] = p.root_bound;
  state.counters["bound"] = p.lower_bound;
  state.counters["best"] = answer.best.empty() ? 0 : answer.best.front().score;
  state.counters["kept"] = static_cast<double>(answer.best.size());
}

void add_searches(const Machine& m, const std::vector<Nest>& nests, const std::string& network, double limit) {
  for (const auto& objective : names<Objective>::table)
    for (const auto& n : nests) {
      if (!m.computes(n.nest)) continue;
      const auto name = fmt::format("{}/{}/{}/{}", m.architecture.name, network, objective.name, n.layer);
      benchmark::RegisterBenchmark(name.c_str(), [&m, n, limit, o = objective.value](benchmark::State& state) {
        search(state, m, n, o, limit);
      })->Iterations(1);
    }
}

std::vector<Nest> shipped(const std::string& name, std::int64_t batch) {
  return nests_of(Network::from_yaml(file("configs/workloads/" + name + ".yaml"), batch));
}

int run(int count, char** values) {
  const auto limit = take_number(count, values, "limit", 60);  // CPU seconds; a search that is stopped says so
  benchmark::Initialize(&count, values);
  if (benchmark::ReportUnrecognizedArguments(count, values)) return 2;
  const std::vector<std::pair<std::string, std::vector<Nest>>> networks{{"alexnet", shipped("alexnet", 1)},
                                                                        {"alexnet_batch4", shipped("alexnet", 4)},
                                                                        {"vgg16", shipped("vgg16", 1)},
                                                                        {"resnet50", resnet50()},
                                                                        {"mobilenet_v1", shipped("mobilenet_v1", 1)}};
  const Machine eyeriss{"configs/architectures/eyeriss_v1.yaml", "configs/dataflows/row_stationary.yaml"};
  const Machine diannao{"bench/machines/diannao_like.yaml", "bench/machines/adder_tree.yaml"};
  const Machine tpu{"bench/machines/tpu_like.yaml", "bench/machines/weights_stay.yaml"};
  for (const Machine* m : {&eyeriss, &diannao, &tpu})
    for (const auto& [name, nests] : networks) add_searches(*m, nests, name, limit);
  Tables tables;
  benchmark::RunSpecifiedBenchmarks(&tables);
  return 0;
}

}  // namespace

}  // namespace eyrie::bench

int main(int count, char** values) {
  return eyrie::bench::exit_code([&] { return eyrie::bench::run(count, values); });
}
