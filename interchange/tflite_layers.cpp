#include <fmt/format.h>

#include <algorithm>

#include "interchange/same_padding.hpp"
#include "interchange/tflite_import.hpp"

namespace eyrie {

namespace {

constexpr std::int64_t kMostPadding = 65536;
constexpr double kMostPadded = 1 << 24;  ///< elements that any input may have with its padding

}  // namespace

/// Padded inputs are held as such: no dilation or PAD may blow one up.
bool TfliteImporter::padded_is_usable(const Operator& op, const Layer& l, const TfliteForm& f) {
  const double rows = static_cast<double>(f.rows) + static_cast<double>(l.padding.top + l.padding.bottom);
  const double columns = static_cast<double>(f.columns) + static_cast<double>(l.padding.left + l.padding.right);
  const double most = std::max(kMostPadded, 16.0 * static_cast<double>(f.positions() * f.channels));
  if (rows * columns * static_cast<double>(f.channels) <= most) return true;
  wrong(op, fmt::format("its input is {} x {} with padding", rows, columns), "make its dilation or padding smaller");
  return false;
}

/// Fills in the padding of a layer that has kernel, stride and dilation.
bool TfliteImporter::window(const Operator& op, Layer& l, const TfliteValue& in, std::int8_t padding) {
  const bool positive = l.stride.rows > 0 && l.stride.columns > 0 && l.dilation.rows > 0 && l.dilation.columns > 0 &&
                        l.kernel.rows > 0 && l.kernel.columns > 0;
  if (!positive || padding < 0 || padding > 1) {
    wrong(op, "its window has strides, dilations, extents or a padding that can't be",
          "strides, dilations and extents are at least 1, padding is SAME (0) or VALID (1)");
    return false;
  }
  l.padding = in.pad;
  if (padding == 1) return padded_is_usable(op, l, in.form);
  const auto rows =
      same_padding(in.form.rows + in.pad.top + in.pad.bottom, l.kernel.rows, l.dilation.rows, l.stride.rows);
  const auto columns = same_padding(in.form.columns + in.pad.left + in.pad.right, l.kernel.columns, l.dilation.columns,
                                    l.stride.columns);
  l.padding.top += rows.first;
  l.padding.bottom += rows.second;
  l.padding.left += columns.first;
  l.padding.right += columns.second;
  return padded_is_usable(op, l, in.form);
}

/// Conv2DOptions: padding, stride_w, stride_h, activation, dilation_w, dilation_h. Weights (out, rows, columns, in).
void TfliteImporter::conv(const Operator& op) {
  const auto* in = value(op, 0, true);
  const auto* w = given(op, 1);
  if (!in) return;
  const bool fits = w && w->shape.size() == 4 && w->elements() > 0 && in->form.channels % w->shape[3] == 0;
  if (!fits || in->form.sequence)
    return wrong(op, "its weights are not (out, rows, columns, in) with an `in` that divides the channels it reads",
                 "get the file again, or export it again");
  Layer& l = layer(op, LayerType::Conv, {in->maker});
  const std::string name = l.name;
  l.out_channels = w->shape[0];
  l.groups = in->form.channels / w->shape[3];
  l.kernel = {w->shape[1], w->shape[2]};
  l.stride = {op.option<std::int32_t>(2, 0), op.option<std::int32_t>(1, 0)};
  l.dilation = {op.option<std::int32_t>(5, 1), op.option<std::int32_t>(4, 1)};
  l.bias = given(op, 2) != nullptr;
  const auto rows = w->shape[1], columns = w->shape[2], each = w->shape[3], out = w->shape[0];
  if (!window(op, l, *in, op.option<std::int8_t>(0, 0)) || !activation(op, op.option<std::int8_t>(3, 0), l)) return;
  if (!add_filters(op, name, 1, {out, each, rows, columns}, {rows * columns * each, 1, columns * each, each}, 0))
    return;
  if (add_bias(op, name, 2, out)) made(op, name);
}

/// DepthwiseConv2DOptions: padding, stride_w, stride_h, multiplier, activation, dilation_w, dilation_h. Weights (1,
/// rows, columns, out); output channel g x multiplier + m reads channel g.
void TfliteImporter::depthwise(const Operator& op) {
  const auto* in = value(op, 0, true);
  const auto* w = given(op, 1);
  if (!in) return;
  const bool fits =
      w && w->shape.size() == 4 && w->elements() > 0 && w->shape[0] == 1 && w->shape[3] % in->form.channels == 0;
  if (!fits || in->form.sequence)
    return wrong(op, "its weights are not (1, rows, columns, a multiple of the channels it reads)",
                 "get the file again, or export it again");
  Layer& l = layer(op, LayerType::Conv, {in->maker});
  const std::string name = l.name;
  const auto rows = w->shape[1], columns = w->shape[2], out = w->shape[3];
  l.out_channels = out;
  l.groups = in->form.channels;
  l.kernel = {rows, columns};
  l.stride = {op.option<std::int32_t>(2, 0), op.option<std::int32_t>(1, 0)};
  l.dilation = {op.option<std::int32_t>(6, 1), op.option<std::int32_t>(5, 1)};
  l.bias = given(op, 2) != nullptr;
  if (!window(op, l, *in, op.option<std::int8_t>(0, 0)) || !activation(op, op.option<std::int8_t>(4, 0), l)) return;
  if (!add_filters(op, name, 1, {out, 1, rows, columns}, {1, 0, columns * out, out}, 3)) return;
  if (add_bias(op, name, 2, out)) made(op, name);
}

/// FullyConnectedOptions: activation, weights_format, keep_num_dims. Weights (out, in); `in` runs over rows, columns,
/// channels of what is read.
void TfliteImporter::fully_connected(const Operator& op) {
  const auto* in = value(op, 0);
  const auto* w = given(op, 1);
  if (!in) return;
  const auto& f = in->form;
  const bool matrix = w && w->shape.size() == 2 && w->elements() > 0 && op.option<std::int8_t>(1, 0) == 0;
  const bool whole = matrix && w->shape[1] == f.positions() * f.channels;
  const bool by_position = matrix && !whole && w->shape[1] == f.channels && !f.permuted();
  if (!whole && !by_position)
    return wrong(op, "its weights are not (out, in) with as many inputs as it reads", "export it with plain weights");
  const auto out = w->shape[0];
  Layer& l = layer(op, by_position ? LayerType::Conv : LayerType::FullyConnected, {in->maker});
  const std::string name = l.name;
  l.out_channels = out;
  l.bias = given(op, 2) != nullptr;
  if (by_position) l.kernel = {1, 1};
  if (!activation(op, op.option<std::int8_t>(0, 0), l)) return;
  const auto rows = f.permuted() ? f.was_rows : by_position ? 1 : f.rows;
  const auto columns = f.permuted() ? f.was_columns : by_position ? 1 : f.columns;
  const auto channels = w->shape[1] / (rows * columns);
  if (!add_filters(op, name, 1, {out, channels, rows, columns}, {w->shape[1], 1, columns * channels, channels}, 0))
    return;
  if (f.permuted()) model_.parameters[name + "/weight"].shape = {out, w->shape[1], 1, 1};
  if (by_position) model_.parameters[name + "/weight"].shape = {out, channels};  // `bind` tells it from CONV_2D by this
  if (!add_bias(op, name, 2, out)) return;
  TfliteForm to = f;
  to.channels = out;
  if (whole) to.rows = to.columns = 1;
  to.was_rows = to.was_columns = 1;
  made(op, name, to);
}

/// Pool2DOptions: padding, stride_w, stride_h, filter_width, filter_height, activation. Words keep their scale.
void TfliteImporter::pool(const Operator& op) {
  const auto* in = value(op, 0);
  if (!in || !same_codes(op, 0)) return;
  if (in->form.sequence) return wrong(op, "it pools a sequence", "pool images");
  Layer& l = layer(op, op.is(TfliteOp::MaxPool2d) ? LayerType::MaxPool : LayerType::AveragePool, {in->maker});
  std::string name = l.name;
  l.kernel = {op.option<std::int32_t>(4, 0), op.option<std::int32_t>(3, 0)};
  l.stride = {op.option<std::int32_t>(2, 0), op.option<std::int32_t>(1, 0)};
  Layer after;  // a clamp of its own: pools have none
  if (!window(op, l, *in, op.option<std::int8_t>(0, 0)) || !activation(op, op.option<std::int8_t>(5, 0), after)) return;
  made(op, name);
  if (after.activation == Activation::None) return;
  name = layer(op, after.activation == Activation::Relu ? LayerType::Relu : LayerType::Relu6, {name}, "/relu").name;
  made(op, name);
}

/// ReducerOptions: keep_dims. Axes are a constant.
void TfliteImporter::mean(const Operator& op) {
  const auto* in = value(op, 0);
  if (!in) return;
  auto axes = whole_numbers(op, 1);
  if (!axes) return;
  const auto rank = std::ssize(tensor(op.inputs[0]).shape);
  for (auto& a : *axes)
    if (a < 0) a += rank;
  std::ranges::sort(*axes);
  const auto is = [&](std::vector<std::int64_t> wanted) { return *axes == wanted; };
  const bool image = rank == 4 && !in->form.sequence;
  std::optional<MeanAxis> axis;
  if (image && is({1, 2})) axis = MeanAxis::Both;
  if (image && is({1})) axis = MeanAxis::Rows;
  if (image && is({2})) axis = MeanAxis::Columns;
  if (rank == 3 && in->form.sequence && tensor(op.inputs[0]).shape[0] == 1 && is({1})) axis = MeanAxis::Steps;
  if (!axis)
    return wrong(op, fmt::format("it averages the axes {} of {}", fmt::join(*axes, ", "), rank),
                 "average rows, columns or both of an image, or the steps of a sequence");
  Layer& l = layer(op, LayerType::ReduceMean, {in->maker});
  l.mean_axis = *axis;
  TfliteForm to = in->form;
  if (axis == MeanAxis::Rows || axis == MeanAxis::Both) to.rows = 1;
  if (axis == MeanAxis::Columns || axis == MeanAxis::Both) to.columns = 1;
  if (axis == MeanAxis::Steps) to = {.channels = to.channels};
  const std::string name = l.name;
  made(op, name, to);
}

/// ADD and MUL of two computed tensors of one shape. Options: activation.
void TfliteImporter::element_by_element(const Operator& op) {
  const auto* a = value(op, 0);
  const auto* b = value(op, 1);
  if (!a || !b) return;
  if (a->form != b->form)
    return wrong(op, "its inputs have different shapes, or one is flattened from another",
                 "both inputs have one shape; nothing is repeated to fit");
  Layer& l = layer(op, op.is(TfliteOp::Add) ? LayerType::Add : LayerType::Multiply, {a->maker, b->maker});
  const std::string name = l.name;
  if (activation(op, op.option<std::int8_t>(0, 0), l)) made(op, name, a->form);
}

/// ConcatenationOptions: axis, activation.
void TfliteImporter::concatenation(const Operator& op) {
  std::vector<std::string> makers;
  TfliteForm to;
  for (std::size_t i = 0; i < op.inputs.size(); ++i) {
    const auto* in = value(op, i);
    if (!in || !same_codes(op, i)) return;
    if (in->form.permuted())
      return wrong(op, "it joins what was flattened from rows and columns", "join before flattening");
    makers.push_back(in->maker);
    to = in->form;
  }
  const auto rank = std::ssize(tensor(op.outputs[0]).shape);
  auto axis = static_cast<std::int64_t>(op.option<std::int32_t>(0, 0));
  if (axis < 0) axis += rank;
  const bool channels = axis == rank - 1 && axis > 0, rows = rank == 4 && axis == 1, columns = rank == 4 && axis == 2;
  if (makers.size() < 2 || (!channels && !rows && !columns))
    return wrong(op, fmt::format("it joins {} tensors along axis {} of {}", makers.size(), axis, rank),
                 "join two or more along channels, rows or columns");
  Layer& l = layer(op, LayerType::Concat, std::move(makers));
  const std::string name = l.name;
  l.concat_axis = channels ? ConcatAxis::Channels : rows ? ConcatAxis::Rows : ConcatAxis::Columns;
  if (activation(op, op.option<std::int8_t>(1, 0), l)) made(op, name);
}

/// SoftmaxOptions: beta.
void TfliteImporter::softmax(const Operator& op) {
  const auto* in = value(op, 0);
  if (!in) return;
  if (const auto beta = op.option<float>(0, 0); beta != 1.0F)
    return wrong(op, fmt::format("its beta is {}", beta), "softmax is understood with a beta of 1");
  const auto f = in->form;
  made(op, layer(op, LayerType::Softmax, {in->maker}).name, f);
}

void TfliteImporter::function(const Operator& op) {
  const auto* in = value(op, 0);
  if (!in) return;
  const auto type = op.is(TfliteOp::Relu)       ? LayerType::Relu
                    : op.is(TfliteOp::Relu6)    ? LayerType::Relu6
                    : op.is(TfliteOp::Logistic) ? LayerType::Sigmoid
                                                : LayerType::Tanh;
  const auto f = in->form;
  made(op, layer(op, type, {in->maker}).name, f);
}

/// Zeros around an image become padding of the convolutions that read it.
void TfliteImporter::pad(const Operator& op) {
  const auto* in = value(op, 0, true);
  if (!in || !same_codes(op, 0)) return;
  const auto amounts = whole_numbers(op, 1);
  if (!amounts) return;
  const auto usable = [](std::int64_t n) { return n >= 0 && n <= kMostPadding; };
  const bool image = amounts->size() == 8 && tensor(op.inputs[0]).shape.size() == 4 && !in->form.sequence;
  if (!image || (*amounts)[0] != 0 || (*amounts)[1] != 0 || (*amounts)[6] != 0 || (*amounts)[7] != 0 ||
      !std::ranges::all_of(*amounts, usable))
    return wrong(op, "it pads more than rows and columns of an image", "pad rows and columns, by 0 to 65536");
  if (std::ranges::count(graph_.outputs, op.outputs[0]) != 0)
    return wrong(op, "it makes the network's output", "PAD is understood before convolutions");
  TfliteValue v = *in;
  v.pad.top += (*amounts)[2];
  v.pad.bottom += (*amounts)[3];
  v.pad.left += (*amounts)[4];
  v.pad.right += (*amounts)[5];
  values_[static_cast<std::size_t>(op.outputs[0])] = v;
}

}  // namespace eyrie
