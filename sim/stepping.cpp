#include "sim/stepping.hpp"

#include <algorithm>
#include <map>

namespace eyrie {

SteppingPlan::SteppingPlan(Stepping first, const std::vector<SteppingChange>& changes) : stretches_{} {
  std::map<std::int64_t, Stepping> from{{0, first}};
  for (const auto& change : changes) from[std::max<std::int64_t>(change.from.count(), 0)] = change.way;
  for (const auto& [cycle, way] : from) {
    if (!stretches_.empty() && stretches_.back().way == way) continue;
    if (!stretches_.empty()) stretches_.back().until = cycle;
    stretches_.push_back({way, kNever});
  }
}

SteppingPlan::Stretch SteppingPlan::at(std::int64_t cycle) const {
  return *std::ranges::find_if(stretches_, [&](const Stretch& s) { return cycle < s.until; });
}

SteppingPlan SteppingPlan::stepped(Cycles from, Cycles to) const {
  const Cycles after = to + Cycles{1};
  std::vector<SteppingChange> changes;
  Cycles begin{};
  for (const auto& s : stretches_) {
    if (begin < from || begin > after) changes.push_back({begin, s.way});
    begin = Cycles{s.until};
  }
  changes.push_back({from, Stepping::Cycle});
  changes.push_back({after, at(after.count()).way});
  return {stretches_.front().way, changes};
}

}  // namespace eyrie
