// What a store says of its study.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "app/study/study_run.hpp"
#include "base/random.hpp"
#include "explore/study/pareto.hpp"

namespace eyrie {

namespace {

/// Points of one design by fidelity and network.
class DesignPoints {
 public:
  DesignPoints(const Study& study, const StudyStore& store) : study_{study} {
    for (auto& p : store.points()) points_[p.digest] = std::move(p);
    for (auto& p : current_plans(store)) plans_[p.design].push_back(std::move(p));
  }

  /// Figures of a design that are all there; why not, if a point of it failed. Nothing if it was not planned or is not
  /// done yet.
  std::optional<DesignFigures> figures(std::int64_t number, PointFidelity fidelity, DesignResult& d) const {
    const auto plan = plans_.find(number);
    if (plan == plans_.end()) return std::nullopt;
    DesignFigures f;
    f.network.resize(study_.workloads.size());
    std::size_t known = 0;
    for (const auto& p : plan->second) {
      const auto n =
          static_cast<std::size_t>(std::ranges::find(study_.workloads, p.workload) - study_.workloads.begin());
      const auto point = points_.find(p.digest);
      if (p.fidelity != fidelity || n >= f.network.size() || point == points_.end()) continue;
      const auto& stored = point->second;
      if (stored.status == PointStatus::Done) {
        f.network[n] = stored.figures;
        ++known;
      } else if (d.status == PointStatus::Done) {
        d.status = stored.status;
        d.reason = fmt::format("{}: {}", p.workload, stored.reason);
      }
    }
    if (known == 0) return std::nullopt;
    f.all = known == f.network.size() ? mean_of(f.network) : MeasureValues(measures().size());
    return f;
  }

  /// Was a point of a design simulated, whatever came of it?
  [[nodiscard]] bool is_simulated(std::int64_t number) const {
    const auto plan = plans_.find(number);
    return plan != plans_.end() && std::ranges::any_of(plan->second, [&](const PlannedPoint& p) {
             return p.fidelity == PointFidelity::Simulated && points_.contains(p.digest);
           });
  }

 private:
  const Study& study_;
  std::map<std::string, StoredPoint> points_;
  std::map<std::int64_t, std::vector<PlannedPoint>> plans_;
};

/// Constraints that need figures, and objectives that must be known.
void judge(const Study& study, DesignResult& d) {
  if (d.status != PointStatus::Done || !d.best()) return;
  if (std::ranges::any_of(d.best()->network, [](const auto& n) { return n.empty(); })) return;  // not all is there yet
  NamedQuantities named;
  for (std::size_t i = 0; i < d.numbers.size(); ++i)
    if (d.numbers[i]) named[study.space.parameters()[i].name] = *d.numbers[i];
  const auto& figures = d.best()->all;
  add_figures(figures, named);
  if (auto how = study.space.broken(named); !how.empty()) {
    d.status = PointStatus::Excluded;
    d.reason = std::move(how);
    return;
  }
  for (const auto& c : study.space.constraints())
    if (!c.needs_only(named)) {
      d.status = PointStatus::Illegal;
      d.reason = fmt::format("\"{}\" cannot be judged: the energy table does not tell all figures in it", c.text());
      return;
    }
  for (const auto o : study.objectives)
    if (!figures[o]) {
      d.status = PointStatus::Illegal;
      d.reason = fmt::format("its {} is not known: the energy table has none; choose another, or other objectives",
                             measures()[o].name);
      return;
    }
}

/// `simulated`: the designs whose simulations count.
StudyResult ranked(const Study& study, const StudyStore& store, const std::set<std::int64_t>& simulated) {
  StudyResult r{.name = study.name,
                .title = study.title,
                .architecture = study.architecture,
                .strategy = study.strategy_text,
                .seed = study.seed,
                .workloads = study.workloads,
                .parameters = study.space.parameters(),
                .objectives = study.objectives};
  for (const auto& c : study.space.constraints()) r.constraints.push_back(c.text());
  const DesignPoints points{study, store};
  for (const auto& stored : store.designs()) {
    DesignResult d{.number = stored.number, .values = stored.values, .status = stored.status, .reason = stored.reason};
    for (const auto& v : d.values) d.numbers.push_back(parse_any_quantity(v));
    d.closed = points.figures(d.number, PointFidelity::Closed, d);
    if (simulated.contains(d.number)) {
      d.simulated = points.figures(d.number, PointFidelity::Simulated, d);
      r.simulated |= points.is_simulated(d.number);
    }
    judge(study, d);
    r.designs.push_back(std::move(d));
  }
  rank(r);
  return r;
}

/// The front in closed form and what lies near it, then a sample of the other designs.
struct Selection {
  std::vector<std::int64_t> front, sample;
  [[nodiscard]] std::set<std::int64_t> all() const {
    std::set<std::int64_t> both{front.begin(), front.end()};
    both.insert(sample.begin(), sample.end());
    return both;
  }
};

Selection selection(const Study& study, const StudyResult& closed) {
  Selection s;
  if (!study.simulate) return s;
  std::vector<Objectives> points;
  std::vector<std::int64_t> numbers;
  for (const auto& d : closed.designs) {
    if (d.status != PointStatus::Done || !d.closed) continue;
    auto o = objectives_of(d.closed->all, study.objectives);
    if (o.empty()) continue;
    points.push_back(std::move(o));
    numbers.push_back(d.number);
  }
  std::vector<bool> taken(points.size());
  if (study.simulate->front)
    for (const auto i : near_front(points, study.simulate->within / 100)) {
      taken[i] = true;
      s.front.push_back(numbers[i]);
    }
  std::vector<std::int64_t> others;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (!taken[i]) others.push_back(numbers[i]);
  Random random{static_cast<std::uint64_t>(study.seed), "study sample"};
  for (std::int64_t n = 0; n < study.simulate->sample && !others.empty(); ++n) {
    const auto at = others.begin() + random.between(0, std::ssize(others) - 1);
    s.sample.push_back(*at);
    others.erase(at);
  }
  std::ranges::sort(s.sample);
  return s;
}

Selection selected(const Study& study, const StudyStore& store) { return selection(study, ranked(study, store, {})); }

/// What points in closed form are made of, by design and network.
std::map<std::pair<std::int64_t, std::string>, std::string> closed_inputs(const std::vector<PlannedPoint>& plans) {
  std::map<std::pair<std::int64_t, std::string>, std::string> all;
  for (const auto& p : plans)
    if (p.fidelity == PointFidelity::Closed) all[{p.design, p.workload}] = input_of(p.digest);
  return all;
}

}  // namespace

std::vector<PlannedPoint> current_plans(const StudyStore& store) {
  auto all = store.plans();
  auto inputs = closed_inputs(all);
  std::erase_if(all, [&](const PlannedPoint& p) {
    return p.fidelity == PointFidelity::Simulated && inputs[{p.design, p.workload}] != input_of(p.digest);
  });
  return all;
}

Simulations to_simulate(const Study& study, const StudyStore& store) {
  const auto chosen = selected(study, store).all();
  Simulations s{.designs = store.designs(), .inputs = {}};
  std::erase_if(s.designs, [&](const StoredDesign& d) { return !chosen.contains(d.number); });
  s.inputs = closed_inputs(store.plans());
  std::erase_if(s.inputs, [&](const auto& i) { return !chosen.contains(i.first.first); });
  return s;
}

StudyResult result_of(const Study& study, const StudyStore& store) {
  const auto chosen = selected(study, store);
  auto r = ranked(study, store, chosen.all());
  for (auto& d : r.designs) d.sampled = std::ranges::count(chosen.sample, d.number) > 0;
  return r;
}

StudyState state_of(const Study& study, const StudyStore& store) {
  StudyState s;
  if (study.is_search())
    s.searched = store.fact("searched") == "yes";
  else
    s.all_designs = std::ssize(choices_of(study));
  for (const auto& d : store.designs()) {
    ++s.designs;
    if (d.status == PointStatus::Done) s.all_closed += std::ssize(study.workloads);
  }
  std::map<std::string, PointStatus> status;
  for (const auto& p : store.points()) status[p.digest] = p.status;
  const auto count = [&](const std::vector<PlannedPoint>& plans, PointFidelity fidelity, std::int64_t& known,
                         const auto& counts) {
    for (const auto& p : plans) {
      const auto point = status.find(p.digest);
      if (p.fidelity != fidelity || point == status.end() || !counts(p.design)) continue;
      ++known;
      ++s.points[point->second];
    }
  };
  const auto any = [](std::int64_t) { return true; };
  count(store.plans(), PointFidelity::Closed, s.closed, any);
  if (!s.closed_complete()) {  // as in a shard's store
    count(store.plans(), PointFidelity::Simulated, s.simulated, any);
    return s;
  }
  const auto chosen = selected(study, store).all();
  s.all_simulated = std::ssize(chosen) * std::ssize(study.workloads);
  count(current_plans(store), PointFidelity::Simulated, s.simulated, [&](auto d) { return chosen.contains(d); });
  return s;
}

}  // namespace eyrie
