#include "app/calibrate_command.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ensure.hpp"
#include "report/render.hpp"

namespace eyrie {

namespace {

/// What `read` gives; errors without a place get that of `key`. All of them are added to `wrong`.
template <class Read>
auto reading(const YamlDocument& document, const char* key, Diagnostics& wrong, Read read)
    -> std::optional<decltype(read())> {
  try {
    return read();
  } catch (const InputError& e) {
    for (const auto& d : e.diagnostics())
      wrong.error(d.place.line == 0 ? document.place_of(key) : d.place, d.problem, d.remedy);
  }
  return {};
}

/// Layers that the experiment does not run on its machine.
void check_layers(const Calibration& c, const PreparedExperiment& experiment, Diagnostics& wrong) {
  const auto names = layer_names(experiment);
  const std::vector<std::string_view> known{names.begin(), names.end()};
  for (const auto& p : c.powers)
    if (!std::ranges::count(known, p.layer))
      wrong.error(p.where, fmt::format("{} runs no layer {} on its machine", c.experiment, p.layer),
                  did_you_mean(p.layer, known));
}

/// Components that the machine doesn't have.
void check_components(const Calibration& c, const Architecture& a, Diagnostics& wrong) {
  std::vector<std::string> names{"dram", "sram", "noc", "link", "spad", "mac", "rlc", "array", "chip"};
  names.insert(names.end(), {a.dram.name, a.array.name, a.array.mac.name});
  for (const auto& b : a.buffers) names.push_back(b.name);
  for (const auto& n : a.networks) names.push_back(n.name);
  for (const auto& s : a.array.spads) names.push_back(s.name);
  const std::vector<std::string_view> known{names.begin(), names.end()};
  for (const auto& t : c.terms)
    if (!std::ranges::count(names, t.component))
      wrong.error(t.where, fmt::format("{} has no component {}", a.name, t.component),
                  did_you_mean(t.component, known));
}

}  // namespace

PreparedCalibration prepare_calibration(const YamlDocument& document, const Catalogue& catalogue) {
  auto c = read_calibration(document);
  Diagnostics wrong;
  auto base = reading(document, "base", wrong, [&] {
    const auto name = Catalogue::beside(c.base, document.name());
    return read_energy_table(YamlDocument::from_file(catalogue.find(Shelf::Technologies, name)));
  });
  auto experiment = reading(document, "experiment", wrong, [&] {
    const auto name = Catalogue::beside(c.experiment, document.name());
    return prepare(read_experiment(YamlDocument::from_file(catalogue.find(Shelf::Experiments, name))), {}, catalogue);
  });
  if (experiment) {
    check_layers(c, *experiment, wrong);
    check_components(c, experiment->architecture, wrong);
  }
  wrong.raise_if_any();
  experiment->table = with_terms(*base, c);
  std::erase_if(experiment->layers, [&](const PlannedLayer& l) {
    return std::ranges::find(c.powers, experiment->network.layers()[l.number].name, &MeasuredPower::layer) ==
           c.powers.end();
  });
  return {std::move(c), std::move(*base), std::move(*experiment)};
}

CalibrateAnswer calibrate(const CalibrateRequest& request, const Catalogue& catalogue,
                          const std::function<bool()>& interrupted) {
  const auto path = catalogue.find(Shelf::Calibrations, request.file);
  auto p = prepare_calibration(YamlDocument::from_file(path), catalogue);
  map_layers(p.experiment, map_settings(p.experiment.experiment, request.jobs, request.quiet), interrupted);
  const RunOptions options{.jobs = request.jobs, .quiet = request.quiet, .memory = {}};
  const auto ran = run(p.experiment, options, interrupted);
  if (ran.interrupted) return {.calibrated = {}, .interrupted = true};
  CalibrateAnswer answer;
  std::vector<CountedLayer> layers;
  for (const auto& power : p.calibration.powers) {
    const auto o = std::ranges::find(ran.outcomes, power.layer, &LayerOutcome::layer);
    ensure(o != ran.outcomes.end(), "every measured layer was run");
    answer.right = answer.right && o->mismatches == 0 && !o->result.deadlock && o->analytic.counts_equal;
    layers.push_back({power.layer, o->result.counts, {o->result.cycles, o->result.active_pes}});
  }
  answer.calibrated = calibrate(p.calibration, p.base, p.experiment.architecture, layers);
  if (!request.out.empty() && answer.right && answer.calibrated.ok())
    write_file(request.out, table_text(answer.calibrated, request.file));
  return answer;
}

std::string table_text(const Calibrated& c, const std::string& file) {
  auto table = c.table;
  return fmt::format("# Written by `eyrie calibrate {}`; docs/calibration.md says how, and what it is not good for.\n",
                     file) +
         write_yaml([&](Fields& f) { describe(f, table); });
}

}  // namespace eyrie
