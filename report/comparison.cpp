#include "report/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace eyrie {

using enum Ahead;

static constexpr ComparedFigure kFigures[] = {
    {"latency_ms", "latency", "ms", Lower, "totals.latency_ms"},
    {"inferences_per_s", "inferences", "1/s", Higher, "totals.inferences_per_s"},
    {"energy_per_inference_uj", "energy/inference with DRAM", "uJ", Lower, "totals.energy_per_inference_uj"},
    {"energy_per_inference_chip_uj", "energy/inference, chip", "uJ", Lower, "totals.energy_per_inference_chip_uj"},
    {"tops_per_w", "efficiency with DRAM", "TOP/W", Higher, "totals.tops_per_w"},
    {"tops_per_w_chip", "efficiency, chip", "TOP/W", Higher, "totals.tops_per_w_chip"},
    {"power_mw", "power with DRAM", "mW", Lower, "totals.power_mw"},
    {"power_chip_mw", "power, chip", "mW", Lower, "totals.power_chip_mw"},
    {"utilization", "utilization", "of PE-cycles", Higher, "totals.utilization"},
    {"dram_bytes", "DRAM traffic", "B", Lower, "totals.dram_bytes.total"},
};

std::span<const ComparedFigure> compared_figures() { return kFigures; }

/// Layers on the host; and did every layer that ran do so to its end, with the counts of the closed form?
static void read_layers(const StoredJson& r, ComparedRun& run, Diagnostics& wrong) {
  run.sound = true;
  for (std::size_t i = 0, n = r.entries("layers", wrong); i < n; ++i) {
    const auto layer = fmt::format("layers.{}.", i);
    const auto place = r.string(layer + "place", wrong);
    if (place == "host") run.on_host.push_back(r.string(layer + "name", wrong));
    if (place != "machine") continue;
    run.sound = run.sound && !r.has(layer + "deadlock") && r.truth(layer + "analytic.counts_equal", wrong);
  }
}

static std::vector<ComparedTarget> targets_of(const StoredJson& r, Diagnostics& wrong) {
  std::vector<ComparedTarget> all;
  for (std::size_t i = 0, n = r.entries("targets", wrong); i < n; ++i) {
    const auto t = fmt::format("targets.{}.", i);
    all.push_back({.name = r.string(t + "name", wrong),
                   .unit = r.string(t + "unit", wrong),
                   .bound = r.string(t + "bound", wrong),
                   .basis = r.string(t + "basis", wrong),
                   .wanted = r.number(t + "wanted", wrong),
                   .ours = r.number(t + "ours", wrong),
                   .margin = r.number(t + "margin", wrong),
                   .met = r.truth(t + "met", wrong)});
  }
  return all;
}

static std::vector<ComparedBaseline> baselines_of(const StoredJson& r, Diagnostics& wrong) {
  std::vector<ComparedBaseline> all;
  for (std::size_t i = 0, n = r.entries("baselines", wrong); i < n; ++i) {
    const auto b = fmt::format("baselines.{}.", i);
    all.push_back({.name = r.string(b + "name", wrong),
                   .kind = r.string(b + "kind", wrong),
                   .comparison = r.string(b + "comparison", wrong),
                   .label = r.string(b + "label", wrong),
                   .speedup = r.number_if_any(b + "speedup", wrong),
                   .energy_ratio = r.number_if_any(b + "energy_ratio", wrong),
                   .energy_ratio_chip = r.number_if_any(b + "energy_ratio_chip", wrong)});
  }
  return all;
}

ComparedRun compared_run(const StoredJson& r, std::string label, std::string directory) {
  Diagnostics wrong;
  ComparedRun run{.label = std::move(label), .directory = std::move(directory)};
  run.architecture = r.string("architecture.name", wrong);
  run.workload = r.string("workload.name", wrong);
  run.batch = static_cast<std::int64_t>(std::clamp(r.number("workload.batch", wrong), 0.0, 1e9));
  for (std::size_t i = 0, n = r.entries("totals.left_out", wrong); i < n; ++i)
    run.left_out.push_back(r.string(fmt::format("totals.left_out.{}", i), wrong));
  read_layers(r, run, wrong);
  run.sound =
      run.sound && r.truth("totals.functional.checked", wrong) && r.number("totals.functional.mismatches", wrong) == 0;
  for (const auto& f : kFigures) run.values.push_back(r.number_if_any(std::string(f.key), wrong));
  run.targets = targets_of(r, wrong);
  run.baselines = baselines_of(r, wrong);
  wrong.raise_if_any();
  return run;
}

ComparedScenario compared_scenario(const StoredJson& s, std::string label, std::string directory) {
  Diagnostics wrong;
  ComparedScenario all{.label = std::move(label),
                       .directory = std::move(directory),
                       .kind = s.string("kind", wrong),
                       .name = s.string("name", wrong)};
  wrong.raise_if_any();
  return all;
}

bool Comparison::is_best(std::size_t run, std::size_t figure) const {
  const auto& mine = runs.at(run);
  const auto& value = mine.values.at(figure);
  if (!mine.sound || !value) return false;
  std::size_t others = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto& other = runs[i].values.at(figure);
    if (i == run || !runs[i].sound || !other || !mine.does_as(runs[i])) continue;
    ++others;
    if (kFigures[figure].ahead == Lower ? *other < *value : *other > *value) return false;
  }
  return others > 0;
}

std::vector<Winners> winners(const Comparison& c) {
  std::vector<Winners> all;
  std::vector<std::size_t> firsts;  // of runs that do the same work
  for (std::size_t i = 0; i < c.runs.size(); ++i)
    if (std::ranges::none_of(firsts, [&](std::size_t f) { return c.runs[f].does_as(c.runs[i]); })) firsts.push_back(i);
  for (const auto first : firsts)
    for (std::size_t f = 0; f < std::size(kFigures); ++f) {
      Winners one{.figure = f, .runs = {}};
      for (std::size_t i = 0; i < c.runs.size(); ++i)
        if (c.runs[i].does_as(c.runs[first]) && c.is_best(i, f)) one.runs.push_back(i);
      if (!one.runs.empty()) all.push_back(std::move(one));
    }
  return all;
}

}  // namespace eyrie
