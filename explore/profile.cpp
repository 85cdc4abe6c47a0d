#include "explore/profile.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/ensure.hpp"

namespace eyrie {

namespace {

/// Ranks from 1, the smallest first; equal values have the mean of theirs.
std::vector<double> ranks_of(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> ranks(values.size());
  for (std::size_t first = 0; first < order.size();) {
    auto end = first + 1;
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    for (auto i = first; i < end; ++i) ranks[order[i]] = static_cast<double>(first + 1 + end) / 2;
    first = end;
  }
  return ranks;
}

double mean(const std::vector<double>& v) {
  return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
}

double median(std::vector<double> v) {
  std::ranges::sort(v);
  const auto half = v.size() / 2;
  return v.size() % 2 == 1 ? v[half] : (v[half - 1] + v[half]) / 2;
}

double macs(const ProfiledLayer& l) { return l.of.features[static_cast<std::size_t>(Feature::Macs)]; }

template <class Of>
std::vector<double> each(const std::vector<ProfiledLayer>& layers, Of of) {
  std::vector<double> all;
  for (const auto& l : layers) all.push_back(of(l));
  return all;
}

/// One observation for all layers of the same sizes, with their mean cycles: those of coded words depend on data.
std::vector<Observation> shapes_of(const std::vector<ProfiledLayer>& layers) {
  std::vector<Observation> all;
  std::vector<double> number;
  for (const auto& l : layers) {
    const auto same = std::ranges::find_if(all, [&](const Observation& o) {
      return o.kind == l.of.kind && o.channels == l.of.channels && o.features == l.of.features;
    });
    const auto i = static_cast<std::size_t>(same - all.begin());
    if (same == all.end()) {
      all.push_back(l.of);
      number.push_back(1);
    } else {
      number[i] += 1;
      all[i].cycles += (l.of.cycles - all[i].cycles) / number[i];
    }
  }
  return all;
}

std::vector<Disagreement> disagreements_of(const std::vector<ProfiledLayer>& layers) {
  const auto a_mac = each(layers, [](const auto& l) { return l.of.cycles / macs(l); });
  const double usual = median(a_mac);
  const auto position = [&](const ProfiledLayer& l, auto of) {
    return 1 + std::ranges::count_if(layers, [&](const auto& other) { return of(other) > of(l); });
  };
  std::vector<Disagreement> all;
  for (std::size_t i = 0; i < layers.size(); ++i)
    all.push_back({.layer = i,
                   .factor = a_mac[i] / usual,
                   .rank_by_cycles = position(layers[i], [](const auto& l) { return l.of.cycles; }),
                   .rank_by_macs = position(layers[i], [](const auto& l) { return macs(l); })});
  std::ranges::stable_sort(all, std::ranges::greater{}, [](const auto& d) { return std::abs(std::log(d.factor)); });
  return all;
}

}  // namespace

std::pair<std::string, double> ProfiledLayer::dominant() const {
  const auto it = std::ranges::max_element(lost, {}, [](const auto& share) { return share.second; });
  return it == lost.end() || it->second <= 0 ? std::pair<std::string, double>{} : *it;
}

double rank_correlation(const std::vector<double>& a, const std::vector<double>& b) {
  ensure(a.size() == b.size(), "ranks are compared one by one");
  if (a.size() < 2) return 0;
  const auto x = ranks_of(a), y = ranks_of(b);
  const double mx = mean(x), my = mean(y);
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : 0;
}

Profile profile_of(std::string machine, std::string fidelity, std::vector<ProfiledLayer> layers, ProfiledRun run) {
  ensure(!layers.empty(), "a profile has layers");
  for (const auto& l : layers) ensure(l.of.cycles > 0 && macs(l) > 0, "a profiled layer has cycles and MACs");
  const auto shapes = shapes_of(layers);
  const auto cycles = each(layers, [](const auto& l) { return l.of.cycles; });
  Profile p{.machine = std::move(machine),
            .fidelity = std::move(fidelity),
            .run = std::move(run),
            .layers = std::move(layers)};
  p.cycles_by_macs = rank_correlation(cycles, each(p.layers, macs));
  p.cycles_by_parameters =
      rank_correlation(cycles, each(p.layers, [](const auto& l) { return static_cast<double>(l.parameters); }));
  p.disagreements = disagreements_of(p.layers);
  p.shapes = shapes.size();
  p.by_macs = fit_piece(shapes, kMacsAlone);
  p.by_sizes = fit_piece(shapes);
  p.tree = fit_tree(shapes);
  p.error_by_macs = left_out_error_of_piece(shapes, kMacsAlone);
  p.error_by_sizes = left_out_error_of_piece(shapes, kAllTerms);
  p.error_of_tree = left_out_error_of_tree(shapes);
  return p;
}

}  // namespace eyrie
