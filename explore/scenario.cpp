#include "explore/scenario.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace eyrie {

std::string OffloadAnswer::best() const { return "best " + std::string(name_of(objective)); }

const OffloadPlan& OffloadAnswer::best_plan() const {
  const auto it = std::ranges::find(options, best(), &OffloadOption::name);
  ensure(it != options.end(), "an answer has the best option of every objective");
  return it->plan;
}

bool OffloadAnswer::deadline_met() const {
  return !deadline || quantile(best_plan().latency, terms.percentile / 100) <= deadline->value;
}

bool meets(const BigLittleFigures& f, const BigLittleTargets& targets) {
  if (targets.energy && f.energy > *targets.energy) return false;
  return !targets.deadline || quantile(f.latency, targets.percentile / 100) <= *targets.deadline;
}

bool BigLittleAnswer::targets_met() const {
  return std::ranges::any_of(big, [&](const BigAnswer& b) { return meets(b.at_share, targets); });
}

}  // namespace eyrie
