#include "app/regress_baseline.hpp"

#include <fmt/format.h>

#include "app/machine_run.hpp"
#include "app/regress_asked.hpp"
#include "base/text_file.hpp"
#include "report/render.hpp"

namespace eyrie {

static constexpr std::string_view kSchemas[] = {kRegressionSchema};

StoredBaseline read_baseline(const std::string& path) {
  const StoredJson json{read_text_file(path, "a baseline that `eyrie regress --record` wrote"), path, kSchemas,
                        "let `eyrie regress --record` write it again"};
  (void)YamlDocument::from_text(json.text(), path);  // keys that stand twice, which JSON readers pass over
  Diagnostics wrong;
  auto all = read_regression(json, wrong);
  for (std::size_t i = 0; i < all.experiments.size(); ++i)
    check_asked(all.experiments[i].asked, json, fmt::format("experiments.{}.asked", i), wrong);
  wrong.raise_if_any();
  return {std::move(all), json.text()};
}

void write_baseline(const Regression& all, const std::string& path, const std::string& before, bool quiet) {
  const auto text = to_json(all);
  if (text != before) write_file(path, text);
  if (!quiet) fmt::print(stderr, "{}: {}\n", text == before ? "as it was" : "written", path);
}

void announce(const CommandLine& line, std::size_t i, std::size_t of, const std::string& name) {
  if (!line.quiet) fmt::print(stderr, "experiment {} of {}: {}\n", i + 1, of, name);
}

void say_interrupted() { fmt::print(stderr, "interrupted; nothing was written\n"); }

std::optional<RecordedRun> measured(PreparedExperiment p, const CommandLine& line, const std::string& name,
                                    const AskedRun& asked, const std::function<bool()>& interrupted) {
  const Stopwatch watch;
  try {
    map_layers(p, map_settings(line, p.experiment), interrupted);
  } catch (const InputError&) {
    if (!interrupted()) throw;  // a search that was stopped fails for no other reason
  }
  if (interrupted()) {
    say_interrupted();
    return {};
  }
  const auto done = run_machine(p, line, nullptr, watch, interrupted);
  if (!done) return {};
  return recorded(name, asked, done->result);
}

bool can_be_recorded(const std::vector<RecordedRun>& runs, const std::string& path) {
  bool sound = true;
  for (const auto& run : runs)
    for (const auto& trouble : run.troubles()) {
      sound = false;
      fmt::print(stderr, "{}\n", trouble);
    }
  if (!sound) fmt::print(stderr, "not written: {}; a baseline holds only what can be relied on\n", path);
  return sound;
}

}  // namespace eyrie
