// A quantised model as QLinear operators, for another runtime.

#include <fmt/format.h>
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "interchange/onnx_import.hpp"

namespace eyrie {

namespace {

class Writer {
 public:
  explicit Writer(const Model& model) : model_{model}, network_{Network::build(model.network, 1)} {}

  void write(const std::string& path) {
    if (model_.arithmetic != ModelArithmetic::Onnx)
      throw InputError(model_.network.where, fmt::format("the model has {} arithmetic", name_of(model_.arithmetic)),
                       "QLinear operators say onnx arithmetic: quantise the model first");
    header();
    for (const auto& in : network_.inputs()) input(in);
    for (const auto& l : network_.layers()) layer(l);
    wrong_.raise_if_any();
    for (const auto& l : network_.layers()) output(l);
    std::ofstream out{path, std::ios::binary};
    if (!out || !file_.SerializeToOstream(&out))
      throw InputError({path, 0, 0}, "the file cannot be written", "name another");
  }

 private:
  using Names = std::vector<std::string>;

  void header() {
    file_.set_ir_version(7);
    file_.set_producer_name("eyrie");
    for (const auto& [domain, version] : {std::pair{"", 13}, std::pair{"com.microsoft", 1}}) {
      auto& opset = *file_.add_opset_import();
      opset.set_domain(domain);
      opset.set_version(version);
    }
    graph().set_name(model_.network.name);
  }
  onnx::GraphProto& graph() { return *file_.mutable_graph(); }

  /// Real numbers come in, and are quantised first.
  void input(const NetworkInput& in) {
    const auto raw = in.name + "/real";
    value(*graph().add_input(), raw, {1, in.channels, in.rows, in.columns}, onnx::TensorProto::FLOAT);
    code_[in.name] = code_of(in.name, {}, in.where);
    node("QuantizeLinear", in.name, join({{raw}, scales(in.name, code_[in.name])}));
  }

  void layer(const Layer& l) {
    using enum LayerType;
    const bool keeps = l.type == MaxPool || l.type == Reshape;
    code_[l.name] = code_of(l.name, keeps ? std::optional{code_[l.inputs[0]]} : std::nullopt, l.where);
    if (l.activation != Activation::None && !is_clamp(l))
      return refuse(l, fmt::format("its activation is {}", name_of(l.activation)));
    if (l.product_shift.value_or(0) != 0) return refuse(l, fmt::format("its product_shift is {}", *l.product_shift));
    switch (l.type) {
      case Conv:
        return conv(l);
      case FullyConnected:
        return fully_connected(l);
      case Add:
        return add(l);
      case Concat:
        return concat(l);
      case MaxPool:
        return max_pool(l);
      case AveragePool:
      case ReduceMean:
        return average(l);
      case Reshape:
        return reshape(l);
      default:
        return refuse(l, fmt::format("it is a {} layer", name_of(l.type)));
    }
  }

  void refuse(const Layer& l, const std::string& why) {
    wrong_.error(l.where, fmt::format("layer {} cannot be said with QLinear operators: {}", l.name, why),
                 "write convolutions, fully connected layers, additions, concatenations, pools");
  }

  /// A word's range ends where the activation's does: then the saturation of the operator is the activation.
  bool is_clamp(const Layer& l) {
    const auto& c = code_[l.name];
    if (l.activation == Activation::Relu) return c.zero_point == c.least;
    const auto six = std::llround(6.0 / c.scale);
    return l.activation == Activation::Relu6 && c.zero_point == c.least && six >= c.most - c.zero_point;
  }

  TensorCode code_of(const std::string& name, const std::optional<TensorCode>& otherwise, const Place& where) {
    const auto it = model_.codes.find(name);
    const auto code = it != model_.codes.end() ? it->second : otherwise.value_or(TensorCode{});
    if (it == model_.codes.end() && !otherwise)
      wrong_.error(where, fmt::format("{} has no code", name), "give its scale and zero point");
    if (!(code.least == 0 && code.most == 255) && !(code.least == -128 && code.most == 127))
      wrong_.error(where, fmt::format("raw numbers of {} run from {} to {}", name, code.least, code.most),
                   "QLinear operators have words of 8 bits");
    return code;
  }

  // ---- protobuf -----------------------------------------------------------------------------------------------------

  static void value(onnx::ValueInfoProto& v, const std::string& name, const std::vector<std::int64_t>& dims, int type) {
    v.set_name(name);
    v.mutable_type()->mutable_tensor_type()->set_elem_type(type);
    for (const auto d : dims) v.mutable_type()->mutable_tensor_type()->mutable_shape()->add_dim()->set_dim_value(d);
  }
  static int type_of(const TensorCode& c) { return c.least < 0 ? onnx::TensorProto::INT8 : onnx::TensorProto::UINT8; }

  onnx::TensorProto& constant(const std::string& name, const std::vector<std::int64_t>& dims, int type) {
    auto& t = *graph().add_initializer();
    t.set_name(name);
    t.set_data_type(type);
    for (const auto d : dims) t.add_dims(d);
    return t;
  }
  std::string numbers(const std::string& name, const std::vector<std::int64_t>& dims, int type,
                      const std::vector<std::int32_t>& all) {
    auto& t = constant(name, dims, type);
    for (const auto v : all) t.add_int32_data(v);
    return name;
  }
  std::string reals(const std::string& name, const std::vector<std::int64_t>& dims, const std::vector<float>& all) {
    auto& t = constant(name, dims, onnx::TensorProto::FLOAT);
    for (const auto v : all) t.add_float_data(v);
    return name;
  }

  /// Names of a tensor's scale and zero point.
  Names scales(const std::string& tensor, const TensorCode& c) {
    Names all{tensor + "/scale", tensor + "/zero_point"};
    if (!met_.insert(tensor).second) return all;
    reals(all[0], {}, {static_cast<float>(c.scale)});
    numbers(all[1], {}, type_of(c), {static_cast<std::int32_t>(c.zero_point)});
    return all;
  }
  /// A tensor that is read, with its scale and zero point.
  Names read(const std::string& tensor) { return join({{tensor}, scales(tensor, code_[tensor])}); }
  Names made(const Layer& l) { return scales(l.name, code_[l.name]); }
  static Names join(const std::vector<Names>& parts) {
    Names all;
    for (const auto& p : parts) all.insert(all.end(), p.begin(), p.end());
    return all;
  }

  onnx::NodeProto& node(const std::string& op, const std::string& output, const Names& inputs,
                        const std::string& domain = {}) {
    auto& n = *graph().add_node();
    n.set_op_type(op);
    n.set_name(output);
    n.set_domain(domain);
    for (const auto& in : inputs) n.add_input(in);
    n.add_output(output);
    return n;
  }
  static void attribute(onnx::NodeProto& n, const std::string& name, const std::vector<std::int64_t>& values) {
    auto& a = *n.add_attribute();
    a.set_name(name);
    a.set_type(onnx::AttributeProto::INTS);
    for (const auto v : values) a.add_ints(v);
  }
  static void attribute(onnx::NodeProto& n, const std::string& name, std::int64_t value) {
    auto& a = *n.add_attribute();
    a.set_name(name);
    a.set_type(onnx::AttributeProto::INT);
    a.set_i(value);
  }

  // ---- layers -------------------------------------------------------------------------------------------------------

  /// Names of weights, their scales and zero points; `wide` if they fit neither int8 nor uint8.
  std::optional<Names> weights(const Layer& l, const std::vector<std::int64_t>& dims) {
    const auto name = l.weights_name();
    const Names all{name + "/weight", name + "/weight_scale", name + "/weight_zero_point"};
    const auto w = model_.parameters.find(all[0]), s = model_.parameters.find(all[1]);
    if (w == model_.parameters.end() || s == model_.parameters.end() ||
        std::ssize(w->second.integer) != l.weight_shape().elements()) {
      refuse(l, "its weights are no whole numbers");
      return std::nullopt;
    }
    if (!met_.insert(all[0]).second) return all;
    const auto [least, most] = std::ranges::minmax(w->second.integer);
    if (most - std::min(0, least) > 255) {
      refuse(l, fmt::format("its weights run from {} to {}", least, most));
      return std::nullopt;
    }
    const bool bytes = least >= -128 && most <= 127;
    const auto zero = bytes ? 0 : -std::min(0, least);
    const int type = bytes ? onnx::TensorProto::INT8 : onnx::TensorProto::UINT8;
    auto raw = w->second.integer;
    for (auto& v : raw) v += zero;
    numbers(all[0], dims, type, raw);
    const auto& scale = s->second.real;
    const auto shape = scale.size() == 1 ? std::vector<std::int64_t>{} : std::vector<std::int64_t>{std::ssize(scale)};
    reals(all[1], shape, scale);
    numbers(all[2], shape, type, std::vector<std::int32_t>(scale.size(), zero));
    return all;
  }

  Names bias(const Layer& l) {
    const auto name = l.weights_name() + "/bias";
    const auto it = model_.parameters.find(name);
    if (it == model_.parameters.end()) return {};
    if (met_.insert(name).second) numbers(name, {l.out_channels}, onnx::TensorProto::INT32, it->second.integer);
    return {name};
  }

  static void window(onnx::NodeProto& n, const Layer& l) {
    attribute(n, "kernel_shape", {l.kernel.rows, l.kernel.columns});
    attribute(n, "strides", {l.stride.rows, l.stride.columns});
    attribute(n, "pads", {l.padding.top, l.padding.left, l.padding.bottom, l.padding.right});
  }

  void conv(const Layer& l) {
    const auto s = l.weight_shape();
    const auto w = weights(l, {s.n, s.c, s.h, s.w});
    if (!w) return;
    auto& n = node("QLinearConv", l.name, join({read(l.inputs[0]), *w, made(l), bias(l)}));
    window(n, l);
    attribute(n, "dilations", {l.dilation.rows, l.dilation.columns});
    attribute(n, "group", l.groups);
  }

  void fully_connected(const Layer& l) {
    const auto w = weights(l, {l.out_channels, l.input.c * l.input.h * l.input.w});
    if (!w) return;
    auto& flat = node("Flatten", l.name + "/flat", {l.inputs[0]});
    attribute(flat, "axis", 1);
    const auto from = scales(l.inputs[0], code_[l.inputs[0]]);
    auto b = bias(l);
    if (b.empty()) b.emplace_back();
    auto& n = node("QGemm", l.name + "/matrix", join({{l.name + "/flat"}, from, *w, b, made(l)}), "com.microsoft");
    attribute(n, "transB", 1);
    shaped(l.name, l.name + "/matrix", l.output);
  }

  void shaped(const std::string& name, const std::string& from, const Shape& s) {
    auto& t = constant(name + "/shape", {4}, onnx::TensorProto::INT64);
    for (const auto d : {s.n, s.c, s.h, s.w}) t.add_int64_data(d);
    node("Reshape", name, {from, name + "/shape"});
  }

  void add(const Layer& l) {
    if (l.inputs.size() != 2) return refuse(l, fmt::format("it adds {} tensors", l.inputs.size()));
    node("QLinearAdd", l.name, join({read(l.inputs[0]), read(l.inputs[1]), made(l)}), "com.microsoft");
  }

  void concat(const Layer& l) {
    std::vector<Names> parts{made(l)};
    for (const auto& in : l.inputs) parts.push_back(read(in));
    auto& n = node("QLinearConcat", l.name, join(parts), "com.microsoft");
    attribute(n, "axis", l.concat_axis == ConcatAxis::Channels ? 1 : l.concat_axis == ConcatAxis::Rows ? 2 : 3);
  }

  void max_pool(const Layer& l) {
    auto& n = node("MaxPool", l.name, {l.inputs[0]});
    window(n, l);
    attribute(n, "ceil_mode", l.ceil_mode ? 1 : 0);
  }

  void average(const Layer& l) {
    if (l.type == LayerType::ReduceMean && l.mean_axis != MeanAxis::Both)
      return refuse(l, "it averages rows or columns alone");
    if (l.padding != Padding{} || l.ceil_mode) return refuse(l, "its windows have several sizes");
    const bool whole = l.kernel == RowsColumns{l.input.h, l.input.w};
    auto& n = node(whole ? "QLinearGlobalAveragePool" : "QLinearAveragePool", l.name,
                   join({read(l.inputs[0]), made(l)}), "com.microsoft");
    if (!whole) window(n, l);
    attribute(n, "channels_last", 0);
  }

  void reshape(const Layer& l) { shaped(l.name, l.inputs[0], l.output); }

  /// Every layer's words are an output, to be compared.
  void output(const Layer& l) {
    value(*graph().add_output(), l.name, {l.output.n, l.output.c, l.output.h, l.output.w}, type_of(code_[l.name]));
  }

  const Model& model_;
  Network network_;
  onnx::ModelProto file_;
  std::map<std::string, TensorCode> code_;
  std::set<std::string> met_;
  Diagnostics wrong_;
};

}  // namespace

void write_onnx(const Model& model, const std::string& path) { Writer{model}.write(path); }

}  // namespace eyrie
