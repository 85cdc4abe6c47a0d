#include "explore/study/study_result.hpp"

#include <algorithm>
#include <cmath>

#include "explore/study/pareto.hpp"

namespace eyrie {

std::vector<double> objectives_of(const MeasureValues& figures, const std::vector<std::size_t>& objectives) {
  std::vector<double> all;
  for (const auto o : objectives) {
    if (o >= figures.size() || !figures[o]) return {};
    all.push_back(measures()[o].goal == Goal::Lower ? *figures[o] : -*figures[o]);
  }
  return all;
}

/// |closed / simulated - 1| of one measure over all points that have both.
static FidelityError error_of(const StudyResult& r, std::size_t measure) {
  FidelityError e{.measure = measure};
  std::vector<double> all;
  for (const auto& d : r.designs) {
    if (!d.closed || !d.simulated) continue;
    for (std::size_t n = 0; n < d.simulated->network.size() && n < d.closed->network.size(); ++n) {
      const auto &ours = d.closed->network[n], &truth = d.simulated->network[n];
      if (measure >= ours.size() || measure >= truth.size() || !ours[measure] || !truth[measure] ||
          *truth[measure] == 0)
        continue;
      all.push_back(std::abs(*ours[measure] / *truth[measure] - 1));
      if (all.size() > 1 && all.back() <= e.worst) continue;
      e.worst = all.back();
      e.worst_design = d.number;
      e.worst_workload = r.workloads[n];
    }
  }
  e.points = std::ssize(all);
  if (all.empty()) return e;
  const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
  std::ranges::nth_element(all, middle);
  e.median = all.size() % 2 == 1 ? *middle : (*middle + *std::max_element(all.begin(), middle)) / 2;
  return e;
}

void rank(StudyResult& r) {
  r.simulated |= std::ranges::any_of(r.designs, [](const DesignResult& d) { return d.simulated.has_value(); });
  std::vector<Objectives> points;
  std::vector<DesignResult*> ranked;
  for (auto& d : r.designs) {
    d.front = false;
    const auto& figures = r.simulated ? d.simulated : d.closed;
    if (d.status != PointStatus::Done || !figures) continue;
    auto o = objectives_of(figures->all, r.objectives);
    if (o.empty()) continue;
    points.push_back(std::move(o));
    ranked.push_back(&d);
  }
  auto front = pareto_front(points);
  std::ranges::stable_sort(front, {}, [&](std::size_t i) { return points[i].front(); });
  r.front.clear();
  for (const auto i : front) {
    ranked[i]->front = true;
    r.front.push_back(ranked[i]->number);
  }
  r.errors.clear();
  for (std::size_t m = 0; m < measures().size(); ++m)
    if (auto e = error_of(r, m); e.points > 0) r.errors.push_back(std::move(e));
}

}  // namespace eyrie
