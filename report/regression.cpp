#include "report/regression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace eyrie {

namespace {

/// The `nest:` of a mapping file of one layer as a YAML list on one line.
std::string nest_on_one_line(std::string_view yaml) {
  static constexpr std::string_view kItem = "  - ";
  std::string text;
  for (std::size_t from = 0; from < yaml.size();) {
    const auto end = std::min(yaml.find('\n', from), yaml.size());
    if (const auto line = yaml.substr(from, end - from); line.starts_with(kItem))
      text += (text.empty() ? "[" : ", ") + std::string(line.substr(kItem.size()));
    from = end + 1;
  }
  return text.empty() ? text : text + "]";
}

std::string trouble_of(const LayerReport& l) {
  if (l.deadlock)
    return fmt::format("it stopped making progress in the pass that began at cycle {}: {}", l.deadlock->at.count(),
                       l.deadlock->wait_for);
  if (l.figures.mismatches > 0) return fmt::format("{} ofmap words differ from the reference", l.figures.mismatches);
  return l.analytic.counts_equal ? "" : "the simulation's counts differ from the closed form's";
}

std::vector<RecordedEnergy> energy_of(const EnergyReport& report) {
  std::vector<RecordedEnergy> all;
  for (const auto& line : report.lines) {
    const auto same = std::ranges::find_if(all, [&](const RecordedEnergy& e) {
      return e.component == line.component && e.tensor == line.tensor && e.action == line.action;
    });
    if (same == all.end())
      all.push_back({line.component, line.tensor, line.action, line.energy.count()});
    else
      same->pj += line.energy.count();
  }
  std::ranges::stable_sort(all, {}, &RecordedEnergy::component);  // a component's lines stand together in the file
  return all;
}

RecordedLayer layer_of(const LayerReport& l) {
  RecordedLayer r;
  r.name = l.name;
  r.op = l.op;
  r.place = name_of(l.place);
  r.reason = l.reason;
  if (l.place != PlaceOf::Machine) return r;
  r.mapping = nest_on_one_line(l.mapping);
  r.ofmap = fmt::format("{:016x}", l.ofmap_digest);
  r.trouble = trouble_of(l);
  r.macs = l.figures.macs.count();
  r.passes = l.passes;
  r.active_pes = l.active_pes;
  r.cycles = l.figures.cycles.count();
  r.processing_cycles = l.figures.processing_cycles.count();
  for (const auto& row : names<Cause>::table) r.stack.emplace_back(row.name, l.figures.stack[row.value]);
  for (const auto& c : l.figures.counts.rows())
    r.counts.push_back({c.component, std::string(name_of(c.tensor)), std::string(name_of(c.action)), c.words.count(),
                        c.bytes.count()});
  std::ranges::stable_sort(r.counts, {}, &RecordedCount::component);
  r.energy = energy_of(l.figures.energy);
  return r;
}

}  // namespace

std::vector<std::string> RecordedRun::troubles() const {
  std::vector<std::string> all;
  if (!failure.empty()) all.push_back(fmt::format("{}: {}", name, failure));
  for (const auto& l : layers)
    if (!l.trouble.empty()) all.push_back(fmt::format("{}, {}: {}", name, l.name, l.trouble));
  return all;
}

const RecordedRun* Regression::find(const std::string& name) const {
  const auto it = std::ranges::find(experiments, name, &RecordedRun::name);
  return it == experiments.end() ? nullptr : &*it;
}

RecordedRun recorded(std::string name, AskedRun asked, const ExperimentResult& result) {
  RecordedRun run{.name = std::move(name), .asked = std::move(asked), .layers = {}, .totals = {}, .failure = {}};
  for (const auto& l : result.layers) run.layers.push_back(layer_of(l));
  const auto& t = result.totals;
  run.totals = {.macs = t.macs.count(),
                .cycles = t.cycles.count(),
                .processing_cycles = t.processing_cycles.count(),
                .energy_pj = t.energy.total.count(),
                .energy_chip_pj = t.energy.on_chip().count()};
  return run;
}

}  // namespace eyrie
