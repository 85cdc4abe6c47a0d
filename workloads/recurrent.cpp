#include "workloads/recurrent.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace eyrie {

bool is_cell(const Layer& l) { return (l.type == LayerType::Lstm || l.type == LayerType::Gru) && l.part_of.empty(); }

namespace {

/// An input with what is read of it.
struct Source {
  std::string name;
  InputView view;
};

/// Makes the layers of one cell.
class Cell {
 public:
  Cell(const Layer& cell, NetworkFile& into) : cell_{cell}, into_{into}, units_{cell.units} {}

  void lower() {
    const auto steps = cell_.input.n;
    const std::int64_t gates = cell_.type == LayerType::Lstm ? 4 : 3;
    state_ = zeros("h0", cell_.projection.value_or(units_));
    if (cell_.type == LayerType::Lstm) memory_ = zeros("c0", units_);
    auto& x = weighted("x", {cell_.inputs[0], cell_.views.empty() ? InputView{} : cell_.views[0]}, gates * units_,
                       {.input = {}, .output = 1.0});
    x.bias = cell_.bias;
    x.product_shift = cell_.product_shift;
    x.output_shift = cell_.output_shift;
    std::vector<std::string> outputs;
    for (step_ = 0; step_ < steps; ++step_) {
      if (cell_.type == LayerType::Lstm)
        lstm_step();
      else if (cell_.reset == Reset::Before)
        gru_step_reset_before();
      else
        gru_step_reset_after();
      outputs.push_back(state_.name);
    }
    Layer whole = cell_;
    whole.inputs = cell_.returns == Returns::Last ? std::vector{outputs.back()} : outputs;
    whole.views.clear();
    whole.part_of = cell_.name;
    into_.layers.push_back(std::move(whole));
  }

 private:
  // ---- layers -------------------------------------------------------------------------------------------------------

  [[nodiscard]] std::string in_step(const char* what) const {
    return fmt::format("{}/t{:02}/{}", cell_.name, step_, what);
  }

  Layer& layer(std::string name, LayerType type, const std::vector<Source>& sources) {
    Layer l;
    l.name = std::move(name);
    l.type = type;
    for (const auto& s : sources) {
      l.inputs.push_back(s.name);
      l.views.push_back(s.view);
    }
    l.part_of = cell_.name;
    l.place = cell_.place;
    l.where = cell_.where;
    l.bias = false;
    into_.layers.push_back(std::move(l));
    return into_.layers.back();
  }
  Layer& step_layer(const char* what, LayerType type, const std::vector<Source>& sources) {
    auto& l = layer(in_step(what), type, sources);
    l.step = step_;
    return l;
  }

  Source zeros(const char* what, std::int64_t channels) {
    NetworkInput in{.name = fmt::format("{}/{}", cell_.name, what), .channels = channels};
    in.zeros = true;
    in.where = cell_.where;
    into_.inputs.push_back(in);
    return {in.name, {}};
  }

  Layer& weighted(const char* what, const Source& from, std::int64_t outputs, AssumedScale scale) {
    auto& l = layer(fmt::format("{}/{}", cell_.name, what), LayerType::FullyConnected, {from});
    l.out_channels = outputs;
    l.assumed = scale;
    return l;
  }
  /// Filters that every step shares, so their scale may not follow the data.
  Source product_with(const char* what, const Source& from, std::int64_t outputs, AssumedScale scale) {
    auto& l = step_layer(what, LayerType::FullyConnected, {from});
    l.out_channels = outputs;
    l.assumed = scale;
    l.shared_weights = fmt::format("{}/{}", cell_.name, what);
    l.product_shift = cell_.product_shift;
    return {l.name, {}};
  }
  /// A weight per unit: a convolution in which every unit is a group.
  Source peephole(const char* what, const Source& memory) {
    auto& l = step_layer(what, LayerType::Conv, {memory});
    l.out_channels = l.groups = units_;
    l.kernel = {1, 1};
    l.assumed = {.input = 4.0, .output = 1.0};
    l.shared_weights = fmt::format("{}/{}", cell_.name, what);
    l.product_shift = cell_.product_shift;
    return {l.name, {}};
  }
  /// Sums and products inside a cell keep the binary point where it is.
  Source sum(const char* what, const std::vector<Source>& terms, Activation f = Activation::None) {
    auto& l = step_layer(what, LayerType::Add, terms);
    l.activation = f;
    l.output_shift = 0;
    return {l.name, {}};
  }
  Source times(const char* what, const Source& a, const Source& b) {
    return {step_layer(what, LayerType::Multiply, {a, b}).name, {}};
  }

  /// Gates `first` to `first + count - 1` of what `from` holds.
  [[nodiscard]] Source gates(const Source& from, std::int64_t first, std::int64_t count) const {
    Source s = from;
    s.view.first_c = first * units_;
    s.view.c = count * units_;
    return s;
  }
  [[nodiscard]] Source x(std::int64_t first, std::int64_t count) const {
    Source s = gates({cell_.name + "/x", {}}, first, count);
    s.view.first_n = step_;
    s.view.n = 1;
    return s;
  }

  // ---- cells --------------------------------------------------------------------------------------------------------

  /// Gates stand as i f o g:
  ///   i, f, o = sigmoid(x + h), g = tanh(x + h), c = f c + i g, h = o tanh(c); i and f see the old c, o the new one
  void lstm_step() {
    const auto h = product_with("h", state_, 4 * units_, {.input = 0.5, .output = 1.0});
    const auto g = sum("g", {x(3, 1), gates(h, 3, 1)}, Activation::Tanh);
    Source i, f, o;
    if (cell_.peephole) {
      i = sum("i", {x(0, 1), gates(h, 0, 1), peephole("peephole_i", memory_)}, Activation::Sigmoid);
      f = sum("f", {x(1, 1), gates(h, 1, 1), peephole("peephole_f", memory_)}, Activation::Sigmoid);
    } else {
      const auto ifo = sum("ifo", {x(0, 3), gates(h, 0, 3)}, Activation::Sigmoid);
      i = gates(ifo, 0, 1), f = gates(ifo, 1, 1), o = gates(ifo, 2, 1);
    }
    memory_ = sum("c", {times("keep", f, memory_), times("new", i, g)});
    if (cell_.peephole) o = sum("o", {x(2, 1), gates(h, 2, 1), peephole("peephole_o", memory_)}, Activation::Sigmoid);
    const auto bounded = Source{step_layer("tanh", LayerType::Tanh, {memory_}).name, {}};
    state_ = times("out", o, bounded);
    if (cell_.projection) state_ = product_with("projection", state_, *cell_.projection, {.input = 0.5, .output = 0.5});
  }

  /// Gates stand as r z n: r, z = sigmoid(x + h), n = tanh(x + W (r h)), h = z h + (1 - z) n
  void gru_step_reset_before() {
    const auto h = product_with("h", state_, 2 * units_, {.input = 0.5, .output = 1.0});
    const auto r = sum("r", {x(0, 1), gates(h, 0, 1)}, Activation::Sigmoid);
    const auto reset = product_with("n_h", times("reset", r, state_), units_, {.input = 0.5, .output = 1.0});
    gru_output(h, reset);
  }

  /// n = tanh(x + r (W h)), the rest as above.
  void gru_step_reset_after() {
    const auto h = product_with("h", state_, 3 * units_, {.input = 0.5, .output = 1.0});
    const auto r = sum("r", {x(0, 1), gates(h, 0, 1)}, Activation::Sigmoid);
    gru_output(h, times("reset", r, gates(h, 2, 1)));
  }

  void gru_output(const Source& h, const Source& reset) {
    const auto n = sum("n", {x(2, 1), reset}, Activation::Tanh);
    const auto z = sum("z", {x(1, 1), gates(h, 1, 1)}, Activation::Sigmoid);
    const auto other = sum("one_minus_z", {x(1, 1), gates(h, 1, 1)}, Activation::SigmoidComplement);
    state_ = sum("out", {times("keep", z, state_), times("new", other, n)});
  }

  const Layer& cell_;
  NetworkFile& into_;
  std::int64_t units_, step_ = 0;
  Source state_, memory_;
};

}  // namespace

NetworkFile with_cells_as_layers(const NetworkFile& file, std::span<const Layer> inferred) {
  NetworkFile all = file;
  all.layers.clear();
  for (const auto& l : file.layers)
    if (is_cell(l))
      Cell{*std::ranges::find(inferred, l.name, &Layer::name), all}.lower();
    else
      all.layers.push_back(l);
  return all;
}

}  // namespace eyrie
