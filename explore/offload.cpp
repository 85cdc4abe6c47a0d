#include "explore/offload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/ensure.hpp"

namespace eyrie {

static Bits coded(std::int64_t words, Bits width, double factor) {
  const double bits = static_cast<double>(words * width.count()) * factor;
  return Bits{8 * static_cast<std::int64_t>(std::ceil(bits / 8 - 1e-9))};
}

OffloadNetwork offload_network(const Network& network, const Widths& widths, const LinkCoding& coding,
                               std::vector<OffloadLayer> layers) {
  OffloadNetwork all{.layers = std::move(layers), .tensors = {}};
  std::map<std::string, std::size_t, std::less<>> tensors;
  std::map<std::string, const NetworkInput*, std::less<>> inputs;
  for (const auto& i : network.inputs())
    if (!i.zeros) inputs[i.name] = &i;
  const auto words = [&](const NetworkInput& i) { return i.shape(network.batch()).elements(); };
  for (const auto& [name, input] : inputs) {
    tensors[name] = all.tensors.size();
    all.tensors.push_back({name, std::nullopt, {}, false, coded(words(*input), widths.input, coding.network_input)});
  }
  for (std::size_t n = 0; n < network.layers().size(); ++n) {
    const Layer& l = network.layers()[n];
    for (const auto& input : l.inputs)
      if (const auto it = tensors.find(input); it != tensors.end())
        if (auto& readers = all.tensors[it->second].readers; !std::ranges::count(readers, n)) readers.push_back(n);
    tensors[l.name] = all.tensors.size();
    all.tensors.push_back({l.name, n, {}, false, coded(l.output.elements(), widths.output, coding.between_layers)});
  }
  for (auto& t : all.tensors) t.result = t.producer && t.readers.empty();
  return all;
}

namespace {

CutProblem::Tensor shape_of(const OffloadTensor& t) {
  return {.producer = t.producer, .readers = t.readers, .result = t.result, .up = 0, .down = 0};
}

/// Weighs seconds and picojoules by an objective, in joules or seconds.
struct Scale {
  OffloadObjective objective;
  Milliwatts idle;

  [[nodiscard]] bool energy() const { return objective == OffloadObjective::DeviceEnergy; }
  [[nodiscard]] double computing(Seconds t, Picojoules e) const { return energy() ? e.count() * 1e-12 : t.count(); }
  [[nodiscard]] double waiting(Seconds t, Picojoules e = {}) const {
    return energy() ? (e + energy_over(idle, t)).count() * 1e-12 : t.count();
  }
};

/// What half a round trip counts as: messages of an inference meet the same one, so percentiles add up.
Seconds one_way(const OffloadTerms& terms, OffloadObjective objective) {
  const auto& l = terms.link.round_trip;
  return 0.5 * (objective == OffloadObjective::PercentileLatency ? quantile(l, terms.percentile / 100) : mean_of(l));
}

/// Costs of an objective before they are rounded.
struct RealCosts {
  std::vector<double> device, cloud, up, down;
  double once = 0;

  [[nodiscard]] double sum() const {
    double all = once;
    for (const auto* list : {&device, &cloud, &up, &down})
      for (const double v : *list) all += v;
    return all;
  }
};

RealCosts real_costs(const OffloadNetwork& n, const OffloadTerms& terms, OffloadObjective objective) {
  const Scale scale{objective, terms.idle_power};
  const auto half = one_way(terms, objective);
  RealCosts all;
  for (const auto& l : n.layers) {
    all.device.push_back(scale.computing(l.device_latency, l.device_energy));
    all.cloud.push_back(scale.waiting(l.cloud_latency));
  }
  for (const auto& t : n.tensors) {
    const auto& [up, down] = std::tie(terms.link.up, terms.link.down);
    all.up.push_back(scale.waiting(up.time_of(t.bits) + half, up.energy_of(t.bits)));
    all.down.push_back(scale.waiting(down.time_of(t.bits) + half, down.energy_of(t.bits)));
  }
  all.once = scale.waiting(terms.service, terms.link.tail_energy());
  return all;
}

}  // namespace

OffloadCosts costs_of(const OffloadNetwork& n, const OffloadTerms& terms, OffloadObjective objective) {
  const auto real = real_costs(n, terms, objective);
  if (!std::isfinite(real.sum()))
    throw InputError({"", 0, 0}, "the costs of the scenario add up to more than any number", "give smaller figures");
  OffloadCosts all;
  while (real.sum() / all.unit > 1e18) all.unit *= 10;
  const auto whole = [&](double value) { return static_cast<std::int64_t>(std::llround(value / all.unit)); };
  for (std::size_t i = 0; i < n.layers.size(); ++i)
    all.problem.layers.push_back({.device = whole(real.device[i]), .cloud = whole(real.cloud[i])});
  for (std::size_t i = 0; i < n.tensors.size(); ++i) {
    all.problem.tensors.push_back(shape_of(n.tensors[i]));
    all.problem.tensors.back().up = whole(real.up[i]);
    all.problem.tensors.back().down = whole(real.down[i]);
  }
  all.once = whole(real.once);
  return all;
}

OffloadPlan plan_of(const OffloadNetwork& n, const OffloadTerms& terms, std::vector<Side> sides) {
  ensure(sides.size() == n.layers.size(), "every layer of a plan has a side");
  OffloadPlan p{.sides = std::move(sides)};
  for (std::size_t i = 0; i < n.layers.size(); ++i) {
    const auto& l = n.layers[i];
    const bool local = p.sides[i] == Side::Device;
    (local ? p.on_device : p.in_cloud) += local ? l.device_latency : l.cloud_latency;
    (local ? p.compute : p.cloud) += local ? l.device_energy : l.cloud_energy;
  }
  for (const auto& t : n.tensors) {
    const auto way = crossing(shape_of(t), p.sides);
    if (way == Crossing::None) continue;
    const auto& link = way == Crossing::Up ? terms.link.up : terms.link.down;
    (way == Crossing::Up ? p.sent : p.received) += t.bits;
    p.on_link += link.time_of(t.bits);
    p.radio += link.energy_of(t.bits);
    ++p.messages;
  }
  if (std::ranges::count(p.sides, Side::Cloud)) {
    p.in_cloud += terms.service;
    p.radio += terms.link.tail_energy();
  }
  p.latency = {.fixed = p.on_device + p.on_link + p.in_cloud,
               .factor = 0.5 * static_cast<double>(p.messages),
               .varying = terms.link.round_trip};
  p.waiting = energy_over(terms.idle_power, mean_of(p.latency) - p.on_device);
  return p;
}

double value_of(const OffloadPlan& p, OffloadObjective objective, double percentile) {
  switch (objective) {
    case OffloadObjective::DeviceEnergy:
      return p.device_energy().count() * 1e-12;
    case OffloadObjective::MeanLatency:
      return mean_of(p.latency).count();
    case OffloadObjective::PercentileLatency:
      break;
  }
  return quantile(p.latency, percentile / 100).count();
}

OffloadPlan best_plan(const OffloadNetwork& n, const OffloadTerms& terms, OffloadObjective objective) {
  const auto costs = costs_of(n, terms, objective);
  auto cut = min_cut(costs.problem);
  std::vector<Side> local(n.layers.size(), Side::Device);
  // `once` is the same for every choice but the local one, so the best of the others stays the best of the others.
  if (cost_of(costs.problem, local) <= cut.cost + costs.once) cut.sides = std::move(local);
  return plan_of(n, terms, std::move(cut.sides));
}

std::vector<OffloadOption> options_of(const OffloadNetwork& n, const OffloadTerms& terms) {
  std::vector<OffloadOption> all;
  all.push_back({"local", plan_of(n, terms, std::vector<Side>(n.layers.size(), Side::Device))});
  all.push_back({"cloud", plan_of(n, terms, std::vector<Side>(n.layers.size(), Side::Cloud))});
  for (const auto& row : names<OffloadObjective>::table)
    all.push_back({fmt::format("best {}", row.name), best_plan(n, terms, row.value)});
  return all;
}

std::vector<OffloadPlan> prefixes_of(const OffloadNetwork& n, const OffloadTerms& terms) {
  std::vector<OffloadPlan> all;
  for (std::size_t first = 0; first <= n.layers.size(); ++first) {
    std::vector<Side> sides(n.layers.size(), Side::Cloud);
    std::fill_n(sides.begin(), first, Side::Device);
    all.push_back(plan_of(n, terms, std::move(sides)));
  }
  return all;
}

std::string OffloadPlan::where(const OffloadNetwork& n) const {
  std::string text;
  for (std::size_t i = 0; i < sides.size();) {
    auto last = i;
    while (last + 1 < sides.size() && sides[last + 1] == sides[i]) ++last;
    text += fmt::format("{}{}: {}", i == 0 ? "" : "; ", name_of(sides[i]), n.layers[i].name);
    if (last > i) text += ".." + n.layers[last].name;
    i = last + 1;
  }
  return text;
}

}  // namespace eyrie
