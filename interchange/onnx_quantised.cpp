// Quantised tensors: QuantizeLinear and DequantizeLinear around ordinary operators, and the operators that have scales
// as inputs.

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "interchange/onnx_translator.hpp"

namespace eyrie {

TensorCode OnnxTranslator::code(const OnnxNode& n, std::size_t scale, std::size_t zero) const {
  const auto& s = constant_input(n, scale, "scale");
  const auto* z = n.input(zero).empty() ? nullptr : &constant_input(n, zero, "zero point");
  if (s.elements() != 1 || (z != nullptr && z->elements() != 1))
    throw OnnxRefusal{fmt::format("it has {} scales", s.elements()), "tensors between layers have one"};
  if (!(s.at(0) > 0) || !std::isfinite(s.at(0)))
    throw OnnxRefusal{fmt::format("its scale is {}", s.at(0)), "scales are positive numbers"};
  const auto type = z != nullptr ? z->type : OnnxType::Uint8;
  if (type != OnnxType::Uint8 && type != OnnxType::Int8)
    throw OnnxRefusal{"it quantises to a type that is not of 8 bits", "use uint8 or int8"};
  TensorCode c{.scale = s.at(0), .zero_point = z != nullptr ? z->whole(0) : 0};
  c.least = type == OnnxType::Int8 ? -128 : 0;
  c.most = type == OnnxType::Int8 ? 127 : 255;
  if (c.zero_point < c.least || c.zero_point > c.most)
    throw OnnxRefusal{fmt::format("its zero point is {}", c.zero_point),
                      fmt::format("it lies from {} to {}", c.least, c.most)};
  return c;
}

/// Gives a tensor its code, and what it is a copy of as well.
void OnnxTranslator::set_code(const std::string& source, const TensorCode& c) {
  model_.codes[source] = c;
  for (auto it = keeps_.find(source); it != keeps_.end() && !has_code(it->second); it = keeps_.find(it->second))
    model_.codes[it->second] = c;
}

/// A value with this code; one that has another already goes through a mean of one word, which is a change of scale.
OnnxTranslator::Value OnnxTranslator::coded(Value v, const TensorCode& c) {
  if (!has_code(v.source)) {
    set_code(v.source, c);
    return v;
  }
  if (model_.codes.at(v.source) == c) return v;
  Layer l{.name = unique(v.source + "/rescaled"), .type = LayerType::AveragePool, .inputs = {v.source}};
  l.kernel = {1, 1};
  Value made = add(std::move(l), {v.held}, v.dims);
  set_code(made.source, c);
  return made;
}

void OnnxTranslator::quantize(const OnnxNode& n) {
  Value v = value(n, 0);
  if (n.has("output_dtype") && n.input(2).empty() && n.whole("output_dtype", 0) != 0 && n.whole("output_dtype", 0) != 2)
    throw OnnxRefusal{"it quantises to a type by output_dtype", "give it a zero point of that type"};
  if (v.raw) throw OnnxRefusal{"it quantises integers", "quantise real numbers"};
  const Padding pad = std::exchange(v.pad, {});
  Value made = coded(v, code(n, 1, 2));
  made.raw = true;
  made.pad = pad;
  output(n, std::move(made));
}

void OnnxTranslator::dequantize(const OnnxNode& n) {
  Value v = value(n, 0);
  const auto c = code(n, 1, 2);
  if (!v.raw) throw OnnxRefusal{"its input is not quantised", "quantise it, with QuantizeLinear"};
  if (has_code(v.source) && model_.codes.at(v.source) != c)
    throw OnnxRefusal{"it has another scale than what it reads", "give both the same"};
  if (!has_code(v.source)) set_code(v.source, c);
  v.raw = false;
  output(n, std::move(v));
}

/// The n-th input, whose scale and zero point are inputs too.
OnnxTranslator::Value OnnxTranslator::coded_input(const OnnxNode& n, std::size_t i, std::size_t scale,
                                                  std::size_t zero) {
  const Value v = value(n, i);
  const auto c = code(n, scale, zero);
  if (has_code(v.source) && model_.codes.at(v.source) != c)
    throw OnnxRefusal{fmt::format("it reads {} with another scale than it was made with", n.input(i)),
                      "give both the same"};
  if (!v.raw) throw OnnxRefusal{fmt::format("{} is not quantised", n.input(i)), "quantise it"};
  if (!has_code(v.source)) set_code(v.source, c);
  return v;
}

OnnxTranslator::CodedConstant OnnxTranslator::coded_constant(const OnnxNode& n, std::size_t i, std::size_t scale,
                                                             std::size_t zero, std::int64_t axis) const {
  const auto& raw = constant_input(n, i, "weights");
  const auto& s = constant_input(n, scale, "scale of weights");
  CodedConstant c{raw, s, std::nullopt, axis};
  if (!n.input(zero).empty()) c.zero = constant_input(n, zero, "zero point of weights");
  const auto* z = c.zero ? &*c.zero : nullptr;
  if (raw.splat) throw OnnxRefusal{"its weights are one number repeated", "store them in the file"};
  if (s.elements() < 1 || (z != nullptr && z->elements() != s.elements()))
    throw OnnxRefusal{"its weights don't have as many zero points as scales", "give one for each"};
  for (std::int64_t k = 0; k < s.elements(); ++k)
    if (!(s.at(k) > 0) || !std::isfinite(s.at(k)))
      throw OnnxRefusal{fmt::format("a scale of its weights is {}", s.at(k)), "scales are positive numbers"};
  return c;
}

void OnnxTranslator::coded_output(const OnnxNode& n, Value v, std::size_t scale, std::size_t zero) {
  set_code(v.source, code(n, scale, zero));
  v.raw = true;
  output(n, std::move(v));
}

void OnnxTranslator::qlinear_conv(const OnnxNode& n) {
  coded_input(n, 0, 1, 2);
  conv(n);
}

/// a, its scale and zero point, b, its scale and zero point, then y's.
void OnnxTranslator::qlinear_matmul(const OnnxNode& n) {
  Value v = coded_input(n, 0, 1, 2);
  if (v.pad != Padding{}) throw OnnxRefusal{"its input is padded", "pad in front of convolutions"};
  FilterNumbers w{.numbers = {}, .coded = coded_constant(n, 3, 4, 5, 1), .in_by_out = true};
  coded_output(n, matrix_product(n, v, std::move(w), std::nullopt, 1, 1), 6, 7);
}

void OnnxTranslator::qgemm(const OnnxNode& n) {
  Value v = coded_input(n, 0, 1, 2);
  if (n.whole("transA", 0) != 0 || n.number("alpha", 1) != 1)
    throw OnnxRefusal{"not understood with transA or alpha", "transpose beforehand; make alpha part of a scale"};
  const bool in_by_out = n.whole("transB", 0) == 0;
  FilterNumbers w{.numbers = {}, .coded = coded_constant(n, 3, 4, 5, in_by_out ? 1 : 0), .in_by_out = in_by_out};
  const auto bias = n.input(6).empty() ? std::nullopt : std::optional{n.input(6)};
  if (n.input(7).empty()) throw OnnxRefusal{"its output is real", "give it a scale and a zero point"};
  coded_output(n, matrix_product(n, v, std::move(w), bias, 1, 1), 7, 8);
}

void OnnxTranslator::qlinear_add(const OnnxNode& n) {
  const Value a = coded_input(n, 0, 1, 2), b = coded_input(n, 3, 4, 5);
  if (a.dims != b.dims || a.pad != Padding{} || b.pad != Padding{})
    throw OnnxRefusal{fmt::format("it reads {} and {}", to_text(a.dims), to_text(b.dims)),
                      "give its inputs equal shapes"};
  const Shape shape = a.held == b.held ? a.held : shape_of(a.dims);
  Layer l{.name = layer_name(n), .inputs = {as(a, shape), as(b, shape)}};
  l.type = n.op == "QLinearAdd" ? LayerType::Add : LayerType::Multiply;
  coded_output(n, add(std::move(l), {shape, shape}, a.dims), 6, 7);
}

void OnnxTranslator::qlinear_sigmoid(const OnnxNode& n) {
  const Value v = coded_input(n, 0, 1, 2);
  if (v.pad != Padding{}) throw OnnxRefusal{"its input is padded", "pad in front of convolutions"};
  Layer l{.name = layer_name(n), .type = LayerType::Sigmoid, .inputs = {v.source}};
  coded_output(n, add(std::move(l), {v.held}, v.dims), 3, 4);
}

void OnnxTranslator::qlinear_average_pool(const OnnxNode& n) {
  if (n.whole("channels_last", 0) != 0) throw OnnxRefusal{"not understood with channels_last", "put channels first"};
  coded_input(n, 0, 1, 2);
  const auto output_code = code(n, 3, 4);
  if (n.op == "QLinearAveragePool")
    pool(n);
  else
    global_pool(n);
  auto& v = values_.at(n.outputs[0]);
  set_code(v.source, output_code);
  v.raw = true;
}

/// y's scale and zero point, then each input with its own.
void OnnxTranslator::qlinear_concat(const OnnxNode& n) {
  std::vector<Value> all;
  for (std::size_t i = 2; i < n.inputs.size(); i += 3) all.push_back(coded_input(n, i, i + 1, i + 2));
  for (const auto& v : all)
    if (v.pad != Padding{}) throw OnnxRefusal{"its input is padded", "pad in front of convolutions"};
  const auto to = code(n, 0, 1);
  join(n, all);
  auto& v = values_.at(n.outputs[0]);
  v = coded(v, to);
  v.raw = true;
}

void OnnxTranslator::dynamic(const OnnxNode& n) {
  throw OnnxRefusal{n.op == "DynamicQuantizeLinear" ? "its scale is found while the network runs"
                                                    : "its result has no scale in the file",
                    "quantise the network with fixed scales (static quantisation)"};
}

const std::map<std::string, OnnxTranslator::Maker>& OnnxTranslator::makers() {
  using T = OnnxTranslator;
  static const std::map<std::string, Maker> all{{"Conv", &T::conv},
                                                {"Gemm", &T::gemm},
                                                {"MatMul", &T::matmul},
                                                {"BatchNormalization", &T::batch_norm},
                                                {"Relu", &T::activation},
                                                {"Sigmoid", &T::activation},
                                                {"Tanh", &T::activation},
                                                {"Clip", &T::clip},
                                                {"MaxPool", &T::pool},
                                                {"AveragePool", &T::pool},
                                                {"GlobalAveragePool", &T::global_pool},
                                                {"GlobalMaxPool", &T::global_pool},
                                                {"ReduceMean", &T::reduce_mean},
                                                {"Add", &T::sum},
                                                {"Sum", &T::sum},
                                                {"Mul", &T::product},
                                                {"Sub", &T::difference},
                                                {"Div", &T::quotient},
                                                {"Concat", &T::concat},
                                                {"Flatten", &T::flatten},
                                                {"Reshape", &T::reshape},
                                                {"Squeeze", &T::squeeze},
                                                {"Unsqueeze", &T::unsqueeze},
                                                {"Transpose", &T::transpose},
                                                {"LRN", &T::lrn},
                                                {"Softmax", &T::softmax},
                                                {"LogSoftmax", &T::softmax},
                                                {"Dropout", &T::dropout},
                                                {"Identity", &T::identity},
                                                {"Cast", &T::cast},
                                                {"Pad", &T::pad},
                                                {"LSTM", &T::lstm},
                                                {"GRU", &T::gru},
                                                {"Gather", &T::take_step},
                                                {"QuantizeLinear", &T::quantize},
                                                {"DequantizeLinear", &T::dequantize},
                                                {"QLinearConv", &T::qlinear_conv},
                                                {"QLinearMatMul", &T::qlinear_matmul},
                                                {"ConvInteger", &T::dynamic},
                                                {"MatMulInteger", &T::dynamic},
                                                {"DynamicQuantizeLinear", &T::dynamic}};
  return all;
}

const std::map<std::string, OnnxTranslator::Maker>& OnnxTranslator::microsoft_makers() {
  using T = OnnxTranslator;
  static const std::map<std::string, Maker> all{{"QLinearAdd", &T::qlinear_add},
                                                {"QLinearMul", &T::qlinear_add},
                                                {"QLinearSigmoid", &T::qlinear_sigmoid},
                                                {"QLinearAveragePool", &T::qlinear_average_pool},
                                                {"QLinearGlobalAveragePool", &T::qlinear_average_pool},
                                                {"QLinearConcat", &T::qlinear_concat},
                                                {"QGemm", &T::qgemm},
                                                {"QuantizeLinear", &T::quantize},
                                                {"DequantizeLinear", &T::dequantize}};
  return all;
}

}  // namespace eyrie
