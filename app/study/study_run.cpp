#include "app/study/study_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "app/study/work.hpp"
#include "base/ensure.hpp"
#include "explore/study/pareto.hpp"
#include "explore/study/search.hpp"

namespace eyrie {

Shard read_shard(const std::string& text) {
  const auto slash = text.find('/');
  const auto part = parse_integer(text.substr(0, slash));
  const auto of = slash == std::string::npos ? std::nullopt : parse_integer(text.substr(slash + 1));
  if (!part || !of || *of < 1 || *part < 1 || *part > *of)
    throw InputError({"--shard", 0, 0}, fmt::format("{} is no part of a study", text),
                     "write it like 2/8, from 1/8 to 8/8");
  return {*part, *of};
}

void check_has_shards(const Study& study, const char* option) {
  if (study.is_search())
    throw InputError({option, 0, 0}, "a search has no shards: each generation needs the one before it",
                     "run it with --jobs, or in one allocation with --engine mpi");
}

StudyRun::StudyRun(const Study& study, StudyStore& store, Engine& engine, StudyProgress& progress,
                   std::function<bool()> stop)
    : study_{study}, store_{store}, engine_{engine}, progress_{progress}, stop_{std::move(stop)} {}

/// Digests of all points of these designs, into the store; those that cannot be computed are results at once. Nothing
/// if it was stopped.
std::optional<std::vector<StudyRun::PlannedTask>> StudyRun::plan(const std::vector<Numbered>& designs,
                                                                 PointFidelity fidelity) {
  std::vector<std::vector<PointTask>> tasks(designs.size());
  for (std::size_t i = 0; i < designs.size(); ++i)
    for (std::size_t n = 0; n < study_.workloads.size(); ++n)
      tasks[i].push_back(study_.task(designs[i].design, n, fidelity));
  progress_.stage("reading designs", designs.size(), 0, "designs");
  const auto plans = plan_points(
      engine_, tasks, [&] { progress_.done(true); }, stop_);
  if (!plans) return std::nullopt;
  std::vector<StoredDesign> stored;
  std::vector<PlannedPoint> planned;
  std::vector<PlannedTask> all;
  for (std::size_t i = 0; i < designs.size(); ++i) {
    const auto& [number, design] = designs[i];
    StoredDesign d{.number = number, .values = design.values};
    auto named = design.named;
    if (const auto area = (*plans)[i].front().area_mm2) named["area"] = {*area * 1e6, Dimension::SquareMicrons};
    if (auto how = study_.space.broken(named); !how.empty()) {
      d.status = PointStatus::Excluded;
      d.reason = std::move(how);
    }
    auto& digests = digests_[number];
    digests.clear();
    for (std::size_t n = 0; n < tasks[i].size() && d.status == PointStatus::Done; ++n) {
      const auto& p = (*plans)[i][n];
      planned.push_back({number, study_.workloads[n], fidelity, p.digest});
      all.push_back({planned.back(), tasks[i][n]});
      digests.push_back(p.digest);
      if (p.status != PointStatus::Done && !store_.has(p.digest))
        store_.put({.digest = p.digest, .status = p.status, .reason = p.reason});
    }
    stored.push_back(std::move(d));
  }
  if (fidelity == PointFidelity::Simulated) stored.clear();  // designs are what the closed form says
  store_.plan(stored, planned);
  return all;
}

/// Those of the plan that the store does not have, each digest once.
bool StudyRun::compute(const std::vector<PlannedTask>& planned, PointFidelity fidelity) {
  std::vector<PointWork> work;
  std::set<std::string> met;
  for (const auto& [point, task] : planned)
    if (met.insert(point.digest).second && !store_.has(point.digest))
      work.push_back({point.digest, compute_work(task)});
  progress_.stage(fidelity == PointFidelity::Closed ? "closed form" : "simulating", met.size(),
                  met.size() - work.size());
  compute_points(
      engine_, work,
      [&](const StoredPoint& p) {
        store_.put(p);
        progress_.done(p.status == PointStatus::Done);
      },
      stop_);
  progress_.end();
  return !stop_();
}

bool StudyRun::points_of(const std::vector<Numbered>& designs, PointFidelity fidelity) {
  const auto planned = plan(designs, fidelity);
  return planned && compute(*planned, fidelity);
}

bool StudyRun::closed(const Shard& shard) {
  if (study_.is_search()) {
    if (!shard.whole()) check_has_shards(study_, "--shard");
    return search();
  }
  std::vector<Numbered> mine;
  std::int64_t number = 0;
  for (const auto& choice : choices_of(study_))
    if (shard.has(++number)) mine.push_back({number, study_.space.design(choice)});
  return points_of(mine, PointFidelity::Closed);
}

bool StudyRun::simulated(const Simulations& wanted, const Shard& shard) {
  std::vector<Numbered> mine;
  for (const auto& d : wanted.designs) {
    if (!shard.has(d.number)) continue;
    mine.push_back({d.number, {.values = d.values, .numbers = {}, .named = {}}});
    for (std::size_t i = 0; i < d.values.size(); ++i)
      if (const auto q = parse_any_quantity(d.values[i]))
        mine.back().design.named[study_.space.parameters()[i].name] = *q;
  }
  const auto planned = plan(mine, PointFidelity::Simulated);
  if (!planned) return false;
  const bool all_there = planned->size() == mine.size() * study_.workloads.size();
  const auto is_as_it_was = [&](const PlannedTask& t) {
    return input_of(t.point.digest) == wanted.inputs.at({t.point.design, t.point.workload});
  };
  if (!all_there || !std::ranges::all_of(*planned, is_as_it_was))
    throw InputError({study_.place, 0, 0}, "a file that it names has changed since its closed form was computed",
                     "run it from the start, or the stage closed of all shards; what did not change is kept");
  return compute(*planned, PointFidelity::Simulated);
}

Objectives StudyRun::objectives_of(std::int64_t number, const Design& design) const {
  std::vector<MeasureValues> all;
  for (const auto& digest : digests_.at(number)) {
    const auto point = store_.point(digest);
    if (!point || point->status != PointStatus::Done) return {};
    all.push_back(point->figures);
  }
  if (all.size() != study_.workloads.size()) return {};
  const auto mean = mean_of(all);
  auto named = design.named;
  add_figures(mean, named);
  if (!study_.space.broken(named).empty()) return {};
  for (const auto& c : study_.space.constraints())
    if (!c.needs_only(named)) return {};
  return eyrie::objectives_of(mean, study_.objectives);
}

bool StudyRun::search() {
  std::map<Choice, std::int64_t> number;  // 0: constraints do not allow it
  std::int64_t last = 0;
  const auto evaluate = [&](const std::vector<Choice>& batch) {
    std::vector<Numbered> fresh;
    for (const auto& c : batch) {
      if (number.contains(c)) continue;
      auto design = study_.space.design(c);
      const bool allowed = study_.space.broken(design.named).empty();
      number[c] = allowed ? ++last : 0;
      if (allowed) fresh.push_back({number[c], std::move(design)});
    }
    if (!fresh.empty() && !points_of(fresh, PointFidelity::Closed)) throw StudyStopped{};
    std::vector<Objectives> all;
    for (const auto& c : batch)
      all.push_back(number[c] == 0 ? Objectives{} : objectives_of(number[c], study_.space.design(c)));
    return all;
  };
  try {
    nsga2_search(
        study_.space.sizes(), study_.objectives.size(),
        {.population = study_.strategy.population, .generations = study_.strategy.generations, .seed = study_.seed},
        evaluate);
  } catch (const StudyStopped&) {
    return false;
  }
  if (last == 0)
    throw InputError({study_.place, 0, 0}, "no combination that was drawn keeps the constraints",
                     "allow more, or take other values");
  store_.set_facts({{"searched", "yes"}});
  return true;
}

static std::string overrides_text(const Study& study) { return nlohmann::json(study.extra_overrides).dump(); }

void claim(StudyStore& store, const Study& study) {
  std::error_code error;
  store.begin({{"searched", ""},
               {"name", study.name},
               {"text", study.text},
               {"place", std::filesystem::absolute(study.place, error).lexically_normal().string()},
               {"overrides", overrides_text(study)},
               {"workloads", nlohmann::json(study.workloads).dump()}});
}

void check_is_of(const StudyStore& store, const Study& study) {
  if (store.fact("text") != study.text || store.fact("overrides") != overrides_text(study))
    throw InputError({store.file(), 0, 0}, "it is of another study",
                     "run the stage closed of all shards, and merge them, before they are simulated");
}

Study study_of(const StudyStore& store, const Catalogue& catalogue) {
  const auto text = store.fact("text");
  if (text.empty())
    throw InputError({store.file(), 0, 0}, "no study was begun in it", "run `eyrie explore STUDY --out FOLDER` first");
  auto study = read_study(YamlDocument::from_text(text, store.fact("place")),
                          nlohmann::json::parse(store.fact("overrides")).get<std::vector<std::string>>(), catalogue);
  study.text = text;
  return study;
}

}  // namespace eyrie
