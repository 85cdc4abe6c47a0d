// Figures of a SIMD core in closed form, for experiments to be compared with.

#include "energy/simd_core.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/validate/measure.hpp"

namespace eyrie {

namespace {

struct Column {
  std::string_view name, unit;
  double (*value)(const SimdTime&);
};
constexpr Column kColumns[] = {
    {"cycles", "cycles", [](const SimdTime& t) { return static_cast<double>((t.compute + t.stall).count()); }},
    {"compute_cycles", "cycles", [](const SimdTime& t) { return static_cast<double>(t.compute.count()); }},
    {"stall_cycles", "cycles", [](const SimdTime& t) { return static_cast<double>(t.stall.count()); }},
    {"total_ms", "ms", [](const SimdTime& t) { return t.seconds.count() * 1e3; }}};

class SimdMeasurement : public MeasuredExperiment {
 public:
  SimdMeasurement(const SuiteExperiment& e, const Catalogue& catalogue)
      : core_{read_simd_core(YamlDocument::from_file(catalogue.find(Shelf::Baselines, e.baseline)))} {
    for (const auto& [name, nest] : nests_of(e, catalogue)) layers_.emplace_back(name, time_on(core_, nest));
  }

  [[nodiscard]] std::optional<Wrong> wrong_column(const std::string& column) const override {
    std::vector<std::string_view> known;
    for (const auto& c : kColumns) known.push_back(c.name);
    if (std::ranges::count(known, column)) return std::nullopt;
    return Wrong{fmt::format("a SIMD core has no column {}", column), did_you_mean(column, known)};
  }
  [[nodiscard]] std::vector<std::string> layers() const override {
    std::vector<std::string> names;
    for (const auto& [name, time] : layers_) names.push_back(name);
    return names;
  }
  bool measure(const MeasureOptions& options) override { return !options.interrupted(); }

  [[nodiscard]] Measured read(const std::string& layer, const std::string& column) const override {
    const auto& c = *std::ranges::find(kColumns, column, &Column::name);
    Measured all{.value = 0, .unit = std::string(c.unit), .origin = "closed form", .parts = {}};
    for (const auto& [name, time] : layers_)
      if (layer == "total" || layer == name) all.value += c.value(time);
    return all;
  }

 private:
  SimdCore core_;
  std::vector<std::pair<std::string, SimdTime>> layers_;
};

}  // namespace

std::unique_ptr<MeasuredExperiment> simd_measurement(const SuiteExperiment& e, const Catalogue& catalogue) {
  return std::make_unique<SimdMeasurement>(e, catalogue);
}

}  // namespace eyrie
