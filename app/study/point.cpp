#include "app/study/point.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <new>
#include <nlohmann/json.hpp>
#include <regex>

#include "app/machine_run.hpp"
#include "app/memory.hpp"
#include "app/precision.hpp"
#include "app/study/canonical.hpp"
#include "base/digest.hpp"
#include "base/ensure.hpp"
#include "base/gzip.hpp"
#include "base/processes.hpp"
#include "explore/study/measures.hpp"
#include "report/render.hpp"

namespace eyrie {

using Json = nlohmann::json;

std::string to_text(const PointTask& t) {
  return Json{{"experiment", t.experiment}, {"overrides", t.overrides}, {"fidelity", std::string(name_of(t.fidelity))}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

PointTask point_task_from_text(const std::string& text) {
  const auto j = Json::parse(text);
  return {.experiment = j.at("experiment"),
          .overrides = j.at("overrides"),
          .fidelity = j.at("fidelity") == std::string(name_of(PointFidelity::Closed)) ? PointFidelity::Closed
                                                                                      : PointFidelity::Simulated};
}

AskedPoint asked_of(const PointTask& task, const Catalogue& catalogue) {
  auto document = task.experiment.empty()
                      ? YamlDocument::from_text("kind: experiment\nbaselines: []\n", "experiment")
                      : YamlDocument::from_file(catalogue.find(Shelf::Experiments, task.experiment));
  AskedPoint asked;
  static constexpr std::string_view kOfExperiment = "experiment.";
  for (const auto& argument : task.overrides) {
    if (!argument.starts_with(kOfExperiment)) {
      asked.overrides.push_back(argument);
      continue;
    }
    document.apply(parse_override(argument.substr(kOfExperiment.size())));
  }
  asked.experiment = read_experiment(document);
  asked.experiment.baselines.clear();  // a study compares designs
  return asked;
}

/// Absolute paths in a text become names of files: where a checkout lies is nothing of a point.
static std::string without_folders(const std::string& text) {
  static const std::regex folders{R"((^|[\s"'(])/(?:[^\s/:;,"']+/)+)"};
  return std::regex_replace(text, folders, "$1");
}

std::string in_one_line(const InputError& e) {
  auto first = e.diagnostics().front();
  first.place.file = std::filesystem::path(first.place.file).filename().string();
  auto text = without_folders(to_string(first));
  std::ranges::replace(text, '\n', ' ');
  const auto more = e.diagnostics().size() - 1;
  return more == 0 ? text : fmt::format("{} (and {} more)", text, more);
}

namespace {

std::string digest_of(const std::string& input, PointFidelity fidelity) {
  return fmt::format("{}-{}", eyrie::digest_of(input), name_of(fidelity));
}

/// A machine and a network that no mapping brings together.
struct NoMappingError : InputError {
  explicit NoMappingError(const InputError& e) : InputError{e} {}
};

/// The command that shows a point alone.
std::string command_of(const AskedPoint& asked, PointFidelity fidelity) {
  const CommandLine nothing;
  auto text = fmt::format("eyrie run --arch {} --workload {}", quoted(asked.experiment.architecture),
                          quoted(asked.experiment.workload)) +
              options_of(asked.experiment, nothing);
  for (const auto& o : asked.overrides) text += " --set " + quoted(o);
  return text + (fidelity == PointFidelity::Closed ? " --fidelity closed" : "");
}

ExperimentResult assembled(const PreparedExperiment& p, const AskedPoint& asked, PointFidelity fidelity,
                           const std::vector<LayerOutcome>& outcomes) {
  const Settings settings{.seed = static_cast<std::uint64_t>(p.experiment.seed),
                          .dataflow = p.flow.name,
                          .fidelity = fidelity == PointFidelity::Closed ? kClosedForm : kCycleFidelity,
                          .command = command_of(asked, fidelity),
                          .targets = p.experiment.targets.value_or(standard_targets()),
                          .baselines = {},
                          .normalise = false,
                          .battery = p.experiment.battery};
  return assemble(p.architecture, p.network, p.table, settings, outcomes, {}, layer_machines(p));
}

/// A run that did not end well.
void judge(const ExperimentResult& r, StoredPoint& point) {
  for (const auto& l : r.layers) {
    if (l.deadlock) {
      point.status = PointStatus::Deadlocked;
      point.reason = fmt::format("{}: {}", l.name, l.deadlock->wait_for);
      return;
    }
    if (!l.analytic.counts_equal || l.figures.mismatches > 0) {
      point.status = PointStatus::Wrong;
      point.reason = fmt::format("{}: {} words of the ofmap differ from the reference{}", l.name, l.figures.mismatches,
                                 l.analytic.counts_equal ? "" : "; counts differ from the closed form");
      return;
    }
  }
}

/// A result without what differs from run to run.
std::string lasting_json(const ExperimentResult& r) {
  auto j = nlohmann::ordered_json::parse(to_json(r));
  j.erase("host");
  return j.dump() + "\n";
}

}  // namespace

PointPlan PointComputer::plan(const PointTask& task) {
  PointPlan plan;
  try {
    const auto asked = asked_of(task, catalogue_);
    const auto p = prepare(asked.experiment, asked.overrides, catalogue_);
    plan.digest = digest_of(canonical_input(p), task.fidelity);
    if (const auto area = area_of(p.architecture, p.table); area.known()) plan.area_mm2 = area.total.um2 * 1e-6;
  } catch (const InputError& e) {
    plan.status = PointStatus::Illegal;
    plan.reason = in_one_line(e);
    plan.digest =
        digest_of(fmt::format("eyrie {}\nillegal {}\n{}", kVersion, to_text(task), plan.reason), task.fidelity);
  }
  return plan;
}

static AskedPrepared prepared(const PointTask& task, const Catalogue& catalogue) {
  auto asked = asked_of(task, catalogue);
  auto p = prepare(asked.experiment, asked.overrides, catalogue);
  return {std::move(asked), std::move(p)};
}

ExperimentResult PointComputer::result(const PointTask& task, std::optional<Bytes> memory) {
  auto ready = prepared(task, catalogue_);
  return result_of(ready, task.fidelity, memory);
}

ExperimentResult PointComputer::result_of(AskedPrepared& ready, PointFidelity fidelity, std::optional<Bytes> memory) {
  const auto never = [] { return false; };
  auto& [asked, p] = ready;
  try {
    map_layers(p, map_settings(p.experiment, 1, true), never);
  } catch (const InputError& e) {
    throw NoMappingError{e};
  }
  if (fidelity == PointFidelity::Closed) return assembled(p, asked, fidelity, closed_form(p, memo_));
  const RunOptions options{.jobs = 1, .quiet = true, .memory = memory, .held = kWorkerMemory, .recording = nullptr};
  auto answer = run(p, options, never);
  auto r = assembled(p, asked, fidelity, answer.outcomes);
  r.answer = std::move(answer.answer);
  return r;
}

StoredPoint PointComputer::compute(const PointTask& task, std::optional<Bytes> memory) {
  StoredPoint point;
  const auto failed = [&](PointStatus status, const std::string& reason) {
    point.status = status;
    point.reason = reason;
  };
  const auto twice = [&] {  // a process inside may have been ended by what is not this point's fault
    auto ready = prepared(task, catalogue_);
    point.digest = digest_of(canonical_input(ready.prepared), task.fidelity);
    try {
      return result_of(ready, task.fidelity, memory);
    } catch (const ProcessDied&) {
      return result_of(ready, task.fidelity, memory);
    }
  };
  try {
    const auto r = twice();
    judge(r, point);
    point.result = gzipped(lasting_json(r));
    if (point.status == PointStatus::Done) point.figures = measure(r);
  } catch (const NoMappingError& e) {
    failed(PointStatus::NoMapping, in_one_line(e));
  } catch (const InputError& e) {
    const bool memory_short = e.diagnostics().front().place.file == "--memory";
    failed(memory_short ? PointStatus::OutOfMemory : PointStatus::Illegal, in_one_line(e));
  } catch (const std::bad_alloc&) {
    failed(PointStatus::OutOfMemory, "the memory that there was did not suffice");
  } catch (const std::exception& e) {  // a process inside died again, a promise of ours was broken
    failed(PointStatus::Crashed, e.what());
  }
  return point;
}

}  // namespace eyrie
