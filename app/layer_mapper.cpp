#include "app/layer_mapper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "arch/codebook.hpp"
#include "base/processes.hpp"
#include "dataflows/traffic.hpp"
#include "energy/price.hpp"
#include "mapper/verify.hpp"
#include "workloads/compression/prune.hpp"

namespace eyrie {

Pricing pricing_of(const Architecture& a, const EnergyTable& table) {
  return [&a, &table](const ActionCounts& counts, Cycles cycles) { return unrounded_energy(counts, cycles, a, table); };
}

/// Bytes after coding per byte before, for words of which a share is zero at random: a pair a value that is not zero,
/// and one where a run of zeros is too long.
double coded_share(double zeros, const RunLengthCode& code, Bits word) {
  const double longest = std::pow(2.0, static_cast<double>(code.run.count())) - 1;
  const double pairs = (1 - zeros) / (1 - std::pow(zeros, longest + 1));
  const double bits = static_cast<double>(code.word.count()) / static_cast<double>(code.pairs);
  return std::max(zeros >= 1 ? 1 / (longest + 1) : pairs, 1 / (longest + 1)) * bits / static_cast<double>(word.count());
}

/// The same for filters, of which a share is zero and which may be indices of a codebook.
static double coded_filters(const LayerToMap& wanted, const Architecture& a) {
  const auto& l = *wanted.layer;
  const auto& code = *a.dram.compression;
  const auto* words = wanted.filters;
  const double zeros = words ? static_cast<double>(std::ranges::count(words->data(), 0)) /
                                   static_cast<double>(std::max<std::int64_t>(1, std::ssize(words->data())))
                             : l.weight_zeros;
  const bool indices = code.codebook && l.codebook_bits > 0 && l.codebook_bits < a.words.weight.count() &&
                       (!words || few_values(words->data(), l.codebook_bits));
  const auto width = static_cast<double>(a.words.weight.count());
  const double value = indices ? static_cast<double>(l.codebook_bits) : width;
  switch (code.filters) {
    case FilterCode::RunLength: {
      RunLengthCode own = code;
      if (indices) own.pairs = indices_in_word(code, Bits{l.codebook_bits});
      return coded_share(zeros, own, a.words.weight);
    }
    case FilterCode::Csc: {
      const auto column = std::min(wanted.nest.extent[Dim::M], (std::int64_t{1} << code.csc.pointer.count()) - 1);
      const double pointer = static_cast<double>(code.csc.pointer.count()) / static_cast<double>(column);
      return ((1 - zeros) * (value + static_cast<double>(code.csc.count.count())) + pointer) / width;
    }
    case FilterCode::Plain:
      break;
  }
  return value / width;
}

DataFacts expected_facts(const LayerToMap& l, const Architecture& a) {
  DataFacts facts{.biases = l.layer->bias && l.layer->has_filters(),
                  .table_activation = l.layer->uses_table(),
                  .reads_network_input = l.reads_network_input};
  const auto zeros = std::clamp(l.layer->input_zeros.value_or(0.0), 0.0, 1.0);
  const auto& code = a.dram.compression;
  if (code) facts.coded_input = coded_share(zeros, *code, a.words.input);
  if (code && l.layer->has_filters() && std::ranges::count(code->tensors, Operand::Weight) > 0)
    facts.coded_weight = coded_filters(l, a);
  return facts;
}

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point began) { return std::chrono::duration<double>(Clock::now() - began).count(); }

/// Tells the best and the gap of a search that takes long, and when to stop it.
class Watch {
 public:
  Watch(std::string name, const MapSettings& settings, const std::function<bool()>& interrupted)
      : name_{std::move(name)}, settings_{settings}, interrupted_{interrupted} {}

  bool operator()(double best, double bound) {
    if (interrupted_() || (settings_.time_limit_s > 0 && seconds_since(began_) > settings_.time_limit_s)) return false;
    if (!settings_.quiet && seconds_since(told_) > 1.0) {
      told_ = Clock::now();
      if (std::isfinite(best))
        fmt::print(stderr, "{}: best {:.6g}, nothing below {:.6g}, gap {:.2f} %\n", name_, best, bound,
                   100 * (best - bound) / best);
    }
    return true;
  }
  [[nodiscard]] double seconds() const { return seconds_since(began_); }

 private:
  std::string name_;
  const MapSettings& settings_;
  const std::function<bool()>& interrupted_;
  Clock::time_point began_ = Clock::now(), told_ = began_;
};

Certificate certificate_of(const MapCandidate& c, const MapAnswer& answer, const CycleModel& cycles) {
  const auto& p = answer.proof;
  return {.energy_pj = c.cost.energy.count(),
          .cycles_bound = c.cost.cycles.count(),
          .cycles_estimate = cycles.estimate.count(),
          .lower_bound = p.lower_bound,
          .complete = p.complete,
          .log10_space = p.log10_space,
          .nodes = p.nodes,
          .passes = p.passes,
          .nests = p.nests,
          .array_full = p.array_full,
          .spads_full = p.spads_full,
          .buffers_full = p.buffers_full,
          .gaps = p.gaps,
          .bound_cut = p.bound_cut,
          .root_bound = p.root_bound};
}

/// What a check by other code says, in one line; begins with FAILED if the answer does not hold.
std::string verdict_on(const MapAnswer& answer, const LayerToMap& l, const Architecture& a, const Dataflow& flow,
                       const DataFacts& facts, const Pricing& pricing, const MapQuestion& question,
                       const std::function<bool()>& interrupted) {
  const auto v = verify_mapping(l.nest, a, flow, facts, pricing, question, answer,
                                {.brute_force_up_to = 20000, .go_on = [&] { return !interrupted(); }});
  std::string findings;
  for (const auto& f : v.findings) findings += (findings.empty() ? "" : "; ") + f;
  std::ranges::replace(findings, '"', '\'');
  if (!v.finished) return "stopped before the check was over";
  if (!v.holds) return "FAILED: " + findings;
  return fmt::format("{}: {} choices ruled out, {} examined, {} mappings weighed, none better", v.method, v.ruled_out,
                     v.examined, v.weighed);
}

/// One search, its answer as the text of a mapping file whose layers are the ranks.
std::string search_text(const LayerToMap& l, const Architecture& a, const Dataflow& flow, const EnergyTable& table,
                        const MapSettings& settings, const std::function<bool()>& interrupted) {
  const auto facts = expected_facts(l, a);
  Watch watch{l.layer->name, settings, interrupted};
  const auto answer = search_mapping(l.nest, a, flow, facts, pricing_of(a, table), settings.question, std::ref(watch));
  if (answer.best.empty() && !answer.proof.complete)
    throw InputError({"--time-limit", 0, 0},
                     fmt::format("the search of {} was stopped before it met a legal mapping", l.layer->name),
                     "give it more time");
  if (answer.best.empty()) return "-";
  const double searched_s = watch.seconds();
  const auto verified =
      settings.verify ? verdict_on(answer, l, a, flow, facts, pricing_of(a, table), settings.question, interrupted)
                      : std::string();
  std::string text = mappings_head(a.name, "one_layer");
  std::int64_t rank = 0;
  for (const auto& candidate : answer.best) {
    const auto cycles = cycle_model(traffic(candidate.mapping, l.nest, a), l.nest, a, facts);
    Certificate c = certificate_of(candidate, answer, cycles);
    c.objective = name_of(settings.question.objective);
    c.space = name_of(settings.question.space);
    c.dataflow = flow.name;
    c.energy_table = table.name;
    c.rank = ++rank;
    c.verified = verified;
    c.search_s = searched_s;
    text += mapping_entry(candidate.mapping, fmt::format("rank_{}", rank), c);
  }
  return text;
}

}  // namespace

std::vector<LayerMappings> map_layers(const std::vector<LayerToMap>& layers, const Architecture& a,
                                      const Dataflow& flow, const EnergyTable& table, const MapSettings& settings,
                                      const std::function<bool()>& interrupted) {
  std::vector<std::size_t> first;  // layers whose nest is new
  std::vector<std::size_t> same(layers.size());
  const auto facts_of = [&](std::size_t i) {
    const auto f = expected_facts(layers[i], a);
    return std::tuple{f.coded_input, f.coded_weight, f.reads_network_input};
  };
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto it = std::ranges::find_if(
        first, [&](std::size_t k) { return layers[k].nest == layers[i].nest && facts_of(k) == facts_of(i); });
    same[i] = static_cast<std::size_t>(it - first.begin());
    if (it == first.end()) first.push_back(i);
  }
  const auto texts = run_in_processes(
      first.size(), settings.jobs,
      [&](std::size_t k) { return search_text(layers[first[k]], a, flow, table, settings, interrupted); }, {}, {},
      interrupted, Interrupts::OfJobs);
  std::vector<LayerMappings> found;
  for (const auto& text : texts) {
    found.emplace_back();
    if (text.size() < 2) continue;
    for (auto& entry : read_mapping_file(YamlDocument::from_text(text, "mapper")).layers) {
      entry.where = {};
      for (auto& e : entry.nest) e.where = {};
      found.back().push_back(std::move(entry));
    }
  }
  std::vector<LayerMappings> all;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    all.push_back(found[same[i]]);
    for (auto& entry : all.back()) entry.layer = layers[i].layer->name;
  }
  return all;
}

}  // namespace eyrie
