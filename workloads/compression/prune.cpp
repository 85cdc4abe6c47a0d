#include "workloads/compression/prune.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <numeric>
#include <utility>

#include "base/yaml.hpp"

namespace eyrie {

namespace {

std::int64_t share_of(double share, std::size_t n) { return std::llround(share * static_cast<double>(n)); }

/// The numbers of the `count` least of `magnitudes`; of equal ones the first.
std::vector<std::size_t> least(const std::vector<double>& magnitudes, std::int64_t count) {
  std::vector<std::size_t> order(magnitudes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto smaller = [&](std::size_t a, std::size_t b) {
    return magnitudes[a] < magnitudes[b] || (magnitudes[a] == magnitudes[b] && a < b);
  };
  std::ranges::nth_element(order, order.begin() + count, smaller);
  order.resize(static_cast<std::size_t>(count));
  return order;
}

/// Values, each with how often it occurs, ascending.
using Histogram = std::vector<std::pair<double, std::int64_t>>;

template <class T>
Histogram histogram(std::vector<T> values) {
  std::ranges::sort(values);
  Histogram all;
  for (const T v : values) {
    if (all.empty() || all.back().first != static_cast<double>(v)) all.emplace_back(static_cast<double>(v), 0);
    ++all.back().second;
  }
  return all;
}

/// Means of `k` clusters, ascending.
std::vector<double> means(const Histogram& values, std::int64_t k) {
  const double first = values.front().first, last = values.back().first;
  std::vector<double> centre(static_cast<std::size_t>(k));
  for (std::int64_t i = 0; i < k; ++i)
    centre[static_cast<std::size_t>(i)] =
        k == 1 ? (first + last) / 2 : first + (last - first) * static_cast<double>(i) / static_cast<double>(k - 1);
  constexpr int kMostIterations = 200;
  for (int iteration = 0; iteration < kMostIterations; ++iteration) {
    std::vector<double> sum(centre.size());
    std::vector<std::int64_t> count(centre.size());
    std::size_t at = 0;
    for (const auto& [value, often] : values) {
      while (at + 1 < centre.size() && value > (centre[at] + centre[at + 1]) / 2) ++at;
      sum[at] += value * static_cast<double>(often);
      count[at] += often;
    }
    bool moved = false;
    for (std::size_t i = 0; i < centre.size(); ++i) {
      if (count[i] == 0) continue;
      const double mean = sum[i] / static_cast<double>(count[i]);
      moved = moved || mean != centre[i];
      centre[i] = mean;
    }
    if (!moved) break;
  }
  return centre;
}

double nearest(const std::vector<double>& centre, double value) {
  auto it = std::ranges::lower_bound(centre, value);
  if (it == centre.end()) return centre.back();
  if (it == centre.begin()) return *it;
  return value - *(it - 1) <= *it - value ? *(it - 1) : *it;
}

/// Replaces values by those of a codebook; `back` makes a value of its type again.
template <class T, class Back>
void share(std::span<T> values, std::int64_t bits, Back back) {
  std::vector<T> counted;
  std::ranges::copy_if(values, std::back_inserter(counted), [](T v) { return v != T{0}; });
  const bool zeros = counted.size() < values.size();
  const Histogram others = histogram(std::move(counted));
  const auto k = (std::int64_t{1} << bits) - (zeros ? 1 : 0);
  if (std::ssize(others) <= k) return;
  const auto centre = means(others, k);
  for (T& v : values)
    if (v != T{0}) v = back(nearest(centre, static_cast<double>(v)));
}

constexpr std::string_view kWeight = "/weight";

/// Names of the filters that a list of layers means, without their ending. A cell's are called CELL/x and so on.
std::vector<std::string> filters_of(const Model& model, const std::vector<std::string>& layers, const Place& at) {
  std::vector<std::string> all, owners;
  for (const auto& [name, parameter] : model.parameters) {
    if (!name.ends_with(kWeight)) continue;
    const auto own = name.substr(0, name.size() - kWeight.size());
    const auto owner = own.substr(0, own.rfind('/'));
    owners.insert(owners.end(), {own, owner});
    if (is_among(own, owner, layers)) all.push_back(own);
  }
  Diagnostics wrong;
  for (const auto& l : layers)
    if (std::ranges::count(owners, l) == 0)
      wrong.error(at, fmt::format("{} has no filters", l),
                  did_you_mean(l, std::vector<std::string_view>{owners.begin(), owners.end()}));
  wrong.raise_if_any();
  return all;
}

/// Magnitudes of one parameter; those of integers with their scales.
void add_magnitudes(const Model& model, const std::string& name, std::vector<double>& all) {
  const Parameter& p = model.parameters.at(name + std::string(kWeight));
  for (const float v : p.real) all.push_back(std::abs(static_cast<double>(v)));
  if (p.integer.empty()) return;
  const auto scale = model.parameters.find(name + "/weight_scale");
  const auto filters = static_cast<std::size_t>(std::max<std::int64_t>(1, p.shape.empty() ? 1 : p.shape[0]));
  for (std::size_t i = 0; i < p.integer.size(); ++i) {
    double each = 1;
    if (scale != model.parameters.end() && !scale->second.real.empty()) {
      const auto channel = i / (p.integer.size() / filters);
      each = static_cast<double>(scale->second.real[scale->second.real.size() == 1 ? 0 : channel]);
    }
    all.push_back(std::abs(static_cast<double>(p.integer[i])) * each);
  }
}

void prune_together(Model& model, const std::vector<std::string>& names, double share) {
  std::vector<double> magnitudes;
  for (const auto& name : names) add_magnitudes(model, name, magnitudes);
  auto zeros = least(magnitudes, share_of(share, magnitudes.size()));
  std::ranges::sort(zeros);
  std::size_t first = 0;
  auto zero = zeros.begin();
  for (const auto& name : names) {
    Parameter& p = model.parameters.at(name + std::string(kWeight));
    const auto n = std::max(p.real.size(), p.integer.size());
    for (; zero != zeros.end() && *zero < first + n; ++zero)
      if (p.integer.empty())
        p.real[*zero - first] = 0;
      else
        p.integer[*zero - first] = 0;
    first += n;
  }
}

}  // namespace

void prune(std::span<std::int16_t> words, double share) {
  const auto magnitude = [](std::int16_t w) { return static_cast<std::size_t>(std::abs(std::int32_t{w})); };
  std::vector<std::int64_t> often(std::size_t{1} << 16);
  for (const auto w : words) ++often[magnitude(w)];
  auto left = share_of(share, words.size());
  std::size_t whole = 0;  // all of lesser magnitudes go; of this one the first
  while (left >= often[whole] && whole + 1 < often.size()) left -= often[whole++];
  for (auto& w : words)
    if (magnitude(w) < whole || (magnitude(w) == whole && left-- > 0)) w = 0;
}

void share_values(std::span<std::int16_t> words, std::int64_t bits) {
  share(words, bits, [](double v) { return static_cast<std::int16_t>(std::lround(v)); });
}

bool few_values(std::span<const std::int16_t> words, std::int64_t bits) {
  std::vector<bool> seen(std::size_t{1} << 16);
  std::int64_t different = 0;
  for (const auto w : words) {
    const auto at = static_cast<std::size_t>(static_cast<std::uint16_t>(w));
    if (seen[at]) continue;
    seen[at] = true;
    if (++different > std::int64_t{1} << bits) return false;
  }
  return true;
}

void prune(Model& model, const Pruning& p) {
  const auto names = filters_of(model, p.layers, model.network.where);
  if (p.global) return prune_together(model, names, p.share);
  for (const auto& name : names) prune_together(model, {name}, p.share);
}

void share_weights(Model& model, const WeightSharing& s) {
  for (const auto& name : filters_of(model, s.layers, model.network.where)) {
    Parameter& p = model.parameters.at(name + std::string(kWeight));
    share(std::span{p.real}, s.bits, [](double v) { return static_cast<float>(v); });
    share(std::span{p.integer}, s.bits, [](double v) { return static_cast<std::int32_t>(std::lround(v)); });
  }
}

}  // namespace eyrie
