#include "energy/interval.hpp"

#include <cmath>

#include "base/ensure.hpp"

namespace eyrie {

void SumOfSources::add(std::string_view source, double value, double within) {
  ensure(within >= 1 && value >= 0, "a figure is known within a factor");
  auto it = sources_.find(source);
  if (it == sources_.end()) it = sources_.emplace(source, Source{}).first;
  it->second.value += value;
  it->second.below += value * (1 - 1 / within);
  it->second.above += value * (within - 1);
}

void SumOfSources::know_sum(std::string_view source, double within) {
  ensure(within >= 1, "a sum is known within a factor");
  if (const auto it = sources_.find(source); it != sources_.end()) it->second.sum_within = within;
}

Interval SumOfSources::Source::distances() const {
  if (sum_within == 0) return {below, above};
  return {value * (1 - 1 / sum_within), value * (sum_within - 1)};
}

double SumOfSources::total() const {
  double all = 0;
  for (const auto& [name, source] : sources_) all += source.value;
  return all;
}

Interval SumOfSources::interval() const {
  double below = 0, above = 0;
  for (const auto& [name, source] : sources_) {
    const auto [down, up] = source.distances();
    below += down * down;
    above += up * up;
  }
  return {total() - std::sqrt(below), total() + std::sqrt(above)};
}

Interval SumOfSources::interval_of(std::string_view source) const {
  const auto it = sources_.find(source);
  if (it == sources_.end()) return {};
  const auto [down, up] = it->second.distances();
  return {it->second.value - down, it->second.value + up};
}

std::map<std::string, double, std::less<>> SumOfSources::by_source() const {
  std::map<std::string, double, std::less<>> all;
  for (const auto& [name, source] : sources_) all.emplace(name, source.value);
  return all;
}

}  // namespace eyrie
