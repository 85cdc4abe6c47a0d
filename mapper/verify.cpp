#include "mapper/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "dataflows/legality.hpp"
#include "mapper/brute_force.hpp"
#include "mapper/verify_replay.hpp"

namespace eyrie {

namespace {

constexpr double kRelative = 1e-9;
/// Loops a dimension outside the array in brute force.
constexpr int kLoops = 3;

bool alike(double a, double b) { return std::abs(a - b) <= kRelative * std::max(std::abs(a), std::abs(b)); }

class Check {
 public:
  Check(const LayerNest& l, const Architecture& a, const Dataflow& flow, const DataFacts& facts, const Pricing& pricing,
        const MapQuestion& question, const MapAnswer& answer, const VerifyEffort& effort)
      : l_{l},
        a_{a},
        flow_{flow},
        facts_{facts},
        pricing_{pricing},
        question_{question},
        answer_{answer},
        effort_{effort} {}

  Verification run() {
    for (std::size_t i = 0; i < answer_.best.size(); ++i) mapping(i);
    order();
    bound();
    nothing_better();
    result_.holds = result_.findings.empty() && result_.finished;
    return std::move(result_);
  }

 private:
  template <class... Values>
  void find(fmt::format_string<Values...> text, Values&&... values) {
    result_.findings.push_back(fmt::format(text, std::forward<Values>(values)...));
  }

  void mapping(std::size_t i) {
    const auto& c = answer_.best[i];
    Diagnostics wrong;
    legality(c.mapping, l_, a_, {}, wrong);
    if (!wrong.empty()) return find("mapping {} is not legal: {}", i + 1, wrong.all().front().problem);
    const auto cost = map_cost(traffic(c.mapping, l_, a_), l_, a_, facts_, pricing_);
    if (cost.cycles != c.cost.cycles || !alike(cost.energy.count(), c.cost.energy.count()))
      find("mapping {} costs {:.6g} pJ and {} cycles, not {:.6g} pJ and {} cycles", i + 1, cost.energy.count(),
           cost.cycles.count(), c.cost.energy.count(), c.cost.cycles.count());
    if (!alike(score_of(question_.objective, c.cost), c.score))
      find("mapping {} scores {:.9g}, not {:.9g}", i + 1, score_of(question_.objective, c.cost), c.score);
    if (question_.cycle_limit && cost.cycles > *question_.cycle_limit)
      find("mapping {} takes {} cycles, more than the limit of {}", i + 1, cost.cycles.count(),
           question_.cycle_limit->count());
  }

  /// Best first; on a front less energy only for more cycles.
  void order() {
    for (std::size_t i = 1; i < answer_.best.size(); ++i) {
      const auto &x = answer_.best[i - 1], &y = answer_.best[i];
      if (x.score > y.score * (1 + kRelative)) find("mapping {} comes before {} and is not as good", i, i + 1);
      if (question_.objective == Objective::Front && y.cost.cycles >= x.cost.cycles)
        find("mapping {} of the front is beaten by mapping {}", i + 1, i);
    }
  }

  void bound() {
    if (answer_.best.empty() || question_.objective == Objective::Front) return;
    if (answer_.proof.lower_bound > answer_.best.front().score * (1 + kRelative))
      find("the lower bound {:.9g} is above the score {:.9g} of a mapping", answer_.proof.lower_bound,
           answer_.best.front().score);
  }

  void nothing_better() {
    const Claim claim{question_, answer_};
    if (!by_brute_force(claim)) {
      result_.method = "replay of the bounds";
      replay_bounds(l_, a_, flow_, facts_, pricing_, question_.space, claim, question_.objective, effort_, result_);
    }
    if (result_.better)
      find("a mapping of {:.9g} pJ and {} cycles is better", result_.better->cost.energy.count(),
           result_.better->cost.cycles.count());
    if (!result_.finished) find("stopped after {} choices of options", result_.inner);
  }

  /// Brute force counts nests, not the ways to cut dimensions of which it makes them: those must be few too.
  bool small() const {
    double ways = 1;
    for (Dim d : kAllDims) {
      std::int64_t pe = 1;
      for (const auto& o : dim_options(d, l_, a_, flow_, question_.space)) pe = std::max(pe, o.pe);
      ways *= static_cast<double>(pe <= 2 ? 1 : 1 + (pe - 2) + (pe - 2) * (pe - 3) / 2);  // up to three loops
    }
    return ways <= 1e5;
  }

  /// False if the space is too large for it.
  bool by_brute_force(const Claim& claim) {
    if (effort_.brute_force_up_to <= 0 || !small()) return false;
    const auto all = exhaust(l_, a_, flow_, facts_, pricing_, question_.space, kLoops, effort_.brute_force_up_to);
    if (!all) return false;
    result_.method = "brute force";
    result_.weighed = all->mappings;
    for (const auto& cost : all->front)
      if (claim.refuted_by(cost))
        find("a mapping of {:.9g} pJ and {} cycles is better", cost.energy.count(), cost.cycles.count());
    for (std::size_t i = 0; i < answer_.best.size(); ++i) {
      const auto& c = answer_.best[i].cost;
      const bool reached = std::ranges::any_of(all->front, [&](const MapCost& f) {
        return f.cycles <= c.cycles && f.energy.count() <= c.energy.count() * (1 + kRelative);
      });
      if (!reached) find("no mapping of the mapspace is as good as mapping {}", i + 1);
    }
    return true;
  }

  const LayerNest& l_;
  const Architecture& a_;
  const Dataflow& flow_;
  const DataFacts& facts_;
  const Pricing& pricing_;
  const MapQuestion& question_;
  const MapAnswer& answer_;
  const VerifyEffort& effort_;
  Verification result_;
};

}  // namespace

Verification verify_mapping(const LayerNest& l, const Architecture& a, const Dataflow& flow, const DataFacts& facts,
                            const Pricing& pricing, const MapQuestion& question, const MapAnswer& answer,
                            const VerifyEffort& effort) {
  return Check{l, a, flow, facts, pricing, question, answer, effort}.run();
}

}  // namespace eyrie
