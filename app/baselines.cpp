#include "app/baselines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json_schema.hpp"
#include "energy/simd_core.hpp"
#include "workloads/network.hpp"

namespace eyrie {

std::vector<Baseline> read_baselines(const std::vector<std::string>& names, const Catalogue& catalogue) {
  std::vector<Baseline> all;
  Diagnostics wrong;
  for (const auto& name : names) {
    try {
      auto baseline = read_baseline(YamlDocument::from_file(catalogue.find(Shelf::Baselines, name)));
      if (std::ranges::count(all, baseline.name, &Baseline::name) > 0)
        wrong.error({"baselines", 0, 0}, baseline.name + " stands twice among the baselines", "name it once");
      all.push_back(std::move(baseline));
    } catch (const InputError& e) {
      for (const auto& d : e.diagnostics()) wrong.error(d.place, d.problem, d.remedy);
    }
  }
  wrong.raise_if_any();
  return all;
}

/// MACs of a network, or of some of its layers.
static std::int64_t macs_of(const Network& network, const PublishedRun& r) {
  if (r.layers.empty()) return network.macs().count();
  std::int64_t all = 0;
  for (const auto& name : r.layers) all += network.layer(name, r.where).macs().count();
  return all;
}

void check_baseline(const YamlDocument& document, const Catalogue& catalogue) {
  const auto baseline = read_baseline(document);
  Diagnostics wrong;
  for (const auto& r : baseline.measurements) {
    if (r.network.empty()) continue;
    try {
      const auto network = Network::from_yaml(YamlDocument::from_file(catalogue.find(Shelf::Workloads, r.network)), 1);
      if (const auto macs = macs_of(network, r); macs != r.macs)
        wrong.error(r.where,
                    fmt::format("{} has {} MACs, and the measurement says {}", r.of(), macs, r.macs.value_or(0)),
                    "if it is another network, write `description:` instead of `network:`");
    } catch (const InputError& e) {
      for (const auto& d : e.diagnostics()) wrong.error(d.place.file.empty() ? r.where : d.place, d.problem, d.remedy);
    }
  }
  wrong.raise_if_any();
}

std::string baselines_schema() {
  auto both =
      nlohmann::ordered_json::array({nlohmann::ordered_json::parse(json_schema_of<Baseline>("Eyrie baseline")),
                                     nlohmann::ordered_json::parse(json_schema_of<SimdCore>("Eyrie SIMD core"))});
  nlohmann::ordered_json schema{{"$schema", both[0]["$schema"]}, {"title", "Eyrie baselines"}, {"oneOf", both}};
  for (auto& one : schema["oneOf"]) one.erase("$schema");
  return schema.dump(2) + "\n";
}

}  // namespace eyrie
