#include "workloads/compression/shrink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "base/ensure.hpp"
#include "workloads/recurrent.hpp"

namespace eyrie {

namespace {

bool depthwise(const Layer& l, std::int64_t channels) {
  return l.type == LayerType::Conv && l.groups > 1 && l.groups == channels;
}
/// Does a layer have groups that several of its input channels share?
bool grouped(const Layer& l, std::int64_t channels) {
  return l.has_filters() && l.groups > 1 && !depthwise(l, channels);
}

/// Shapes of all tensors that the file names, of one input.
std::map<std::string, Shape> shapes_of(NetworkFile file) {
  file.compression.reset();
  const auto network = Network::build(file, 1);
  std::map<std::string, Shape> all;
  for (const auto& in : file.inputs) all[in.name] = in.shape(1);
  for (const auto& l : network.layers()) all[l.name] = l.output;
  return all;
}

/// Channels of all tensors, tied together where one cannot go without the other.
class Ties {
 public:
  explicit Ties(const NetworkFile& file) : file_{file}, shapes_{shapes_of(file)} {
    for (const auto& in : file.inputs) lock(fresh(in.name, in.channels));
    std::set<std::string> read;
    for (const Layer* l : in_order()) {
      for (const auto& in : l->inputs) read.insert(in);
      tie(*l);
    }
    for (const auto& l : file.layers)
      if (!read.contains(l.name)) lock(channels_.at(l.name));
  }

  [[nodiscard]] const std::vector<std::size_t>& channels(const std::string& tensor) const {
    return channels_.at(tensor);
  }
  [[nodiscard]] const Shape& shape(const std::string& tensor) const { return shapes_.at(tensor); }
  /// What stands for a channel and all that go with it.
  [[nodiscard]] std::size_t root(std::size_t channel) const {
    while (parent_[channel] != channel) channel = parent_[channel];
    return channel;
  }
  [[nodiscard]] std::set<std::size_t> locked_roots() const {
    std::set<std::size_t> all;
    for (const auto c : locked_) all.insert(root(c));
    return all;
  }

 private:
  using Channels = std::vector<std::size_t>;

  Channels& fresh(const std::string& tensor, std::int64_t n) {
    Channels& all = channels_[tensor];
    for (std::int64_t i = 0; i < n; ++i) {
      all.push_back(parent_.size());
      parent_.push_back(parent_.size());
    }
    return all;
  }
  void lock(const Channels& channels) { locked_.insert(locked_.end(), channels.begin(), channels.end()); }
  void same(std::size_t a, std::size_t b) { parent_[root(a)] = root(b); }
  void same(const Channels& a, const Channels& b) {
    ensure(a.size() == b.size(), "channels that are tied one by one are as many");
    for (std::size_t i = 0; i < a.size(); ++i) same(a[i], b[i]);
  }

  /// Producers first.
  [[nodiscard]] std::vector<const Layer*> in_order() const {
    std::vector<const Layer*> order;
    std::set<std::string> known;
    for (const auto& in : file_.inputs) known.insert(in.name);
    while (order.size() < file_.layers.size())
      for (const auto& l : file_.layers)
        if (!known.contains(l.name) &&
            std::ranges::all_of(l.inputs, [&](const auto& in) { return known.contains(in); })) {
          order.push_back(&l);
          known.insert(l.name);
        }
    return order;
  }

  void tie(const Layer& l) {
    using enum LayerType;
    const Channels in = channels_.at(l.inputs[0]);
    Channels& out = fresh(l.name, shapes_.at(l.name).c);
    switch (l.type) {
      case Conv:
      case LocallyConnected:
        if (depthwise(l, std::ssize(in)))
          for (std::size_t i = 0; i < out.size(); ++i) same(out[i], in[i / (out.size() / in.size())]);
        return;
      case FullyConnected:
      case Lstm:
      case Gru:
        return;
      case Concat:
        return joined(l, out);
      case Reshape:
        return reshaped(l, in, out);
      case ChannelShuffle:  // which of a group goes where depends on how many there are
      case Softmax:
        lock(in);
        lock(out);
        return;
      default:
        for (const auto& i : l.inputs) same(out, channels_.at(i));
    }
  }

  void joined(const Layer& l, const Channels& out) {
    std::size_t first = 0;
    for (const auto& i : l.inputs) {
      const Channels& in = channels_.at(i);
      for (std::size_t k = 0; k < in.size(); ++k) same(out[first + k], in[k]);
      if (l.concat_axis == ConcatAxis::Channels) first += in.size();
    }
  }

  /// Planes that are laid out as channels stay together; of other renamings nothing may go.
  void reshaped(const Layer& l, const Channels& in, const Channels& out) {
    const Shape &from = shapes_.at(l.inputs[0]), &to = shapes_.at(l.name);
    const bool whole = from.n == to.n && (to.h * to.w == 1 || (to.h == from.h && to.w == from.w));
    if (!whole) {
      lock(in);
      lock(out);
      return;
    }
    for (std::size_t i = 0; i < out.size(); ++i) same(out[i], in[i / (out.size() / in.size())]);
  }

  const NetworkFile& file_;
  std::map<std::string, Shape> shapes_;
  std::map<std::string, Channels> channels_;
  std::vector<std::size_t> parent_, locked_;
};

/// Chooses what goes.
class Chooser {
 public:
  Chooser(const NetworkFile& file, const std::map<std::string, std::vector<double>>& scores)
      : file_{file}, ties_{file}, locked_{ties_.locked_roots()} {
    for (const auto& [layer, each] : scores)
      for (std::size_t i = 0; i < each.size(); ++i) score_[ties_.root(ties_.channels(layer)[i])] += each[i];
  }

  KeptChannels choose() {
    for (const auto& s : file_.compression->shrink) shrink(s);
    wrong_.raise_if_any();
    KeptChannels kept;
    for (const auto& in : file_.inputs) kept[in.name] = left(in.name);
    for (const auto& l : file_.layers) kept[l.name] = left(l.name);
    for (const auto& l : file_.layers) check_groups(l, kept);
    wrong_.raise_if_any();
    return kept;
  }

 private:
  void shrink(const LayerShrink& s) {
    const auto l = std::ranges::find(file_.layers, s.layer, &Layer::name);
    if (l == file_.layers.end()) {
      std::vector<std::string_view> known;
      for (const auto& layer : file_.layers) known.push_back(layer.name);
      wrong_.error(s.where, fmt::format("there is no layer {}", s.layer), did_you_mean(s.layer, known));
      return;
    }
    const auto& channels = ties_.channels(s.layer);
    if (std::ranges::any_of(channels, [&](std::size_t c) { return locked_.contains(ties_.root(c)); })) {
      wrong_.error(s.where,
                   fmt::format("{} cannot shrink: its channels are the network's inputs or outputs, or are shuffled or "
                               "reshaped on their way",
                               s.layer),
                   "shrink another layer");
      return;
    }
    for (const auto& part : parts(s.layer, *l)) drop(part, s.share);
  }

  /// The layer's channels, those apart that lie in different groups of what makes or reads them.
  [[nodiscard]] std::vector<std::vector<std::size_t>> parts(const std::string& tensor, const Layer& made_by) const {
    std::map<std::size_t, std::vector<std::int64_t>> groups;  // of a channel, in every layer that has groups of it
    std::vector<std::size_t> order;
    for (const auto c : ties_.channels(tensor))
      if (groups.emplace(ties_.root(c), std::vector<std::int64_t>{}).second) order.push_back(ties_.root(c));
    const auto note = [&](const std::string& t, std::int64_t n) {
      const auto& all = ties_.channels(t);
      for (std::size_t i = 0; i < all.size(); ++i)
        if (const auto it = groups.find(ties_.root(all[i])); it != groups.end())
          it->second.push_back(static_cast<std::int64_t>(i) * n / std::ssize(all));
    };
    if (made_by.has_filters() && made_by.groups > 1) note(tensor, grouped_by(made_by));
    for (const auto& l : file_.layers)
      if (const auto n = grouped_by(l); n > 1) {
        note(l.inputs[0], n);
        note(l.name, n);
      }
    std::map<std::vector<std::int64_t>, std::vector<std::size_t>> parts;
    for (const auto c : order) parts[groups.at(c)].push_back(c);
    std::vector<std::vector<std::size_t>> all;
    for (auto& [key, part] : parts) all.push_back(std::move(part));
    return all;
  }

  [[nodiscard]] std::int64_t grouped_by(const Layer& l) const {
    return grouped(l, std::ssize(ties_.channels(l.inputs[0]))) ? l.groups : 1;
  }

  void drop(std::vector<std::size_t> part, double share) {
    auto wanted = std::min<std::int64_t>(
        static_cast<std::int64_t>(std::floor(share * static_cast<double>(part.size()))), std::ssize(part) - 1);
    wanted -= std::ranges::count_if(part, [&](std::size_t c) { return dropped_.contains(c); });
    std::ranges::stable_sort(part, {}, [&](std::size_t c) {
      const auto it = score_.find(c);
      return it == score_.end() ? 0.0 : it->second;
    });
    for (const auto c : part) {
      if (wanted <= 0) return;
      if (dropped_.insert(c).second) --wanted;
    }
  }

  [[nodiscard]] std::vector<std::int64_t> left(const std::string& tensor) const {
    std::vector<std::int64_t> all;
    const auto& channels = ties_.channels(tensor);
    for (std::size_t i = 0; i < channels.size(); ++i)
      if (!dropped_.contains(ties_.root(channels[i]))) all.push_back(static_cast<std::int64_t>(i));
    return all;
  }

  void check_groups(const Layer& l, const KeptChannels& kept) {
    const auto n = grouped_by(l);
    if (n == 1) return;
    for (const auto& t : {l.inputs[0], l.name}) {
      std::vector<std::int64_t> count(static_cast<std::size_t>(n));
      for (const auto c : kept.at(t)) ++count[static_cast<std::size_t>(c * n / std::ssize(ties_.channels(t)))];
      if (std::ranges::count(count, count[0]) == n) continue;
      wrong_.error(l.where, fmt::format("groups of {} would keep different numbers of channels of {}", l.name, t),
                   "shrink all that its groups read by the same share");
    }
  }

  const NetworkFile& file_;
  Ties ties_;
  std::set<std::size_t> locked_, dropped_;
  std::map<std::size_t, double> score_;
  Diagnostics wrong_;
};

}  // namespace

KeptChannels kept_channels(const NetworkFile& file, const std::map<std::string, std::vector<double>>& scores) {
  ensure(file.compression.has_value(), "a file that asks for smaller layers");
  return Chooser{file, scores}.choose();
}

NetworkFile with_channels(const NetworkFile& file, const KeptChannels& kept) {
  NetworkFile small = file;
  const auto shapes = shapes_of(file);
  for (auto& l : small.layers) {
    const auto n = std::ssize(kept.at(l.name));
    if (depthwise(l, shapes.at(l.inputs[0]).c)) l.groups = std::ssize(kept.at(l.inputs[0]));
    if (l.has_filters()) l.out_channels = n;
    if (l.type == LayerType::Reshape) l.shape.channels = n;
    if (is_cell(l)) (l.projection ? *l.projection : l.units) = n;
  }
  if (small.compression) small.compression->shrink.clear();
  if (small.compression && !small.compression->prune && !small.compression->share_weights) small.compression.reset();
  return small;
}

NetworkFile shrunk(const NetworkFile& file) {
  if (!file.compression || file.compression->shrink.empty()) return file;
  return with_channels(file, kept_channels(file, {}));
}

}  // namespace eyrie
