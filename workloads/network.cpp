#include "workloads/network.hpp"

#include <fmt/format.h>
#include <boost/graph/depth_first_search.hpp>

#include <map>
#include <queue>
#include <set>

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
      if (static_cast<double>(batch_) * static_cast<double>(i.channels) * static_cast<double>(i.rows * i.columns) >
          2147483648.0)
        error(i.where, fmt::format("the input {} has more than 2^31 elements", i.name), "make it or the batch smaller");
      if (!shapes_.emplace(i.name, Shape{batch_, i.channels, i.rows, i.columns}).second)
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
      if (l.inputs.size() != 1)
        error(l.where, fmt::format("{} has {} inputs", l.name, l.inputs.size()),
              fmt::format("a {} layer reads exactly one", name_of(l.type)));
      for (const auto& in : l.inputs)
        if (vertices_.contains(in) && vertices_.contains(l.name))
          boost::add_edge(vertices_[in], vertices_[l.name], graph);
        else if (!shapes_.contains(in))
          error(l.where, fmt::format("{} reads {}, which is neither a layer nor an input", l.name, in),
                did_you_mean(in, known));
    }
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

  /// The output shape of a layer whose producer's shape is known.
  void infer(Layer& l) {
    l.input = shapes_.contains(l.inputs[0]) ? shapes_[l.inputs[0]] : Shape{batch_, 1, 1, 1};
    l.output = l.input;
    switch (l.type) {
      case LayerType::FullyConnected:
        l.output = {batch_, l.out_channels, 1, 1};
        break;
      case LayerType::Conv:
        conv(l);
        break;
      case LayerType::MaxPool:
      case LayerType::AveragePool:
        pool(l);
        break;
      case LayerType::Relu:
        l.kernel = l.stride = {1, 1};
        break;
      case LayerType::Lrn:
      case LayerType::Softmax:
        break;
    }
    limit(l);
    shapes_[l.name] = l.output;
  }

  /// Tensors of more than 2^31 elements are beyond any machine that this could describe.
  void limit(Layer& l) {
    constexpr double most = 2147483648.0;
    const auto size = [](double a, double b, double c, double d) { return a * b * c * d; };
    const auto d = [](std::int64_t n) { return static_cast<double>(n); };
    const double output = size(d(l.output.n), d(l.output.c), d(l.output.h), d(l.output.w));
    const double weights =
        l.type == LayerType::FullyConnected ? size(d(l.out_channels), d(l.input.c), d(l.input.h), d(l.input.w))
        : l.type == LayerType::Conv ? size(d(l.out_channels), d(l.input.c), d(l.kernel.rows), d(l.kernel.columns))
                                    : 0;
    if (output <= most && weights <= most) return;
    error(l.where, fmt::format("a tensor of {} has more than 2^31 elements", l.name),
          "make the layer or the batch smaller");
    l.output = Shape{1, 1, 1, 1};
  }

  void conv(Layer& l) {
    l.output.c = l.out_channels;
    if (l.input.c % l.groups != 0 || l.out_channels % l.groups != 0)
      error(l.where,
            fmt::format("{} groups do not divide {} input and {} output channels of {}", l.groups, l.input.c,
                        l.out_channels, l.name),
            "choose a number that divides both");
    l.output.h =
        extent(l, l.input.h, l.padding.top + l.padding.bottom, l.kernel.rows, l.dilation.rows, l.stride.rows, "rows");
    l.output.w = extent(l, l.input.w, l.padding.left + l.padding.right, l.kernel.columns, l.dilation.columns,
                        l.stride.columns, "columns");
  }

  void pool(Layer& l) {
    if (l.padding.top >= l.kernel.rows || l.padding.bottom >= l.kernel.rows || l.padding.left >= l.kernel.columns ||
        l.padding.right >= l.kernel.columns)
      error(l.where, fmt::format("the padding of {} holds whole windows", l.name), "pad less than the kernel");
    l.output.h = extent(l, l.input.h, l.padding.top + l.padding.bottom, l.kernel.rows, 1, l.stride.rows, "rows");
    l.output.w =
        extent(l, l.input.w, l.padding.left + l.padding.right, l.kernel.columns, 1, l.stride.columns, "columns");
    if (!l.ceil_mode) return;
    l.output.h = rounded_up(l.output.h, l.input.h, l.padding.top, l.padding.bottom, l.kernel.rows, l.stride.rows);
    l.output.w = rounded_up(l.output.w, l.input.w, l.padding.left, l.padding.right, l.kernel.columns, l.stride.columns);
  }

  std::int64_t extent(const Layer& l, std::int64_t input, std::int64_t pads, std::int64_t kernel, std::int64_t dilation,
                      std::int64_t stride, const char* what) {
    const auto room = input + pads - ((kernel - 1) * dilation + 1);
    if (room >= 0) return room / stride + 1;
    error(l.where,
          fmt::format("the window of {} spans {} {}, and its padded input has {}", l.name, (kernel - 1) * dilation + 1,
                      what, input + pads),
          "make the kernel smaller or the padding larger");
    return 1;
  }

  /// One window more if some input is left over, unless it would start in the padding behind the input.
  static std::int64_t rounded_up(std::int64_t whole, std::int64_t input, std::int64_t before, std::int64_t behind,
                                 std::int64_t kernel, std::int64_t stride) {
    const bool left_over = (input + before + behind - kernel) % stride != 0;
    return left_over && whole * stride < input + before ? whole + 1 : whole;
  }

  const NetworkFile& file_;
  std::int64_t batch_;
  Diagnostics wrong_;
  std::map<std::string, Shape> shapes_;
  std::map<std::string, Vertex> vertices_;
};

}  // namespace

Network Network::build(NetworkFile file, std::int64_t batch) {
  Builder builder{file, batch};
  builder.build();
  Network network;
  network.graph_ = std::move(builder.graph);
  network.ordered_ = std::move(builder.ordered);
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
  for (const auto& l : ordered_) all += l.weight_words();
  return all;
}

Words Network::parameter_words() const {
  Words all{};
  for (const auto& l : ordered_) all += l.weight_words() + l.bias_words();
  return all;
}

}  // namespace eyrie
