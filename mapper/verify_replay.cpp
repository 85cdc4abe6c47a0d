#include "mapper/verify_replay.hpp"

#include <algorithm>
#include <deque>
#include <map>

#include "base/ensure.hpp"
#include "dataflows/legality.hpp"
#include "mapper/verify_floor.hpp"
#include "mapper/verify_nests.hpp"

namespace eyrie {

using enum Dim;

namespace {

std::size_t at(Dim d) { return static_cast<std::size_t>(d); }

class Replay {
 public:
  Replay(const LayerNest& l, const Architecture& a, const Dataflow& flow, const DataFacts& facts,
         const Pricing& pricing, Space space, const Claim& claim, Objective objective, const VerifyEffort& effort,
         Verification& result)
      : l_{l},
        a_{a},
        flow_{flow},
        facts_{facts},
        pricing_{pricing},
        claim_{claim},
        objective_{objective},
        effort_{effort},
        result_{result} {
    for (Dim d : kAllDims) options_[at(d)] = dim_options(d, l, a, flow, space);
  }

  void run() {
    variant({false, false, false});
    for (Operand t : kAllOperands) {
      if (!a_.partition(t)->bypass || (t == Operand::Weight && !l_.has_weights())) continue;
      std::array<bool, 3> passes_by{};
      passes_by[static_cast<std::size_t>(t)] = true;
      variant(passes_by);
    }
  }

 private:
  void variant(std::array<bool, 3> passes_by) {
    passes_by_ = passes_by;
    const Floor floor{l_, a_, options_, passes_by};
    const TrafficPrice price{l_, a_, facts_, pricing_, passes_by};
    floor_ = &floor;
    price_ = &price;
    enter(0, {});
  }

  bool over() {
    if (result_.better || !result_.finished) return true;
    if (++asked_ % 4096 == 0 && effort_.go_on && !effort_.go_on()) result_.finished = false;
    return !result_.finished;
  }

  void enter(std::size_t chosen, const Begun& begun) {
    if (over()) return;
    if (chosen == kDims) ++result_.inner;
    if (!claim_.refuted_by(price_->of(floor_->least(begun, chosen)))) {
      ++result_.ruled_out;
      return;
    }
    if (chosen == kDims) return examine(begun);
    for (const auto& o : options_[at(Floor::kOrder[chosen])])
      if (begun.columns * o.columns <= a_.array.columns && begun.rows * o.rows <= a_.array.rows)
        enter(chosen + 1, floor_->with(begun, chosen, o));
  }

  void examine(const Begun& begun) {
    ++result_.examined;
    OptionVector options;
    Extents part;
    for (Dim d : kAllDims) part[d] = (options[at(d)] = *begun.option[at(d)]).pe;
    if (!possible(options)) return;
    for (const auto& pe : walks(part)) {
      const Traffic array = floor_->exact(begun, pe);
      if (!claim_.refuted_by(price_->of(array))) continue;
      const auto hopeful = [&](const TileCount& words) {
        if (over()) return false;
        Traffic w = array;
        if (!passes_by_[0]) w.tile_words[0] = words.input;
        if (!passes_by_[1]) w.tile_words[1] = words.weight;
        w.tile_words[2] = words.drained - w.drained;
        return claim_.refuted_by(price_->of(w));
      };
      outside_walk(options, passes_by_, l_, a_, hopeful,
                   [&](const KeptNest& outside) { weigh(whole_nest(options, outside, pe, l_, a_)); });
    }
  }

  /// Psum chains are runs of neighbours, also where something remains: of the dimensions along them only the outermost
  /// may take fewer rows at the end. And if outputs pass by the buffer, no psums may be left after a pass.
  bool possible(const OptionVector& options) const {
    int chained = 0, ragged = 0;
    for (Dim d : {C, R, S}) {
      const auto& o = options[at(d)];
      if (passes_by_[2] && o.passes > 1) return false;
      chained += o.rows > 1 ? 1 : 0;
      ragged += o.rows > 1 && o.gap ? 1 : 0;
    }
    return chained < 2 || ragged < 2;
  }

  const std::vector<KeptNest>& walks(const Extents& part) {
    const auto [it, fresh] = walks_.try_emplace(part);
    if (fresh) it->second = pe_walks(part, l_, a_, flow_);
    return it->second;
  }

  void weigh(const Mapping& mapping) {
    ++result_.weighed;
    if (!is_legal(mapping, l_, a_)) {  // in systolic arrays parts may fit alone and not together
      ensure(a_.array.control == Control::Lockstep, "a checker walks legal mappings");
      return;
    }
    const auto cost = map_cost(traffic(mapping, l_, a_), l_, a_, facts_, pricing_);
    if (claim_.refuted_by(cost)) result_.better = MapCandidate{mapping, cost, score_of(objective_, cost)};
  }

  const LayerNest& l_;
  const Architecture& a_;
  const Dataflow& flow_;
  const DataFacts& facts_;
  const Pricing& pricing_;
  const Claim& claim_;
  Objective objective_;
  const VerifyEffort& effort_;
  Verification& result_;
  std::array<std::vector<DimOption>, kDims> options_;
  std::array<bool, 3> passes_by_{};
  const Floor* floor_ = nullptr;
  const TrafficPrice* price_ = nullptr;
  std::map<Extents, std::vector<KeptNest>> walks_;
  std::int64_t asked_ = 0;
};

}  // namespace

void replay_bounds(const LayerNest& l, const Architecture& a, const Dataflow& flow, const DataFacts& facts,
                   const Pricing& pricing, Space space, const Claim& claim, Objective objective,
                   const VerifyEffort& effort, Verification& result) {
  Replay{l, a, flow, facts, pricing, space, claim, objective, effort, result}.run();
}

}  // namespace eyrie
