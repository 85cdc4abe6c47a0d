#include "app/validate/measure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/yaml.hpp"

namespace eyrie {

std::optional<MeasuredExperiment::Wrong> MeasuredExperiment::unknown_layer(const std::string& layer) const {
  auto known = layers();
  known.emplace_back("total");
  if (std::ranges::count(known, layer)) return std::nullopt;
  return Wrong{fmt::format("the experiment has no layer {}", layer),
               did_you_mean(layer, std::vector<std::string_view>{known.begin(), known.end()})};
}

std::vector<std::pair<std::string, LayerNest>> nests_of(const SuiteExperiment& e, const Catalogue& catalogue) {
  const auto network =
      Network::from_yaml(YamlDocument::from_file(catalogue.find(Shelf::Workloads, e.run.workload)), e.run.batch);
  for (const auto& name : e.run.layers) (void)network.layer(name, e.where);
  std::vector<std::pair<std::string, LayerNest>> all;
  for (const auto& l : network.layers())
    if (const auto nest = l.nest(); nest && (e.run.layers.empty() || std::ranges::count(e.run.layers, l.name)))
      all.emplace_back(l.name, *nest);
  return all;
}

std::unique_ptr<MeasuredExperiment> open_measurement(const SuiteExperiment& e, const Catalogue& catalogue) {
  switch (e.gauge) {
    case Gauge::Simulate:
      return simulated_measurement(e, catalogue);
    case Gauge::ClosedForm:
      return closed_form_measurement(e, catalogue);
    case Gauge::Isca2016:
      return isca2016_measurement(e, catalogue);
    case Gauge::Activity:
      return activity_measurement(e, catalogue);
    case Gauge::SimdCore:
      return simd_measurement(e, catalogue);
  }
  return nullptr;
}

}  // namespace eyrie
