#include "explore/study/measures.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace eyrie {

namespace {

using Value = std::optional<double>;

double per_inference(const ExperimentResult& r, double all) { return all / static_cast<double>(r.batch); }

constexpr Measure kMeasures[] = {
    {"energy", "energy an inference, with DRAM", "uJ", Goal::Lower, Dimension::Picojoules, 1e6,
     [](const ExperimentResult& r) -> Value { return r.energy_per_inference_uj(); }},
    {"chip_energy", "energy an inference, without DRAM", "uJ", Goal::Lower, Dimension::Picojoules, 1e6,
     [](const ExperimentResult& r) -> Value { return r.energy_per_inference_uj(r.totals.energy.on_chip()); }},
    {"latency", "latency of the batch", "ms", Goal::Lower, Dimension::Seconds, 1e-3,
     [](const ExperimentResult& r) -> Value { return r.totals.latency_s() * 1e3; }},
    {"cycles", "cycles of the batch", "cycles", Goal::Lower, Dimension::Cycles, 1,
     [](const ExperimentResult& r) -> Value { return static_cast<double>(r.totals.cycles.count()); }},
    {"area", "area of the parts that are known", "mm2", Goal::Lower, Dimension::SquareMicrons, 1e6,
     [](const ExperimentResult& r) -> Value { return r.area.known() ? Value{r.area.total.um2 * 1e-6} : Value{}; }},
    {"edp", "energy x latency of an inference", "uJ s", Goal::Lower, Dimension::None, 1,
     [](const ExperimentResult& r) -> Value { return r.energy_delay_per_inference_j_s() * 1e6; }},
    {"tops_per_w", "TOP/s a watt, with DRAM; a MAC is two operations", "TOP/W", Goal::Higher, Dimension::None, 1,
     [](const ExperimentResult& r) -> Value { return r.totals.tops_per_w(r.totals.energy.total); }},
    {"gops", "GOP/s; a MAC is two operations", "GOP/s", Goal::Higher, Dimension::None, 1,
     [](const ExperimentResult& r) -> Value { return r.totals.gops(); }},
    {"power", "mean power, with DRAM", "mW", Goal::Lower, Dimension::Milliwatts, 1,
     [](const ExperimentResult& r) -> Value { return r.totals.power_mw(r.totals.energy.total); }},
    {"dram", "bytes to and from DRAM, an inference", "B", Goal::Lower, Dimension::Bytes, 1,
     [](const ExperimentResult& r) -> Value {
       return per_inference(r, static_cast<double>(r.totals.dram.total().count()));
     }}};

}  // namespace

std::span<const Measure> measures() { return kMeasures; }

std::vector<std::string> measure_names() {
  std::vector<std::string> all;
  for (const auto& m : kMeasures) all.emplace_back(m.name);
  return all;
}

MeasureValues measure(const ExperimentResult& r) {
  MeasureValues all;
  for (const auto& m : kMeasures) all.push_back(m.value(r));
  return all;
}

MeasureValues mean_of(const std::vector<MeasureValues>& all) {
  MeasureValues means;
  for (std::size_t i = 0; i < std::size(kMeasures); ++i) {
    double logs = 0;
    bool known = !all.empty(), same = true;
    for (const auto& one : all) {
      known = known && one[i] && *one[i] > 0;
      if (!known) break;
      logs += std::log(*one[i]);
      same = same && one[i] == all.front()[i];
    }
    means.push_back(!known ? Value{} : same ? all.front()[i] : Value{std::exp(logs / static_cast<double>(all.size()))});
  }
  return means;
}

AnyQuantity quantity_of(const Measure& m, double value) { return {value * m.factor, m.dimension}; }

void add_figures(const MeasureValues& figures, std::map<std::string, AnyQuantity>& named) {
  for (std::size_t m = 0; m < figures.size(); ++m)
    if (figures[m]) named[std::string(kMeasures[m].name)] = quantity_of(kMeasures[m], *figures[m]);
}

}  // namespace eyrie
