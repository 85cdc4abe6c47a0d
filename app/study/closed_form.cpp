#include "app/study/closed_form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/precision.hpp"
#include "app/study/canonical.hpp"
#include "app/trained.hpp"
#include "dataflows/closed_form.hpp"
#include "dataflows/explain.hpp"
#include "dataflows/wires.hpp"
#include "workloads/zero_macs.hpp"

namespace eyrie {

namespace {

double share_of_zeros(const Tensor& t) {
  if (t.data().empty()) return 0;
  return static_cast<double>(std::ranges::count(t.data(), 0)) / static_cast<double>(t.data().size());
}

/// Share of zeros once an ifmap has its padding around it.
double with_padding(double zeros, const LayerNest& nest, const Tensor& ifmap) {
  const auto words = static_cast<double>(ifmap.data().size());
  const auto padded = static_cast<double>(nest.tile_words(Operand::Input, nest.extent).count());
  return padded > words ? (zeros * words + padded - words) / padded : zeros;
}

std::vector<LayerData> data_of(const PreparedExperiment& p) {
  const auto forward = reference_of(p, 1);
  std::vector<LayerData> all;
  for (const auto& l : p.layers) {
    const auto operands = forward.operands(l.number);
    LayerData d{.input_zeros = forward.input_zero_share(l.number),
                .output_zeros = share_of_zeros(forward.output(l.number)),
                .zero_input_macs = zero_macs(l.nest, operands.input).count()};
    d.moved_zeros = with_padding(d.input_zeros, l.nest, operands.input);
    if (l.nest.has_weights() && machine_of(p, l).array.mac.minds_zero_weights()) {
      const auto zeros = zero_weight_macs(l.nest, operands.input, operands.weight);
      d.zero_weight_macs = zeros.all;
      d.zero_both_macs = zeros.both;
    }
    all.push_back(d);
  }
  return all;
}

/// What the mapper expects of a layer, with what its data are known to be.
DataFacts facts_of(const LayerToMap& l, const Architecture& a, const LayerData& data) {
  Layer known = *l.layer;
  known.input_zeros = data.moved_zeros;
  LayerToMap with_zeros = l;
  with_zeros.layer = &known;
  auto facts = expected_facts(with_zeros, a);
  facts.gated_macs = data.zero_input_macs;
  facts.zero_weight_macs = data.zero_weight_macs;
  facts.zero_both_macs = data.zero_both_macs;
  if (a.dram.compression) facts.coded_output = coded_share(data.output_zeros, *a.dram.compression, a.words.output);
  return facts;
}

}  // namespace

std::shared_ptr<const std::vector<LayerData>> DataMemo::of(const PreparedExperiment& p) {
  auto key = canonical_data(p);
  for (const auto& l : p.layers)
    key += fmt::format(" {}{}", l.number, machine_of(p, l).array.mac.minds_zero_weights() ? "w" : "");
  auto& kept = kept_[key];
  if (!kept) kept = std::make_shared<const std::vector<LayerData>>(data_of(p));
  return kept;
}

std::vector<LayerOutcome> closed_form(const PreparedExperiment& p, DataMemo& memo) {
  const auto data = memo.of(p);
  std::vector<LayerOutcome> all;
  for (std::size_t i = 0; i < p.layers.size(); ++i) {
    const auto& planned = p.layers[i];
    const auto& a = machine_of(p, planned);
    const Layer& layer = p.network.layers()[planned.number];
    const auto facts = facts_of(to_map(p, planned), a, (*data)[i]);
    const auto moved = traffic(planned.mapping, planned.nest, a);
    const auto cycles = cycle_model(moved, planned.nest, a, facts);
    LayerOutcome o;
    o.layer = layer.name;
    o.mapping = mapping_yaml(planned.mapping, layer.name, p.architecture.name, p.network.name());
    o.mapping_origin = planned.origin;
    o.dataflow = planned.dataflow;
    o.loops = loops_of(planned.mapping, planned.nest);
    o.loop_text = nest_text(nest_lines(planned.mapping, planned.nest, a));
    o.arithmetic.widths = a.words;
    o.input_zeros = (*data)[i].input_zeros;
    o.analytic = {.cycles_bound = cycles.bound, .cycles_estimate = cycles.estimate, .counts_equal = true};
    o.result.cycles = o.result.processing_cycles = std::max(cycles.bound, cycles.estimate);
    o.result.passes = moved.passes;
    o.result.active_pes = ceil_div(moved.pe_passes, std::max<std::int64_t>(1, moved.passes));
    o.result.counts = action_counts(moved, planned.nest, a, facts);
    o.result.counts += wire_counts(planned.mapping, planned.nest, a, moved);
    all.push_back(std::move(o));
  }
  return all;
}

}  // namespace eyrie
