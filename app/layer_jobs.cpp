#include "app/layer_jobs.hpp"

#include <algorithm>
#include <cmath>

#include "app/precision.hpp"
#include "app/recording.hpp"
#include "dataflows/closed_form.hpp"
#include "dataflows/explain.hpp"
#include "dataflows/wires.hpp"
#include "sim/share.hpp"
#include "sim/simulate.hpp"
#include "workloads/forward.hpp"
#include "workloads/gather.hpp"
#include "workloads/tensor_digest.hpp"
#include "workloads/zero_macs.hpp"

namespace eyrie {

namespace {

/// Does the network have the ofmap as the nest makes it?
bool is_plain(const Layer& l, const LayerNest& nest) {
  using enum LayerType;
  const bool type = l.type == Conv || l.type == FullyConnected || l.type == MaxPool || l.type == AveragePool;
  return type && l.output == Shape{nest.extent[Dim::N], nest.extent[Dim::G] * nest.extent[Dim::M], nest.extent[Dim::P],
                                   nest.extent[Dim::Q]};
}

std::int64_t shares(const PreparedExperiment& p, const PlannedLayer& l, double total, unsigned processes) {
  constexpr double kWorthSharing = 2e8;  // MACs; below, finding the times again costs more than is won
  if (l.cost < kWorthSharing || p.experiment.stepping != Stepping::Replay) return 1;
  if (p.architecture.array.mac.zero_skipping != ZeroSkipping::None) return 1;  // words decide when things happen
  if (!is_plain(p.network.layers()[l.number], l.nest)) return 1;
  const auto wanted = static_cast<std::int64_t>(std::ceil(l.cost * processes / total));
  return std::clamp<std::int64_t>(wanted, 1,
                                  std::min<std::int64_t>(processes, output_tiles(l.mapping, l.nest, machine_of(p, l))));
}

/// What the closed form says to what was simulated.
Analytic analytic_of(const PreparedExperiment& p, const PlannedLayer& planned, const LayerOperands& operands,
                     bool reads_network_input, const ActionCounts& simulated) {
  const auto& a = machine_of(p, planned);
  const auto moved = traffic(planned.mapping, planned.nest, a);
  const bool filters = planned.nest.has_weights() && a.array.mac.minds_zero_weights();
  const auto zeros = filters ? zero_weight_macs(planned.nest, operands.input, operands.weight) : ZeroWeightMacs{};
  const DataFacts facts{.gated_macs = zero_macs(planned.nest, operands.input).count(),
                        .biases = !operands.bias.empty(),
                        .table_activation = uses_table(operands.arithmetic.activation),
                        .reads_network_input = reads_network_input,
                        .zero_weight_macs = zeros.all,
                        .zero_both_macs = zeros.both};
  const auto cycles = cycle_model(moved, planned.nest, a, facts);
  auto counts = action_counts(moved, planned.nest, a, facts);
  counts += wire_counts(planned.mapping, planned.nest, a, moved);
  return {
      .cycles_bound = cycles.bound, .cycles_estimate = cycles.estimate, .counts_equal = same_words(counts, simulated)};
}

}  // namespace

std::vector<LayerJob> layer_jobs(const PreparedExperiment& p, unsigned processes) {
  double total = 0;
  for (const auto& l : p.layers) total += l.cost;
  std::vector<LayerJob> jobs;
  for (std::size_t i = 0; i < p.layers.size(); ++i) {
    const auto of = shares(p, p.layers[i], total, processes);
    for (std::int64_t part = 0; part < of; ++part)
      jobs.push_back({.layer = i, .part = part, .of = of, .cost = p.layers[i].cost / static_cast<double>(of)});
  }
  return jobs;
}

LayerOutcome simulate_layer(const PreparedExperiment& p, const PlannedLayer& planned, const ForwardPass& forward,
                            const LayerJob& job, const Recording* recording) {
  const Layer& layer = p.network.layers()[planned.number];
  const LayerOperands operands = forward.operands(planned.number);
  const Tensor& truth = forward.output(planned.number);
  SimulateOptions options;
  options.stepping = p.experiment.stepping;
  options.reads_network_input = forward.reads_network_input(planned.number);
  if (job.of > 1) options.share = {.part = job.part, .of = job.of, .ofmap = &truth};
  RunLog log;
  if (recording) recording->ask(layer.name, options, log);
  LayerOutcome outcome;
  outcome.layer = layer.name;
  outcome.mapping = mapping_yaml(planned.mapping, layer.name, p.architecture.name, p.network.name());
  outcome.mapping_origin = planned.origin;
  outcome.dataflow = planned.dataflow;
  outcome.loops = loops_of(planned.mapping, planned.nest);
  outcome.loop_text = nest_text(nest_lines(planned.mapping, planned.nest, machine_of(p, planned)));
  outcome.arithmetic = operands.arithmetic;
  outcome.result = simulate(planned.nest, machine_of(p, planned), planned.mapping, operands, options);
  if (recording) recording->keep(layer.name, log);
  if (job.of == 1)
    outcome.analytic = analytic_of(p, planned, operands, options.reads_network_input, outcome.result.counts);
  outcome.checked = true;
  const Tensor ours = output_of(layer, outcome.result.ofmap);
  for (std::size_t i = 0; i < truth.data().size(); ++i) outcome.mismatches += ours.data()[i] != truth.data()[i] ? 1 : 0;
  outcome.ofmap_digest = digest_of(truth);
  outcome.input_zeros = forward.input_zero_share(planned.number);
  return outcome;
}

LayerOutcome joined(const PreparedExperiment& p, const std::vector<LayerOutcome>& parts, const PlannedLayer& planned,
                    const ForwardPass& forward) {
  LayerOutcome all = parts.at(0);
  if (parts.size() == 1) return all;
  std::vector<LayerResult> results;
  all.mismatches = 0;
  for (const auto& part : parts) {
    results.push_back(part.result);
    all.mismatches += part.mismatches;
  }
  all.result = joined(results, planned.nest, machine_of(p, planned));
  all.analytic = analytic_of(p, planned, forward.operands(planned.number), forward.reads_network_input(planned.number),
                             all.result.counts);
  return all;
}

}  // namespace eyrie
