#include "mapper/search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "base/ensure.hpp"
#include "dataflows/legality.hpp"
#include "mapper/assemble.hpp"
#include "mapper/best_known.hpp"
#include "mapper/outer.hpp"
#include "mapper/pass_cost.hpp"
#include "mapper/pe_nest.hpp"
#include "mapper/reach.hpp"
#include "mapper/settle.hpp"

namespace eyrie {

double score_of(Objective o, const MapCost& c) {
  switch (o) {
    case Objective::Cycles:
      return static_cast<double>(c.cycles.count());
    case Objective::Edp:
      return c.energy.count() * static_cast<double>(c.cycles.count());
    case Objective::Energy:
    case Objective::Front:
      break;
  }
  return c.energy.count();
}

namespace {

std::size_t at(Dim d) { return static_cast<std::size_t>(d); }

/// Nested divisor sequences of three extents: how many ways a dimension can be cut at three keeps.
double chains(std::int64_t passes) {
  std::map<std::int64_t, double> ways{{passes, 1}};
  for (int keep = 0; keep < 3; ++keep) {
    std::map<std::int64_t, double> next;
    for (const auto& [units, n] : ways)
      for (std::int64_t k = 1; k <= units; ++k)
        if (units % k == 0) next[k] += n;
    ways = std::move(next);
  }
  double all = 0;
  for (const auto& [units, n] : ways) all += n;
  return all;
}

class Search {
 public:
  Search(const LayerNest& l, const Architecture& a, const Dataflow& flow, const DataFacts& facts,
         const Pricing& pricing, const MapQuestion& question, const MapProgress& progress)
      : l_{l},
        a_{a},
        flow_{flow},
        facts_{facts},
        pricing_{pricing},
        question_{question},
        progress_{progress},
        best_{question.objective, question.keep, question.cycle_limit} {
    for (Dim d : kAllDims) options_[at(d)] = dim_options(d, l, a, flow, question.space);
    answer_.proof.log10_space = log10_space();
    for (Dim d : kAllDims) drop_misfits(d);
    dims_.assign(kAllDims.begin(), kAllDims.end());
    std::ranges::stable_sort(dims_, {}, [&](Dim d) { return options_[at(d)].size(); });
  }

  MapAnswer run() {
    if (std::ranges::any_of(options_, [](const auto& o) { return o.empty(); })) return std::move(answer_);
    if (std::ranges::count(a_.array.mac.operations, l_.reduction) == 0) return std::move(answer_);
    for (const auto& passes_by : bypasses()) {
      costs_.emplace_back(l_, a_, facts_, pricing_, passes_by, options_, dims_);
      dive(costs_.size() - 1, 0, costs_.back().start());
    }
    auto& proof = answer_.proof;
    proof.root_bound = std::numeric_limits<double>::infinity();
    for (const auto& cost : costs_)
      proof.root_bound = std::min(proof.root_bound, score_of(question_.objective, cost.least(cost.start())));
    proof.lower_bound = proof.root_bound;
    for (std::size_t variant = 0; variant < costs_.size(); ++variant) split(variant, 0, costs_[variant].start());
    std::ranges::stable_sort(parts_, {}, &Part::bound);
    for (const auto& part : parts_) {
      if (!proof.complete) break;
      proof.lower_bound = part.bound;
      if (!best_.worth(part.cost)) {
        ++proof.bound_cut;
        if (question_.objective == Objective::Front) continue;
        if (part.bound >= best_.worst()) break;
        continue;
      }
      if (!go_on()) break;
      choose_part(part);
    }
    finish();
    return std::move(answer_);
  }

 private:
  /// The options of all dimensions but the last, and what they cost at least.
  struct Part {
    double bound = 0;
    MapCost cost;
    std::size_t variant = 0;
    PassCost::Partial partial;
  };

  std::vector<std::array<bool, 3>> bypasses() const {
    std::vector<std::array<bool, 3>> all{{false, false, false}};
    for (Operand t : kAllOperands) {
      if (!a_.partition(t)->bypass || (t == Operand::Weight && !l_.has_weights())) continue;
      all.push_back({});
      all.back()[static_cast<std::size_t>(t)] = true;
    }
    return all;
  }

  double log10_space() const {
    double log10 = std::log10(40320.0 * 40320.0 * 36 * static_cast<double>(bypasses().size()));
    for (const auto& list : options_) {
      double ways = 0;
      for (const auto& o : list) ways += chains(o.passes);
      log10 += std::log10(ways);
    }
    return log10;
  }

  /// Options that don't fit even when all other dimensions have one element.
  void drop_misfits(Dim d) {
    std::erase_if(options_[at(d)], [&](const DimOption& o) {
      Extents part;
      part[d] = o.pe;
      const bool spads = !nests_of(part).empty();
      answer_.proof.spads_full += spads ? 0 : 1;
      return !spads;
    });
  }

  /// Dimensions that are chosen before the search: all but the one with most options.
  static constexpr std::size_t kSplit = kDims - 1;

  /// Something good to begin with: in each dimension the few options that look best, until one mapping is found.
  bool dive(std::size_t variant, std::size_t i, const PassCost::Partial& partial) {
    constexpr std::size_t kTries = 3;
    const PassCost& cost = costs_[variant];
    if (i == kDims) {
      const auto before = answer_.proof.nests;
      choose_pass(cost, partial);
      return answer_.proof.nests > before;
    }
    std::vector<std::pair<double, PassCost::Partial>> next;
    for (const auto& o : options_[at(dims_[i])]) {
      if (!in_array(partial, o)) continue;
      auto with = cost.with(partial, o);
      if (fits(cost, with)) next.emplace_back(score_of(question_.objective, cost.least(with)), with);
    }
    std::ranges::stable_sort(next, {}, &std::pair<double, PassCost::Partial>::first);
    for (std::size_t k = 0; k < std::min(kTries, next.size()); ++k)
      if (dive(variant, i + 1, next[k].second)) return true;
    return false;
  }

  void split(std::size_t variant, std::size_t i, const PassCost::Partial& partial) {
    if (i == kSplit) {
      const auto cost = costs_[variant].least(partial);
      parts_.push_back({score_of(question_.objective, cost), cost, variant, partial});
      return;
    }
    for (const auto& o : options_[at(dims_[i])]) {
      if (++answer_.proof.nodes % 8192 == 0) go_on();
      if (!answer_.proof.complete) return;
      if (!in_array(partial, o)) continue;
      const auto next = costs_[variant].with(partial, o);
      if (!fits(costs_[variant], next)) continue;
      if (!best_.worth(costs_[variant].least(next))) {
        ++answer_.proof.bound_cut;
        continue;
      }
      split(variant, i + 1, next);
    }
  }

  bool in_array(const PassCost::Partial& p, const DimOption& o) {
    if (p.columns * o.columns <= a_.array.columns && p.rows * o.rows <= a_.array.rows) return true;
    ++answer_.proof.array_full;
    return false;
  }

  /// Could the options chosen so far fit, were the other dimensions of one element? What does not fit then never does.
  bool fits(const PassCost& cost, const PassCost::Partial& p) {
    PassOutline pass{.extent = {}, .passes = {}, .passes_by = cost.passes_by()};
    Extents part;
    for (Dim d : kAllDims)
      if (const DimOption* o = p.option[at(d)]) {
        pass.extent[d] = o->pass;
        pass.passes[d] = o->passes;
        part[d] = o->pe;
      }
    if (!pass_fits(pass, l_, a_)) {
      ++answer_.proof.buffers_full;
      return false;
    }
    if (nests_of(part).empty()) {
      ++answer_.proof.spads_full;
      return false;
    }
    return reaches(p.option, nullptr, l_, a_);
  }

  void choose_part(const Part& part) {
    const PassCost& cost = costs_[part.variant];
    for (const auto& o : options_[at(dims_[kSplit])]) {
      ++answer_.proof.nodes;
      if (!in_array(part.partial, o)) continue;
      const auto whole = cost.with(part.partial, o);
      if (!best_.worth(cost.least(whole))) {
        ++answer_.proof.bound_cut;
        continue;
      }
      if (!fits(cost, whole)) continue;
      choose_pass(cost, whole);
      if (answer_.proof.passes % 1024 == 0 && !go_on()) return;
    }
  }

  /// A whole inner choice.
  void choose_pass(const PassCost& cost, const PassCost::Partial& whole) {
    auto& proof = answer_.proof;
    ++proof.passes;
    const InnerChoice inner = cost.choice(whole);
    if (leaves_gaps(inner)) {
      ++proof.gaps;
      return;
    }
    const auto pass = pass_outline(inner, cost.passes_by());
    for (const auto& nest : nests_of(pe_part(inner))) {
      if (!reaches(whole.option, &nest, l_, a_)) continue;
      const ArrayCost array = cost.array(whole, nest);
      const auto worth = [&](const TileWords& words) { return best_.worth(cost.total(array, words)); };
      if (!worth(least_words(l_, cost.passes_by()))) {
        ++proof.bound_cut;
        continue;
      }
      proof.nests += outer_choices(pass, l_, a_, chains_, worth,
                                   [&](const OuterChoice& outer) { offer(inner, nest, outer, cost, array); });
    }
  }

  /// Of several reduced dimensions along y, at most one may have a remainder that takes fewer rows.
  static bool leaves_gaps(const InnerChoice& inner) {
    int spread = 0, gaps = 0;
    for (Dim d : {Dim::C, Dim::R, Dim::S}) {
      spread += inner[at(d)].rows > 1 ? 1 : 0;
      gaps += inner[at(d)].rows > 1 && inner[at(d)].gap ? 1 : 0;
    }
    return spread > 1 && gaps > 1;
  }

  const std::vector<PeNestChoice>& nests_of(const Extents& part) {
    const auto [it, fresh] = nests_.try_emplace(part);
    if (fresh) it->second = pe_nests(part, l_, a_, flow_);
    return it->second;
  }

  void offer(const InnerChoice& inner, const PeNestChoice& nest, const OuterChoice& outer, const PassCost& cost,
             const ArrayCost& array) {
    MapCandidate candidate{
        .mapping = assemble_mapping(inner, nest, outer, cost.passes_by(), l_, a_), .cost = {}, .score = 0};
    ensure(is_legal(candidate.mapping, l_, a_), "the mapper proposes legal mappings");
    candidate.cost = map_cost(traffic(candidate.mapping, l_, a_), l_, a_, facts_, pricing_);
    // Coded words come to whole bytes, which parts don't know: worth a few words at most.
    TileWords rounded = outer.words;
    rounded.input += 8;
    const auto expected = cost.total(array, rounded);
    ensure(candidate.cost.energy.count() <= expected.energy.count() * (1 + 1e-9) &&
               candidate.cost.cycles <= expected.cycles + Cycles{1},
           "a mapping costs what its parts do");
    // Bounds don't round; neither may what they are compared with. `finish` weighs the answer as it is.
    candidate.cost.energy = std::min(candidate.cost.energy, cost.total(array, outer.words).energy);
    candidate.score = score_of(question_.objective, candidate.cost);
    best_.offer(std::move(candidate));
  }

  bool go_on() {
    if (!answer_.proof.complete) return false;
    const bool spent = question_.node_limit > 0 && answer_.proof.nodes > question_.node_limit;
    if (spent && std::isfinite(best_.worst())) answer_.proof.complete = false;
    if (progress_ && !progress_(best_.worst(), answer_.proof.lower_bound)) answer_.proof.complete = false;
    return answer_.proof.complete;
  }

  void finish() {
    answer_.best = std::move(best_).all();
    if (answer_.best.empty()) return;
    for (auto& candidate : answer_.best) {
      candidate.mapping = settled(std::move(candidate.mapping), l_, a_, facts_, pricing_);
      candidate.cost = map_cost(traffic(candidate.mapping, l_, a_), l_, a_, facts_, pricing_);
      candidate.score = score_of(question_.objective, candidate.cost);
    }
    // All that was left out is bounded by what is best, or by the part in which the search stopped.
    if (answer_.proof.complete) answer_.proof.lower_bound = answer_.best.front().score;
  }

  const LayerNest& l_;
  const Architecture& a_;
  const Dataflow& flow_;
  const DataFacts& facts_;
  const Pricing& pricing_;
  const MapQuestion& question_;
  const MapProgress& progress_;
  BestKnown best_;
  DimOptions options_;
  std::vector<Dim> dims_;
  std::vector<PassCost> costs_;
  std::vector<Part> parts_;
  std::map<Extents, std::vector<PeNestChoice>> nests_;
  KnownChains chains_;
  MapAnswer answer_;
};

}  // namespace

MapAnswer search_mapping(const LayerNest& l, const Architecture& a, const Dataflow& flow, const DataFacts& facts,
                         const Pricing& pricing, const MapQuestion& question, const MapProgress& progress) {
  return Search{l, a, flow, facts, pricing, question, progress}.run();
}

}  // namespace eyrie
