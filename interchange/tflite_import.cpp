#include "interchange/tflite_import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "base/text_file.hpp"
#include "interchange/samples.hpp"
#include "interchange/tflite.hpp"
#include "workloads/network.hpp"

namespace eyrie {

namespace {

std::string shape_text(const std::vector<std::int64_t>& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

}  // namespace

TfliteImporter::TfliteImporter(const TfliteGraph& graph, Place where, std::string name, std::int64_t most_parameters)
    : graph_{graph},
      where_{std::move(where)},
      values_(graph.tensors.size()),
      folded_(graph.tensors.size()),
      readers_(graph.tensors.size()),
      budget_{most_parameters} {
  model_.network.name = std::move(name);
  model_.network.title = model_.network.name;
  model_.network.source = std::filesystem::path{where_.file}.filename().string();
  model_.network.where = where_;
  for (const auto& op : graph_.operators) {
    recurrent_ = recurrent_ || op.is(TfliteOp::UnidirectionalSequenceLstm);
    for (const auto in : op.inputs)
      if (in >= 0) ++readers_[static_cast<std::size_t>(in)];
    if (op.is(TfliteOp::Quantize) || op.is(TfliteOp::Dequantize)) continue;
    for (const auto out : op.outputs) quantised_ = quantised_ || tensor(out).type == TfliteType::Int8;
  }
  model_.arithmetic = quantised_ ? ModelArithmetic::Tflite : ModelArithmetic::Float;
}

Model TfliteImporter::import() {
  inputs();
  for (const auto& op : graph_.operators) add(op);
  if (wrong_.empty() && model_.network.layers.empty())
    wrong_.error(where_, "the model has no operator that computes", "give a network");
  wrong_.raise_if_any();
  check_shapes();
  wrong_.raise_if_any();
  assume_pixels();
  return std::move(model_);
}

void TfliteImporter::wrong(const Operator& op, const std::string& problem, std::string remedy) {
  wrong_.error(where_, fmt::format("operator #{} {}: {}", op.number, op.name, problem), std::move(remedy));
}

void TfliteImporter::inputs() {
  const Operator edge{.name = "(the network's input)"};
  std::set<std::string> names;
  for (const auto number : graph_.inputs) {
    const auto& t = tensor(number);
    if (values_[static_cast<std::size_t>(number)]) continue;
    const auto form = form_of_shape(t.shape);
    std::string name = t.name.empty() ? "input" : t.name;
    while (!names.insert(name).second) name += "_";
    if (!form || form->steps > kMostTfliteSteps) {
      wrong_.error(where_, fmt::format("the input {} has the shape {}", t.name, shape_text(t.shape)),
                   fmt::format("inputs are [1, rows, columns, channels], [1, features] or [1, steps, features] with a "
                               "batch of 1 and at most {} steps",
                               kMostTfliteSteps));
      continue;
    }
    NetworkInput in{.name = name, .channels = form->channels, .rows = form->rows, .columns = form->columns};
    in.steps = form->steps;
    in.where = where_;
    model_.network.inputs.push_back(in);
    values_[static_cast<std::size_t>(number)] = TfliteValue{name, *form, {}};
    if (quantised_ && t.type == TfliteType::Int8)
      if (const auto c = code(edge, t)) model_.codes[name] = *c;
  }
}

/// SHAPE, STRIDED_SLICE and PACK in front of a RESHAPE compute its target, which the file states as well.
bool TfliteImporter::folds(const Operator& op) {
  const bool known = op.is(TfliteOp::Shape) || op.is(TfliteOp::StridedSlice) || op.is(TfliteOp::Pack);
  if (!known) return false;
  const auto fixed = [&](int in) {
    return in < 0 || folded_[static_cast<std::size_t>(in)] || !tensor(in).data.empty();
  };
  return op.is(TfliteOp::Shape) || std::ranges::all_of(op.inputs, fixed);
}

void TfliteImporter::add(const Operator& op) {
  static const std::map<TfliteOp, void (TfliteImporter::*)(const Operator&)> table{
      {TfliteOp::Add, &TfliteImporter::element_by_element},
      {TfliteOp::AveragePool2d, &TfliteImporter::pool},
      {TfliteOp::Concatenation, &TfliteImporter::concatenation},
      {TfliteOp::Conv2d, &TfliteImporter::conv},
      {TfliteOp::DepthwiseConv2d, &TfliteImporter::depthwise},
      {TfliteOp::Dequantize, &TfliteImporter::dequantize},
      {TfliteOp::FullyConnected, &TfliteImporter::fully_connected},
      {TfliteOp::Logistic, &TfliteImporter::function},
      {TfliteOp::MaxPool2d, &TfliteImporter::pool},
      {TfliteOp::Mul, &TfliteImporter::element_by_element},
      {TfliteOp::Relu, &TfliteImporter::function},
      {TfliteOp::Relu6, &TfliteImporter::function},
      {TfliteOp::Reshape, &TfliteImporter::reshape},
      {TfliteOp::Softmax, &TfliteImporter::softmax},
      {TfliteOp::Tanh, &TfliteImporter::function},
      {TfliteOp::Pad, &TfliteImporter::pad},
      {TfliteOp::Mean, &TfliteImporter::mean},
      {TfliteOp::Squeeze, &TfliteImporter::reshape},
      {TfliteOp::UnidirectionalSequenceLstm, &TfliteImporter::lstm},
      {TfliteOp::StridedSlice, &TfliteImporter::last_step},
      {TfliteOp::ExpandDims, &TfliteImporter::reshape},
      {TfliteOp::Quantize, &TfliteImporter::quantize}};
  if (op.outputs.size() != 1) return wrong(op, fmt::format("it has {} outputs", op.outputs.size()), "it makes one");
  const auto out = static_cast<std::size_t>(op.outputs[0]);
  if (values_[out] || folded_[out] || !graph_.tensors[out].data.empty())
    return wrong(op, fmt::format("it makes {}, which is there already", graph_.tensors[out].name),
                 "a tensor is made once");
  if (folds(op)) {
    folded_[out] = true;
    return;
  }
  const auto known = table.find(static_cast<TfliteOp>(op.code));
  if (known == table.end())
    wrong(op, "it is not understood", "docs/tflite.md lists the operators; export the network without it");
  else
    (this->*known->second)(op);
  // What follows is read as well, so that all that is wrong is said at once.
  if (!values_[out])
    values_[out] = TfliteValue{{}, form_of_shape(graph_.tensors[out].shape).value_or(TfliteForm{}), {}};
}

// ---- tensors
// ----------------------------------------------------------------------------------------------------------

const TfliteTensor* TfliteImporter::given(const Operator& op, std::size_t i) const {
  return i < op.inputs.size() && op.inputs[i] >= 0 ? &tensor(op.inputs[i]) : nullptr;
}

const TfliteValue* TfliteImporter::value(const Operator& op, std::size_t i, bool may_be_padded) {
  const auto* t = given(op, i);
  if (!t) {
    wrong(op, fmt::format("its input {} is missing", i), "get the file again, or export it again");
    return nullptr;
  }
  const auto& v = values_[static_cast<std::size_t>(op.inputs[i])];
  const auto wanted = quantised_ ? TfliteType::Int8 : TfliteType::Float32;
  if (!v) {
    wrong(op,
          fmt::format("it reads {}, which {}", t->name,
                      t->data.empty() ? "no operator before it makes" : "is a constant"),
          t->data.empty() ? "operators stand in the order of their data" : "let both come from layers");
    return nullptr;
  }
  if (v->maker.empty()) return nullptr;  // said already
  if (t->type != wanted)
    wrong(op, fmt::format("it reads {} as {}", t->name, name_of(t->type)),
          quantised_ ? "quantise the whole network to int8, with QUANTIZE and DEQUANTIZE at its edges alone"
                     : "give a network of float32 or of int8");
  else if (v->pad != Padding{} && !may_be_padded)
    wrong(op, fmt::format("it reads {}, which is padded", t->name), "PAD is understood before convolutions");
  else
    return &*v;
  return nullptr;
}

std::optional<TfliteForm> TfliteImporter::form_of_shape(const std::vector<std::int64_t>& s) const {
  if (s.empty() || s.size() > 4 || std::ranges::any_of(s, [](auto extent) { return extent < 1; })) return std::nullopt;
  TfliteForm f;
  f.channels = s.back();
  if (s.size() == 3 && recurrent_) {
    f.sequence = true;
    f.steps = s[0] == 1 ? s[1] : s[0];
    return s[0] == 1 || s[1] == 1 ? std::optional{f} : std::nullopt;
  }
  if (s.size() > 1 && s[0] != 1) return std::nullopt;
  if (s.size() >= 3) f.rows = s[1];
  if (s.size() == 4) f.columns = s[2];
  return f;
}

std::optional<TfliteForm> TfliteImporter::form(const Operator& op, const TfliteTensor& t) {
  auto f = form_of_shape(t.shape);
  if (!f)
    wrong(op, fmt::format("{} has the shape {}", t.name, shape_text(t.shape)),
          "tensors are [1, rows, columns, channels], [1, features] or [1, steps, features] with a batch of 1");
  return f;
}

std::optional<TensorCode> TfliteImporter::code(const Operator& op, const TfliteTensor& t) {
  if (!quantised_) return std::nullopt;
  const bool one = t.scales.size() == 1 && t.zero_points.size() <= 1;
  const auto zero = one && !t.zero_points.empty() ? t.zero_points[0] : 0;
  const bool usable = one && t.scales[0] > 0 && std::isfinite(t.scales[0]) && zero >= -128 && zero <= 127;
  if (t.type == TfliteType::Int8 && usable) return TensorCode{t.scales[0], zero, -128, 127};
  wrong(op,
        t.type != TfliteType::Int8 ? fmt::format("{} is {}", t.name, name_of(t.type))
                                   : fmt::format("{} has {} scales and {} zero points, or impossible ones", t.name,
                                                 t.scales.size(), t.zero_points.size()),
        "activations of a quantised network are int8 with one scale above 0 and one zero point");
  return std::nullopt;
}

/// Kernels that move words do not rescale them.
bool TfliteImporter::same_codes(const Operator& op, std::size_t input) {
  if (!quantised_) return true;
  const auto from = code(op, tensor(op.inputs[input])), to = code(op, tensor(op.outputs[0]));
  if (!from || !to) return false;
  if (*from == *to) return true;
  wrong(op, "its input and its output have different scales or zero points", "TFLite's kernel needs them equal");
  return false;
}

std::optional<std::vector<std::int64_t>> TfliteImporter::whole_numbers(const Operator& op, std::size_t input) {
  const auto* t = given(op, input);
  const bool usable =
      t && (t->type == TfliteType::Int32 || t->type == TfliteType::Int64) && !t->data.empty() && t->elements() <= 16;
  if (!usable) {
    wrong(op, fmt::format("its input {} is no constant of a few whole numbers", input), "export it with constants");
    return std::nullopt;
  }
  std::vector<std::int64_t> all;
  for (std::size_t i = 0; i < static_cast<std::size_t>(t->elements()); ++i)
    all.push_back(t->type == TfliteType::Int32 ? FlatNumbers<std::int32_t>{t->data}[i]
                                               : FlatNumbers<std::int64_t>{t->data}[i]);
  return all;
}

// ---- layers
// -----------------------------------------------------------------------------------------------------------

std::string TfliteImporter::layer_name(const Operator& op) {
  std::string name;
  for (const char c : op.name) name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return fmt::format("{}_{}", name, op.number);
}

Layer& TfliteImporter::layer(const Operator& op, LayerType type, std::vector<std::string> inputs,
                             const std::string& suffix) {
  Layer l;
  l.name = layer_name(op) + suffix;
  l.type = type;
  l.inputs = std::move(inputs);
  l.bias = false;
  l.where = where_;
  model_.network.layers.push_back(std::move(l));
  return model_.network.layers.back();
}

void TfliteImporter::made(const Operator& op, const std::string& maker, std::optional<TfliteForm> like) {
  const auto& t = tensor(op.outputs[0]);
  const auto f = like ? like : form(op, t);
  if (!f) return;
  expected_.emplace_back(maker, f->shape());
  if (const auto c = code(op, t)) model_.codes[maker] = *c;
  values_[static_cast<std::size_t>(op.outputs[0])] = TfliteValue{maker, *f, {}};
}

/// Shapes that follow from the layers are those that the file states.
void TfliteImporter::check_shapes() {
  const Network network = Network::build(model_.network, 1);
  std::map<std::string_view, Shape> outputs;
  for (const auto& l : network.layers()) outputs[l.name] = l.output;
  for (const auto& [name, shape] : expected_)
    if (const auto it = outputs.find(name); it != outputs.end() && it->second != shape)
      wrong_.error(
          where_,
          fmt::format("{} makes {} x {} x {} x {} (batch or steps, channels, rows, columns), and the file says "
                      "{} x {} x {} x {}",
                      name, it->second.n, it->second.c, it->second.h, it->second.w, shape.n, shape.c, shape.h, shape.w),
          "get the file again, or export it again");
}

/// Inputs without negative numbers are images, unless they are told otherwise.
void TfliteImporter::assume_pixels() {
  for (const auto& in : model_.network.inputs) {
    const auto it = model_.codes.find(in.name);
    if (it != model_.codes.end() && it->second.zero_point == it->second.least)
      model_.pixels[in.name] = assumed_pixels(it->second);
  }
}

// ---- edges of a quantised network
// ---------------------------------------------------------------------------------------

void TfliteImporter::quantize(const Operator& op) {
  const auto* t = given(op, 0);
  const auto& v = t ? values_[static_cast<std::size_t>(op.inputs[0])] : std::nullopt;
  const bool input = v && std::ranges::count(model_.network.inputs, v->maker, &NetworkInput::name) != 0;
  if (!input || t->type != TfliteType::Float32)
    return wrong(op, "it changes a scale inside the network", "QUANTIZE is understood behind an input of float32");
  const auto c = code(op, tensor(op.outputs[0]));
  if (!c) return;
  if (const auto it = model_.codes.find(v->maker); it != model_.codes.end() && it->second != *c)
    return wrong(op, fmt::format("the input {} is quantised in two ways", v->maker), "quantise it once");
  model_.codes[v->maker] = *c;
  values_[static_cast<std::size_t>(op.outputs[0])] = *v;
}

void TfliteImporter::dequantize(const Operator& op) {
  if (const auto* v = value(op, 0)) values_[static_cast<std::size_t>(op.outputs[0])] = *v;
}

bool TfliteImporter::activation(const Operator& op, std::int8_t fused, Layer& l) {
  switch (static_cast<TfliteActivation>(fused)) {
    case TfliteActivation::None:
      return true;
    case TfliteActivation::Relu:
      l.activation = Activation::Relu;
      return true;
    case TfliteActivation::Relu6:
      l.activation = Activation::Relu6;
      return true;
    default:
      wrong(op, fmt::format("its activation {} is not understood", static_cast<int>(fused)),
            "use none, RELU (1) or RELU6 (3)");
      return false;
  }
}

// ---- the door
// ---------------------------------------------------------------------------------------------------------

Model read_tflite(std::span<const std::byte> bytes, const std::string& name) {
  const Place where{name, 0, 0};
  const FlatBytes flat{bytes, where};
  const TfliteGraph graph = read_tflite_graph(flat);
  const auto most = static_cast<std::int64_t>(4 * bytes.size()) + 65536;
  return TfliteImporter{graph, where, std::filesystem::path{name}.stem().string(), most}.import();
}

Model read_tflite(const std::string& path) {
  constexpr std::string_view kWanted = "a TensorFlow Lite model (.tflite)";
  if (file_bytes(path, kWanted) > (std::uint64_t{1} << 31))
    throw InputError({path, 0, 0}, "the file is larger than 2 GB", fmt::format("name {}", kWanted));
  const auto bytes = read_binary_file(path, kWanted);
  return read_tflite(std::as_bytes(std::span{bytes}), path);
}

}  // namespace eyrie
