// Figures of a cycle of stated activity: what a machine can do at most, and what that costs.

#include <fmt/format.h>

#include <algorithm>

#include "app/validate/measure.hpp"
#include "energy/price.hpp"

namespace eyrie {

namespace {

/// Multipliers, and the adders of trees, each of which does an operation a cycle.
double operators(const Architecture& a) {
  const auto* up = a.network(NocRole::Forward, Operand::Output);
  const bool trees = up && up->kind == NocKind::AdderTree;
  return static_cast<double>(a.pes() + (trees ? a.array.columns * (a.array.rows - 1) : 0));
}

struct Column {
  std::string_view name, unit, origin;
  double (*value)(const Architecture&);
};
constexpr Column kColumns[] = {
    {"peak_macs", "", "architecture", [](const Architecture& a) { return static_cast<double>(a.pes()); }},
    {"peak_operators", "", "architecture", operators},
    {"peak_gops", "GOP/s", "architecture",
     [](const Architecture& a) { return operators(a) * a.core().count() * 1e-9; }},
    {"peak_gmacs", "GMAC/s", "architecture",
     [](const Architecture& a) { return static_cast<double>(a.pes()) * a.core().count() * 1e-9; }}};

class ActivityMeasurement : public MeasuredExperiment {
 public:
  ActivityMeasurement(const SuiteExperiment& e, const Catalogue& catalogue)
      : machine_{prepare_machine(e.run.architecture, e.set, catalogue)} {
    for (const auto& did : e.activity) {
      const Words words{did.words};
      counts_.add(did.component, did.tensor, did.action, words,
                  bytes_of(words, machine_.architecture.width(did.tensor)));
    }
    report_ = price(counts_, Cycles{1}, machine_.architecture, machine_.table);  // says what has no price
  }

  [[nodiscard]] std::optional<Wrong> wrong_column(const std::string& column) const override {
    std::vector<std::string> known{"power_mw", "on_chip_mw", "energy_pj", "on_chip_pj"};
    for (const auto& c : kColumns) known.emplace_back(c.name);
    for (const auto& [component, energy] : report_.by_component())
      for (const char* kind : {"power_mw.", "energy_pj."}) known.push_back(kind + component);
    if (std::ranges::count(known, column)) return std::nullopt;
    return Wrong{fmt::format("a cycle of stated activity has no column {}", column),
                 did_you_mean(column, std::vector<std::string_view>{known.begin(), known.end()})};
  }
  [[nodiscard]] std::vector<std::string> layers() const override { return {}; }
  bool measure(const MeasureOptions& options) override { return !options.interrupted(); }

  [[nodiscard]] Measured read(const std::string&, const std::string& column) const override {
    const auto& a = machine_.architecture;
    if (const auto c = std::ranges::find(kColumns, column, &Column::name); c != std::end(kColumns))
      return {c->value(a), std::string(c->unit), std::string(c->origin), {}};
    const bool power = column.starts_with("power_mw") || column == "on_chip_mw";
    const double each = power ? a.core().count() * 1e-9 : 1;  // pJ a cycle as mW
    Measured m{.value = 0, .unit = power ? "mW" : "pJ", .origin = "stated activity x table", .parts = {}};
    const auto dot = column.find('.');
    for (const auto& [component, energy] : report_.by_component()) {
      const bool asked = dot != std::string::npos        ? column.substr(dot + 1) == component
                         : column.starts_with("on_chip") ? component != a.dram.name
                                                         : true;
      if (!asked) continue;
      m.value += energy.count() * each;
      if (dot == std::string::npos) m.parts.push_back({component, energy.count() * each});
    }
    return m;
  }

 private:
  PreparedMachine machine_;
  ActionCounts counts_;
  EnergyReport report_;
};

}  // namespace

std::unique_ptr<MeasuredExperiment> activity_measurement(const SuiteExperiment& e, const Catalogue& catalogue) {
  return std::make_unique<ActivityMeasurement>(e, catalogue);
}

}  // namespace eyrie
