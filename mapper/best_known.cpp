#include "mapper/best_known.hpp"

#include <algorithm>

namespace eyrie {

namespace {

/// Energies are sums of the same terms in another order: they differ by rounding.
bool less(double a, double b) { return a < b * (1 - 1e-10); }

bool dominates(const MapCost& a, const MapCost& b) {
  return a.cycles <= b.cycles && !less(b.energy.count(), a.energy.count());
}

}  // namespace

bool BestKnown::better(const MapCost& a, const MapCost& b) const {
  const double x = score_of(objective_, a), y = score_of(objective_, b);
  if (less(x, y)) return true;
  if (less(y, x)) return false;
  if (objective_ == Objective::Cycles) return less(a.energy.count(), b.energy.count());
  return a.cycles < b.cycles;
}

bool BestKnown::worth(const MapCost& bound) const {
  if (limit_ && bound.cycles > *limit_) return false;
  if (objective_ == Objective::Front)
    return std::ranges::none_of(all_, [&](const MapCandidate& c) { return dominates(c.cost, bound); });
  return all_.size() < keep_ || better(bound, all_.back().cost);
}

void BestKnown::offer(MapCandidate candidate) {
  if (!worth(candidate.cost)) return;
  if (objective_ == Objective::Front) {
    std::erase_if(all_, [&](const MapCandidate& c) { return dominates(candidate.cost, c.cost); });
    all_.push_back(std::move(candidate));
    return;
  }
  const auto same = [&](const MapCandidate& c) {
    return !better(c.cost, candidate.cost) && !better(candidate.cost, c.cost);
  };
  if (std::ranges::any_of(all_, same)) return;
  all_.insert(std::ranges::find_if(all_, [&](const MapCandidate& c) { return better(candidate.cost, c.cost); }),
              std::move(candidate));
  if (all_.size() > keep_) all_.pop_back();
}

double BestKnown::worst() const {
  if (objective_ == Objective::Front || all_.size() < keep_) return std::numeric_limits<double>::infinity();
  return all_.back().score;
}

std::vector<MapCandidate> BestKnown::all() && {
  if (objective_ == Objective::Front)
    std::ranges::sort(all_, {}, [](const MapCandidate& c) { return c.cost.energy.count(); });
  return std::move(all_);
}

}  // namespace eyrie
