// Figures of an experiment in closed form: nothing is simulated.

#include "dataflows/closed_form.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/validate/counted.hpp"
#include "app/validate/measure.hpp"

namespace eyrie {

namespace {

struct Counts {
  std::string layer;
  ActionCounts counts;
  Traffic traffic;
  CycleModel cycles;
};

struct Column {
  std::string_view name, unit;
  double (*value)(const Counts&);
};

constexpr Column kColumns[] = {
    {"macs", "", [](const Counts& c) { return static_cast<double>(c.traffic.macs); }},
    {"passes", "", [](const Counts& c) { return static_cast<double>(c.traffic.passes); }},
    {"steps", "cycles", [](const Counts& c) { return static_cast<double>(c.traffic.longest_pe); }},
    {"cycles_bound", "cycles", [](const Counts& c) { return static_cast<double>(c.cycles.bound.count()); }},
    {"cycles_estimate", "cycles", [](const Counts& c) { return static_cast<double>(c.cycles.estimate.count()); }}};

class ClosedForm : public MeasuredExperiment {
 public:
  ClosedForm(const SuiteExperiment& e, const Catalogue& catalogue) : prepared_{prepare(e.run, e.set, catalogue)} {}

  [[nodiscard]] std::optional<Wrong> wrong_column(const std::string& column) const override {
    if (std::ranges::count(kColumns, column, &Column::name) || known_count(column, prepared_)) return std::nullopt;
    std::vector<std::string_view> known;
    for (const auto& c : kColumns) known.push_back(c.name);
    return Wrong{fmt::format("the closed form has no column {}", column),
                 did_you_mean(column, known) + std::string(kCountRemedy)};
  }
  [[nodiscard]] std::optional<Wrong> wrong_pair(const std::string& column, const std::string& layer) const override {
    return layer == "total" ? wrong_total(column) : std::nullopt;
  }
  [[nodiscard]] std::vector<std::string> layers() const override { return layer_names(prepared_); }

  bool measure(const MeasureOptions& options) override {
    map_layers(prepared_, map_settings(prepared_.experiment, options.jobs, options.quiet), options.interrupted);
    if (options.interrupted()) return false;
    for (const auto& l : prepared_.layers) {
      const auto& a = prepared_.architecture;
      const auto moved = traffic(l.mapping, l.nest, a);
      const auto facts = expected_facts(to_map(prepared_, l), a);
      layers_.push_back({prepared_.network.layers()[l.number].name, action_counts(moved, l.nest, a, facts), moved,
                         cycle_model(moved, l.nest, a, facts)});
    }
    return true;
  }

  [[nodiscard]] Measured read(const std::string& layer, const std::string& column) const override {
    const auto known = std::ranges::find(kColumns, column, &Column::name);
    Measured all{.value = 0, .unit = {}, .origin = "closed form", .parts = {}};
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      if (layer != "total" && layers_[i].layer != layer) continue;
      const auto one = known == std::end(kColumns)
                           ? read_count(column, layers_[i].counts, &prepared_.layers[i], prepared_, all.origin)
                           : Measured{known->value(layers_[i]), std::string(known->unit), all.origin, {}};
      all.value += one.value;
      all.unit = one.unit;
    }
    return all;
  }

 private:
  PreparedExperiment prepared_;
  std::vector<Counts> layers_;
};

}  // namespace

std::unique_ptr<MeasuredExperiment> closed_form_measurement(const SuiteExperiment& e, const Catalogue& catalogue) {
  return std::make_unique<ClosedForm>(e, catalogue);
}

}  // namespace eyrie
