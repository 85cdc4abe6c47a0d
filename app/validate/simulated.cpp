// Figures of a simulated experiment.

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "app/validate/counted.hpp"
#include "app/validate/measure.hpp"
#include "dataflows/legality.hpp"

namespace eyrie {

namespace {

/// What a column is read from: a layer, or all of them (`layer` is null).
struct View {
  const ExperimentResult& result;
  const LayerReport* layer;
  const Figures& figures;
};

struct Column {
  std::string_view name, unit, origin;
  double (*value)(const View&);
  std::vector<MeasuredPart> (*parts)(const View&);
};

constexpr std::string_view kSimulated = "simulated", kPriced = "simulated counts x table";

std::vector<MeasuredPart> no_parts(const View&) { return {}; }

/// Cycles by what PEs with work did in them, in ms. Without waits for DRAM: those of `processing_ms`.
std::vector<MeasuredPart> milliseconds(const View& v, bool dram) {
  const auto& stack = v.figures.stack;
  const auto mapped = static_cast<double>(stack.total() - stack[Cause::Unmapped]);
  std::vector<MeasuredPart> parts;
  for (const auto& row : names<Cause>::table) {
    const bool waits =
        row.value == Cause::DramInput || row.value == Cause::DramWeight || row.value == Cause::DramOutput;
    if (row.value == Cause::Unmapped || (waits && !dram) || stack[row.value] == 0) continue;
    parts.push_back(
        {std::string(row.name), static_cast<double>(stack[row.value]) / mapped * v.figures.latency_s() * 1e3});
  }
  return parts;
}

std::vector<MeasuredPart> all_milliseconds(const View& v) { return milliseconds(v, true); }
std::vector<MeasuredPart> processing_milliseconds(const View& v) { return milliseconds(v, false); }

std::vector<MeasuredPart> by_tensor(const TensorBytes& b, double unit) {
  return {{"input", static_cast<double>(b.input.count()) * unit},
          {"weight", static_cast<double>(b.weight.count()) * unit},
          {"output", static_cast<double>(b.output.count()) * unit}};
}

/// PEs with work, of all layers the mean over time, as the Eyeriss papers have it.
double active_pes(const View& v) {
  if (v.layer) return static_cast<double>(v.layer->active_pes);
  double weighted = 0;
  for (const auto& l : v.result.layers) weighted += static_cast<double>(l.active_pes) * l.figures.latency_s();
  return weighted / v.figures.latency_s();
}

double passes(const View& v) {
  std::int64_t all = 0;
  for (const auto& l : v.result.layers)
    if (!v.layer || &l == v.layer) all += l.passes;
  return static_cast<double>(all);
}

TensorBytes fmap_bytes(const View& v) {
  return {.input = v.figures.glb.input, .weight = {}, .output = v.figures.glb.output};
}

std::vector<MeasuredPart> component_milliwatts(const View& v) {
  std::vector<MeasuredPart> parts;
  for (const auto& [component, energy] : v.figures.energy.by_component())
    if (component != v.result.architecture.dram.name) parts.push_back({component, v.figures.power_mw(energy)});
  return parts;
}

double layers_unequal(const View& v) {
  return static_cast<double>(std::ranges::count_if(
      v.result.layers, [&](const LayerReport& l) { return (!v.layer || &l == v.layer) && !l.analytic.counts_equal; }));
}

constexpr Column kColumns[] = {
    {"mismatches", "words", kSimulated, [](const View& v) { return static_cast<double>(v.figures.mismatches); },
     no_parts},
    {"counts_unequal", "layers", kSimulated, layers_unequal, no_parts},
    {"macs", "", kSimulated, [](const View& v) { return static_cast<double>(v.figures.macs.count()); }, no_parts},
    {"active_pes", "", kSimulated, active_pes, no_parts},
    {"passes", "", kSimulated, passes, no_parts},
    {"utilization_percent", "%", kSimulated, [](const View& v) { return 100 * v.figures.utilization(); }, no_parts},
    {"macs_per_cycle", "", kSimulated,
     [](const View& v) {
       return static_cast<double>(v.figures.macs.count()) / static_cast<double>(v.figures.cycles.count());
     },
     no_parts},
    {"cycles", "cycles", kSimulated, [](const View& v) { return static_cast<double>(v.figures.cycles.count()); },
     no_parts},
    {"processing_cycles", "cycles", kSimulated,
     [](const View& v) { return static_cast<double>(v.figures.processing_cycles.count()); }, no_parts},
    {"total_ms", "ms", kSimulated, [](const View& v) { return v.figures.latency_s() * 1e3; }, all_milliseconds},
    {"processing_ms", "ms", kSimulated,
     [](const View& v) { return static_cast<double>(v.figures.processing_cycles.count()) / v.figures.core_hz * 1e3; },
     processing_milliseconds},
    {"glb_mb", "MB", kSimulated,
     [](const View& v) { return static_cast<double>(fmap_bytes(v).total().count()) * 1e-6; },
     [](const View& v) { return by_tensor(fmap_bytes(v), 1e-6); }},
    {"dram_mb", "MB", kSimulated,
     [](const View& v) { return static_cast<double>(v.figures.dram.total().count()) * 1e-6; },
     [](const View& v) { return by_tensor(v.figures.dram, 1e-6); }},
    {"on_chip_mw", "mW", kPriced, [](const View& v) { return v.figures.power_mw(v.figures.energy.on_chip()); },
     component_milliwatts},
    {"on_chip_uj", "uJ", kPriced, [](const View& v) { return v.figures.energy.on_chip().count() * 1e-6; }, no_parts}};

/// `power_mw.COMPONENT`: the name of the component, whose power it is.
std::optional<std::string> component_of(const std::string& column) {
  return column.starts_with("power_mw.") ? std::optional{column.substr(9)} : std::nullopt;
}

double milliwatts(const View& v, const std::string& component) {
  double all = 0;
  for (const auto& [name, energy] : v.figures.energy.by_component())
    if (name == component) all += v.figures.power_mw(energy);
  return all;
}

/// Columns that say how many times as much the experiment of `relative_to` takes.
struct Ratio {
  std::string_view name, of;
};
constexpr Ratio kRatios[] = {{"speedup", "total_ms"}, {"energy_gain", "on_chip_uj"}};

const Ratio* find_ratio(const std::string& name) {
  const auto it = std::ranges::find(kRatios, name, &Ratio::name);
  return it == std::end(kRatios) ? nullptr : it;
}

const Column* find_column(const std::string& name) {
  const auto it = std::ranges::find(kColumns, name, &Column::name);
  return it == std::end(kColumns) ? nullptr : it;
}

class Simulated : public MeasuredExperiment {
 public:
  Simulated(const SuiteExperiment& e, const Catalogue& catalogue) : prepared_{prepare(e.run, e.set, catalogue)} {}

  [[nodiscard]] std::optional<Wrong> wrong_column(const std::string& column) const override {
    if (find_column(column) || known_count(column, prepared_)) return std::nullopt;
    if (const auto component = component_of(column); component && has_component(prepared_, *component))
      return std::nullopt;
    const Ratio* ratio = find_ratio(column);
    if (ratio && reference_) return reference_->wrong_column(std::string(ratio->of));
    if (ratio)
      return Wrong{fmt::format("{} needs another experiment to compare with", column),
                   "write `relative_to: EXPERIMENT` in this one"};
    std::vector<std::string_view> known;
    for (const auto& c : kColumns) known.push_back(c.name);
    for (const auto& r : kRatios) known.push_back(r.name);
    return Wrong{fmt::format("simulations have no column {}", column),
                 did_you_mean(column, known) + std::string(kCountRemedy) + ", or power_mw.COMPONENT"};
  }
  [[nodiscard]] std::optional<Wrong> wrong_layer(const std::string& layer) const override {
    if (auto wrong = unknown_layer(layer)) return wrong;
    return reference_ ? reference_->wrong_layer(layer) : std::nullopt;
  }
  [[nodiscard]] std::optional<Wrong> wrong_pair(const std::string& column, const std::string& layer) const override {
    if (layer != "total") return std::nullopt;
    if (find_ratio(column) && layers() != reference_->layers())
      return Wrong{fmt::format("{} of all layers compares experiments of different layers", column),
                   "give both the same `layers`, or compare layer by layer"};
    return wrong_total(column);
  }
  [[nodiscard]] std::vector<std::string> layers() const override { return layer_names(prepared_); }
  void set_reference(const MeasuredExperiment& other) override { reference_ = &other; }

  bool measure(const MeasureOptions& options) override {
    map_layers(prepared_, map_settings(prepared_.experiment, options.jobs, options.quiet), options.interrupted);
    const auto answer =
        run(prepared_, {.jobs = options.jobs, .quiet = options.quiet, .memory = {}}, options.interrupted);
    if (answer.interrupted) return false;
    result_ = assemble(prepared_.architecture, prepared_.network, prepared_.table, {}, answer.outcomes, {});
    return true;
  }
  [[nodiscard]] std::vector<std::string> troubles() const override {
    std::vector<std::string> all;
    for (const auto& l : result_->layers) {
      if (l.deadlock) all.push_back(fmt::format("{} stopped making progress: {}", l.name, l.deadlock->wait_for));
      if (l.figures.mismatches > 0)
        all.push_back(fmt::format("{} computed {} words that differ from the reference", l.name, l.figures.mismatches));
      if (!l.analytic.counts_equal) all.push_back(fmt::format("{}: counts differ from the closed form", l.name));
    }
    return all;
  }

  [[nodiscard]] Measured read(const std::string& layer, const std::string& column) const override {
    const View view = view_of(layer);
    if (const Column* c = find_column(column))
      return {c->value(view), std::string(c->unit), std::string(c->origin), c->parts(view)};
    if (const Ratio* r = find_ratio(column)) {
      const std::string of{r->of};
      const auto mine = read(layer, of);
      return {reference_->read(layer, of).value / mine.value, "", mine.origin, {}};
    }
    if (const auto component = component_of(column))
      return {milliwatts(view, *component), "mW", std::string(kPriced), {}};
    return read_count(column, view.figures.counts, view.layer ? planned(layer) : nullptr, prepared_,
                      std::string(kSimulated));
  }

 private:
  [[nodiscard]] View view_of(const std::string& layer) const {
    if (layer == "total") return {*result_, nullptr, result_->totals};
    const auto& l = *std::ranges::find(result_->layers, layer, &LayerReport::name);
    return {*result_, &l, l.figures};
  }
  [[nodiscard]] const PlannedLayer* planned(const std::string& layer) const {
    return &*std::ranges::find_if(prepared_.layers,
                                  [&](const auto& l) { return prepared_.network.layers()[l.number].name == layer; });
  }

  PreparedExperiment prepared_;
  std::optional<ExperimentResult> result_;
  const MeasuredExperiment* reference_ = nullptr;
};

}  // namespace

std::unique_ptr<MeasuredExperiment> simulated_measurement(const SuiteExperiment& e, const Catalogue& catalogue) {
  return std::make_unique<Simulated>(e, catalogue);
}

}  // namespace eyrie
