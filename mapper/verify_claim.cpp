#include "mapper/verify_claim.hpp"

#include <algorithm>

namespace eyrie {

namespace {

constexpr double kRelative = 1e-9;
/// On-chip words are priced so many at a time.
constexpr std::int64_t kMany = std::int64_t{1} << 20;

double d(std::int64_t n) { return static_cast<double>(n); }

}  // namespace

Claim::Claim(const MapQuestion& question, const MapAnswer& answer)
    : objective_{question.objective}, limit_{question.cycle_limit} {
  if (!answer.proof.complete) below_ = answer.proof.lower_bound;
  if (objective_ == Objective::Front) {
    for (const auto& c : answer.best) front_.push_back(c.cost);
    std::ranges::stable_sort(front_, {}, [](const MapCost& c) { return c.energy.count(); });
    for (std::size_t i = 1; i < front_.size(); ++i) front_[i].cycles = std::min(front_[i].cycles, front_[i - 1].cycles);
  } else if (!answer.best.empty()) {
    best_ = score_of(objective_, answer.best.front().cost);
  }
}

bool Claim::refuted_by(const MapCost& cost) const {
  if (limit_ && cost.cycles > *limit_) return false;
  const auto reaches = [&](double bar) { return score_of(objective_, cost) >= bar * (1 - kRelative); };
  if (below_ && reaches(*below_)) return false;
  if (objective_ == Objective::Front) return !in_front(cost);
  return !best_ || !reaches(*best_);
}

/// Is some member as good in both? Of those with no more energy, the last has fewest cycles.
bool Claim::in_front(const MapCost& cost) const {
  const auto after = std::ranges::upper_bound(front_, cost.energy.count() * (1 + kRelative), {},
                                              [](const MapCost& c) { return c.energy.count(); });
  return after != front_.begin() && std::prev(after)->cycles <= cost.cycles;
}

TrafficPrice::TrafficPrice(const LayerNest& l, const Architecture& a, const DataFacts& facts, const Pricing& pricing,
                           std::array<bool, 3> passes_by)
    : l_{l}, a_{a}, facts_{facts}, pricing_{pricing}, rates_{cycle_rates(a, facts)} {
  facts_.biases = false;  // as in map_cost
  none_.passes_by = passes_by;
  none_.macs = l.macs().count();
  none_.drained = l.tile_words(Operand::Output, l.extent).count();
  base_ = energy_of(none_);
  cycle_ = (pricing(action_counts(none_, l, a, facts_), Cycles{kMany}).count() - base_) / d(kMany);
  const auto one = [&](std::int64_t& words) {
    words += kMany;
    return (energy_of(none_) - base_) / d(kMany);
  };
  const auto priced = [&](auto member) {
    auto& words = member(none_);
    const auto before = words;
    const double price = one(words);
    words = before;
    return price;
  };
  collected_ = priced([](Traffic& w) -> std::int64_t& { return w.collected; });
  hop_ = priced([](Traffic& w) -> std::int64_t& { return w.hops; });
  join_ = priced([](Traffic& w) -> std::int64_t& { return w.joins; });
  handed_on_ = priced([](Traffic& w) -> std::int64_t& { return w.handed_on; });
  column_step_ = priced([](Traffic& w) -> std::int64_t& { return w.column_steps; });
  for (std::size_t t = 0; t < 3; ++t) {
    sent_[t] = priced([&](Traffic& w) -> std::int64_t& { return w.sent[t]; });
    delivered_[t] = priced([&](Traffic& w) -> std::int64_t& { return w.delivered[t]; });
  }
}

double TrafficPrice::energy_of(const Traffic& w) const {
  return pricing_(action_counts(w, l_, a_, facts_), Cycles{}).count();
}

double TrafficPrice::dram(std::size_t t, std::int64_t words) const {
  if (words == 0) return 0;
  const auto [it, fresh] = dram_[t].try_emplace(words);
  if (fresh) {
    Traffic w = none_;
    w.tile_words[t] = words;
    if (t == 2) w.drained += words;
    it->second = energy_of(w) - base_;
  }
  return it->second;
}

/// The bound of `cycle_model`, operation by operation, so that it rounds alike.
Cycles TrafficPrice::cycles_of(const Traffic& w) const {
  CycleParts parts;
  double most = d(w.longest_pe);
  for (std::size_t t = 0; t < 3; ++t) {
    parts.network[t] = d(w.sent[t]) * rates_.sent[t];
    most = std::max(most, d(w.sent[t]) * rates_.in_passes[t]);
  }
  parts.array = std::max(most, d(w.collected) * rates_.collected) + d(w.passes) * rates_.ramp;
  const auto words = [&](std::size_t t) { return d(none_.passes_by[t] ? w.sent[t] : w.tile_words[t]); };
  parts.link = {words(0) * rates_.link[0], l_.has_weights() ? words(1) * rates_.link[1] : 0.0,
                2 * d(w.tile_words[2]) * rates_.link[2] + d(none_.drained) * rates_.link_finished};
  if (w.input_run > 0) parts.requests = d(w.tile_words[0]) / d(w.input_run) * rates_.request;
  return Cycles{static_cast<std::int64_t>(cycle_bound(parts, a_, none_.passes_by))};
}

MapCost TrafficPrice::of(const Traffic& w) const {
  const auto cycles = cycles_of(w);
  double energy = base_ + cycle_ * d(cycles.count()) + collected_ * d(w.collected) + hop_ * d(w.hops) +
                  join_ * d(w.joins) + column_step_ * d(column_step_ < 0 ? w.macs : w.column_steps) +
                  std::min(0.0, handed_on_) * d(w.macs);
  for (std::size_t t = 0; t < 3; ++t)
    energy += sent_[t] * d(w.sent[t]) + delivered_[t] * d(w.delivered[t]) + dram(t, w.tile_words[t]);
  return {Picojoules{energy}, cycles};
}

}  // namespace eyrie
