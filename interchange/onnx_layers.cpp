// Windows, functions of words, and operators that only rename coordinates.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "interchange/onnx_translator.hpp"
#include "interchange/same_padding.hpp"

namespace eyrie {

namespace {

constexpr std::int64_t kMostWindow = 1 << 16;
constexpr double kMostPadded = 1 << 24;  ///< elements that any input may have with its padding

/// Padded inputs are held as such: no dilation or Pad may blow one up.
void check_padded(const Shape& in, const Padding& p) {
  const double rows = static_cast<double>(in.h) + static_cast<double>(p.top + p.bottom);
  const double columns = static_cast<double>(in.w) + static_cast<double>(p.left + p.right);
  const double most = std::max(kMostPadded, 16.0 * static_cast<double>(in.elements()));
  if (rows * columns * static_cast<double>(in.n * in.c) > most)
    throw OnnxRefusal{fmt::format("its input is {} x {} with padding", rows, columns),
                      "make its dilation or padding smaller"};
}

/// A pair of an attribute: (rows, columns), or columns alone of a network without rows.
RowsColumns pair_of(const OnnxNode& n, const char* attribute, std::size_t spatial, std::int64_t least = 1) {
  const auto all = n.wholes(attribute);
  if (all.empty()) return {1, 1};
  if (all.size() != spatial)
    throw OnnxRefusal{fmt::format("{} has {} numbers", attribute, all.size()),
                      fmt::format("its input wants {}", spatial)};
  for (const auto v : all)
    if (v < least || v > kMostWindow)
      throw OnnxRefusal{fmt::format("{} holds {}", attribute, v),
                        fmt::format("{} to {} are possible", least, kMostWindow)};
  return spatial == 1 ? RowsColumns{1, all[0]} : RowsColumns{all[0], all[1]};
}

Padding padding_of(const std::vector<std::int64_t>& pads, std::size_t spatial) {
  if (pads.empty()) return {};
  if (pads.size() != 2 * spatial)
    throw OnnxRefusal{fmt::format("pads has {} numbers", pads.size()), "give two a dimension"};
  for (const auto p : pads)
    if (p < 0 || p > kMostWindow)
      throw OnnxRefusal{fmt::format("pads holds {}", p), fmt::format("0 to {} are possible", kMostWindow)};
  if (spatial == 1) return {.top = 0, .bottom = 0, .left = pads[0], .right = pads[1]};
  return {.top = pads[0], .bottom = pads[2], .left = pads[1], .right = pads[3]};
}

/// What a layer puts out, with as many dimensions as its input had.
std::vector<std::int64_t> dims_like(const Shape& s, std::size_t rank) {
  if (rank == 2) return {s.n, s.c};
  return rank == 3 ? std::vector<std::int64_t>{s.n, s.c, s.w} : std::vector<std::int64_t>{s.n, s.c, s.h, s.w};
}

}  // namespace

void OnnxTranslator::window(const OnnxNode& n, Layer& l, const Value& v, RowsColumns kernel) {
  const auto spatial = v.dims.size() - 2;
  l.kernel = kernel;
  l.stride = pair_of(n, "strides", spatial);
  l.dilation = pair_of(n, "dilations", spatial);
  const auto kind = n.text("auto_pad", "NOTSET");
  if (kind == "SAME_UPPER" || kind == "SAME_LOWER") {
    auto rows = same_padding(v.held.h, l.kernel.rows, l.dilation.rows, l.stride.rows);
    auto columns = same_padding(v.held.w, l.kernel.columns, l.dilation.columns, l.stride.columns);
    if (kind == "SAME_LOWER") {  // the odd one before
      std::swap(rows.first, rows.second);
      std::swap(columns.first, columns.second);
    }
    l.padding = {.top = rows.first, .bottom = rows.second, .left = columns.first, .right = columns.second};
  } else if (kind == "NOTSET" || kind.empty()) {
    l.padding = padding_of(n.wholes("pads"), spatial);
  } else if (kind != "VALID") {
    throw OnnxRefusal{fmt::format("auto_pad is {}", kind), "SAME_UPPER, SAME_LOWER, VALID and NOTSET are understood"};
  }
  l.padding.top += v.pad.top;
  l.padding.bottom += v.pad.bottom;
  l.padding.left += v.pad.left;
  l.padding.right += v.pad.right;
  check_padded(v.held, l.padding);
}

void OnnxTranslator::conv(const OnnxNode& n) {
  const Value v = nchw(n, 0);
  if (v.dims.size() < 3) throw OnnxRefusal{"its input has no columns", "convolve over rows and columns"};
  const bool given = n.domain == "" && n.op == "Conv";
  const auto w = given ? filter_numbers(n, 1) : FilterNumbers{.numbers = {}, .coded = coded_constant(n, 3, 4, 5, 0)};
  const auto& dims = w.coded ? w.coded->raw.dims : w.numbers.dims;
  if (dims.size() != v.dims.size() || elements_of(dims).value_or(0) == 0)
    throw OnnxRefusal{fmt::format("its filters are {}, and its input has {} dimensions", to_text(dims), v.dims.size()),
                      "give both as many"};
  Layer l{.name = layer_name(n), .type = LayerType::Conv, .inputs = {v.source}};
  l.out_channels = dims[0];
  l.groups = n.whole("group", 1);
  const std::size_t bias = given ? 2 : 8;
  l.bias = !n.input(bias).empty();
  const RowsColumns kernel{dims.size() == 3 ? 1 : dims[2], dims.back()};
  if (n.has("kernel_shape") && pair_of(n, "kernel_shape", dims.size() - 2) != kernel)
    throw OnnxRefusal{fmt::format("kernel_shape is not that of its filters ({})", to_text(dims)),
                      "leave one of the two out"};
  if (l.groups < 1 || dims[0] % l.groups != 0 || v.held.c != dims[1] * l.groups)
    throw OnnxRefusal{fmt::format("filters of {} in {} groups read {} channels", to_text(dims), l.groups, v.held.c),
                      "channels are those of a filter times the groups"};
  window(n, l, v, kernel);
  const auto name = l.name;
  Value made = filters(std::move(l), v, v.held, w, {});
  made.dims = dims_like(made.held, v.dims.size());
  if (given && !n.input(2).empty()) {
    const auto& b = constant_input(n, 2, "bias");
    if (b.elements() != dims[0])
      throw OnnxRefusal{fmt::format("its bias is {}", to_text(b.dims)), fmt::format("it has {} numbers", dims[0])};
    add_bias(name, b, 1);
  }
  if (given) return output(n, std::move(made));
  if (!n.input(8).empty()) add_bias(name, constant_input(n, 8, "bias"), 1);
  coded_output(n, std::move(made), 6, 7);
}

void OnnxTranslator::pool(const OnnxNode& n) {
  const Value v = nchw(n, 0);
  const bool maximum = n.op == "MaxPool";
  if (v.dims.size() < 3 || n.wholes("kernel_shape").empty())
    throw OnnxRefusal{"it has no rows and columns, or no kernel_shape", "pool over rows and columns"};
  Layer l{.name = layer_name(n), .type = maximum ? LayerType::MaxPool : LayerType::AveragePool, .inputs = {v.source}};
  window(n, l, v, pair_of(n, "kernel_shape", v.dims.size() - 2));
  l.ceil_mode = n.whole("ceil_mode", 0) != 0;
  if (l.dilation != RowsColumns{1, 1}) throw OnnxRefusal{"not understood with dilations", "pool without them"};
  if (v.pad != Padding{} || (!maximum && n.whole("count_include_pad", 0) != 0 && l.padding != Padding{}))
    throw OnnxRefusal{"its windows count padding as zeros",
                      "export it with count_include_pad = 0: windows hold what lies inside"};
  if (n.whole("storage_order", 0) != 0) throw OnnxRefusal{"not understood with storage_order", "leave it out"};
  const bool rounded = l.ceil_mode;
  Value made = add(std::move(l), {v.held});
  if (rounded) {  // a last window that would begin in the padding is dropped, as training frameworks do; ONNX keeps it
    const auto& p = stated(made.source);
    const auto want = [](std::int64_t in, std::int64_t pads, std::int64_t kernel, std::int64_t stride) {
      return (in + pads - kernel + stride - 1) / stride + 1;
    };
    if (made.held.h != want(v.held.h, p.padding.top + p.padding.bottom, p.kernel.rows, p.stride.rows) ||
        made.held.w != want(v.held.w, p.padding.left + p.padding.right, p.kernel.columns, p.stride.columns))
      throw OnnxRefusal{"a last window of its ceil_mode lies in the padding", "export it without that window"};
  }
  made.dims = dims_like(made.held, v.dims.size());
  made.raw = v.raw;
  output(n, std::move(made));
}

void OnnxTranslator::global_pool(const OnnxNode& n) {
  const Value v = nchw(n, 0);
  if (v.pad != Padding{}) throw OnnxRefusal{"its input is padded", "pool what lies inside"};
  Layer l{.name = layer_name(n), .inputs = {v.source}};
  l.type = n.op == "GlobalMaxPool" ? LayerType::MaxPool : LayerType::AveragePool;
  l.global = true;
  Value made = add(std::move(l), {v.held});
  made.dims = dims_like(made.held, v.dims.size());
  output(n, std::move(made));
}

void OnnxTranslator::reduce_mean(const OnnxNode& n) {
  const Value v = nchw(n, 0);
  if (v.pad != Padding{}) throw OnnxRefusal{"its input is padded", "average what lies inside"};
  const auto rank = v.dims.size();
  const auto axes = axes_of(n, n.input(1).empty() ? nullptr : &constant_input(n, 1, "axes"));
  std::vector<bool> gone(rank, false);
  for (const auto a : axes) gone[axis_of(a, rank)] = true;
  const bool columns = rank > 2 && gone[rank - 1], rows = rank == 4 ? gone[2] : columns;
  if (axes.empty() || gone[0] || gone[1] || (!rows && !columns))
    throw OnnxRefusal{"it averages over other dimensions than rows and columns", "average over those"};
  Layer l{.name = layer_name(n), .type = LayerType::ReduceMean, .inputs = {v.source}};
  l.mean_axis = rows && columns ? MeanAxis::Both : rows ? MeanAxis::Rows : MeanAxis::Columns;
  Value made = add(std::move(l), {v.held});
  made.dims.clear();
  for (std::size_t i = 0; i < rank; ++i)
    if (!gone[i])
      made.dims.push_back(v.dims[i]);
    else if (n.whole("keepdims", 1) != 0)
      made.dims.push_back(1);
  output(n, std::move(made));
}

void OnnxTranslator::apply_activation(const OnnxNode& n, Activation f) {
  const Value v = unpadded(n, 0);
  if (Layer* before = mergeable(v)) {
    before->activation = f;
    if (f == Activation::Sigmoid || f == Activation::Tanh) before->activation = Activation::None;
    if (before->activation == f) return output(n, v);
  }
  Layer l{.name = layer_name(n), .inputs = {v.source}};
  l.type = f == Activation::Relu      ? LayerType::Relu
           : f == Activation::Relu6   ? LayerType::Relu6
           : f == Activation::Sigmoid ? LayerType::Sigmoid
                                      : LayerType::Tanh;
  output(n, add(std::move(l), {v.held}, v.dims));
}

void OnnxTranslator::activation(const OnnxNode& n) {
  apply_activation(n, n.op == "Relu" ? Activation::Relu : n.op == "Sigmoid" ? Activation::Sigmoid : Activation::Tanh);
}

void OnnxTranslator::clip(const OnnxNode& n) {
  const auto bound = [&](std::size_t i, const char* key, double otherwise) {
    if (n.has(key)) return n.number(key, otherwise);
    if (n.input(i).empty()) return otherwise;
    const auto& t = constant_input(n, i, key);
    if (t.elements() != 1) throw OnnxRefusal{fmt::format("its {} is {}", key, to_text(t.dims)), "give one number"};
    return t.at(0);
  };
  const double least = bound(1, "min", -INFINITY), most = bound(2, "max", INFINITY);
  const auto unbounded = [](double v) { return std::abs(v) >= 3e38; };
  if (unbounded(least) && unbounded(most)) return identity(n);
  if (least == 0 && most == 6) return apply_activation(n, Activation::Relu6);
  if (least == 0 && unbounded(most)) return apply_activation(n, Activation::Relu);
  throw OnnxRefusal{fmt::format("it clips to {} and {}", least, most), "0 and 6, or 0 alone, are understood"};
}

void OnnxTranslator::concat(const OnnxNode& n) {
  std::vector<Value> all;
  for (std::size_t i = 0; i < n.inputs.size(); ++i) all.push_back(unpadded(n, i));
  join(n, all);
}

void OnnxTranslator::join(const OnnxNode& n, const std::vector<Value>& all) {
  if (all.empty()) throw OnnxRefusal{"it joins nothing", "give it inputs"};
  const auto rank = all[0].dims.size();
  if (rank < 2 || rank > 4)
    throw OnnxRefusal{fmt::format("its input has {} dimensions", rank), "join channels, rows or columns"};
  const auto axis = axis_of(n.whole("axis", 1), rank);
  Layer l{.name = layer_name(n), .type = LayerType::Concat};
  std::vector<Shape> sources;
  Dims dims = all[0].dims;
  dims[axis] = 0;
  for (const auto& v : all) {
    if (v.dims.size() != rank) throw OnnxRefusal{"its inputs have several ranks", "give them one"};
    sources.push_back(shape_of(v.dims));
    l.inputs.push_back(as(v, sources.back()));
    dims[axis] += v.dims[axis];
  }
  if (axis == 0) throw OnnxRefusal{"it joins batches", "join channels, rows or columns"};
  l.concat_axis = axis == 1 ? ConcatAxis::Channels : axis == 2 && rank == 4 ? ConcatAxis::Rows : ConcatAxis::Columns;
  if (all.size() == 1) return output(n, all[0]);
  output(n, add(std::move(l), std::move(sources), dims));
}

void OnnxTranslator::identity(const OnnxNode& n) { output(n, value(n, 0)); }

void OnnxTranslator::dropout(const OnnxNode& n) {
  if (!n.input(2).empty())
    if (const auto& training = constant_input(n, 2, "training_mode"); training.elements() != 1 || training.at(0) != 0)
      throw OnnxRefusal{"it drops words", "export the network for inference"};
  identity(n);
}

void OnnxTranslator::cast(const OnnxNode& n) {
  const Value v = value(n, 0);
  if (!is_real(static_cast<OnnxType>(n.whole("to", 0))))
    throw OnnxRefusal{"it makes whole numbers of real ones", "quantise with QuantizeLinear"};
  Value made = v;
  made.raw = false;
  output(n, std::move(made));
}

void OnnxTranslator::flatten(const OnnxNode& n) {
  const auto dims = value(n, 0).dims;
  const auto a = n.whole("axis", 1), rank = std::ssize(dims);
  if (a < -rank || a > rank) throw OnnxRefusal{fmt::format("axis {}", a), "name one that its input has"};
  std::int64_t outer = 1, inner = 1;
  for (std::int64_t i = 0; i < rank; ++i)
    (i < (a < 0 ? a + rank : a) ? outer : inner) *= dims[static_cast<std::size_t>(i)];
  alias(n, {outer, inner});
}

void OnnxTranslator::reshape(const OnnxNode& n) {
  const auto& wanted = constant_input(n, 1, "shape");
  alias(n, reshaped_dims(value(n, 0).dims, wanted.wholes(), n.whole("allowzero", 0) != 0));
}

void OnnxTranslator::squeeze(const OnnxNode& n) {
  alias(n, squeezed_dims(value(n, 0).dims, axes_of(n, n.input(1).empty() ? nullptr : &constant_input(n, 1, "axes"))));
}

void OnnxTranslator::unsqueeze(const OnnxNode& n) {
  alias(n, unsqueezed_dims(value(n, 0).dims, axes_of(n, n.input(1).empty() ? nullptr : &constant_input(n, 1, "axes"))));
}

/// Harmless where only dimensions of one move; two neighbouring blocks behind the batch that change places are a
/// shuffle of channels.
void OnnxTranslator::transpose(const OnnxNode& n) {
  Value v = unpadded(n, 0);
  const auto perm = permutation_of(n, v.dims.size());
  Dims dims;
  std::vector<std::size_t> moved;  // axes that matter, in their new order
  for (const auto p : perm) {
    dims.push_back(v.dims[p]);
    if (v.dims[p] > 1) moved.push_back(p);
  }
  if (std::ranges::is_sorted(moved)) return alias(n, std::move(dims));
  std::size_t first = 0;
  auto sorted = moved;
  std::ranges::sort(sorted);
  while (moved[first] == sorted[first]) ++first;
  auto last = moved.size();
  while (moved[last - 1] == sorted[last - 1]) --last;
  const auto split = static_cast<std::size_t>(std::ranges::find(moved, sorted[first]) - moved.begin());
  const bool blocks = std::is_sorted(moved.begin() + static_cast<std::ptrdiff_t>(first),
                                     moved.begin() + static_cast<std::ptrdiff_t>(split)) &&
                      std::is_sorted(moved.begin() + static_cast<std::ptrdiff_t>(split),
                                     moved.begin() + static_cast<std::ptrdiff_t>(last));
  std::int64_t before = 1, a = 1, b = 1, behind = 1;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i < first) before *= v.dims[sorted[i]];
    if (i >= last) behind *= v.dims[sorted[i]];
  }
  for (auto i = first; i < last; ++i) (i < split ? b : a) *= v.dims[moved[i]];
  if (!blocks || before != v.held.n || (sorted[first] == 0 && v.held.n > 1))
    throw OnnxRefusal{"not understood where it is no shuffle of channels",
                      "move one block of dimensions past another, behind the batch"};
  const Shape shape{before, a * b, behind, 1};
  Layer l{.name = layer_name(n), .type = LayerType::ChannelShuffle, .inputs = {as(v, shape)}};
  l.groups = a;
  Value made = add(std::move(l), {shape}, std::move(dims));
  made.raw = v.raw;
  output(n, std::move(made));
}

void OnnxTranslator::pad(const OnnxNode& n) {
  Value v = value(n, 0);
  const auto rank = v.dims.size();
  if (n.text("mode", "constant") != "constant")
    throw OnnxRefusal{fmt::format("mode is {}", n.text("mode", "")), "pad with zeros"};
  auto pads = n.has("pads") ? n.wholes("pads") : constant_input(n, 1, "pads").wholes();
  const double with = n.has("value")                                           ? n.number("value", 0)
                      : n.input(2).empty()                                     ? 0
                      : constant_input(n, 2, "constant_value").elements() == 1 ? constant_input(n, 2, "").at(0)
                                                                               : NAN;
  const bool zero =
      v.raw ? has_code(v.source) && with == static_cast<double>(model_.codes.at(v.source).zero_point) : with == 0;
  if (!zero) throw OnnxRefusal{fmt::format("it pads with {}", with), "pad with zeros"};
  if (!n.input(3).empty()) {
    const auto axes = constant_input(n, 3, "axes").wholes();
    std::vector<std::int64_t> all(2 * rank, 0);
    if (pads.size() != 2 * axes.size()) throw OnnxRefusal{"pads and axes do not fit", "give two numbers an axis"};
    for (std::size_t i = 0; i < axes.size(); ++i) {
      all[axis_of(axes[i], rank)] = pads[i];
      all[rank + axis_of(axes[i], rank)] = pads[axes.size() + i];
    }
    pads = all;
  }
  if (rank < 3 || rank > 4 || pads.size() != 2 * rank || pads[0] != 0 || pads[1] != 0 || pads[rank] != 0 ||
      pads[rank + 1] != 0)
    throw OnnxRefusal{"it pads other dimensions than rows and columns", "pad those"};
  pads.erase(pads.begin() + static_cast<std::ptrdiff_t>(rank), pads.begin() + static_cast<std::ptrdiff_t>(rank) + 2);
  pads.erase(pads.begin(), pads.begin() + 2);
  const Padding p = padding_of(pads, rank - 2);
  v.pad.top += p.top;
  v.pad.bottom += p.bottom;
  v.pad.left += p.left;
  v.pad.right += p.right;
  if (v.pad.top + v.pad.bottom + v.pad.left + v.pad.right > 4 * kMostWindow)
    throw OnnxRefusal{"the padding adds up", "pad less"};
  output(n, std::move(v));
}

void OnnxTranslator::lrn(const OnnxNode& n) {
  const Value v = nchw(n, 0);
  if (v.pad != Padding{}) throw OnnxRefusal{"its input is padded", "normalise what lies inside"};
  Layer l{.name = layer_name(n), .type = LayerType::Lrn, .inputs = {v.source}};
  l.lrn_size = n.whole("size", 0);
  l.lrn_alpha = n.number("alpha", 0.0001);
  l.lrn_beta = n.number("beta", 0.75);
  l.lrn_k = n.number("bias", 1.0);
  if (l.lrn_size < 1 || l.lrn_size > 1024 || l.lrn_size % 2 == 0)
    throw OnnxRefusal{fmt::format("its size is {}", l.lrn_size), "odd numbers of channels are understood"};
  output(n, add(std::move(l), {v.held}, v.dims));
}

/// Over the one dimension that is not 1, or over channels. A logarithm behind it is left out: it moves no class.
void OnnxTranslator::softmax(const OnnxNode& n) {
  const Value v = unpadded(n, 0);
  const auto rank = v.dims.size();
  const auto axis = axis_of(n.whole("axis", graph_.opset < 13 ? 1 : -1), rank);
  std::int64_t outer = 1, behind = 1;
  for (std::size_t i = 0; i < axis; ++i) outer *= v.dims[i];
  for (auto i = axis + 1; i < rank; ++i) behind *= v.dims[i];
  const bool flattened = graph_.opset < 13;  // everything from the axis on
  const auto channels = flattened ? v.dims[axis] * behind : v.dims[axis];
  if (n.op == "LogSoftmax" && std::ranges::any_of(n.outputs, [&](const auto& o) {
        return std::ranges::none_of(graph_.outputs, [&](const auto& g) { return g.name == o; });
      }))
    throw OnnxRefusal{"not understood in the middle of a network", "end the network with it"};
  const Shape shape{outer, channels, flattened ? 1 : behind, 1};
  if (outer != v.held.n && v.held.n != 1)
    throw OnnxRefusal{"it runs over other dimensions than channels", "use axis 1"};
  Layer l{.name = layer_name(n), .type = LayerType::Softmax, .inputs = {as(v, shape)}};
  output(n, add(std::move(l), {shape}, v.dims));
}

}  // namespace eyrie
