// How many mappings a second the closed form evaluates: a stream of different mappings of one layer, as a walk through
// a design space meets them.

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string_view>

#include "base/yaml.hpp"
#include "bench/mapping_stream.hpp"
#include "bench/program.hpp"
#include "dataflows/action_counter.hpp"
#include "dataflows/cycle_bound.hpp"
#include "dataflows/traffic_evaluator.hpp"
#include "energy/energy_table.hpp"
#include "energy/price.hpp"
#include "energy/price_vector.hpp"

namespace eyrie::bench {

namespace {

/// Mappings in turn: so many that lie in a processor's cache, as one does that was just made, and so many that don't.
constexpr std::size_t kHot = 256, kCold = 4096;

YamlDocument file(const std::string& path) { return YamlDocument::from_file(EYRIE_SOURCE_DIR "/" + path); }

/// A layer, a machine, and mappings of the one on the other, made when they are first wanted.
struct Case {
  std::string name;
  LayerNest layer;
  Architecture architecture;
  Dataflow flow;
  EnergyTable table;
  DataFacts facts;
  std::vector<Mapping> mappings;

  Case(const std::string& machine, const std::string& layer_name, const LayerNest& l)
      : name{machine + "/" + layer_name},
        layer{l},
        architecture{read_architecture(file("configs/architectures/" + machine + ".yaml"))},
        flow{read_dataflow(file("configs/dataflows/" + architecture.dataflow + ".yaml"))},
        table{read_energy_table(file("configs/technologies/" + architecture.energy_table + ".yaml"))} {}

  std::span<const Mapping> stream(std::size_t count) {
    if (mappings.size() < count) mappings = mapping_stream(layer, architecture, flow, count);
    return std::span{mappings}.first(std::min(count, mappings.size()));
  }
};

/// Evaluates the stream's mappings in turn.
template <class Evaluate>
void evaluate(benchmark::State& state, Case& c, Evaluate each, std::size_t mappings = kHot) {
  const auto stream = c.stream(mappings);
  std::size_t i = 0;
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(each(stream[i]));
    i = (i + 1) % stream.size();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

void traffic_alone(benchmark::State& state, Case& c) {
  TrafficEvaluator evaluator{c.layer, c.architecture};
  evaluate(state, c, [&](const Mapping& m) { return evaluator.traffic(m); });
}

void traffic_from_memory(benchmark::State& state, Case& c) {
  TrafficEvaluator evaluator{c.layer, c.architecture};
  evaluate(
      state, c, [&](const Mapping& m) { return evaluator.traffic(m); }, kCold);
}

void with_action_counts(benchmark::State& state, Case& c) {
  TrafficEvaluator evaluator{c.layer, c.architecture};
  const ActionCounter counter{c.layer, c.architecture, c.facts};
  std::vector<Count> counts(counter.rows().size());
  evaluate(state, c, [&](const Mapping& m) {
    counter.count(evaluator.traffic(m), counts);
    return counts.data();
  });
}

void with_cycle_bound(benchmark::State& state, Case& c) {
  TrafficEvaluator evaluator{c.layer, c.architecture};
  const CycleBound bound{c.architecture, c.facts};
  evaluate(state, c, [&](const Mapping& m) { return bound.of(evaluator.traffic(m)); });
}

/// What a search through a design space wants of a mapping: cycles and energy.
void with_cycle_bound_and_energy(benchmark::State& state, Case& c) {
  TrafficEvaluator evaluator{c.layer, c.architecture};
  const ActionCounter counter{c.layer, c.architecture, c.facts};
  const CycleBound bound{c.architecture, c.facts};
  const PriceVector prices{counter.rows(), c.architecture, c.table};
  std::vector<Count> counts(counter.rows().size());
  evaluate(state, c, [&](const Mapping& m) {
    const auto w = evaluator.traffic(m);
    counter.count(w, counts);
    return prices.total(counts, bound.of(w));
  });
}

/// Each mapping from nothing, with names, as for a single one.
void one_at_a_time(benchmark::State& state, Case& c) {
  evaluate(state, c, [&](const Mapping& m) { return traffic(m, c.layer, c.architecture); });
}
void priced_one_at_a_time(benchmark::State& state, Case& c) {
  evaluate(state, c, [&](const Mapping& m) {
    const auto w = traffic(m, c.layer, c.architecture);
    const auto bound = cycle_model(w, c.layer, c.architecture, c.facts).bound;
    return unrounded_energy(action_counts(w, c.layer, c.architecture, c.facts), bound, c.architecture, c.table);
  });
}

LayerNest conv(std::int64_t groups, std::int64_t m, std::int64_t c, std::int64_t size, std::int64_t filter) {
  LayerNest l;
  const auto around = filter / 2;
  l.extent = {{groups, 1, m, c, size, size, filter, filter}};
  l.padding = {around, around, around, around};
  return l;
}

/// AlexNet's CONV2 and CONV3, batch 1 (Krizhevsky et al., NIPS 2012), and the 1 x 1 that widens 64 channels to 256 in
/// the first stage of ResNet-50 (He et al., CVPR 2016, Table 1).
std::vector<Case> cases() {
  const auto conv2 = conv(2, 128, 48, 27, 5), conv3 = conv(1, 384, 256, 13, 3), one_by_one = conv(1, 256, 64, 56, 1);
  return {{"eyeriss_v1", "alexnet_conv3", conv3},
          {"eyeriss_v1", "alexnet_conv2", conv2},
          {"eyeriss_v1", "resnet50_1x1", one_by_one},
          {"diannao", "alexnet_conv3", conv3},
          {"tpu_like_32x32", "alexnet_conv3", conv3}};
}

struct Measure {
  const char* what;
  void (*measure)(benchmark::State&, Case&);
};
constexpr Measure kMeasures[] = {{"traffic", traffic_alone},
                                 {"traffic_action_counts", with_action_counts},
                                 {"traffic_cycle_bound", with_cycle_bound},
                                 {"traffic_cycle_bound_energy", with_cycle_bound_and_energy},
                                 {"from_memory/traffic", traffic_from_memory},
                                 {"one_at_a_time/traffic", one_at_a_time},
                                 {"one_at_a_time/traffic_cycle_bound_energy", priced_one_at_a_time}};

int run(int count, char** values) {
  // Exactly so many, instead of as many as take a while.
  const auto evaluations = static_cast<std::int64_t>(take_number(count, values, "evaluations", 0));
  benchmark::Initialize(&count, values);
  if (benchmark::ReportUnrecognizedArguments(count, values)) return 2;
  auto all = cases();
  for (auto& c : all)
    for (const auto& [what, measure] : kMeasures) {
      const auto name = c.name + "/" + what;
      auto* b = benchmark::RegisterBenchmark(name.c_str(), [&c, m = measure](benchmark::State& state) { m(state, c); });
      if (evaluations > 0) b->Iterations(evaluations);
    }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace

}  // namespace eyrie::bench

int main(int count, char** values) {
  return eyrie::bench::exit_code([&] { return eyrie::bench::run(count, values); });
}
