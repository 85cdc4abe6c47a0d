// Layers with weights, and what can become part of them: biases, factors, batch normalisation.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "interchange/onnx_translator.hpp"

namespace eyrie {

namespace {

/// Numbers of a filter tensor, (out, in) order, of one that may be (in, out).
template <class Number>
std::vector<Number> in_order(const OnnxTensor& t, bool in_by_out, double factor = 1) {
  std::vector<Number> all(static_cast<std::size_t>(t.elements()));
  const auto outs = in_by_out ? t.dims[1] : 1, ins = in_by_out ? t.dims[0] : 1;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto k = static_cast<std::int64_t>(i);
    const auto from = in_by_out ? k % ins * outs + k / ins : k;
    all[i] = static_cast<Number>(t.at(from) * factor);
  }
  return all;
}

std::vector<std::int64_t> dims_of(const Shape& s) { return {s.n, s.c, s.h, s.w}; }

}  // namespace

OnnxTranslator::FilterNumbers OnnxTranslator::filter_numbers(const OnnxNode& n, std::size_t i) {
  const auto& t = constant_input(n, i, "weights");
  if (t.splat && t.elements() > limits_.made_numbers)
    throw OnnxRefusal{fmt::format("its weights, {}, are one number repeated", to_text(t.dims)),
                      fmt::format("at most {} are made", limits_.made_numbers)};
  FilterNumbers w{.numbers = t, .coded = std::nullopt};
  if (const auto it = coded_.find(n.input(i)); it != coded_.end()) w.coded = it->second;
  return w;
}

/// Puts a layer with filters into the network, with its parameters. Quantised ones need a code of what they read.
OnnxTranslator::Value OnnxTranslator::filters(Layer l, const Value& v, Shape source, const FilterNumbers& w,
                                              Dims dims) {
  const auto name = l.name;
  const bool coded = w.coded && has_code(v.source);
  if (!coded && w.numbers.numbers == nullptr) throw OnnxRefusal{"its input has no scale", "give it one"};
  Value made = add(std::move(l), {source}, std::move(dims));
  const Layer& placed = stated(name);
  if (coded) {
    code_in_[name] = model_.codes.at(v.source);
    coded_filters(placed, *w.coded, w.in_by_out);
  } else {
    real_filters(placed, w, 1);
  }
  return made;
}

void OnnxTranslator::real_filters(const Layer& l, const FilterNumbers& w, double alpha) {
  copy(w.numbers.elements());
  auto& p = model_.parameters[l.name + "/weight"];
  p.shape = dims_of(l.weight_shape());
  p.real = in_order<float>(w.numbers, w.in_by_out, alpha);
}

/// Integers relative to their zero points; the scales beside them.
void OnnxTranslator::coded_filters(const Layer& l, const CodedConstant& c, bool in_by_out) {
  if (c.raw.type != OnnxType::Uint8 && c.raw.type != OnnxType::Int8)
    throw OnnxRefusal{"its weights are no integers of 8 bits", "use uint8 or int8"};
  const auto axis = in_by_out ? std::int64_t{1} : std::int64_t{0};
  const auto count = c.scale.elements();
  if (count != 1 && axis_of(c.axis, c.raw.dims.size()) != static_cast<std::size_t>(axis))
    throw OnnxRefusal{fmt::format("its weights have scales along axis {}", c.axis), "give one for each output channel"};
  if (count != 1 && count != l.out_channels)
    throw OnnxRefusal{fmt::format("its weights have {} scales", count), fmt::format("give 1 or {}", l.out_channels)};
  copy(c.raw.elements());
  const ScaleIndex index{c.raw, with_dims(c.scale, {count}), axis};
  auto whole = std::vector<double>(static_cast<std::size_t>(c.raw.elements()));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const auto k = static_cast<std::int64_t>(i);
    whole[i] = c.raw.at(k) - (c.zero ? c.zero->at(index.at(k)) : 0);
  }
  auto& w = model_.parameters[l.name + "/weight"];
  w.shape = dims_of(l.weight_shape());
  w.integer = in_order<std::int32_t>(make_tensor(OnnxType::Int32, c.raw.dims, std::move(whole)), in_by_out);
  auto& s = model_.parameters[l.name + "/weight_scale"];
  s.shape = {count};
  for (std::int64_t i = 0; i < count; ++i) s.real.push_back(static_cast<float>(c.scale.at(i)));
}

/// Adds one number a channel (or one for all) to the layer's bias. Of a quantised layer: in units of its psums;
/// integers of 32 bits are in those units already.
void OnnxTranslator::add_bias(const std::string& layer, const OnnxTensor& b, double beta) {
  Layer& l = stated(layer);
  copy(l.out_channels);
  l.bias = true;
  auto& p = model_.parameters[layer + "/bias"];
  p.shape = {l.out_channels};
  const auto at = [&](std::int64_t m) { return b.at(b.elements() == 1 ? 0 : m) * beta; };
  if (b.elements() != 1 && b.elements() != l.out_channels)
    throw OnnxRefusal{fmt::format("its bias is {}", to_text(b.dims)), fmt::format("it has {} numbers", l.out_channels)};
  if (!code_in_.contains(layer)) {
    p.real.resize(static_cast<std::size_t>(l.out_channels), 0.0F);
    for (std::int64_t m = 0; m < l.out_channels; ++m) p.real[static_cast<std::size_t>(m)] += static_cast<float>(at(m));
    return;
  }
  const auto& scales = model_.parameters.at(layer + "/weight_scale").real;
  p.integer.resize(static_cast<std::size_t>(l.out_channels), 0);
  for (std::int64_t m = 0; m < l.out_channels; ++m) {
    const auto scale = scales[scales.size() == 1 ? 0 : static_cast<std::size_t>(m)];
    const double unit = static_cast<double>(static_cast<float>(code_in_.at(layer).scale) * scale);
    const double words = std::nearbyint(is_real(b.type) ? at(m) / unit : at(m));
    const double all = words + p.integer[static_cast<std::size_t>(m)];
    if (!(std::abs(all) < 2147483648.0)) throw OnnxRefusal{"its bias does not fit 32 bits", "scale it to the products"};
    p.integer[static_cast<std::size_t>(m)] = static_cast<std::int32_t>(all);
  }
}

/// (..., K) times (K, M): a fully connected layer over the rows of the first.
OnnxTranslator::Value OnnxTranslator::matrix_product(const OnnxNode& n, const Value& v, FilterNumbers w,
                                                     const std::optional<std::string>& bias, double alpha,
                                                     double beta) {
  const auto& dims = w.coded && w.numbers.numbers == nullptr ? w.coded->raw.dims : w.numbers.dims;
  if (dims.size() != 2 || v.dims.empty() || elements_of(dims).value_or(0) == 0)
    throw OnnxRefusal{fmt::format("it multiplies {} by {}", to_text(v.dims), to_text(dims)), "the second is a matrix"};
  const auto ins = dims[w.in_by_out ? 0 : 1], outs = dims[w.in_by_out ? 1 : 0];
  std::int64_t rows = 1;
  for (std::size_t i = 0; i + 1 < v.dims.size(); ++i) rows *= v.dims[i];
  if (v.dims.back() != ins)
    throw OnnxRefusal{fmt::format("it multiplies {} by {}", to_text(v.dims), to_text(dims)),
                      "columns of the one are rows of the other"};
  const Shape shape = rows == v.held.n ? v.held : Shape{rows, ins, 1, 1};
  if (shape != v.held && batch_ != 1)
    throw OnnxRefusal{fmt::format("it multiplies {} rows, and the batch is {}", rows, batch_),
                      "multiply a row an input, or export it with batch 1"};
  Layer l{.name = layer_name(n), .type = LayerType::FullyConnected, .inputs = {as(v, shape)}};
  l.out_channels = outs;
  l.bias = bias.has_value();
  const auto name = l.name;
  Dims out = v.dims;
  out.back() = outs;
  Value source = v;
  if (alpha != 1) {
    if (w.coded && has_code(v.source)) throw OnnxRefusal{fmt::format("alpha is {}", alpha), "make it part of a scale"};
    w.coded.reset();
  }
  Value made = filters(std::move(l), source, shape, w, std::move(out));
  if (alpha != 1) real_filters(stated(name), w, alpha);
  if (bias) {
    const auto* b = constant(*bias);
    if (b == nullptr) throw OnnxRefusal{"its bias is no constant", "store it in the file"};
    const bool fits = b->elements() == 1 || (b->elements() == outs && !b->dims.empty() && b->dims.back() == outs);
    if (!fits)
      throw OnnxRefusal{fmt::format("its bias is {}", to_text(b->dims)), fmt::format("it has {} numbers", outs)};
    add_bias(name, *b, beta);
  }
  return made;
}

void OnnxTranslator::gemm(const OnnxNode& n) {
  const Value v = unpadded(n, 0);
  if (n.whole("transA", 0) != 0) throw OnnxRefusal{"not understood with transA", "transpose it beforehand"};
  if (v.dims.size() != 2) throw OnnxRefusal{fmt::format("its first factor is {}", to_text(v.dims)), "give it a matrix"};
  auto w = filter_numbers(n, 1);
  w.in_by_out = n.whole("transB", 0) == 0;
  const double beta = n.number("beta", 1);
  const bool bias = !n.input(2).empty() && beta != 0;
  output(n, matrix_product(n, v, std::move(w), bias ? std::optional{n.input(2)} : std::nullopt, n.number("alpha", 1),
                           beta));
}

void OnnxTranslator::matmul(const OnnxNode& n) {
  const Value v = unpadded(n, 0);
  auto w = filter_numbers(n, 1);
  w.in_by_out = true;
  output(n, matrix_product(n, v, std::move(w), std::nullopt, 1, 1));
}

// ---- one factor and one number a channel ----------------------------------------------------------------------------

/// A constant as one number for each channel of a tensor, if it is that.
std::optional<std::vector<double>> OnnxTranslator::per_channel(const Value& v, const OnnxTensor& t) const {
  const auto rank = v.dims.size();
  const auto channels = rank < 2 ? v.dims.empty() ? 1 : v.dims[0] : v.dims[1];
  if (t.elements() < 1 || t.dims.size() > rank || channels > (1 << 20)) return std::nullopt;
  const auto channel_axis = rank < 2 ? 0 : rank - 1 - 1;  // counted from the last dimension
  for (std::size_t i = 0; i < t.dims.size(); ++i)
    if (t.dims[t.dims.size() - 1 - i] != 1 && (i != channel_axis || t.elements() != channels)) return std::nullopt;
  std::vector<double> all;
  for (std::int64_t c = 0; c < channels; ++c) all.push_back(t.at(t.elements() == 1 ? 0 : c));
  return all;
}

/// scale x + offset for each channel: part of the filters before it, or a convolution of 1 x 1 a channel.
void OnnxTranslator::affine(const OnnxNode& n, const Value& v, const std::vector<double>& scale,
                            const std::vector<double>& offset) {
  copy(std::ssize(scale) + std::ssize(offset));
  const auto real = [](const std::vector<double>& all) { return std::vector<float>(all.begin(), all.end()); };
  Layer* before = mergeable(v);
  const bool channels_first = v.dims.size() < 2 || (v.held.c == v.dims[1] && v.held.n == v.dims[0]);
  if (before != nullptr && before->has_filters() && channels_first && before->out_channels == std::ssize(scale)) {
    auto& w = model_.parameters.at(before->name + "/weight");
    const bool factor = std::ranges::any_of(scale, [](double s) { return s != 1; });
    const OnnxTensor b = make_tensor(OnnxType::Float, {std::ssize(offset)}, offset);
    if (!factor) {
      add_bias(before->name, b, 1);
      return output(n, v);
    }
    if (!code_in_.contains(before->name)) {
      const auto share = w.real.size() / scale.size();
      for (std::size_t i = 0; i < w.real.size(); ++i) w.real[i] = static_cast<float>(w.real[i] * scale[i / share]);
      auto& old = model_.parameters[before->name + "/bias"];
      for (std::size_t m = 0; m < old.real.size(); ++m) old.real[m] = static_cast<float>(old.real[m] * scale[m]);
      add_bias(before->name, b, 1);
      return output(n, v);
    }
  }
  const Shape shape = shape_of(v.dims);
  Layer l{.name = layer_name(n), .type = LayerType::Conv, .inputs = {as(v, shape)}};
  l.out_channels = l.groups = shape.c;
  l.kernel = {1, 1};
  const auto name = l.name;
  Value made = add(std::move(l), {shape}, v.dims);
  model_.parameters[name + "/weight"] = {.shape = {shape.c, 1, 1, 1}, .real = real(scale), .integer = {}};
  model_.parameters[name + "/bias"] = {.shape = {shape.c}, .real = real(offset), .integer = {}};
  output(n, std::move(made));
}

void OnnxTranslator::batch_norm(const OnnxNode& n) {
  const Value v = nchw(n, 0);
  if (v.pad != Padding{}) throw OnnxRefusal{"its input is padded", "pad behind it"};
  if (n.whole("training_mode", 0) != 0 || n.whole("spatial", 1) == 0)
    throw OnnxRefusal{"it trains, or has no channels", "export the network for inference"};
  std::vector<const OnnxTensor*> all;
  for (std::size_t i = 1; i < 5; ++i) {
    all.push_back(&constant_input(n, i, "scale, bias, mean or variance"));
    if (all.back()->elements() != v.held.c)
      throw OnnxRefusal{fmt::format("input {} is {}", i, to_text(all.back()->dims)),
                        fmt::format("it has {} channels", v.held.c)};
  }
  std::vector<double> scale, offset;
  for (std::int64_t c = 0; c < v.held.c; ++c) {
    scale.push_back(all[0]->at(c) / std::sqrt(all[3]->at(c) + n.number("epsilon", 1e-5)));
    offset.push_back(all[1]->at(c) - all[2]->at(c) * scale.back());
    if (!std::isfinite(scale.back()) || !std::isfinite(offset.back()))
      throw OnnxRefusal{"its numbers are not finite", "train it again"};
  }
  affine(n, v, scale, offset);
}

void OnnxTranslator::with_constant(const OnnxNode& n, double sign, bool product) {
  const bool second = constant(n.input(1)) != nullptr;
  const Value v = unpadded(n, second ? 0 : 1);
  auto numbers = per_channel(v, *constant(n.input(second ? 1 : 0)));
  if (graph_.opset < 7 && n.whole("broadcast", 0) != 0 && n.has("axis")) numbers.reset();
  if (!numbers && second && number_.contains(v.source) && stated(v.source).type == LayerType::FullyConnected &&
      !product) {
    const auto& b = *constant(n.input(1));  // the bias of a MatMul of any rank
    if (b.elements() == stated(v.source).out_channels && !b.dims.empty() && b.dims.back() == b.elements() &&
        mergeable(v) != nullptr && sign == 1) {
      add_bias(v.source, b, 1);
      return output(n, v);
    }
  }
  if (!numbers)
    throw OnnxRefusal{fmt::format("its constant does not fit {} as one number a channel", to_text(v.dims)),
                      "give one, or one for each channel"};
  const std::vector<double> same(numbers->size(), product ? 0.0 : sign);
  if (n.op == "Div")
    for (auto& x : *numbers) x = 1 / x;
  if (n.op == "Sub" && second)
    for (auto& x : *numbers) x = -x;
  for (const double x : *numbers)
    if (!std::isfinite(x)) throw OnnxRefusal{"its constant is not finite", "give numbers"};
  affine(n, v, product ? *numbers : same, product ? same : *numbers);
}

void OnnxTranslator::both(const OnnxNode& n, LayerType type) {
  Layer l{.name = layer_name(n), .type = type};
  std::vector<Value> all;
  for (std::size_t i = 0; i < n.inputs.size(); ++i) {
    all.push_back(unpadded(n, i));
    if (all.back().dims != all[0].dims)
      throw OnnxRefusal{fmt::format("it reads {} and {}", to_text(all[0].dims), to_text(all.back().dims)),
                        "give its inputs equal shapes"};
  }
  if (all.size() == 1) return output(n, all[0]);
  if (all.empty() || all.size() > 32) throw OnnxRefusal{fmt::format("it has {} inputs", all.size()), "give it 1 to 32"};
  const bool alike = std::ranges::all_of(all, [&](const Value& v) { return v.held == all[0].held; });
  const Shape shape = alike ? all[0].held : shape_of(all[0].dims);
  for (const auto& v : all) l.inputs.push_back(as(v, shape));
  output(n, add(std::move(l), std::vector<Shape>(all.size(), shape), all[0].dims));
}

void OnnxTranslator::sum(const OnnxNode& n) {
  const auto constants = std::ranges::count_if(n.inputs, [&](const auto& in) { return constant(in) != nullptr; });
  if (constants == 1 && n.inputs.size() == 2) return with_constant(n, 1, false);
  both(n, LayerType::Add);
}

void OnnxTranslator::product(const OnnxNode& n) {
  if (constant(n.input(0)) != nullptr || constant(n.input(1)) != nullptr) return with_constant(n, 1, true);
  both(n, LayerType::Multiply);
}

void OnnxTranslator::difference(const OnnxNode& n) {
  if (constant(n.input(1)) != nullptr) return with_constant(n, 1, false);
  if (constant(n.input(0)) != nullptr) return with_constant(n, -1, false);
  throw OnnxRefusal{"not understood without a constant", "add, with weights of the other sign"};
}

void OnnxTranslator::quotient(const OnnxNode& n) {
  if (constant(n.input(1)) != nullptr) return with_constant(n, 1, true);
  throw OnnxRefusal{"not understood without a constant divisor", "multiply"};
}

}  // namespace eyrie
