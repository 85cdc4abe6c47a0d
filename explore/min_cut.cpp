#include "explore/min_cut.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/boykov_kolmogorov_max_flow.hpp>

#include "base/ensure.hpp"

namespace eyrie {

static Side side_of(const std::optional<std::size_t>& producer, std::span<const Side> sides) {
  return producer ? sides[*producer] : Side::Device;
}

Crossing crossing(const CutProblem::Tensor& t, std::span<const Side> sides) {
  const auto read_on = [&](Side side) {
    return std::ranges::any_of(t.readers, [&](std::size_t r) { return sides[r] == side; });
  };
  if (side_of(t.producer, sides) == Side::Device) return read_on(Side::Cloud) ? Crossing::Up : Crossing::None;
  return t.result || read_on(Side::Device) ? Crossing::Down : Crossing::None;
}

std::int64_t cost_of(const CutProblem& p, std::span<const Side> sides) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < p.layers.size(); ++i)
    sum += sides[i] == Side::Device ? p.layers[i].device : p.layers[i].cloud;
  for (const auto& t : p.tensors) {
    const auto way = crossing(t, sides);
    sum += way == Crossing::Up ? t.up : way == Crossing::Down ? t.down : 0;
  }
  return sum;
}

namespace {

using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::bidirectionalS>;
struct Edge {
  std::int64_t capacity = 0, residual = 0;
  Traits::edge_descriptor reverse;
};
struct Vertex {
  boost::default_color_type colour{};
  std::int64_t distance = 0;
  Traits::edge_descriptor predecessor;
};
using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, Vertex, Edge>;

/// The flow network. The side of the source is the device. A layer hangs between source and sink: the edge that is cut
/// is what it costs on the side where it comes to lie. A tensor has a vertex for each way that it can cross: once that
/// is cut off from the producer, all readers may be.
class FlowNetwork {
 public:
  explicit FlowNetwork(const CutProblem& p) : source_{p.layers.size()}, sink_{source_ + 1}, graph_{sink_ + 1} {
    for (const auto& l : p.layers) total_ = sum(sum(total_, l.device), l.cloud);
    for (const auto& t : p.tensors) total_ = sum(sum(total_, t.up), t.down);
    for (std::size_t i = 0; i < p.layers.size(); ++i) {
      connect(source_, i, p.layers[i].cloud);
      connect(i, sink_, p.layers[i].device);
    }
    for (const auto& t : p.tensors) connect(t);
  }

  /// All vertices that are left with the device when the most that can flow does.
  std::vector<bool> device_side() {
    boost::boykov_kolmogorov_max_flow(graph_, boost::get(&Edge::capacity, graph_), boost::get(&Edge::residual, graph_),
                                      boost::get(&Edge::reverse, graph_), boost::get(&Vertex::predecessor, graph_),
                                      boost::get(&Vertex::colour, graph_), boost::get(&Vertex::distance, graph_),
                                      boost::get(boost::vertex_index, graph_), source_, sink_);
    std::vector<bool> device(boost::num_vertices(graph_), true);
    device[sink_] = false;
    for (std::vector<std::size_t> open{sink_}; !open.empty();) {  // who can still reach the sink lies with it
      const auto v = open.back();
      open.pop_back();
      for (auto [e, end] = boost::out_edges(v, graph_); e != end; ++e) {
        const auto from = boost::target(*e, graph_);
        if (device[from] && graph_[graph_[*e].reverse].residual > 0) {
          device[from] = false;
          open.push_back(from);
        }
      }
    }
    return device;
  }

 private:
  static std::int64_t sum(std::int64_t a, std::int64_t b) {
    ensure(b >= 0, "a cost of a cut is not negative");
    ensure(b < kMost - a, "costs of a cut sum to less than 2^61");
    return a + b;
  }

  void connect(const CutProblem::Tensor& t) {
    const auto producer = t.producer.value_or(source_);
    const auto never = total_ + 1;  // more than any cut costs
    const auto up = boost::add_vertex(graph_);
    connect(producer, up, t.up);
    for (const auto r : t.readers) connect(up, r, never);
    if (!t.producer) return;
    const auto down = boost::add_vertex(graph_);
    connect(down, producer, t.down);
    for (const auto r : t.readers) connect(r, down, never);
    if (t.result) connect(source_, down, never);
  }

  void connect(std::size_t from, std::size_t to, std::int64_t capacity) {
    const auto there = boost::add_edge(from, to, Edge{capacity, 0, {}}, graph_).first;
    const auto back = boost::add_edge(to, from, Edge{}, graph_).first;
    graph_[there].reverse = back;
    graph_[back].reverse = there;
  }

  static constexpr std::int64_t kMost = std::int64_t{1} << 61;
  std::size_t source_, sink_;
  Graph graph_;
  std::int64_t total_ = 0;
};

}  // namespace

GraphCut min_cut(const CutProblem& p) {
  const auto device = FlowNetwork{p}.device_side();
  GraphCut cut;
  for (std::size_t i = 0; i < p.layers.size(); ++i) cut.sides.push_back(device[i] ? Side::Device : Side::Cloud);
  cut.cost = cost_of(p, cut.sides);
  return cut;
}

}  // namespace eyrie
