#include "interchange/onnx_translator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text_file.hpp"
#include "workloads/precision_plan.hpp"

namespace eyrie {

namespace {
constexpr std::int64_t kMostSize = 1 << 24;
}

OnnxTranslator::OnnxTranslator(OnnxGraph graph, const OnnxLimits& limits) : graph_{std::move(graph)}, limits_{limits} {
  model_.network.where = place();
  model_.network.source = graph_.file;
  const auto file = graph_.file.substr(graph_.file.find_last_of('/') + 1);
  model_.network.name = file.substr(0, file.find_last_of('.'));
  if (model_.network.name.empty()) model_.network.name = "network";
  most_made_ = std::int64_t{1} << 26;
  most_copied_ = limits_.made_numbers;
  for (const auto& [name, t] : graph_.constants) {
    most_made_ += 4 * t.stored();
    most_copied_ += 4 * t.stored();
  }
}

OnnxImport OnnxTranslator::run() {
  const auto wanted = needed_nodes();
  for (const auto& n : graph_.nodes)
    for (const auto& out : n.outputs) {
      if (out.empty()) continue;
      if (!made_somewhere_.insert(out).second || graph_.constants.contains(out))
        wrong_.error(place(), fmt::format("two nodes make the tensor {}", out), "names of tensors are their own");
    }
  wrong_.raise_if_any();
  inputs();
  wrong_.raise_if_any();
  for (const auto& n : graph_.nodes)
    if (!n.outputs.empty() && std::ranges::any_of(n.outputs, [&](const auto& o) { return wanted.contains(o); }))
      node(n);
  finish();
  wrong_.raise_if_any();
  OnnxImport made;
  for (const auto& [name, v] : values_)
    if (v.pad == Padding{}) made.tensors[name] = {v.source, v.dims};
  made.model = std::move(model_);
  return made;
}

/// Tensors that an output of the graph depends on; how often each is read by nodes that make them.
std::set<std::string> OnnxTranslator::needed_nodes() {
  std::map<std::string, const OnnxNode*> maker;
  for (const auto& n : graph_.nodes)
    for (const auto& out : n.outputs)
      if (!out.empty()) maker.emplace(out, &n);
  std::set<std::string> wanted;
  std::set<const OnnxNode*> met;
  std::vector<std::string> open;
  for (const auto& out : graph_.outputs) {
    open.push_back(out.name);
    ++reads_[out.name];
  }
  while (!open.empty()) {
    const auto name = open.back();
    open.pop_back();
    wanted.insert(name);
    const auto it = maker.find(name);
    if (it == maker.end() || !met.insert(it->second).second) continue;
    for (const auto& in : it->second->inputs)
      if (!in.empty()) {
        ++reads_[in];
        open.push_back(in);
      }
  }
  return wanted;
}

/// Network inputs. The first dimension is the batch; only it may be a symbol.
void OnnxTranslator::inputs() {
  bool first = true;
  for (const auto& in : graph_.inputs) {
    if (!reads_.contains(in.name)) continue;
    const auto refuse = [&](const std::string& problem, const std::string& remedy) {
      wrong_.error(place(), fmt::format("the input {} {}", in.name, problem), remedy);
    };
    if (!in.dims) {
      refuse("has no shape", "export the network with shapes");
      continue;
    }
    Dims dims;
    bool bad = false;
    for (std::size_t i = 0; i < in.dims->size(); ++i) {
      const auto& d = (*in.dims)[i];
      const bool symbol = !d.size || *d.size < 0;
      if (symbol && i > 0 && !(i == 1 && in.dims->size() == 3 && d.size.value_or(-1) < 0 && (*in.dims)[0].size)) {
        refuse(fmt::format("has no number in dimension {} (`{}`)", i, d.symbol),
               "export the network with a fixed size");
        bad = true;
      } else if (!symbol && (*d.size == 0 || *d.size > kMostSize)) {
        refuse(fmt::format("has {} in dimension {}", *d.size, i), fmt::format("sizes are 1 to {}", kMostSize));
        bad = true;
      }
      dims.push_back(symbol ? 1 : *d.size);
    }
    if (!bad && (!elements_of(dims) || dims.size() > 8)) {
      refuse(fmt::format("has the shape {}", to_text(dims)), "at most 8 dimensions and 2^31 elements are read");
      bad = true;
    }
    if (bad) continue;
    const bool with_batch = dims.size() >= 2;
    // A sequence for a recurrent layer has its time steps where others have the batch.
    const bool steps = dims.size() == 3 && std::ranges::any_of(graph_.nodes, [&](const OnnxNode& n) {
                         return (n.op == "LSTM" || n.op == "GRU") && n.input(0) == in.name;
                       });
    if (with_batch && !steps && first) batch_ = dims[0];
    if (with_batch && !steps) first = false;
    Value v{.source = unique(in.name), .dims = dims, .held = shape_of(dims)};
    v.sole = false;
    v.raw = in.type == OnnxType::Uint8 || in.type == OnnxType::Int8;
    NetworkInput made{.name = v.source};
    if (steps) v.held = {dims[0], dims[1] * dims[2], 1, 1};
    made.steps = steps ? dims[0] : 1;
    made.channels = v.held.c;
    made.rows = v.held.h;
    made.columns = v.held.w;
    made.where = place();
    if (steps && made.steps > limits_.steps)
      refuse(fmt::format("has {} time steps", made.steps), fmt::format("at most {} are read", limits_.steps));
    if (with_batch && !steps && v.held.n != batch_)
      refuse(fmt::format("has {} in its first dimension, and others have {}", v.held.n, batch_),
             "the first dimension is the batch");
    model_.network.inputs.push_back(made);
    values_[in.name] = v;
  }
}

std::string OnnxTranslator::what(const OnnxNode& n, std::int64_t opset) {
  return fmt::format("node {} (operator {}, {})", n.name, n.op,
                     n.domain.empty() ? fmt::format("opset {}", opset) : fmt::format("of {}", n.domain));
}

void OnnxTranslator::error(const OnnxNode& n, const std::string& problem, const std::string& remedy) {
  wrong_.error(place(), fmt::format("{}: {}", what(n, graph_.opset), problem), remedy);
}

void OnnxTranslator::node(const OnnxNode& n) {
  const auto& all = n.domain.empty() ? makers() : microsoft_makers();
  const bool known =
      (n.domain.empty() || n.domain == "com.microsoft") && (all.contains(n.op) || (n.domain.empty() && folds(n.op)));
  const bool lost = std::ranges::any_of(n.inputs, [&](const auto& in) { return lost_.contains(in); });
  try {
    if (!known)
      throw OnnxRefusal{"not understood", "export the network without it, or write it as operators of docs/onnx.md"};
    if (!lost && fold(n)) return;
    if (!lost && !all.contains(n.op))
      throw OnnxRefusal{"not understood where its inputs are no constants", "export the network with fixed shapes"};
    if (!lost) return (this->*all.at(n.op))(n);
  } catch (const OnnxRefusal& r) {
    error(n, r.problem, r.remedy);
  }
  for (const auto& out : n.outputs) {
    values_.erase(out);
    lost_.insert(out);
  }
}

/// Computes a node of constants.
bool OnnxTranslator::fold(const OnnxNode& n) {
  if (!n.domain.empty() || !folds(n.op) || n.outputs.empty()) return false;
  std::vector<const OnnxTensor*> in;
  OnnxTensor shape;  // of a tensor, in place of the tensor
  for (const auto& name : n.inputs) {
    if (n.op == "Shape" && values_.contains(name)) {
      shape = make_splat(OnnxType::Float, values_.at(name).dims, 0);
      in.push_back(&shape);
    } else if (name.empty()) {
      in.push_back(nullptr);
    } else if (const auto* t = constant(name)) {
      in.push_back(t);
    } else {
      return false;
    }
  }
  auto made = folded(n, in, graph_.opset);
  if (std::ranges::none_of(in, [&](const auto* t) { return t != nullptr && t->numbers == made.numbers; }))
    made_ += made.stored();
  if (made_ > most_made_) throw OnnxRefusal{"the file's constants grow without end", "export the network folded"};
  if (n.op == "DequantizeLinear")
    coded_[n.outputs[0]] = {*in[0], *in[1], in.size() > 2 && in[2] != nullptr ? std::optional{*in[2]} : std::nullopt,
                            n.whole("axis", 1)};
  if (n.op == "Identity" && coded_.contains(n.input(0))) coded_[n.outputs[0]] = coded_.at(n.input(0));
  graph_.constants[n.outputs[0]] = std::move(made);
  return true;
}

/// Counts numbers that parameters take from constants: nodes of a broken file may all read the same.
void OnnxTranslator::copy(std::int64_t numbers) {
  copied_ += numbers;
  if (copied_ > most_copied_)
    throw OnnxRefusal{"nodes read more weights than the file holds", "store weights of each node"};
}

const OnnxTensor* OnnxTranslator::constant(const std::string& name) const {
  const auto it = graph_.constants.find(name);
  return it == graph_.constants.end() ? nullptr : &it->second;
}

const OnnxTensor& OnnxTranslator::constant_input(const OnnxNode& n, std::size_t i, const char* what) const {
  const auto* t = constant(n.input(i));
  if (t == nullptr)
    throw OnnxRefusal{fmt::format("its {} {} no constant", what, n.input(i).empty() ? "is missing, so it is" : "is"),
                      "store it in the file"};
  return *t;
}

OnnxTranslator::Value OnnxTranslator::value(const OnnxNode& n, std::size_t i) {
  const auto name = n.input(i);
  const auto it = values_.find(name);
  if (it == values_.end()) {
    if (name.empty()) throw OnnxRefusal{fmt::format("input {} is missing", i), "give it"};
    if (constant(name) != nullptr)
      throw OnnxRefusal{fmt::format("not understood where {} is a constant", name), "fold it"};
    throw OnnxRefusal{fmt::format("it reads {}, which no node before it makes", name),
                      made_somewhere_.contains(name) ? "nodes stand in the order of their data, without circles"
                                                     : "export the network again"};
  }
  Value v = it->second;
  v.sole = v.sole && reads_[name] == 1;
  return v;
}

OnnxTranslator::Value OnnxTranslator::unpadded(const OnnxNode& n, std::size_t i) {
  Value v = value(n, i);
  if (v.pad != Padding{})
    throw OnnxRefusal{fmt::format("it reads {}, which is padded", n.input(i)),
                      "pad in front of convolutions and pools alone"};
  return v;
}

void OnnxTranslator::output(const OnnxNode& n, Value v, std::size_t i) {
  for (std::size_t k = 0; k < n.outputs.size(); ++k)
    if (k != i && !n.outputs[k].empty() && reads_.contains(n.outputs[k]))
      throw OnnxRefusal{fmt::format("its output {} is read", n.outputs[k]), "only the first output is made"};
  if (i < n.outputs.size()) values_[n.outputs[i]] = std::move(v);
}

void OnnxTranslator::alias(const OnnxNode& n, Dims dims) {
  Value v = unpadded(n, 0);
  if (elements_of(dims) != elements_of(v.dims)) throw OnnxRefusal{"the number of elements changes", "keep all of them"};
  if (dims.size() > 8) throw OnnxRefusal{"it makes more than 8 dimensions", "use fewer"};
  v.dims = std::move(dims);
  output(n, std::move(v));
}

/// (n, c), (n, c, w), (n, c, h, w); a vector is a row of channels.
Shape OnnxTranslator::shape_of(const Dims& d) {
  if (d.empty()) return {1, 1, 1, 1};
  if (d.size() == 1) return {1, d[0], 1, 1};
  if (d.size() == 2) return {d[0], d[1], 1, 1};
  if (d.size() == 3) return {d[0], d[1], 1, d[2]};
  Shape s{d[0], d[1], d[2], 1};
  for (std::size_t i = 3; i < d.size(); ++i) s.w *= d[i];
  return s;
}

std::string OnnxTranslator::unique(const std::string& wanted) {
  std::string name;
  for (const char c : wanted) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
                       c == '-' || c == '.' || c == '/';
    name += plain ? c : '_';
  }
  while (!name.empty() && name.front() == '/') name.erase(0, 1);
  while (!name.empty() && name.back() == '/') name.pop_back();
  if (name.empty()) name = "layer";
  if (name.size() > 200) name.resize(200);
  std::string tried = name;
  for (int i = 2; !names_.insert(tried).second; ++i) tried = fmt::format("{}_{}", name, i);
  return tried;
}

std::string OnnxTranslator::layer_name(const OnnxNode& n) { return unique(n.name.empty() ? n.op : n.name); }

/// The name of the value's words under other coordinates.
std::string OnnxTranslator::as(const Value& v, Shape wanted) {
  if (v.held == wanted) return v.source;
  Layer l;
  l.name = unique(v.source + "/reshape");
  l.type = LayerType::Reshape;
  l.inputs = {v.source};
  l.shape = {wanted.c, wanted.h, wanted.w};
  if (wanted.n != v.held.n) l.batch = wanted.n;
  return add(std::move(l), {v.held}).source;
}

OnnxTranslator::Value OnnxTranslator::nchw(const OnnxNode& n, std::size_t i) {
  Value v = value(n, i);
  if (v.dims.size() < 2 || v.dims.size() > 4)
    throw OnnxRefusal{fmt::format("its input has {} dimensions", v.dims.size()),
                      "channels, rows and columns are understood"};
  const Shape shape = shape_of(v.dims);
  if (v.held == shape) return v;
  v.source = as(v, shape);
  v.held = shape;
  return v;
}

/// Puts a layer into the network; what it makes, in ONNX's dimensions.
OnnxTranslator::Value OnnxTranslator::add(Layer l, std::vector<Shape> sources, Dims dims) {
  l.where = place();
  l.sources = std::move(sources);
  Diagnostics wrong;
  infer_shapes(l, wrong);
  if (!wrong.empty()) throw OnnxRefusal{wrong.all()[0].problem, wrong.all()[0].remedy};
  Value v{.source = l.name, .dims = std::move(dims), .held = l.output};
  if (v.dims.empty()) v.dims = {l.output.n, l.output.c, l.output.h, l.output.w};
  if (l.global || l.type == LayerType::ReduceMean) l.kernel = {0, 0};  // inferred again
  const bool keeps = keeps_words(l) && l.type != LayerType::Lstm && l.type != LayerType::Gru;
  if (keeps) keeps_[l.name] = l.inputs[0];
  if (keeps && has_code(l.inputs[0])) model_.codes[l.name] = model_.codes.at(l.inputs[0]);
  number_[l.name] = model_.network.layers.size();
  model_.network.layers.push_back(std::move(l));
  return v;
}

/// The layer that an activation, bias or factor behind `v` can become part of.
Layer* OnnxTranslator::mergeable(const Value& v) {
  const auto it = number_.find(v.source);
  if (it == number_.end() || !v.sole || has_code(v.source)) return nullptr;
  Layer& l = model_.network.layers[it->second];
  if (l.activation != Activation::None) return nullptr;
  return l.type == LayerType::Conv || l.type == LayerType::FullyConnected || l.type == LayerType::Add ||
                 l.type == LayerType::Multiply
             ? &l
             : nullptr;
}

void OnnxTranslator::finish() {
  for (const auto& out : graph_.outputs)
    if (!values_.contains(out.name) && !lost_.contains(out.name))
      wrong_.error(place(), fmt::format("the output {} is made by no node", out.name),
                   constant(out.name) != nullptr ? "a network computes something" : "export the network again");
  wrong_.raise_if_any();
  check_outputs();
  if (model_.network.layers.empty())
    wrong_.error(place(), "the network has no layer", "export one that computes something");
  if (!model_.codes.empty()) {
    model_.arithmetic = ModelArithmetic::Onnx;
    check_codes();
    state_clamps();
  }
}

/// Where words cannot be negative the range is a ReLU, which QLinear operators need not say: it is part of the network,
/// also in real numbers.
void OnnxTranslator::state_clamps() {
  using enum LayerType;
  for (auto& l : model_.network.layers) {
    const bool clamps = l.type == Conv || l.type == FullyConnected || l.type == Add;
    const auto code = model_.codes.find(l.name);
    if (clamps && l.activation == Activation::None && code != model_.codes.end() &&
        code->second.least == code->second.zero_point)
      l.activation = Activation::Relu;
  }
}

/// The shapes that the file states of its outputs are those that were found.
void OnnxTranslator::check_outputs() {
  for (const auto& out : graph_.outputs) {
    if (!out.dims) continue;
    const auto& v = values_.at(out.name);
    bool same = out.dims->size() == v.dims.size() || out.dims->empty();
    for (std::size_t i = 0; same && i < out.dims->size(); ++i) {
      const auto size = (*out.dims)[i].size;
      same = !size || *size <= 0 || *size == v.dims[i];
    }
    if (same && v.pad == Padding{}) continue;
    wrong_.error(place(),
                 fmt::format("the output {} comes to {}, and the file states another shape", out.name, to_text(v.dims)),
                 "export the network again");
  }
}

/// In a quantised network every tensor is; a softmax at its end has the code of fractions.
void OnnxTranslator::check_codes() {
  std::set<std::string> read;
  for (const auto& l : model_.network.layers) read.insert(l.inputs.begin(), l.inputs.end());
  const auto remedy = "quantise the whole network: put QuantizeLinear behind it";
  for (const auto& in : model_.network.inputs)
    if (!has_code(in.name))
      wrong_.error(place(), fmt::format("the input {} of a quantised network has no scale", in.name), remedy);
  for (const auto& l : model_.network.layers) {
    if (!read.contains(l.name) && l.type == LayerType::Softmax && !has_code(l.name))
      model_.codes[l.name] = {.scale = 1.0 / 256, .zero_point = 0, .least = 0, .most = 255};
    if (has_code(l.name) || keeps_.contains(l.name)) continue;
    wrong_.error(place(), fmt::format("what layer {} makes has no scale, and the network is quantised", l.name),
                 remedy);
  }
  for (const auto& l : model_.network.layers)
    if ((l.type == LayerType::Conv || l.type == LayerType::FullyConnected) &&
        !model_.parameters.contains(l.name + "/weight_scale"))
      wrong_.error(place(), fmt::format("the weights of {} are real numbers, and the network is quantised", l.name),
                   "quantise them too");
}

namespace {

constexpr std::string_view kWanted = "an ONNX file";

std::string bytes_of(const std::string& path) {
  if (file_bytes(path, kWanted) >= std::uint64_t{1} << 31)
    throw InputError({path, 0, 0}, "the file is larger than 2 GiB", "keep its weights in a file of their own");
  return read_binary_file(path, kWanted);
}

OnnxImport translated(std::span<const std::byte> bytes, const std::string& file,
                      const std::optional<std::string>& folder, const OnnxLimits& limits) {
  return OnnxTranslator{parse_onnx(bytes, file, folder), limits}.run();
}

}  // namespace

OnnxImport import_onnx(std::span<const std::byte> bytes, const std::string& name, const OnnxLimits& limits) {
  return translated(bytes, name, std::nullopt, limits);
}

Model read_onnx(const std::string& path) { return import_onnx(path).model; }
Model read_onnx(std::span<const std::byte> bytes, const std::string& name) { return import_onnx(bytes, name).model; }

OnnxImport import_onnx(const std::string& path, const OnnxLimits& limits) {
  const auto text = bytes_of(path);
  const auto slash = path.find_last_of('/');
  return translated(std::as_bytes(std::span{text}), path, slash == std::string::npos ? "." : path.substr(0, slash + 1),
                    limits);
}

}  // namespace eyrie
