#include "energy/uncertain_sum.hpp"

#include <cmath>

#include "base/ensure.hpp"

namespace eyrie {

Interval interval_of(double value, double within) { return {value / within, value * within}; }

void UncertainSum::add(std::string_view source, double value, double within) {
  ensure(value >= 0 && within >= 1, "a figure of at least 0, off by a factor of at least 1");
  auto& s = sources_[std::string(source)];
  const auto [low, high] = interval_of(value, within);
  s.total += value;
  s.below += value - low;
  s.above += high - value;
  total_ += value;
}

void UncertainSum::know(std::string_view source, double within) {
  ensure(within >= 1, "off by a factor of at least 1");
  const auto it = sources_.find(source);
  if (it == sources_.end()) return;
  const auto [low, high] = interval_of(it->second.total, within);
  it->second.below = it->second.total - low;
  it->second.above = high - it->second.total;
}

double UncertainSum::total_of(std::string_view source) const {
  const auto it = sources_.find(source);
  return it == sources_.end() ? 0 : it->second.total;
}

Interval UncertainSum::interval() const {
  double below = 0, above = 0;
  for (const auto& [name, s] : sources_) {
    below += s.below * s.below;
    above += s.above * s.above;
  }
  return {total_ - std::sqrt(below), total_ + std::sqrt(above)};
}

}  // namespace eyrie
