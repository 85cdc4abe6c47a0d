#include "report/regression_moves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>

#include "base/ensure.hpp"
#include "base/grouped.hpp"
#include "report/regression_parts.hpp"

namespace eyrie {

namespace {

/// Of a layer's or the totals' whole numbers.
FigureKind kind_of(std::string_view key) { return key.ends_with("cycles") ? FigureKind::Cycles : FigureKind::Counts; }

std::string name_of_row(std::string_view what, const std::string& component, const std::string& tensor,
                        const std::string& action) {
  // What time costs has its action's name for a tensor as well.
  return tensor == action ? fmt::format("{}.{}.{}", what, component, action)
                          : fmt::format("{}.{}.{}.{}", what, component, tensor, action);
}

/// Moves of one experiment.
class Comparer {
 public:
  Comparer(const RecordedRun& before, const RecordedRun& now, RegressionMoves& all)
      : before_{before}, now_{now}, all_{all} {}

  void compare() {
    const auto moved = all_.moves.size();
    verdict_ = {.experiment = before_.name, .before = before_.totals, .now = now_.totals, .failure = now_.failure};
    verdict_.layers = before_.layers.size();
    if (now_.failure.empty())
      compare_layers();
    else
      put({.layer = {}, .figure = {}, .before = {}, .now = {}, .why = "fails now: " + now_.failure});
    verdict_.moved = all_.moves.size() - moved;
    for (auto i = moved; i < all_.moves.size(); ++i) {
      const auto& m = all_.moves[i];
      verdict_.beyond += m.beyond ? 1 : 0;
      const auto larger = [](double a, double b) { return std::abs(a) > std::abs(b); };
      if (const auto p = m.percent(); p && (!verdict_.largest || larger(*p, *verdict_.largest))) verdict_.largest = p;
    }
    all_.experiments.push_back(verdict_);
  }

 private:
  void compare_layers() {
    std::set<std::string> met;
    for (const auto& was : before_.layers) {
      met.insert(was.name);
      const auto is = std::ranges::find(now_.layers, was.name, &RecordedLayer::name);
      if (is == now_.layers.end())
        whole_layer(was, "the layer is gone", figures_of(was).size());
      else
        compare_layer(was, *is);
    }
    for (const auto& is : now_.layers)
      if (!met.contains(is.name)) {
        ++verdict_.layers;
        whole_layer(is, "the layer is new", figures_of(is).size());
      }
    compare_figures("total", figures_of(before_.totals), figures_of(now_.totals));
  }

  void compare_layer(const RecordedLayer& was, const RecordedLayer& is) {
    if (was.op != is.op) put(is.name, "op", fmt::format("it was {} and is {}", was.op, is.op));
    if (was.place != is.place) {
      const auto count = std::max(figures_of(was).size(), figures_of(is).size());
      auto why = fmt::format("it was on {} and is on {}", was.place, is.place);
      if (!is.reason.empty()) why += ": " + is.reason;
      return whole_layer(is, why, count);
    }
    if (!was.on_machine()) return;
    if (!is.trouble.empty()) put(is.name, "", is.trouble);
    if (was.ofmap != is.ofmap) put(is.name, "ofmap", fmt::format("its words were {} and are {}", was.ofmap, is.ofmap));
    if (was.mapping != is.mapping) all_.remapped.push_back({before_.name, is.name, was.mapping, is.mapping});
    compare_figures(is.name, figures_of(was), figures_of(is));
  }

  /// Both lists have each name once.
  void compare_figures(const std::string& layer, const std::vector<RecordedFigure>& was,
                       const std::vector<RecordedFigure>& is) {
    std::map<std::string_view, double> now;
    for (const auto& f : is) now[f.name] = f.value;
    std::set<std::string_view> met;
    for (const auto& f : was) {
      ++verdict_.figures;
      met.insert(f.name);
      const auto found = now.find(f.name);
      if (found == now.end())
        put({.layer = layer, .figure = f.name, .kind = f.kind, .before = f.value, .now = {}, .why = "vanished"});
      else if (found->second != f.value)
        put({.layer = layer,
             .figure = f.name,
             .kind = f.kind,
             .before = f.value,
             .now = found->second,
             .why = {},
             .beyond = !all_.tolerance.allows(f.kind, f.value, found->second)});
    }
    for (const auto& f : is)
      if (!met.contains(f.name)) {
        ++verdict_.figures;
        put({.layer = layer, .figure = f.name, .kind = f.kind, .before = {}, .now = f.value, .why = "appeared"});
      }
  }

  void whole_layer(const RecordedLayer& layer, const std::string& why, std::size_t figures) {
    verdict_.figures += figures;
    put(layer.name, "", figures > 0 ? fmt::format("{} ({} figures)", why, figures) : why);
  }

  void put(const std::string& layer, const std::string& figure, const std::string& why) {
    put({.layer = layer, .figure = figure, .before = {}, .now = {}, .why = why});
  }
  void put(FigureMove m) {
    m.experiment = before_.name;
    all_.moves.push_back(std::move(m));
  }

  const RecordedRun& before_;
  const RecordedRun& now_;
  RegressionMoves& all_;
  RegressionVerdict verdict_;
};

template <class Of>
std::size_t sum(const std::vector<RegressionVerdict>& all, Of of) {
  return std::accumulate(all.begin(), all.end(), std::size_t{0},
                         [of](std::size_t n, const RegressionVerdict& v) { return n + v.*of; });
}

std::string many(std::size_t n, const std::string& what) {
  return fmt::format("{} {}{}", grouped(static_cast<std::int64_t>(n), ","), what, n == 1 ? "" : "s");
}

}  // namespace

std::vector<RecordedFigure> figures_of(const RecordedLayer& l) {
  std::vector<RecordedFigure> all;
  if (!l.on_machine()) return all;
  const auto put = [&](std::string name, FigureKind kind, double value) {
    all.push_back({.name = std::move(name), .kind = kind, .value = value});
  };
  for (const auto& [key, member] : kLayerNumbers) put(std::string(key), kind_of(key), static_cast<double>(l.*member));
  for (const auto& [cause, cycles] : l.stack)
    put("cycle_stack." + cause, FigureKind::Cycles, static_cast<double>(cycles));
  for (const auto& c : l.counts) {
    put(name_of_row("words", c.component, c.tensor, c.action), FigureKind::Counts, static_cast<double>(c.words));
    put(name_of_row("bytes", c.component, c.tensor, c.action), FigureKind::Counts, static_cast<double>(c.bytes));
  }
  for (const auto& e : l.energy)
    put(name_of_row("energy_pj", e.component, e.tensor, e.action), FigureKind::Energy, e.pj);
  return all;
}

std::vector<RecordedFigure> figures_of(const RecordedTotals& t) {
  std::vector<RecordedFigure> all;
  for (const auto& [key, member] : kTotalNumbers)
    all.push_back({.name = std::string(key), .kind = kind_of(key), .value = static_cast<double>(t.*member)});
  for (const auto& [key, member] : kTotalEnergies)
    all.push_back({.name = std::string(key), .kind = FigureKind::Energy, .value = t.*member});
  return all;
}

std::optional<double> FigureMove::percent() const {
  if (!before || !now) return std::nullopt;
  const double change = *now - *before;
  if (*before == 0) return change == 0 ? 0 : std::copysign(std::numeric_limits<double>::infinity(), change);
  return change / std::abs(*before) * 100;
}

std::size_t RegressionMoves::layers() const { return sum(experiments, &RegressionVerdict::layers); }
std::size_t RegressionMoves::figures() const { return sum(experiments, &RegressionVerdict::figures); }
std::size_t RegressionMoves::beyond() const { return sum(experiments, &RegressionVerdict::beyond); }

bool RegressionMoves::remaps(const std::string& experiment, const std::string& layer) const {
  return std::ranges::any_of(remapped, [&](const Remapped& r) {
    return r.experiment == experiment && (r.layer == layer || layer == "total");
  });
}

std::string RegressionMoves::summary() const {
  const auto head = fmt::format("{}, {}, {}: ", many(experiments.size(), "experiment"), many(layers(), "layer"),
                                many(figures(), "figure"));
  if (moves.empty()) return head + "all equal";
  const auto count = [](std::size_t n) { return grouped(static_cast<std::int64_t>(n), ","); };
  return fmt::format("{}{} moved, {} beyond {}", head, count(moves.size()), count(beyond()), tolerance.text());
}

RegressionMoves compare(const Regression& before, const Regression& now, const RegressionTolerance& tolerance) {
  RegressionMoves all{.tolerance = tolerance, .experiments = {}, .moves = {}, .remapped = {}};
  for (const auto& run : now.experiments) {
    const auto* was = before.find(run.name);
    ensure(was != nullptr, "an experiment is compared with one that was recorded");
    Comparer{*was, run, all}.compare();
  }
  const auto size = [](const FigureMove& m) {
    const auto p = m.percent();
    return p ? std::abs(*p) : std::numeric_limits<double>::infinity();
  };
  std::ranges::stable_sort(all.moves, [&](const FigureMove& a, const FigureMove& b) {
    if (a.beyond != b.beyond) return a.beyond;
    const bool words_a = !a.percent(), words_b = !b.percent();  // what no number says comes before all numbers
    return words_a != words_b ? words_a : size(a) > size(b);
  });
  return all;
}

}  // namespace eyrie
