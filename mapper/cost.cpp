#include "mapper/cost.hpp"

namespace eyrie {

namespace {

/// Pricing is probed with this many words, so that rounding to bytes doesn't show.
constexpr std::int64_t kProbe = std::int64_t{1} << 40;

DataFacts without_biases(DataFacts facts) {
  facts.biases = false;
  return facts;
}

}  // namespace

WordPrices word_prices(const Pricing& pricing, const LayerNest& l, const Architecture& a, const DataFacts& facts,
                       std::array<bool, 3> passes_by) {
  Traffic none;
  none.passes_by = passes_by;
  none.macs = l.macs().count();
  none.drained = l.tile_words(Operand::Output, l.extent).count();
  const auto known = without_biases(facts);
  const auto price = [&](const Traffic& w) { return pricing(action_counts(w, l, a, known), Cycles{}).count(); };
  WordPrices p;
  p.base = price(none);
  const auto per_word = [&](auto change) {
    Traffic w = none;
    change(w);
    return (price(w) - p.base) / static_cast<double>(kProbe);
  };
  for (std::size_t t = 0; t < 3; ++t) {
    if (t == 1 && !l.has_weights()) continue;
    p.tile[t] = per_word([&](Traffic& w) { w.tile_words[t] += kProbe; });
    p.sent[t] = per_word([&](Traffic& w) { w.sent[t] += kProbe; });
    p.delivered[t] = per_word([&](Traffic& w) { w.delivered[t] += kProbe; });
  }
  p.drained = per_word([&](Traffic& w) { w.drained += kProbe; });
  p.collected = per_word([&](Traffic& w) { w.collected += kProbe; });
  p.hop = per_word([&](Traffic& w) { w.hops += kProbe; });
  p.column_step = per_word([&](Traffic& w) { w.column_steps += kProbe; });
  p.handed_on = per_word([&](Traffic& w) { w.handed_on += kProbe; });
  p.join = per_word([&](Traffic& w) { w.joins += kProbe; });
  p.cycle = (pricing(action_counts(none, l, a, known), Cycles{kProbe}).count() - p.base) / static_cast<double>(kProbe);
  return p;
}

MapCost map_cost(const Traffic& w, const LayerNest& l, const Architecture& a, const DataFacts& facts,
                 const Pricing& pricing) {
  const auto known = without_biases(facts);
  const auto cycles = cycle_model(w, l, a, known).bound;
  return {pricing(action_counts(w, l, a, known), cycles), cycles};
}

}  // namespace eyrie
