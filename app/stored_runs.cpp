#include "app/stored_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/file_names.hpp"
#include "app/machine_run.hpp"
#include "base/text_file.hpp"
#include "explore/scenario.hpp"
#include "report/experiment_result.hpp"

namespace eyrie {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kFiles[] = {"result.json", "comparison.json", "scenario.json"};
constexpr std::string_view kSchemas[] = {kResultSchema, kComparisonSchema, kScenarioSchema};
constexpr std::string_view kResultOnly[] = {kResultSchema};

/// The file of ours that a folder holds. InputError if there is none, or if it is not clear which.
std::string file_in(const std::string& folder) {
  std::vector<std::string_view> found;
  for (const auto name : kFiles)
    if (std::error_code error; fs::exists(fs::path{folder} / name, error)) found.push_back(name);
  if (found.size() == 1) return (fs::path{folder} / found.front()).string();
  if (found.empty())
    throw InputError({folder, 0, 0}, fmt::format("there is no {} in it", fmt::join(kFiles, ", ")),
                     "name a folder that `eyrie run --out` wrote");
  throw InputError({folder, 0, 0}, fmt::format("{} are in it", fmt::join(found, " and ")),
                   "name the one that is meant");
}

StoredJson stored(const std::string& path, std::span<const std::string_view> schemas) {
  return {read_text_file(path, "a JSON file that `eyrie run --out` wrote"), path, schemas};
}

class Reader {
 public:
  /// `alone`: nothing else is read. Whatever is wrong is kept for the end.
  void read(const std::string& input, bool alone) {
    keep([&] {
      std::error_code error;
      const auto path = fs::is_directory(input, error) ? file_in(input) : input;
      const auto json = stored(path, kSchemas);
      const auto folder = folder_of(path);
      if (json.schema() == kComparisonSchema)
        add_comparison(json, folder, alone ? "" : label_of_folder(folder) + "/");
      else if (json.schema() == kScenarioSchema)
        add_scenario(json, folder);
      else
        add_run(json, label_of_folder(folder), folder);
    });
  }

  StoredRuns finish() {
    wrong_.raise_if_any();
    tell_apart();
    for (std::size_t i = 0; i < all_.runs.size(); ++i) all_.runs[i].label = all_.comparison.runs[i].label;
    for (std::size_t i = 0; i < all_.scenarios.size(); ++i)
      all_.scenarios[i].label = all_.comparison.scenarios[i].label;
    return std::move(all_);
  }

 private:
  template <class Act>
  void keep(Act act) {
    try {
      act();
    } catch (const InputError& e) {
      for (const auto& d : e.diagnostics()) wrong_.error(d.place, d.problem, d.remedy);
    }
  }

  void add_run(const StoredJson& json, const std::string& label, const std::string& folder) {
    all_.comparison.runs.push_back(compared_run(json, label, folder));
    all_.runs.push_back({label, json.text()});
  }

  void add_scenario(const StoredJson& json, const std::string& folder) {
    const auto label = label_of_folder(folder);
    all_.comparison.scenarios.push_back(compared_scenario(json, label, folder));
    all_.scenarios.push_back({label, json.text()});
  }

  /// `before`: what stands before the labels of its runs.
  void add_comparison(const StoredJson& json, const std::string& folder, const std::string& before) {
    Diagnostics wrong;
    std::vector<std::pair<std::string, std::string>> runs;  // label, folder
    for (std::size_t i = 0, n = json.entries("runs", wrong); i < n; ++i)
      runs.emplace_back(before + json.string(fmt::format("runs.{}.label", i), wrong),
                        (fs::path{folder} / json.string(fmt::format("runs.{}.directory", i), wrong)).string());
    wrong.raise_if_any();
    for (const auto& [label, of] : runs)
      keep([&, l = label, f = of] { add_run(stored((fs::path{f} / "result.json").string(), kResultOnly), l, f); });
  }

  /// Labels and folders of everything, runs first.
  std::vector<std::pair<std::string*, const std::string*>> labelled() {
    std::vector<std::pair<std::string*, const std::string*>> labels;
    for (auto& r : all_.comparison.runs) labels.emplace_back(&r.label, &r.directory);
    for (auto& s : all_.comparison.scenarios) labels.emplace_back(&s.label, &s.directory);
    return labels;
  }

  /// Folders make labels that are the same longer; what is the same even so is numbered.
  void tell_apart() {
    const auto labels = labelled();
    std::vector<std::string> before;
    for (const auto& [label, folder] : labels) before.push_back(*label);
    for (std::size_t i = 0; i < labels.size(); ++i)
      if (std::ranges::count(before, before[i]) > 1) {
        const auto above = label_of_folder((fs::path{*labels[i].second} / "..").string());
        *labels[i].first = above.empty() ? before[i] : above + "/" + before[i];
      }
    std::vector<std::string> seen;
    for (const auto& [label, folder] : labels) {
      const auto plain = *label;
      for (int n = 2; std::ranges::count(seen, *label); ++n) *label = fmt::format("{} ({})", plain, n);
      seen.push_back(*label);
    }
  }

  StoredRuns all_;
  Diagnostics wrong_;
};

}  // namespace

StoredRuns read_stored_runs(const std::vector<std::string>& inputs) {
  Reader reader;
  for (const auto& input : inputs) reader.read(input, inputs.size() == 1);
  return reader.finish();
}

}  // namespace eyrie
