#include "app/study/whatif_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/out_folder.hpp"
#include "app/study/study_progress.hpp"
#include "app/study/whatif_changes.hpp"
#include "app/study/whatif_file.hpp"
#include "app/study/work.hpp"
#include "app/workload.hpp"
#include "base/gzip.hpp"
#include "base/output_file.hpp"

namespace eyrie {

namespace {

constexpr const char* kStore = "whatif.sqlite";

/// Points that are known, by digest: in a store, or here.
class KnownPoints {
 public:
  /// What another try may mend is not known.
  explicit KnownPoints(const std::string& folder) {
    if (folder.empty()) return;
    store_.emplace(folder + "/" + kStore);
    store_->forget({PointStatus::Crashed, PointStatus::OutOfMemory});
  }
  [[nodiscard]] bool has(const std::string& digest) const {
    return here_.contains(digest) || (store_ && store_->has(digest));
  }
  [[nodiscard]] StoredPoint at(const std::string& digest) const {
    if (const auto it = here_.find(digest); it != here_.end()) return it->second;
    return store_->point(digest, true).value();
  }
  void put(StoredPoint p) {
    if (store_) return store_->put(p);
    auto digest = p.digest;
    here_[std::move(digest)] = std::move(p);
  }

 private:
  std::optional<StudyStore> store_;
  std::map<std::string, StoredPoint> here_;
};

/// Tasks of machines, a network each, and their points.
class Runner {
 public:
  Runner(const WhatIfRequest& request, Engine& engine, const std::function<bool()>& stop)
      : request_{request}, engine_{engine}, stop_{stop}, known_{request.out}, progress_{request.quiet} {}

  [[nodiscard]] PointTask task(const MachineChange& c, std::size_t network, PointFidelity fidelity) const {
    PointTask t{.experiment = {}, .overrides = {}, .fidelity = fidelity};
    const auto add = [&](const char* key, const std::string& value) {
      t.overrides.push_back(fmt::format("experiment.{}={}", key, value));
    };
    add("architecture", request_.architecture);
    add("workload", request_.workloads.at(network));
    add("batch", std::to_string(request_.batch));
    add("seed", std::to_string(request_.seed));
    add("objective", request_.objective);
    if (request_.search_limit > 0) add("search_limit", std::to_string(request_.search_limit));
    t.overrides.insert(t.overrides.end(), request_.overrides.begin(), request_.overrides.end());
    t.overrides.insert(t.overrides.end(), c.set.begin(), c.set.end());
    return t;
  }

  /// The points of each machine, by network; nothing if it was stopped. Equal points are computed once.
  std::optional<std::vector<std::vector<StoredPoint>>> points(const std::vector<MachineChange>& machines,
                                                              PointFidelity fidelity) {
    std::vector<std::vector<PointTask>> tasks(machines.size());
    for (std::size_t i = 0; i < machines.size(); ++i)
      for (std::size_t n = 0; n < request_.workloads.size(); ++n) tasks[i].push_back(task(machines[i], n, fidelity));
    const auto plans = plan_points(
        engine_, tasks, [] {}, stop_);
    if (!plans || !compute(tasks, *plans, fidelity)) return std::nullopt;
    std::vector<std::vector<StoredPoint>> all(machines.size());
    for (std::size_t i = 0; i < machines.size(); ++i)
      for (const auto& p : (*plans)[i]) all[i].push_back(known_.at(p.digest));
    return all;
  }

 private:
  bool compute(const std::vector<std::vector<PointTask>>& tasks, const std::vector<std::vector<PointPlan>>& plans,
               PointFidelity fidelity) {
    std::vector<PointWork> work;
    std::size_t all = 0;
    for (std::size_t i = 0; i < tasks.size(); ++i)
      for (std::size_t n = 0; n < plans[i].size(); ++n) {
        const auto& p = plans[i][n];
        ++all;
        if (known_.has(p.digest) || std::ranges::count(work, p.digest, &PointWork::digest) > 0) continue;
        if (p.status != PointStatus::Done) {
          known_.put({.digest = p.digest, .status = p.status, .reason = p.reason, .figures = {}, .result = {}});
          continue;
        }
        work.push_back({p.digest, compute_work(tasks[i][n])});
      }
    progress_.stage(fidelity == PointFidelity::Closed ? "closed form" : "simulating", all, all - work.size());
    compute_points(
        engine_, work,
        [&](const StoredPoint& p) {
          progress_.done(p.status == PointStatus::Done);
          known_.put(p);
        },
        stop_);
    progress_.end();
    return !stop_();
  }

  const WhatIfRequest& request_;
  Engine& engine_;
  const std::function<bool()>& stop_;
  KnownPoints known_;
  StudyProgress progress_;
};

/// What of a point's result is shown beside its figures.
struct PointResult {
  std::string command;
  std::vector<std::string> mappings;  ///< by layer of the PEs
  std::int64_t not_proven = 0;        ///< of them: the search stopped at its limit
};
PointResult read_result(const StoredPoint& p) {
  const auto j = nlohmann::json::parse(gunzipped(p.result));
  PointResult r{.command = j.at("command"), .mappings = {}};
  for (const auto& l : j.at("layers"))
    if (l.contains("mapping")) {
      r.mappings.push_back(l.at("mapping").get<std::string>());
      r.not_proven += l.at("mapping_origin").get<std::string>().ends_with("stopped early");
    }
  return r;
}

/// A machine's area, and the components that its table has no area of. InputError if there is no such machine.
MachineArea area_of_machine(const PreparedMachine& m) {
  const auto report = area_of(m.architecture, m.table);
  if (!report.known()) return {};
  return {.mm2 = report.total.um2 * 1e-6, .unknown = report.unknown};
}

/// Overrides of the machine and its prices.
std::vector<std::string> of_machine(const std::vector<std::string>& overrides) {
  std::vector<std::string> all;
  for (const auto& o : overrides)
    if (o.starts_with("architecture.") || o.starts_with("energy_table.")) all.push_back(o);
  return all;
}

MachineFigures figures_of(const std::vector<StoredPoint>& points) {
  std::vector<MeasureValues> networks;
  for (const auto& p : points) networks.push_back(p.figures);
  return machine_figures(std::move(networks));
}

class Asked {
 public:
  Asked(const WhatIfRequest& request, const Catalogue& catalogue)
      : request_{request},
        catalogue_{catalogue},
        machine_{prepare_machine(request.architecture, of_machine(request.overrides), catalogue)} {
    check_settings(request.overrides, {"architecture", "workload", "batch", "seed", "objective", "search_limit"},
                   "--set");
    check_workloads();
    changes_ = request.changes.empty() ? changes_of(machine_.architecture) : stated();
    for (const auto& c : changes_) check_settings(c.set, {"architecture", "workload"}, c.name);
  }

  [[nodiscard]] const std::vector<MachineChange>& changes() const { return changes_; }

  /// Without figures yet.
  [[nodiscard]] WhatIf described() const {
    WhatIf w{.architecture = machine_.architecture.name,
             .title = machine_.architecture.title,
             .energy_table = machine_.table.name,
             .objective = request_.objective,
             .workloads = request_.workloads,
             .overrides = request_.overrides,
             .batch = request_.batch,
             .seed = request_.seed};
    if (request_.fidelity == "closed") w.fidelity = PointFidelity::Closed;
    w.by = value_of<RankBy>(request_.by).value_or(w.by);
    w.area = area_of_machine(machine_);
    return w;
  }

  /// Area of a change; its machine is legal.
  [[nodiscard]] AreaChange area(const MachineChange& c, const MachineArea& before) const {
    auto overrides = request_.overrides;
    overrides.insert(overrides.end(), c.set.begin(), c.set.end());
    const auto after = area_of_machine(prepare_machine(request_.architecture, of_machine(overrides), catalogue_));
    std::vector<std::string> parts;
    for (const auto& s : c.set)
      for (auto& p : parts_of(s, machine_.architecture)) parts.push_back(std::move(p));
    return area_change(before, after, std::ranges::any_of(c.set, is_on_chip), parts);
  }

 private:
  /// What options of the command say is not said otherwise: tables would be headed by one and hold the other.
  static void check_settings(const std::vector<std::string>& overrides, std::initializer_list<std::string_view> keys,
                             const std::string& where) {
    Diagnostics wrong;
    for (const auto& o : overrides)
      for (const auto key : keys)
        if (o.starts_with(fmt::format("experiment.{}=", key)))
          wrong.error({where, 0, 0}, fmt::format("experiment.{} is what an option says", key),
                      fmt::format("write --{}", key == "architecture"   ? "arch"
                                                : key == "search_limit" ? "search-limit"
                                                                        : key));
    wrong.raise_if_any();
  }

  void check_workloads() const {
    Diagnostics wrong;
    for (const auto& w : request_.workloads) {
      if (!is_foreign_model(w)) (void)catalogue_.find(Shelf::Workloads, w);
      if (std::ranges::count(request_.workloads, w) > 1) {
        wrong.error({"--workload", 0, 0}, w + " is given twice", "each network once");
        break;
      }
    }
    wrong.raise_if_any();
  }

  [[nodiscard]] std::vector<MachineChange> stated() const {
    const auto file = read_changes(YamlDocument::from_file(request_.changes));
    return with_stated(changes_of(machine_.architecture), file, request_.architecture, request_.overrides, catalogue_);
  }

  const WhatIfRequest& request_;
  const Catalogue& catalogue_;
  PreparedMachine machine_;
  std::vector<MachineChange> changes_;
};

/// InputError if a network has no figures on the machine as it is.
void check_baseline(const WhatIfRequest& request, const std::vector<StoredPoint>& points) {
  Diagnostics wrong;
  for (std::size_t n = 0; n < points.size(); ++n)
    if (points[n].status != PointStatus::Done)
      wrong.error({request.architecture, 0, 0},
                  fmt::format("{} has no figures on the machine as it is ({}): {}", request.workloads[n],
                              name_of(points[n].status), points[n].reason),
                  "changes are compared with it; see `eyrie run`");
  wrong.raise_if_any();
}

ChangeOutcome outcome_of(const MachineChange& c, const std::vector<StoredPoint>& points,
                         const std::vector<PointResult>& baseline, const Asked& asked, const MachineArea& area,
                         const std::vector<std::string>& networks) {
  ChangeOutcome o{.change = c};
  for (std::size_t n = 0; n < points.size(); ++n)
    if (points[n].status > o.status) {
      o.status = points[n].status;
      o.reason = networks.size() > 1 && o.status != PointStatus::Illegal ? networks[n] + ": " + points[n].reason
                                                                         : points[n].reason;
    }
  if (o.status != PointStatus::Done) return o;
  o.figures = figures_of(points);
  o.area = asked.area(c, area);
  for (std::size_t n = 0; n < points.size(); ++n) {
    auto [command, mappings, not_proven] = read_result(points[n]);
    o.commands.push_back(std::move(command));
    o.not_proven += not_proven;
    const auto& before = baseline[n].mappings;
    o.layers += std::ssize(mappings);
    for (std::size_t l = 0; l < mappings.size(); ++l) o.remapped += l >= before.size() || mappings[l] != before[l];
  }
  return o;
}

std::string rendered(const WhatIf& w, const std::string& format) {
  return format == "json"       ? to_json(w)
         : format == "csv"      ? to_csv(w)
         : format == "markdown" ? to_markdown(w)
                                : to_table(w);
}

int whatif_command(const WhatIfRequest& request, const std::function<bool()>& interrupted) {
  const OutFolder out{request.out, "--out"};
  const Catalogue catalogue{request.program};
  const auto memory = request.memory_mb > 0 ? std::optional{Bytes{request.memory_mb * 1024 * 1024}} : std::nullopt;
  const auto engine = local_engine(request.jobs, memory, catalogue);
  const auto found = what_if(request, catalogue, *engine, interrupted);
  if (!found) {
    fmt::print(stderr, "interrupted; {}\n",
               request.out.empty() ? "nothing was written; with --out what is finished is kept"
                                   : "what is finished is kept, and the same command goes on");
    return 1;
  }
  fmt::print("{}", rendered(*found, request.format));
  if (request.out.empty()) return 0;
  std::vector<std::string> written;
  for (const auto& [ending, format] : {std::pair{"json", "json"}, {"csv", "csv"}, {"md", "markdown"}}) {
    written.push_back(fmt::format("{}/whatif.{}", request.out, ending));
    write_file(written.back(), rendered(*found, format));
  }
  if (!request.quiet) fmt::print(stderr, "written: {}\n", fmt::join(written, " "));
  return 0;
}

}  // namespace

std::optional<WhatIf> what_if(const WhatIfRequest& request, const Catalogue& catalogue, Engine& engine,
                              const std::function<bool()>& interrupted) {
  const Asked asked{request, catalogue};
  auto w = asked.described();
  Runner runner{request, engine, interrupted};
  const std::vector<MachineChange> nothing(1);
  const auto base = runner.points(nothing, w.fidelity);
  if (!base) return std::nullopt;
  check_baseline(request, base->front());
  w.baseline = figures_of(base->front());
  auto simulated = base;
  if (w.fidelity == PointFidelity::Closed) {
    simulated = runner.points(nothing, PointFidelity::Simulated);
    if (!simulated) return std::nullopt;
    check_baseline(request, simulated->front());
    w.baseline_simulated = figures_of(simulated->front());
  }
  std::vector<PointResult> results;
  for (const auto& p : base->front()) {
    results.push_back(read_result(p));
    w.baseline_not_proven += results.back().not_proven;
  }
  for (const auto& p : simulated->front()) w.commands.push_back(read_result(p).command);

  std::vector<MachineChange> possible;
  for (const auto& c : asked.changes())
    if (c.impossible.empty()) possible.push_back(c);
  const auto points = runner.points(possible, w.fidelity);
  if (!points) return std::nullopt;
  std::vector<ChangeOutcome> outcomes;
  std::size_t at = 0;
  for (const auto& c : asked.changes()) {
    if (c.impossible.empty())
      outcomes.push_back(outcome_of(c, (*points)[at++], results, asked, w.area, w.workloads));
    else
      outcomes.push_back({.change = c, .status = PointStatus::Illegal, .reason = c.impossible});
  }
  rank(w, std::move(outcomes));
  return w;
}

void whatif_options(CLI::App& app, WhatIfRequest& r, int& code, const std::function<bool()>& interrupted) {
  r.jobs = std::max(1U, std::thread::hardware_concurrency());
  app.add_option("--arch", r.architecture, "machine: a name under configs/architectures, or a file")->required();
  app.add_option("--workload", r.workloads, "networks: names under configs/workloads, or files")->required();
  app.add_option("--batch", r.batch, "inputs processed together")->check(CLI::Range(1, 4096));
  app.add_option("--seed", r.seed, "of all random data (default 1)")->check(CLI::NonNegativeNumber);
  app.add_option("--changes", r.changes, "a file of kind changes: more of them, or others");
  app.add_option("--objective", r.objective, "map every machine for this (default energy)")
      ->check(CLI::IsMember({"energy", "cycles", "edp"}));
  app.add_option(
         "--search-limit", r.search_limit,
         "partial mappings after which the search of a layer takes its best so far (default 3,000,000; 0: none)")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--fidelity", r.fidelity, "how figures are found (default simulated)")
      ->check(CLI::IsMember({"simulated", "closed"}));
  app.add_option("--by", r.by, "what changes are ranked by (default edp, energy x latency)")
      ->check(CLI::IsMember({"edp", "latency", "energy"}));
  app.add_option("--set", r.overrides, "a value changed in every machine: PATH=VALUE, or experiment.KEY=VALUE");
  app.add_option("-o,--out", r.out, "folder for whatif.json, .csv, .md and a store, so that nothing is computed twice");
  app.add_option("--jobs", r.jobs, "processes at once (default: all cores); results do not depend on it")
      ->check(CLI::Range(1, 1024));
  app.add_option("--memory", r.memory_mb, "what they may take together, in MB")->check(CLI::Range(1, 1 << 24));
  app.add_option("--format", r.format, "what is printed")->check(CLI::IsMember({"table", "json", "csv", "markdown"}));
  app.add_flag("--quiet", r.quiet, "no progress");
  app.callback([&, interrupted] { code = whatif_command(r, interrupted); });
}

}  // namespace eyrie
