// Figures of the ISCA 2016 model, each layer mapped by its own optimiser.

#include "mapper/isca2016.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "app/validate/measure.hpp"

namespace eyrie {

namespace {

using isca2016::Energy;

/// A layer at its optimum.
struct Mapped {
  std::string layer;
  std::optional<isca2016::Optimum> best;
};

/// Cost of a layer, or of all together; no number where a layer has no mapping.
isca2016::Cost cost_of(const std::vector<Mapped>& layers, const std::string& layer) {
  isca2016::Cost all;
  for (const auto& l : layers) {
    if (layer != "total" && l.layer != layer) continue;
    if (!l.best) {
      all.energy.alu = all.dram_reads = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    all.energy = all.energy + l.best->cost.energy;
    all.dram_reads += l.best->cost.dram_reads;
    all.dram_writes += l.best->cost.dram_writes;
    all.active_pes = l.best->cost.active_pes;
    all.macs += l.best->cost.macs;
  }
  return all;
}

double per_mac(const isca2016::Cost& c) { return c.energy.total() / static_cast<double>(c.macs.count()); }

struct Bar {
  std::string_view name;
  double (*of)(const Energy&);
};
constexpr Bar kBars[] = {
    {"alu", [](const Energy& e) { return e.alu; }}, {"dram", [](const Energy& e) { return e.dram; }},
    {"glb", [](const Energy& e) { return e.glb; }}, {"array", [](const Energy& e) { return e.array; }},
    {"rf", [](const Energy& e) { return e.rf; }},   {"total", [](const Energy& e) { return e.total(); }}};

class Isca2016 : public MeasuredExperiment {
 public:
  Isca2016(const SuiteExperiment& e, const Catalogue& catalogue) : experiment_{e}, nests_{nests_of(e, catalogue)} {
    std::erase_if(nests_, [](const auto& l) { return !l.second.has_weights(); });
    if (nests_.empty())
      throw InputError(e.where, fmt::format("experiment {} has no layer with filters", e.name),
                       "the model is of convolutions and fully connected layers");
  }

  [[nodiscard]] std::optional<Wrong> wrong_column(const std::string& column) const override {
    std::vector<std::string> known;
    for (const auto& bar : kBars) {
      known.push_back(fmt::format("{}_e10", bar.name));
      known.push_back(fmt::format("relative_{}", bar.name));
    }
    for (const char* other : {"energy_per_mac", "dram_accesses_per_mac", "active_pes"}) known.emplace_back(other);
    if (std::ranges::count(known, column)) return std::nullopt;
    return Wrong{fmt::format("the ISCA 2016 model has no column {}", column),
                 did_you_mean(column, std::vector<std::string_view>{known.begin(), known.end()})};
  }
  [[nodiscard]] std::optional<Wrong> wrong_pair(const std::string& column, const std::string& layer) const override {
    if (column != "active_pes" || layer != "total") return std::nullopt;
    return Wrong{"active_pes is of a layer's mapping, and all layers together have none", "name a layer"};
  }
  [[nodiscard]] std::vector<std::string> layers() const override {
    std::vector<std::string> names;
    for (const auto& [name, nest] : nests_) names.push_back(name);
    return names;
  }
  void set_reference(const MeasuredExperiment& other) override { reference_ = &other; }

  bool measure(const MeasureOptions& options) override {
    const auto machine = isca2016::baseline(experiment_.dataflow, experiment_.pes);
    for (const auto& [name, nest] : nests_)
      mapped_.push_back({name, isca2016::optimise(experiment_.dataflow, nest, machine)});
    return !options.interrupted();
  }

  [[nodiscard]] Measured read(const std::string& layer, const std::string& column) const override {
    const auto cost = cost_of(mapped_, layer);
    const auto plain = [](double value, const char* unit) { return Measured{value, unit, "closed form", {}}; };
    if (column == "active_pes") return plain(static_cast<double>(cost.active_pes), "");
    if (column == "energy_per_mac") return plain(per_mac(cost), "MACs");
    if (column == "dram_accesses_per_mac") return plain(cost.dram_accesses_per_op(), "words");
    const bool relative = column.starts_with("relative_");
    const double unit = relative ? energy_unit() * static_cast<double>(cost.macs.count()) : 1e10;
    Measured m = plain(0, relative ? "" : "1e10 MACs");
    for (const auto& bar : kBars)
      if (column == fmt::format("{}_e10", bar.name) || column == fmt::format("relative_{}", bar.name))
        m.value = std::isnan(cost.energy.alu) ? cost.energy.alu : bar.of(cost.energy) / unit;
    if (column.find("total") == std::string::npos) return m;
    for (const auto& bar : kBars)
      if (bar.name != "total") m.parts.push_back({std::string(bar.name), bar.of(cost.energy) / unit});
    return m;
  }

 private:
  /// Energy of a MAC in the experiment that this one is relative to, or in this one.
  [[nodiscard]] double energy_unit() const {
    return reference_ ? reference_->read("total", "energy_per_mac").value : per_mac(cost_of(mapped_, "total"));
  }

  SuiteExperiment experiment_;
  std::vector<std::pair<std::string, LayerNest>> nests_;
  const MeasuredExperiment* reference_ = nullptr;
  std::vector<Mapped> mapped_;
};

}  // namespace

std::unique_ptr<MeasuredExperiment> isca2016_measurement(const SuiteExperiment& e, const Catalogue& catalogue) {
  return std::make_unique<Isca2016>(e, catalogue);
}

}  // namespace eyrie
