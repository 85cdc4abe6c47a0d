#include "explore/study/pareto.hpp"

#include <cmath>

namespace eyrie {

bool dominates(const Objectives& a, const Objectives& b) {
  bool better = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] > b[i]) return false;
    better = better || a[i] < b[i];
  }
  return better;
}

std::vector<std::size_t> near_front(const std::vector<Objectives>& points, double share) {
  std::vector<std::size_t> front;
  for (std::size_t i = 0; i < points.size(); ++i) {
    auto nearer = points[i];
    for (auto& v : nearer) v -= share * std::abs(v);
    bool beaten = false;
    for (std::size_t k = 0; k < points.size() && !beaten; ++k) beaten = k != i && dominates(points[k], nearer);
    if (!beaten) front.push_back(i);
  }
  return front;
}

std::vector<std::size_t> pareto_front(const std::vector<Objectives>& points) { return near_front(points, 0); }

}  // namespace eyrie
