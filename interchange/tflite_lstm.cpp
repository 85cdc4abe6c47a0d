#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "interchange/tflite_import.hpp"

namespace eyrie {

namespace {

/// Inputs of the operator; gates stand in the order input, forget, cell, output.
enum LstmInput : std::size_t {
  Input = 0,
  InputWeights = 1,
  RecurrentWeights = 5,
  Peepholes = 9,
  Biases = 12,
  Projection = 16,
  HiddenState = 18,
  CellState = 19,
  LayerNorm = 20
};
/// Where the file has our gates i f o g.
constexpr std::array<std::size_t, 4> kGates{0, 1, 3, 2};

TensorCode word16(double scale, std::int64_t least = -32768) { return {scale, 0, least, 32767}; }

}  // namespace

/// Everything that the cell of docs/layers.md does not have.
bool TfliteImporter::lstm_is_plain(const Operator& op) {
  const auto none = [&](std::size_t first, std::size_t count) {
    for (auto i = first; i < first + count; ++i)
      if (given(op, i)) return false;
    return true;
  };
  const auto refuse = [&](const char* what, const char* remedy) {
    wrong(op, what, remedy);
    return false;
  };
  if (!given(op, InputWeights)) return refuse("its input gate is coupled to its forget gate", "give both weights");
  if (!none(Peepholes, 3)) return refuse("it has peepholes", "use a cell without");
  if (!none(Projection, 2)) return refuse("it has a projection", "use a cell without");
  if (!none(LayerNorm, 4)) return refuse("it normalises its gates", "use a cell without layer normalisation");
  if (op.option<std::int8_t>(0, 0) != static_cast<std::int8_t>(TfliteActivation::Tanh))
    return refuse("its activation is not tanh", "use tanh (4)");
  if (op.option<float>(2, 0) != 0) return refuse("it clips its projection", "use a cell without");
  for (const auto i : {HiddenState, CellState}) {
    const auto* t = given(op, i);
    if (!t || !t->variable || !t->data.empty() || values_[static_cast<std::size_t>(op.inputs[i])])
      return refuse("its state is not its own", "states are variable tensors that begin at zero");
  }
  return true;
}

/// UnidirectionalSequenceLSTMOptions: activation, cell_clip, proj_clip, time_major.
void TfliteImporter::lstm(const Operator& op) {
  const auto* in = value(op, Input);
  if (!in || !lstm_is_plain(op)) return;
  const auto& shape = tensor(op.inputs[Input]).shape;
  const bool time_major = op.option<std::uint8_t>(3, 0) != 0;
  const auto* weights = given(op, RecurrentWeights);
  if (!in->form.sequence || shape[time_major ? 1 : 0] != 1 || !weights || weights->shape.size() != 2)
    return wrong(op, "it does not read a sequence of batch 1", "give [1, steps, features]");
  std::int64_t steps = in->form.steps;
  for (const auto& l : model_.network.layers)
    if (l.type == LayerType::Lstm) steps += in->form.steps;
  if (steps > kMostTfliteSteps)
    return wrong(op, fmt::format("cells of the network have more than {} steps together", kMostTfliteSteps),
                 "give shorter sequences");
  Layer& l = layer(op, LayerType::Lstm, {in->maker});
  const std::string name = l.name;
  const auto units = weights->shape[1], features = in->form.channels;
  l.units = units;
  l.returns = Returns::Sequence;
  l.bias = given(op, Biases) != nullptr;
  for (const auto& [part, first, columns] :
       {std::tuple{"x", InputWeights, features}, std::tuple{"h", RecurrentWeights, units}}) {
    Parameter weight{.shape = {4 * units, columns, 1, 1}}, scale{.shape = {4 * units}};
    const std::string gate_name = fmt::format("{}/{}", name, part);
    for (const auto gate : kGates) {
      if (!add_filters(op, gate_name, first + gate, {units, columns, 1, 1}, {columns, 1, 0, 0}, 0)) return;
      const auto& w = model_.parameters[gate_name + "/weight"];
      weight.integer.insert(weight.integer.end(), w.integer.begin(), w.integer.end());
      weight.real.insert(weight.real.end(), w.real.begin(), w.real.end());
      if (!quantised_) continue;
      const auto& s = model_.parameters[gate_name + "/weight_scale"].real;
      if (s.size() != 1) return wrong(op, "its weights have a scale for each unit", "give each gate one scale");
      scale.real.insert(scale.real.end(), static_cast<std::size_t>(units), s[0]);
    }
    model_.parameters[gate_name + "/weight"] = std::move(weight);
    if (quantised_) model_.parameters[gate_name + "/weight_scale"] = std::move(scale);
  }
  for (const auto gate : kGates) {
    if ((given(op, Biases + gate) != nullptr) != (given(op, Biases) != nullptr))
      return wrong(op, "some of its gates have biases", "give all four, or none");
    if (!add_bias(op, name + "/x", Biases + gate, units)) return;
  }
  lstm_codes(op, name);
  made(op, name);
}

/// Words between the layers of a cell, as TFLite Micro's kernel for int8 and a state of int16 has them: sums of gates
/// with 12 bits of fraction, gates with 15, the state at its own power of two.
void TfliteImporter::lstm_codes(const Operator& op, const std::string& name) {
  if (!quantised_) return;
  const auto& state = *given(op, CellState);
  int power = 0;
  const bool usable = state.type == TfliteType::Int16 && state.scales.size() == 1 &&
                      std::frexp(state.scales[0], &power) == 0.5F && power - 1 >= -15 && power - 1 <= 0;
  if (!usable)
    return wrong(op, "its cell state is not int16 with a scale of 2^-15 to 1 that is a power of two",
                 "quantise it to int8 with a state of int16");
  const auto hidden = code(op, *given(op, HiddenState)), out = code(op, tensor(op.outputs[0]));
  if (!hidden || !out) return;
  if (*hidden != *out) return wrong(op, "its output and its hidden state have different scales", "give them one");
  const double scale = state.scales[0];
  const auto clip = static_cast<double>(op.option<float>(1, 0));
  if (clip < 0 || !std::isfinite(clip)) return wrong(op, "its clip of the state is negative", "give 0 or a clip");
  const auto most = clip > 0 ? static_cast<std::int64_t>(std::min(clip / scale, 32767.0)) : 0;
  TensorCode cell = word16(scale);
  if (most > 0) cell.least = -most, cell.most = most;
  const TensorCode sum = word16(std::exp2(-12)), gate = word16(std::exp2(-15));
  for (const char* part : {"x", "h", "ifo/before", "g/before"}) model_.codes[fmt::format("{}/{}", name, part)] = sum;
  for (const char* part : {"ifo", "g", "tanh"}) model_.codes[fmt::format("{}/{}", name, part)] = gate;
  for (const char* part : {"keep", "new"}) model_.codes[fmt::format("{}/{}", name, part)] = word16(scale);
  for (const char* part : {"c", "c0"}) model_.codes[fmt::format("{}/{}", name, part)] = cell;
  for (const char* part : {"out", "h0"}) model_.codes[fmt::format("{}/{}", name, part)] = *hidden;
}

}  // namespace eyrie
