#include "workloads/forward_plan.hpp"

#include <algorithm>

#include "workloads/convolution.hpp"

namespace eyrie {

ForwardPlan::ForwardPlan(const Network& network, const std::optional<std::vector<std::size_t>>& wanted)
    : network_{network},
      runs_(network.layers().size(), !wanted),
      spent_after_(network.layers().size()),
      zero_paths_(network.layers().size()) {
  const auto layers = network.layers();
  for (std::size_t i = 0; i < layers.size(); ++i) number_[layers[i].name] = i;
  std::vector<bool> stays(layers.size(), !wanted), spent(layers.size(), false);
  if (wanted)
    for (const auto i : *wanted) {
      runs_[i] = stays[i] = true;
      for (const auto& in : layers[i].inputs)
        if (const auto k = producer(in)) stays[*k] = true;
    }
  for (std::size_t i = layers.size(); i-- > 0;) {  // whatever a layer needs comes before it
    if (!runs_[i]) continue;
    if (layers[i].has_filters() && layers[i].bias) zero_paths_[i] = path_from(i, i);
    for (const auto k : read_by(i)) runs_[k] = true;
    for (const auto k : read_by(i))
      if (!stays[k] && !spent[k]) {
        spent[k] = true;
        spent_after_[i].push_back(k);
      }
  }
}

std::optional<std::size_t> ForwardPlan::producer(const std::string& input) const {
  const auto it = number_.find(input);
  return it == number_.end() ? std::nullopt : std::optional{it->second};
}

/// Can zeros in what `consumer` makes be told from what `producer` puts out while layer `now` is computed? All else
/// that it reads must be known by then; a product has no one factor to blame.
bool ForwardPlan::looks_through(std::size_t consumer, std::size_t from, std::size_t now) const {
  const Layer& l = network_.layers()[consumer];
  if (l.has_filters() || l.type == LayerType::Multiply || !l.views.empty()) return false;
  return std::ranges::all_of(l.inputs, [&](const auto& in) {
    const auto k = producer(in);
    return !k || *k == from || *k < now;
  });
}

std::optional<ZeroPath> ForwardPlan::path_from(std::size_t i, std::size_t now) const {
  const auto layers = network_.layers();
  for (std::size_t k = i + 1; k < layers.size(); ++k) {
    if (!std::ranges::count(layers[k].inputs, layers[i].name)) continue;
    if (layers[k].has_filters()) {
      if (layers[k].input_zeros && layers[k].views.empty()) return ZeroPath{*layers[k].input_zeros, {}};
    } else if (looks_through(k, i, now)) {
      if (auto path = path_from(k, now)) {
        path->through.insert(path->through.begin(), k);
        return path;
      }
    }
  }
  return std::nullopt;
}

/// Layers before the n-th whose outputs are looked at while it is computed.
std::vector<std::size_t> ForwardPlan::read_by(std::size_t i) const {
  std::vector<std::size_t> all;
  const auto reads = [&](std::size_t layer) {
    for (const auto& in : network_.layers()[layer].inputs)
      if (const auto k = producer(in); k && *k < i && !std::ranges::count(all, *k)) all.push_back(*k);
  };
  reads(i);
  if (zero_paths_[i])
    for (const auto k : zero_paths_[i]->through) reads(k);
  return all;
}

static std::int64_t words(const std::vector<Shape>& shapes) {
  std::int64_t all = 0;
  for (const auto& s : shapes) all += s.elements();
  return all;
}

/// Besides outputs: copies of what is read; filters, psums and how they are made; psums and words of the layers that
/// are looked through for zeros.
Bytes ForwardPlan::working_memory(std::size_t i, unsigned jobs) const {
  constexpr std::int64_t kWord = 2, kPsum = 4;
  const Layer& l = network_.layers()[i];
  const auto in = words(l.sources), out = l.output.elements();
  if (!l.has_filters()) return Bytes{kWord * (3 * in + 2 * out)};
  auto all =
      kWord * (2 * in + l.weight_words().count() + out) + kPsum * out + fast::psums_scratch(*l.nest(), jobs).count();
  if (zero_paths_[i]) {
    std::int64_t most = 0;
    for (const auto k : zero_paths_[i]->through)
      most = std::max(most, 3 * words(network_.layers()[k].sources) + 2 * network_.layers()[k].output.elements());
    all += 2 * kPsum * out + kWord * (out + most);
  }
  return Bytes{all};
}

Bytes ForwardPlan::memory(unsigned jobs) const {
  constexpr std::int64_t kWord = 2;
  std::int64_t held = 0;
  for (const auto& in : network_.inputs()) held += kWord * in.shape(network_.batch()).elements();
  std::int64_t peak = held;
  for (std::size_t i = 0; i < network_.layers().size(); ++i) {
    if (!runs_[i]) continue;
    held += kWord * network_.layers()[i].output.elements();
    peak = std::max(peak, held + working_memory(i, jobs).count());
    for (const auto k : spent_after_[i]) held -= kWord * network_.layers()[k].output.elements();
  }
  return Bytes{peak + peak / 8};  // what the heap keeps between blocks
}

}  // namespace eyrie
