// LSTM and GRU: gates in another order than ours, biases in two parts.

#include <fmt/format.h>

#include <algorithm>

#include "interchange/onnx_translator.hpp"

namespace eyrie {

namespace {

bool all_zero(const OnnxTensor& t) {
  return std::ranges::all_of(*t.numbers, [](double v) { return v == 0; });
}

}  // namespace

/// ONNX has the gates i o f c; ours are i f o g.
void OnnxTranslator::lstm(const OnnxNode& n) { cell(n, LayerType::Lstm, {0, 2, 1, 3}); }
/// ONNX has z r h; ours are r z n.
void OnnxTranslator::gru(const OnnxNode& n) { cell(n, LayerType::Gru, {1, 0, 2}); }

/// Everything that a cell of ours doesn't have.
void OnnxTranslator::check_cell(const OnnxNode& n, std::int64_t steps) {
  const auto refuse = [](const std::string& problem, const std::string& remedy) { throw OnnxRefusal{problem, remedy}; };
  if (n.text("direction", "forward") != "forward")
    refuse(fmt::format("its direction is {}", n.text("direction", "")), "forward is understood");
  if (n.whole("layout", 0) != 0) refuse("not understood with layout 1", "put time steps first");
  if (n.has("clip") || n.whole("input_forget", 0) != 0)
    refuse("not understood with clip or input_forget", "leave them out");
  const auto functions = n.attributes.find("activations");
  const std::vector<std::string> usual = n.op == "LSTM" ? std::vector<std::string>{"Sigmoid", "Tanh", "Tanh"}
                                                        : std::vector<std::string>{"Sigmoid", "Tanh"};
  if (functions != n.attributes.end() && functions->second.texts != usual)
    refuse("its activations are not the usual ones", fmt::format("sigmoid and tanh are understood"));
  if (!n.input(4).empty())
    for (const auto length : constant_input(n, 4, "sequence_lens").wholes())
      if (length != steps) refuse("its sequences have several lengths", "run whole sequences");
  for (const std::size_t state : {std::size_t{5}, std::size_t{6}})
    if (!n.input(state).empty() && (constant(n.input(state)) == nullptr || !all_zero(*constant(n.input(state)))))
      refuse("its first state is not zero", "begin with zeros; a state between runs is not understood");
}

void OnnxTranslator::cell(const OnnxNode& n, LayerType type, const std::vector<std::int64_t>& order) {
  const Value v = unpadded(n, 0);
  if (v.dims.size() != 3 || v.dims[1] != 1)
    throw OnnxRefusal{fmt::format("its input is {}", to_text(v.dims)), "time steps x 1 x channels are understood"};
  const auto steps = v.dims[0], gates = std::ssize(order);
  steps_ += steps;
  if (steps_ > limits_.steps)
    throw OnnxRefusal{steps_ == steps ? fmt::format("it has {} steps", steps)
                                      : fmt::format("recurrent layers have {} steps together", steps_),
                      fmt::format("at most {} are read", limits_.steps)};
  check_cell(n, steps);
  const auto w = filter_numbers(n, 1).numbers, r = filter_numbers(n, 2).numbers;
  const auto units = r.dims.size() == 3 ? r.dims[2] : 0;
  if (units < 1 || units > (1 << 20) || w.dims != Dims{1, gates * units, v.dims[2]} ||
      r.dims != Dims{1, gates * units, units} || n.whole("hidden_size", units) != units)
    throw OnnxRefusal{fmt::format("its weights are {} and {}", to_text(w.dims), to_text(r.dims)),
                      "1 x gates of units x channels, and x units, are understood"};
  const auto reads = [&](std::size_t i) {
    return i < n.outputs.size() && !n.outputs[i].empty() && reads_.contains(n.outputs[i]);
  };
  if (reads(2) || (reads(0) && reads(1)))
    throw OnnxRefusal{"several of its outputs are read", "read all steps, or the last"};
  Layer l{.name = layer_name(n), .type = type};
  l.inputs = {as(v, {steps, v.dims[2], 1, 1})};
  l.units = units;
  l.bias = !n.input(3).empty();
  l.peephole = type == LayerType::Lstm && !n.input(7).empty();
  l.returns = reads(1) ? Returns::Last : Returns::Sequence;
  l.reset = n.whole("linear_before_reset", 0) != 0 ? Reset::After : Reset::Before;
  const Layer stated_cell = l;
  Value made = add(std::move(l), {Shape{steps, v.dims[2], 1, 1}});
  made.dims = reads(1) ? Dims{1, 1, units} : Dims{steps, 1, 1, units};
  cell_parameters(n, stated_cell, order);
  output(n, std::move(made), reads(1) ? 1 : 0);
}

/// Rows of `gates`, one behind the other, of a tensor that holds `units` rows a gate.
void OnnxTranslator::gate_parameters(const std::string& name, const OnnxTensor& t,
                                     const std::vector<std::int64_t>& gates, std::int64_t units) {
  const auto share = t.dims.size() == 3 ? t.dims[2] : 1;
  copy(std::ssize(gates) * units * share);
  auto& p = model_.parameters[name];
  p.shape = {std::ssize(gates) * units, share, 1, 1};
  for (const auto g : gates)
    for (std::int64_t i = 0; i < units * share; ++i) p.real.push_back(static_cast<float>(t.at(g * units * share + i)));
}

void OnnxTranslator::cell_parameters(const OnnxNode& n, const Layer& l, const std::vector<std::int64_t>& order) {
  const auto gates = std::ssize(order), units = l.units;
  const auto& r = constant_input(n, 2, "weights");
  gate_parameters(l.name + "/x/weight", constant_input(n, 1, "weights"), order, units);
  const bool split = l.type == LayerType::Gru && l.reset == Reset::Before;
  gate_parameters(l.name + "/h/weight", r, split ? std::vector<std::int64_t>{order[0], order[1]} : order, units);
  if (split) gate_parameters(l.name + "/n_h/weight", r, {order[2]}, units);
  const char* const peepholes[] = {"/peephole_i", "/peephole_o", "/peephole_f"};
  for (std::int64_t g = 0; l.peephole && g < 3; ++g) {
    const auto& p = constant_input(n, 7, "peepholes");
    if (p.elements() != 3 * units)
      throw OnnxRefusal{fmt::format("its peepholes are {}", to_text(p.dims)), "give three a unit"};
    gate_parameters(l.name + peepholes[g] + "/weight", with_dims(p, {3 * units}), {g}, units);
  }
  if (!l.bias) return;
  const auto& b = constant_input(n, 3, "bias");
  if (b.elements() != 2 * gates * units)
    throw OnnxRefusal{fmt::format("its bias is {}", to_text(b.dims)), "give two a gate and unit"};
  copy(2 * gates * units);
  auto& x = model_.parameters[l.name + "/x/bias"];
  x.shape = {gates * units};
  std::vector<float> h;
  for (std::int64_t k = 0; k < gates; ++k)
    for (std::int64_t i = 0; i < units; ++i) {
      const auto at = order[static_cast<std::size_t>(k)] * units + i;
      // Behind the reset gate the state's product has its bias inside.
      const bool inside = l.type == LayerType::Gru && l.reset == Reset::After && k == 2;
      const double of_state = b.at(gates * units + at);
      x.real.push_back(static_cast<float>(b.at(at) + (inside ? 0 : of_state)));
      h.push_back(static_cast<float>(inside ? of_state : 0));
    }
  if (std::ranges::any_of(h, [](float v) { return v != 0; }))
    model_.parameters[l.name + "/h/bias"] = {.shape = {gates * units}, .real = h, .integer = {}};
}

/// The last of a cell's steps.
void OnnxTranslator::take_step(const OnnxNode& n) {
  Value v = unpadded(n, 0);
  const auto& index = constant_input(n, 1, "index");
  const auto it = number_.find(v.source);
  const bool is_cell = it != number_.end() && v.sole &&
                       (stated(v.source).type == LayerType::Lstm || stated(v.source).type == LayerType::Gru);
  const auto axis = axis_of(n.whole("axis", 0), v.dims.size());
  bool first = true;
  for (std::size_t i = 0; i < axis; ++i) first = first && v.dims[i] == 1;
  if (!is_cell || !first || index.elements() != 1 || v.dims[axis] != v.held.n ||
      (index.whole(0) != -1 && index.whole(0) != v.held.n - 1))
    throw OnnxRefusal{"not understood where it is not the last step of an LSTM or GRU", "gather from constants alone"};
  Layer& l = stated(v.source);
  l.returns = Returns::Last;
  l.output.n = v.held.n = 1;
  v.dims.erase(v.dims.begin() + static_cast<std::ptrdiff_t>(axis));
  if (!index.dims.empty()) v.dims.insert(v.dims.begin() + static_cast<std::ptrdiff_t>(axis), 1);
  output(n, std::move(v));
}

}  // namespace eyrie
