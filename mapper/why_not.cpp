#include "mapper/why_not.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/ensure.hpp"
#include "mapper/why_not_text.hpp"

namespace eyrie {

namespace {

/// Indices into the list of constraints, rising.
using Subset = std::vector<std::size_t>;

/// Calls `visit` for each subset of `size` of `n`, in lexicographic order, until it returns false.
bool each_subset(std::size_t n, std::size_t size, const std::function<bool(const Subset&)>& visit) {
  if (size > n) return true;
  Subset s(size);
  for (std::size_t i = 0; i < size; ++i) s[i] = i;
  while (true) {
    if (!visit(s)) return false;
    std::size_t i = size;
    while (i > 0 && s[i - 1] == n - size + i - 1) --i;
    if (i == 0) return true;
    ++s[i - 1];
    for (; i < size; ++i) s[i] = s[i - 1] + 1;
  }
}

Change changed(const Constraint& c, std::optional<std::int64_t> value, const MapProblem& m) {
  return {.constraint = c,
          .value = value,
          .problem = problem_of(c, m),
          .need = need_of(c, value, m),
          .remedy = remedy_of(c, value, m)};
}

/// How far a change goes: by which factor, a constraint taken away counting as doubled; endless if no file may say so.
double distance(const Change& c) {
  if (!c.value) return 2;
  if (c.constraint.rule == Rule::Rows && *c.value > kMostRows) return std::numeric_limits<double>::infinity();
  return static_cast<double>(*c.value) / static_cast<double>(*c.constraint.has);
}

double distance(const std::optional<Change>& c) { return c ? distance(*c) : std::numeric_limits<double>::infinity(); }

double distance(const std::vector<Change>& changes) {
  double far = changes.empty() ? std::numeric_limits<double>::infinity() : 1;
  for (const auto& c : changes) far *= distance(c);
  return far;
}

/// How many lists and components of a file's constraints.
std::size_t parents(std::vector<std::string> paths) {
  for (auto& p : paths) p.erase(std::min(p.rfind('.'), p.size()));
  std::ranges::sort(paths);
  return static_cast<std::size_t>(std::ranges::unique(paths).begin() - paths.begin());
}

class Reasons {
 public:
  explicit Reasons(const MapProblem& m) : m_{m}, all_{constraints_of(m)} {
    ensure(feasible(without({})), "without constraints there is a mapping");
    for (std::size_t i = 0; i < all_.size(); ++i) alone_.push_back(change_alone(i));
  }

  WhyNot find() {
    WhyNot why{.where = m_.machine.name, .conflict = {}, .nearest = {}};
    for (auto i : smallest_conflict())
      why.conflict.push_back({.constraint = all_[i], .problem = problem_of(all_[i], m_), .alone = alone_[i]});
    std::ranges::stable_sort(why.conflict, {}, [](const Conflicting& c) { return distance(c.alone); });
    why.nearest = fewest_changes();
    return why;
  }

 private:
  /// The problem with all constraints taken away but these.
  MapProblem without(const Subset& kept) const {
    MapProblem p = m_;
    for (std::size_t i = 0; i < all_.size(); ++i)
      if (!std::ranges::count(kept, i)) relax(p, all_[i]);
    return p;
  }
  bool conflicts(const Subset& kept) const { return !feasible(without(kept)); }

  /// The smallest value of a number for which there is a mapping. Needs `p` without it to have one.
  std::int64_t least_value(MapProblem p, const Constraint& c) const {
    const auto enough = [&](std::int64_t value) {
      set_value(p, c, value);
      return feasible(p);
    };
    auto too_few = *c.has - 1, suffices = *c.has;
    while (!enough(suffices)) {
      too_few = suffices;
      suffices *= 2;
    }
    while (suffices - too_few > 1) {
      const auto middle = too_few + (suffices - too_few) / 2;
      (enough(middle) ? suffices : too_few) = middle;
    }
    return suffices;
  }

  std::optional<Change> change_alone(std::size_t i) const {
    auto changes = changes_together({i});
    if (changes.empty()) return std::nullopt;
    return changes.front();
  }

  /// These constraints changed as little as suffices, each given those before it; none if they are not enough.
  std::vector<Change> changes_together(const Subset& s) const {
    MapProblem p = m_;
    for (auto i : s) relax(p, all_[i]);
    if (!feasible(p)) return {};
    std::vector<Change> changes;
    for (auto i : s) {
      std::optional<std::int64_t> value;
      if (all_[i].has) set_value(p, all_[i], *(value = least_value(p, all_[i])));
      changes.push_back(changed(all_[i], value, m_));
    }
    return changes;
  }

  /// Leaves out what a conflict does not need, from the front.
  Subset irreducible() const {
    Subset kept(all_.size());
    for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = i;
    for (std::size_t i = 0; i < all_.size(); ++i) {
      auto fewer = kept;
      std::erase(fewer, i);
      if (conflicts(fewer)) kept = fewer;
    }
    return kept;
  }

  /// How much a user can do about a conflict: numbers that help alone count most, then other changes that do, then
  /// that its members stand close together.
  std::int64_t use_of(const Subset& s) const {
    std::int64_t use = 0;
    std::vector<std::string> ids;
    for (auto i : s) {
      use += !alone_[i] ? 0 : all_[i].has ? 10'000 : 100;
      ids.push_back(all_[i].id);
    }
    return use - static_cast<std::int64_t>(parents(std::move(ids)));
  }

  /// The most useful of the smallest conflicts; a conflict that is irreducible, but perhaps not smallest, once there
  /// would be too many to look at.
  Subset smallest_conflict() const {
    Subset best = irreducible();
    std::int64_t left = kSubsets;
    for (std::size_t size = 1; size <= best.size(); ++size) {
      const bool all_seen = each_subset(all_.size(), size, [&](const Subset& s) {
        if (conflicts(s) && (s.size() < best.size() || use_of(s) > use_of(best))) best = s;
        return --left > 0;
      });
      if (!all_seen) break;
    }
    return best;
  }

  /// As few changes as suffice and, of as many, those that go least far.
  std::vector<Change> fewest_changes() const {
    std::vector<Change> best;
    std::int64_t left = kSubsets;
    for (std::size_t size = 1; size <= all_.size() && best.empty(); ++size)
      each_subset(all_.size(), size, [&](const Subset& s) {
        auto changes = changes_together(s);
        if (distance(changes) < distance(best)) best = std::move(changes);
        return --left > 0;
      });
    return best;
  }

  static constexpr std::int64_t kSubsets = 100'000;
  const MapProblem& m_;
  std::vector<Constraint> all_;
  std::vector<std::optional<Change>> alone_;
};

WhyNot too_slow(const MapProblem& m, const CycleLimit& limit) {
  const Constraint c{.rule = Rule::CycleLimit,
                     .document = Document::Question,
                     .path = "cycle_limit",
                     .id = "cycle_limit",
                     .has = limit.most.count()};
  const auto value = limit.fewest.count();
  const Change change = changed(c, value, m);
  return {.where = fmt::format("{} within {} cycles", m.machine.name, limit.most.count()),
          .conflict = {{.constraint = c, .problem = problem_of(c, m), .alone = change}},
          .nearest = {change}};
}

}  // namespace

std::optional<WhyNot> why_not(const MapProblem& m, const std::optional<CycleLimit>& limit) {
  if (!feasible(m)) return Reasons{m}.find();
  if (limit && limit->fewest > limit->most) return too_slow(m, *limit);
  return std::nullopt;
}

std::vector<Diagnostic> diagnostics(const WhyNot& why, std::string_view layer, const Place& layer_place,
                                    const Locate& locate) {
  std::vector<Diagnostic> all;
  std::string needs;
  for (std::size_t i = 0; i < why.nearest.size(); ++i)
    needs += (i == 0 ? "" : i + 1 < why.nearest.size() ? ", " : " and ") + why.nearest[i].need;
  all.push_back({layer_place, fmt::format("{} has no legal mapping on {}", layer, why.where), needs});
  const auto together = [&](const Constraint& c) {
    const auto it = std::ranges::find(why.nearest, c, &Change::constraint);
    return it == why.nearest.end() ? "changing it alone is not enough"
                                   : it->remedy + " and the other changes there is a mapping";
  };
  for (const auto& c : why.conflict)
    all.push_back({locate(c.constraint.document, c.constraint.path), c.problem,
                   c.alone ? c.alone->remedy + " there is a mapping" : together(c.constraint)});
  for (const auto& change : why.nearest)
    if (!std::ranges::count(why.conflict, change.constraint, &Conflicting::constraint))
      all.push_back(
          {locate(change.constraint.document, change.constraint.path), change.problem, together(change.constraint)});
  return all;
}

}  // namespace eyrie
