#include "explore/whatif.hpp"

#include <algorithm>
#include <cmath>

#include "base/ensure.hpp"

namespace eyrie {

namespace {

/// Two areas of one table are the same but for rounding, um2 of a chip of mm2.
constexpr double kSameArea_mm2 = 1e-9;

std::size_t index_of(std::string_view name) {
  return static_cast<std::size_t>(std::ranges::find(measures(), name, &Measure::name) - measures().begin());
}

double gain(const MeasureValues& before, const MeasureValues& after, std::string_view name) {
  const auto i = index_of(name);
  ensure(before.at(i).has_value() && after.at(i).has_value(), "a run that is done has its figures");
  return 1 - *after[i] / *before[i];
}

bool names_part(const std::string& unknown, const std::string& part) {
  return unknown == part || unknown.starts_with(part + " (");
}

ChangeStanding standing_of(double gain, const AreaChange& a) {
  const bool told = a.knowledge == AreaKnowledge::Known || a.knowledge == AreaKnowledge::AtLeast;
  const bool less = told && a.mm2 < -kSameArea_mm2, more = told && a.mm2 > kSameArea_mm2;
  if (gain > kNoGain) {
    if (!told || (more && a.knowledge == AreaKnowledge::AtLeast)) return ChangeStanding::Unpriced;
    return more ? ChangeStanding::Paid : ChangeStanding::Free;
  }
  if (gain < -kNoGain) return less ? ChangeStanding::Trade : ChangeStanding::Worse;
  return less ? ChangeStanding::Smaller : ChangeStanding::Same;
}

/// What changes of one standing are in order of, the largest first.
double worth(const ChangeOutcome& c, RankBy by) {
  const double gain = c.gains.of(by);
  switch (c.standing) {
    case ChangeStanding::Paid:
      return gain / c.area.mm2;
    case ChangeStanding::Trade:
      return c.area.mm2 / gain;  // both below 0
    case ChangeStanding::Smaller:
      return -c.area.mm2;
    default:
      return gain;
  }
}

}  // namespace

AreaChange area_change(const MachineArea& before, const MachineArea& after, bool on_chip,
                       const std::vector<std::string>& parts) {
  if (!before.mm2 || !after.mm2) return {.knowledge = AreaKnowledge::Unknown};
  const double more = *after.mm2 - *before.mm2;
  if (!on_chip) return {.knowledge = AreaKnowledge::Known, .mm2 = more};
  if (std::abs(more) <= kSameArea_mm2) return {.knowledge = AreaKnowledge::NotPriced};
  const auto misses = [&](const MachineArea& a) {
    return std::ranges::any_of(a.unknown, [&](const auto& u) {
      return std::ranges::any_of(parts, [&](const auto& p) { return names_part(u, p); });
    });
  };
  return {.knowledge = misses(before) || misses(after) ? AreaKnowledge::AtLeast : AreaKnowledge::Known, .mm2 = more};
}

MachineFigures machine_figures(std::vector<MeasureValues> networks) {
  MachineFigures f{.all = mean_of(networks), .network = {}};
  f.network = std::move(networks);
  return f;
}

double Gains::of(RankBy by) const { return by == RankBy::Edp ? edp : by == RankBy::Latency ? latency : energy; }

void rank(WhatIf& w, std::vector<ChangeOutcome> outcomes) {
  for (auto& c : outcomes) {
    if (c.status != PointStatus::Done) {
      w.failed.push_back(std::move(c));
      continue;
    }
    const auto& before = w.baseline.all;
    c.gains = {.cycles = gain(before, c.figures.all, "cycles"),
               .latency = gain(before, c.figures.all, "latency"),
               .energy = gain(before, c.figures.all, "energy"),
               .edp = gain(before, c.figures.all, "edp")};
    c.standing = standing_of(c.gains.of(w.by), c.area);
    const bool told = c.area.knowledge == AreaKnowledge::Known || c.area.knowledge == AreaKnowledge::AtLeast;
    if (told && c.area.mm2 > kSameArea_mm2) {
      c.latency_per_mm2 = c.gains.latency / c.area.mm2;
      c.energy_per_mm2 = c.gains.energy / c.area.mm2;
    }
    w.ranked.push_back(std::move(c));
  }
  std::ranges::stable_sort(w.ranked, [&](const ChangeOutcome& a, const ChangeOutcome& b) {
    if (a.standing != b.standing) return a.standing < b.standing;
    return worth(a, w.by) > worth(b, w.by);
  });
}

}  // namespace eyrie
