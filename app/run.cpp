#include <algorithm>
#include <numeric>

#include "app/experiment.hpp"
#include "app/layer_jobs.hpp"
#include "app/memory.hpp"
#include "app/progress.hpp"
#include "app/recording.hpp"
#include "app/trained.hpp"
#include "base/processes.hpp"
#include "workloads/forward.hpp"

namespace eyrie {

namespace {

/// Outcomes by layer once all jobs of it have answered.
std::vector<LayerOutcome> outcomes_of(const PreparedExperiment& p, const std::vector<LayerJob>& jobs,
                                      const std::vector<std::string>& answers, const ForwardPass& forward) {
  std::vector<LayerOutcome> all;
  for (std::size_t i = 0; i < jobs.size(); i += static_cast<std::size_t>(jobs[i].of)) {
    const auto of = static_cast<std::size_t>(jobs[i].of);
    std::vector<LayerOutcome> parts;
    for (std::size_t k = i; k < i + of; ++k)
      if (!answers[k].empty()) parts.push_back(outcome_from_text(answers[k]));
    if (parts.size() == of) all.push_back(joined(p, parts, p.layers[jobs[i].layer], forward));
  }
  return all;
}

}  // namespace

std::vector<std::string> layer_names(const PreparedExperiment& p) {
  std::vector<std::string> names;
  for (const auto& l : p.layers) names.push_back(p.network.layers()[l.number].name);
  return names;
}

ForwardPass reference_of(const PreparedExperiment& p, unsigned jobs) {
  ForwardOptions computed{.layers = {}, .jobs = jobs, .data = nullptr, .widths = p.widths};
  if (p.trained) {  // the answer tells of all layers
    computed.data = &p.trained->data;
    computed.widths.clear();
  } else {
    computed.layers.emplace();
    for (const auto& l : p.layers) computed.layers->push_back(l.number);
  }
  return {p.network, p.architecture.words, static_cast<std::uint64_t>(p.experiment.seed), computed};
}

RunAnswer run(const PreparedExperiment& p, const RunOptions& options, const std::function<bool()>& interrupted) {
  const auto names = layer_names(p);
  std::vector<double> costs;
  for (const auto& l : p.layers) costs.push_back(l.cost);
  const bool draws = options.recording && options.recording->draws();  // a layer as a whole
  const auto jobs = layer_jobs(p, draws ? 1 : options.jobs);
  std::vector<std::int64_t> left(p.layers.size());  // jobs of each layer
  for (const auto& job : jobs) ++left[job.layer];
  const auto before = peak_memory();
  Progress progress{Progress::fitting(options.quiet), names, costs};
  const auto processes = std::min(options.jobs, static_cast<unsigned>(jobs.size()));
  release_free_memory();
  const auto need = memory_need(p, processes, options.held.value_or(resident_memory()),
                                options.memory ? options.memory : memory_available());
  progress.say(in_words(need));
  progress.stage("computing the reference");
  const ForwardPass forward = reference_of(p, options.jobs);
  std::optional<Answer> answer;
  if (p.trained) answer = answer_of(p, forward, options.jobs);

  release_free_memory();
  progress.stage("simulating");
  std::vector<std::size_t> longest_first(jobs.size());
  std::iota(longest_first.begin(), longest_first.end(), std::size_t{0});
  std::ranges::stable_sort(longest_first, std::ranges::greater{}, [&](std::size_t i) { return jobs[i].cost; });
  const auto answers = run_in_processes(
      jobs.size(), need.processes,
      [&](std::size_t i) {
        return to_text(simulate_layer(p, p.layers[jobs[i].layer], forward, jobs[i], options.recording));
      },
      longest_first,
      [&](std::size_t i) {
        if (--left[jobs[i].layer] == 0) progress.done(jobs[i].layer);
      },
      interrupted);

  return {.outcomes = outcomes_of(p, jobs, answers, forward),
          .finished = progress.finished(),
          .interrupted = interrupted(),
          .answer = std::move(answer),
          .memory_bound = std::max(need.total(), before)};
}

}  // namespace eyrie
