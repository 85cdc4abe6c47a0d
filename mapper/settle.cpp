#include "mapper/settle.hpp"

#include <optional>

#include "dataflows/legality.hpp"

namespace eyrie {

namespace {

struct Weight {
  MapCost cost;
  Cycles estimate{};
};

class Settler {
 public:
  Settler(const LayerNest& l, const Architecture& a, const DataFacts& facts, const Pricing& pricing)
      : l_{l}, a_{a}, facts_{facts}, pricing_{pricing} {}

  Mapping settle(Mapping m) {
    Weight now = weigh(m);
    for (std::size_t i = 2; i < m.pass_position() && i < m.nest.size(); ++i) {
      if (!m.nest[i].keep || !m.nest[i - 1].temporal) continue;
      Mapping moved = m;
      std::swap(moved.nest[i], moved.nest[i - 1]);
      if (!is_legal(moved, l_, a_)) continue;
      const Weight then = weigh(moved);
      if (then.cost.energy > now.cost.energy || then.cost.cycles > now.cost.cycles || then.estimate >= now.estimate)
        continue;
      m = std::move(moved);
      now = then;
      i = 1;  // another keep may follow now
    }
    return m;
  }

 private:
  Weight weigh(const Mapping& m) const {
    const auto w = traffic(m, l_, a_);
    return {map_cost(w, l_, a_, facts_, pricing_), cycle_model(w, l_, a_, facts_).estimate};
  }
  const LayerNest& l_;
  const Architecture& a_;
  const DataFacts& facts_;
  const Pricing& pricing_;
};

}  // namespace

Mapping settled(Mapping m, const LayerNest& l, const Architecture& a, const DataFacts& facts, const Pricing& pricing) {
  return Settler{l, a, facts, pricing}.settle(std::move(m));
}

}  // namespace eyrie
