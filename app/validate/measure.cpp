#include "app/validate/measure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/yaml.hpp"

namespace eyrie {

MapSettings map_settings(const Experiment& e, const MeasureOptions& options) {
  MapSettings settings{.question = {}, .jobs = options.jobs, .quiet = options.quiet};
  settings.question.objective = e.objective.value_or(Objective::Energy);
  settings.question.space = e.space.value_or(Space::Ragged);
  return settings;
}

std::optional<MeasuredExperiment::Wrong> MeasuredExperiment::unknown_layer(const std::string& layer) const {
  auto known = layers();
  known.emplace_back("total");
  if (std::ranges::count(known, layer)) return std::nullopt;
  return Wrong{fmt::format("the experiment has no layer {}", layer),
               did_you_mean(layer, std::vector<std::string_view>{known.begin(), known.end()})};
}

std::unique_ptr<MeasuredExperiment> open_measurement(const SuiteExperiment& e, const Suite& suite,
                                                     const Catalogue& catalogue) {
  switch (e.gauge) {
    case Gauge::Simulate:
      return simulated_measurement(e, catalogue);
    case Gauge::ClosedForm:
      return closed_form_measurement(e, catalogue);
    case Gauge::Activity:
      return activity_measurement(e, catalogue);
    case Gauge::SimdCore:
      return simd_measurement(e, catalogue);
    case Gauge::Isca2016: {
      const auto it = std::ranges::find(suite.experiments, e.relative_to, &SuiteExperiment::name);
      return isca2016_measurement(e, it == suite.experiments.end() ? nullptr : &*it, catalogue);
    }
  }
  return nullptr;
}

}  // namespace eyrie
