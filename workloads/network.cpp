#include "workloads/network.hpp"

#include <fmt/format.h>
#include <boost/graph/depth_first_search.hpp>

#include <algorithm>
#include <map>
#include <queue>
#include <set>

#include "workloads/compression/shrink.hpp"
#include "workloads/recurrent.hpp"
#include "workloads/shapes.hpp"

namespace eyrie {

namespace {

using Vertex = Network::Graph::vertex_descriptor;

/// Stops at the first edge back to a layer on the current path.
struct CycleFinder : boost::dfs_visitor<> {
  std::vector<Vertex>& path;
  std::vector<Vertex>& cycle;
  CycleFinder(std::vector<Vertex>& p, std::vector<Vertex>& c) : path{p}, cycle{c} {}
  void discover_vertex(Vertex v, const Network::Graph&) { path.push_back(v); }
  void finish_vertex(Vertex, const Network::Graph&) { path.pop_back(); }
  void back_edge(Network::Graph::edge_descriptor e, const Network::Graph& g) {
    if (!cycle.empty()) return;
    cycle.assign(std::ranges::find(path, boost::target(e, g)), path.end());
    cycle.push_back(boost::target(e, g));
  }
};

class Builder {
 public:
  Builder(const NetworkFile& file, std::int64_t batch) : file_{file}, batch_{batch} {}

  Network::Graph graph;
  std::vector<Layer> ordered;

  void build() {
    if (file_.kind != "workload")
      error(file_.where, fmt::format("kind is {}, and a workload was wanted", file_.kind), "write `kind: workload`");
    if (file_.layers.empty()) error(file_.where, "the network has no layer", "list at least one");
    names();
    edges();
    wrong_.raise_if_any();
    cycles();
    fold();
    wrong_.raise_if_any();
    order();
    wrong_.raise_if_any();
  }

 private:
  void error(const Place& at, std::string problem, std::string remedy) {
    wrong_.error(at, std::move(problem), std::move(remedy));
  }

  void names() {
    for (const auto& i : file_.inputs) {
      if (static_cast<double>(batch_ * i.steps) * static_cast<double>(i.channels) *
              static_cast<double>(i.rows * i.columns) >
          2147483648.0)
        error(i.where, fmt::format("the input {} has more than 2^31 elements", i.name), "make it or the batch smaller");
      if (i.steps > 1 && batch_ > 1)
        error(i.where, fmt::format("{} has {} time steps, and the batch is {}", i.name, i.steps, batch_),
              "run recurrent networks with batch 1");
      if (!shapes_.emplace(i.name, i.shape(batch_)).second)
        error(i.where, fmt::format("two inputs are called {}", i.name), "give each its own name");
    }
    for (const auto& l : file_.layers) {
      if (vertices_.contains(l.name) || shapes_.contains(l.name))
        error(l.where, fmt::format("the name {} is taken", l.name), "give each layer its own name");
      else
        vertices_[l.name] = boost::add_vertex(l, graph);
    }
  }

  void edges() {
    std::vector<std::string_view> known;
    for (const auto& [name, shape] : shapes_) known.push_back(name);
    for (const auto& l : file_.layers) known.push_back(l.name);
    for (const auto& l : file_.layers) {
      input_count(l);
      for (const auto& in : l.inputs)
        if (vertices_.contains(in) && vertices_.contains(l.name))
          boost::add_edge(vertices_[in], vertices_[l.name], graph);
        else if (!shapes_.contains(in))
          error(l.where, fmt::format("{} reads {}, which is neither a layer nor an input", l.name, in),
                did_you_mean(in, known));
    }
  }

  void input_count(const Layer& l) {
    const auto count = l.inputs.size();
    const bool any = !l.part_of.empty() && folds(l);  // a cell reads as many as it has steps
    const auto least = l.many_inputs() ? 2U : 1U;
    const bool more = l.type == LayerType::Add || l.type == LayerType::Concat;
    if (any || (count >= least && (more || count == least))) return;
    error(l.where, fmt::format("{} has {} input{}", l.name, count, count == 1 ? "" : "s"),
          fmt::format("{} {} layer reads {}", l.type == LayerType::Add ? "an" : "a", name_of(l.type),
                      more         ? "two or more"
                      : least == 2 ? "exactly two"
                                   : "exactly one"));
  }

  void cycles() {
    std::vector<Vertex> path, cycle;
    boost::depth_first_search(graph, boost::visitor(CycleFinder{path, cycle}));
    if (cycle.empty()) return;
    std::string text;
    for (auto v : cycle) text += (text.empty() ? "" : " -> ") + graph[v].name;
    error(graph[cycle.front()].where, fmt::format("layers read each other in a circle: {}", text),
          "a network has no cycles");
  }

  /// Producers first; among those that could come next the one that stands first in the file.
  void order() {
    std::map<Vertex, std::size_t> waits;
    std::priority_queue<Vertex, std::vector<Vertex>, std::greater<>> ready;
    for (auto [v, end] = boost::vertices(graph); v != end; ++v) {
      waits[*v] = boost::in_degree(*v, graph);
      if (waits[*v] == 0) ready.push(*v);
    }
    while (!ready.empty()) {
      const Vertex v = ready.top();
      ready.pop();
      infer(graph[v]);
      ordered.push_back(graph[v]);
      for (auto [e, end] = boost::out_edges(v, graph); e != end; ++e)
        if (--waits[boost::target(*e, graph)] == 0) ready.push(boost::target(*e, graph));
    }
  }

  /// What a layer whose producers' shapes are known reads and puts out.
  void infer(Layer& l) {
    l.sources.clear();
    for (std::size_t i = 0; i < l.inputs.size(); ++i) {
      const Shape whole = shapes_.contains(l.inputs[i]) ? shapes_[l.inputs[i]] : Shape{batch_, 1, 1, 1};
      l.sources.push_back(i < l.views.size() ? l.views[i].of(whole) : whole);
    }
    if (l.sources.empty()) l.sources.push_back(Shape{batch_, 1, 1, 1});
    if (is_cell(l) && batch_ > 1)
      error(l.where, fmt::format("{} would take the {} inputs of the batch for time steps", l.name, batch_),
            "run recurrent networks with batch 1");
    infer_shapes(l, wrong_);
    shapes_[l.name] = l.output;
  }

  /// Batch normalisation becomes part of the layer before it; coordinates are renamed for nothing.
  void fold() {
    for (auto [v, end] = boost::vertices(graph); v != end; ++v) {
      Layer& l = graph[*v];
      if (l.place == PlaceOf::Folded && !folds(l))
        error(l.where, fmt::format("{} cannot be folded", l.name), "write `place: machine` or `place: host`");
      if (l.place == PlaceOf::Host) l.place_reason = kPlacedByWorkload;
      if (!folds(l)) continue;
      l.place = PlaceOf::Folded;
      l.place_reason = l.type == LayerType::Reshape     ? "nothing to do: the same words in the same order"
                       : l.type == LayerType::BatchNorm ? batch_norm(*v)
                                                        : "nothing to do: its words are its steps' outputs";
    }
  }

  /// Nothing to do at run time: renamed coordinates, a normalisation, a cell that was made of layers.
  static bool folds(const Layer& l) {
    const bool cell = l.type == LayerType::Lstm || l.type == LayerType::Gru;
    return l.type == LayerType::Reshape || l.type == LayerType::BatchNorm || (cell && !is_cell(l));
  }

  std::string batch_norm(Vertex v) {
    const Layer& l = graph[v];
    const auto [e, end] = boost::in_edges(v, graph);
    const auto refuse = [&](const std::string& problem) {
      error(l.where, fmt::format("{} {}", l.name, problem),
            "a batch_norm must follow a conv, fully_connected or locally_connected layer that has no activation and "
            "no other reader");
      return std::string();
    };
    if (e == end) return refuse("follows no layer");
    Layer& before = graph[boost::source(*e, graph)];
    if (!before.has_filters()) return refuse(fmt::format("follows {} ({})", before.name, name_of(before.type)));
    if (before.activation != Activation::None) return refuse(fmt::format("follows the activation of {}", before.name));
    if (boost::out_degree(boost::source(*e, graph), graph) > 1)
      return refuse(fmt::format("follows {}, which others read too", before.name));
    before.bias = true;
    return fmt::format("nothing to do: part of the filters and biases of {}", before.name);
  }

  const NetworkFile& file_;
  std::int64_t batch_;
  Diagnostics wrong_;
  std::map<std::string, Shape> shapes_;
  std::map<std::string, Vertex> vertices_;
};

}  // namespace

/// What pruning and sharing ask of layers.
static void mark_filters(std::vector<Layer>& layers, const Compression& c) {
  Diagnostics wrong;
  std::vector<std::string_view> known;
  for (const auto& l : layers)
    if (l.has_filters()) known.push_back(l.stated_name());
  const auto mark = [&](const std::vector<std::string>& wanted, auto change) {
    for (const auto& name : wanted)
      if (!std::ranges::count(known, std::string_view{name}))
        wrong.error(c.where, fmt::format("{} is no layer with filters", name), did_you_mean(name, known));
    for (auto& l : layers)
      if (l.has_filters() && is_among(l.name, l.part_of, wanted)) change(l);
  };
  if (c.prune) mark(c.prune->layers, [&](Layer& l) { l.weight_zeros = c.prune->share; });
  if (c.share_weights) mark(c.share_weights->layers, [&](Layer& l) { l.codebook_bits = c.share_weights->bits; });
  wrong.raise_if_any();
}

Network Network::build(NetworkFile file, std::int64_t batch) {
  if (file.compression && !file.compression->shrink.empty()) file = shrunk(file);
  {
    Builder stated{file, batch};
    stated.build();
    if (std::ranges::any_of(stated.ordered, is_cell)) file = with_cells_as_layers(file, stated.ordered);
  }
  Builder builder{file, batch};
  builder.build();
  Network network;
  network.graph_ = std::move(builder.graph);
  network.ordered_ = std::move(builder.ordered);
  if (file.compression) mark_filters(network.ordered_, *file.compression);
  network.batch_ = batch;
  network.file_ = std::move(file);
  return network;
}

Network Network::from_yaml(const YamlDocument& document, std::int64_t batch) {
  return build(read_yaml<NetworkFile>(document), batch);
}

const Layer& Network::layer(std::string_view wanted, const Place& asked) const {
  std::vector<std::string_view> known;
  for (const auto& l : ordered_) {
    if (l.name == wanted) return l;
    known.push_back(l.name);
  }
  throw InputError(asked, fmt::format("{} has no layer {}", name(), wanted), did_you_mean(wanted, known));
}

Macs Network::macs() const {
  Macs all{};
  for (const auto& l : ordered_) all += l.macs();
  return all;
}

Words Network::weight_words() const {
  Words all{};
  std::set<std::string_view> met;
  for (const auto& l : ordered_)
    if (l.has_filters() && met.insert(l.weights_name()).second) all += l.weight_words();
  return all;
}

Words Network::parameter_words() const {
  Words all = weight_words();
  for (const auto& l : ordered_)
    if (l.shared_weights.empty()) all += l.bias_words();  // what steps share has no biases
  return all;
}

std::size_t Network::stated_layers() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(ordered_, [](const Layer& l) { return l.part_of.empty() || l.part_of == l.name; }));
}

void Network::to_host(std::size_t layer, std::string reason) {
  ordered_[layer].place = PlaceOf::Host;
  ordered_[layer].place_reason = std::move(reason);
}

}  // namespace eyrie
