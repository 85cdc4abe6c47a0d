#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "app/experiment.hpp"
#include "app/progress.hpp"
#include "base/processes.hpp"
#include "dataflows/closed_form.hpp"
#include "dataflows/wires.hpp"
#include "workloads/forward.hpp"
#include "workloads/gather.hpp"
#include "workloads/zero_macs.hpp"

namespace eyrie {

LayerOutcome simulate_layer(const PreparedExperiment& p, const PlannedLayer& planned, const ForwardPass& forward,
                            const Recording* recording) {
  const Layer& layer = p.network.layers()[planned.number];
  const LayerOperands operands = forward.operands(planned.number);
  SimulateOptions options;
  options.stepping = p.experiment.stepping;
  options.reads_network_input = forward.reads_network_input(planned.number);
  RunLog log;
  if (recording) recording->ask(layer.name, options, log);
  LayerOutcome outcome;
  outcome.layer = layer.name;
  outcome.mapping = mapping_yaml(planned.mapping, layer.name, p.architecture.name, p.network.name());
  outcome.mapping_origin = planned.origin;
  outcome.dataflow = planned.dataflow;
  outcome.arithmetic = operands.arithmetic;
  outcome.result = simulate(planned.nest, p.architecture, planned.mapping, operands, options);
  if (recording) recording->keep(layer.name, log);
  const auto moved = traffic(planned.mapping, planned.nest, p.architecture);
  const DataFacts facts{.gated_macs = zero_macs(planned.nest, operands.input).count(),
                        .biases = !operands.bias.empty(),
                        .table_activation = uses_table(operands.arithmetic.activation),
                        .reads_network_input = options.reads_network_input};
  const auto cycles = cycle_model(moved, planned.nest, p.architecture, facts);
  auto counts = action_counts(moved, planned.nest, p.architecture, facts);
  counts += wire_counts(planned.mapping, planned.nest, p.architecture, moved);
  outcome.analytic = {.cycles_bound = cycles.bound,
                      .cycles_estimate = cycles.estimate,
                      .counts_equal = same_words(counts, outcome.result.counts)};
  outcome.checked = true;
  const Tensor ours = output_of(layer, outcome.result.ofmap);
  const auto& truth = forward.output(planned.number).data();
  for (std::size_t i = 0; i < truth.size(); ++i) outcome.mismatches += ours.data()[i] != truth[i] ? 1 : 0;
  outcome.input_zeros = forward.input_zero_share(planned.number);
  return outcome;
}

std::vector<std::string> layer_names(const PreparedExperiment& p) {
  std::vector<std::string> names;
  for (const auto& l : p.layers) names.push_back(p.network.layers()[l.number].name);
  return names;
}

RunAnswer run(const PreparedExperiment& p, const RunOptions& options, const std::function<bool()>& interrupted) {
  const auto names = layer_names(p);
  std::vector<double> costs;
  for (const auto& l : p.layers) costs.push_back(l.cost);
  Progress progress{Progress::fitting(options.quiet), names, costs};
  progress.stage("computing the reference");
  const ForwardPass forward{p.network, p.architecture.words, static_cast<std::uint64_t>(p.experiment.seed)};

  progress.stage("simulating");
  std::vector<std::size_t> longest_first(p.layers.size());
  std::iota(longest_first.begin(), longest_first.end(), std::size_t{0});
  std::ranges::stable_sort(longest_first, std::ranges::greater{}, [&](std::size_t i) { return costs[i]; });
  const auto answers = run_in_processes(
      p.layers.size(), options.jobs,
      [&](std::size_t i) { return to_text(simulate_layer(p, p.layers[i], forward, options.recording)); }, longest_first,
      [&](std::size_t i) { progress.done(i); }, interrupted);

  RunAnswer answer{.outcomes = {}, .finished = progress.finished(), .interrupted = interrupted()};
  for (const auto& text : answers)
    if (!text.empty()) answer.outcomes.push_back(outcome_from_text(text));
  return answer;
}

}  // namespace eyrie
