#include "energy/uncertainty.hpp"

#include <algorithm>

namespace eyrie {

Confidence confidence_of(const EnergyLine& line, const EnergyTable& table) {
  const auto quoted = table.prices.at(line.price).confidence;
  if (line.assumed) return Confidence::Assumed;
  return line.scaled ? std::max(quoted, Confidence::Derived) : quoted;
}

double width_of(const EnergyLine& line, const EnergyTable& table) {
  const double quoted = table.prices.at(line.price).width();
  if (line.assumed) return std::max(quoted, usual_width(Confidence::Assumed));
  return line.scaled ? std::max(quoted, usual_width(Confidence::Derived)) : quoted;
}

/// The lines of a scope, summed by source.
static SumOfSources summed(const EnergyReport& report, const EnergyTable& table, Scope scope) {
  SumOfSources sum;
  for (const auto& line : report.lines)
    if (scope == Scope::WithDram || line.off_chip == (scope == Scope::Dram))
      sum.add(table.prices.at(line.price).source, line.energy.count(), width_of(line, table));
  // Prices at another width than they were fitted at make another sum.
  const auto scaled = [&](const std::string& source) {
    return std::ranges::any_of(
        report.lines, [&](const EnergyLine& l) { return l.scaled && table.prices.at(l.price).source == source; });
  };
  for (const auto& known : table.known_sums)
    if (!known.area && !scaled(known.source)) sum.know_sum(known.source, known.within);
  return sum;
}

Interval interval_of(const EnergyReport& report, const EnergyTable& table, Scope scope) {
  return summed(report, table, scope).interval();
}

std::vector<std::pair<Confidence, Picojoules>> by_confidence(const EnergyReport& report, const EnergyTable& table) {
  std::vector<std::pair<Confidence, Picojoules>> all;
  for (const auto& level : names<Confidence>::table) {
    Picojoules sum{};
    bool any = false;
    for (const auto& line : report.lines)
      if (confidence_of(line, table) == level.value) {
        sum += line.energy;
        any = true;
      }
    if (any) all.emplace_back(level.value, sum);
  }
  return all;
}

std::vector<SourceShare> by_source(const EnergyReport& report, const EnergyTable& table) {
  const auto sum = summed(report, table, Scope::WithDram);
  std::vector<SourceShare> all;
  for (const auto& [source, energy] : sum.by_source())
    all.push_back({source, Picojoules{energy}, sum.interval_of(source)});
  std::ranges::stable_sort(all, std::ranges::greater{}, &SourceShare::energy);
  return all;
}

}  // namespace eyrie
