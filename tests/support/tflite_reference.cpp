#include "tests/support/tflite_reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/random.hpp"
#include "interchange/tflite.hpp"
#include "workloads/forward.hpp"
#include "workloads/tflite_functions.hpp"

namespace eyrie::test {

namespace {

using I64 = std::int64_t;

/// x times a factor as gemmlowp's two steps do it: the factor as 31 bits and a power of two.
std::int32_t scaled(I64 x, double factor) {
  int power = 0;
  I64 fraction = std::llround(std::frexp(factor, &power) * 2147483648.0);
  if (fraction == 2147483648) fraction /= 2, ++power;
  if (power > 0) x *= I64{1} << power;
  I64 high = (x * fraction + (I64{1} << 30)) >> 31;
  if (power < 0) {
    const I64 half = I64{1} << (-power - 1);
    high = high >= 0 ? (high + half) >> -power : -((-high + half) >> -power);
  }
  return static_cast<std::int32_t>(high);
}

class Kernels {
 public:
  Kernels(const TfliteGraph& graph, const std::map<int, RawNumbers>& inputs) : graph_{graph}, made_{inputs} {}

  std::map<int, RawNumbers> run() {
    for (const auto& op : graph_.operators) {
      op_ = &op;
      if (op.is(TfliteOp::Conv2d)) conv(false);
      if (op.is(TfliteOp::DepthwiseConv2d)) conv(true);
      if (op.is(TfliteOp::FullyConnected)) dense();
      if (op.is(TfliteOp::Add)) add();
      if (op.is(TfliteOp::Mul)) mul();
      if (op.is(TfliteOp::AveragePool2d)) pool(false);
      if (op.is(TfliteOp::MaxPool2d)) pool(true);
      if (op.is(TfliteOp::Mean)) mean();
      if (op.is(TfliteOp::Reshape)) out() = in(0);
      if (op.is(TfliteOp::UnidirectionalSequenceLstm)) lstm();
    }
    return made_;
  }

 private:
  const TfliteTensor& tensor(int i) const { return graph_.tensors[static_cast<std::size_t>(i)]; }
  const TfliteTensor& source(std::size_t i) const { return tensor(op_->inputs[i]); }
  const TfliteTensor& result() const { return tensor(op_->outputs[0]); }
  const RawNumbers& in(std::size_t i) { return made_.at(op_->inputs[i]); }
  RawNumbers& out() { return made_[op_->outputs[0]]; }
  static I64 zero(const TfliteTensor& t) { return t.zero_points[0]; }
  static std::int8_t weight(const TfliteTensor& t, I64 i) {
    return static_cast<std::int8_t>(t.data[static_cast<std::size_t>(i)]);
  }
  I64 bias(std::size_t i, I64 channel) const {
    if (i >= op_->inputs.size() || op_->inputs[i] < 0) return 0;
    std::int32_t b;
    std::memcpy(&b, source(i).data.data() + 4 * channel, 4);
    return b;
  }

  /// To the output's zero point and range, clamped by the activation.
  std::int32_t word(std::int32_t value, int activation) const {
    const auto& t = result();
    I64 least = -128, most = 127;
    if (activation == 1 || activation == 3) least = std::max(least, zero(t));
    if (activation == 3) most = std::min<I64>(most, zero(t) + std::lround(6.0F / t.scales[0]));
    return static_cast<std::int32_t>(std::clamp<I64>(value + zero(t), least, most));
  }

  struct Window {
    I64 size, stride, dilation, before;
  };
  static Window window(I64 input, I64 size, I64 stride, I64 dilation, bool valid) {
    const I64 outputs = (input + stride - 1) / stride;
    const I64 missing = (outputs - 1) * stride + (size - 1) * dilation + 1 - input;
    return {size, stride, dilation, valid || missing < 0 ? 0 : missing / 2};
  }
  static I64 at(const std::vector<I64>& shape, I64 h, I64 w, I64 c) { return (h * shape[2] + w) * shape[3] + c; }

  void conv(bool depthwise) {
    const auto &x = source(0), &k = source(1), &y = result();
    const bool valid = op_->option<std::int8_t>(0, 0) == 1;
    const int act = op_->option<std::int8_t>(depthwise ? 4 : 3, 0), dil = depthwise ? 5 : 4;
    const auto rows = window(x.shape[1], k.shape[1], op_->option<int>(2, 0), op_->option<int>(dil + 1, 1), valid);
    const auto columns = window(x.shape[2], k.shape[2], op_->option<int>(1, 0), op_->option<int>(dil, 1), valid);
    const I64 outputs = y.shape[3], per_group = depthwise ? 1 : k.shape[3];
    const I64 groups = depthwise ? x.shape[3] : x.shape[3] / per_group;
    for (I64 p = 0; p < y.shape[1]; ++p)
      for (I64 q = 0; q < y.shape[2]; ++q)
        for (I64 m = 0; m < outputs; ++m) {
          I64 sum = bias(2, m);
          for (I64 r = 0; r < rows.size; ++r)
            for (I64 s = 0; s < columns.size; ++s) {
              const I64 h = p * rows.stride + r * rows.dilation - rows.before;
              const I64 w = q * columns.stride + s * columns.dilation - columns.before;
              if (h < 0 || h >= x.shape[1] || w < 0 || w >= x.shape[2]) continue;
              for (I64 c = 0; c < per_group; ++c) {
                const I64 channel = m / (outputs / groups) * per_group + c;
                const I64 at_weight = depthwise ? (r * columns.size + s) * outputs + m
                                                : ((m * rows.size + r) * columns.size + s) * per_group + c;
                sum += (in(0)[static_cast<std::size_t>(at(x.shape, h, w, channel))] - zero(x)) * weight(k, at_weight);
              }
            }
          const double scale = k.scales[k.scales.size() == 1 ? 0 : static_cast<std::size_t>(m)];
          out().push_back(word(scaled(sum, double{x.scales[0]} * scale / double{y.scales[0]}), act));
        }
  }

  void dense() {
    const auto &x = source(0), &k = source(1), &y = result();
    const I64 inputs = k.shape[1], outputs = k.shape[0], rows = std::ssize(in(0)) / inputs;
    for (I64 n = 0; n < rows; ++n)
      for (I64 m = 0; m < outputs; ++m) {
        I64 sum = bias(2, m);
        for (I64 c = 0; c < inputs; ++c)
          sum += (in(0)[static_cast<std::size_t>(n * inputs + c)] - zero(x)) * weight(k, m * inputs + c);
        const double factor = k.scales.size() == 1
                                  ? double{x.scales[0] * k.scales[0]} / double{y.scales[0]}
                                  : double{x.scales[0]} * k.scales[static_cast<std::size_t>(m)] / double{y.scales[0]};
        out().push_back(word(scaled(sum, factor), op_->option<std::int8_t>(0, 0)));
      }
  }

  void add() {
    const auto &a = source(0), &b = source(1), &y = result();
    const double twice = 2 * double{std::max(a.scales[0], b.scales[0])};
    for (std::size_t i = 0; i < in(0).size(); ++i) {
      const I64 left = scaled((in(0)[i] - zero(a)) * (1 << 20), a.scales[0] / twice);
      const I64 right = scaled((in(1)[i] - zero(b)) * (1 << 20), b.scales[0] / twice);
      out().push_back(
          word(scaled(left + right, twice / ((1 << 20) * double{y.scales[0]})), op_->option<std::int8_t>(0, 0)));
    }
  }

  void mul() {
    const auto &a = source(0), &b = source(1), &y = result();
    const double factor = double{a.scales[0]} * double{b.scales[0]} / double{y.scales[0]};
    for (std::size_t i = 0; i < in(0).size(); ++i)
      out().push_back(
          word(scaled((in(0)[i] - zero(a)) * (in(1)[i] - zero(b)), factor), op_->option<std::int8_t>(0, 0)));
  }

  void pool(bool largest) {
    const auto &x = source(0), &y = result();
    const bool valid = op_->option<std::int8_t>(0, 0) == 1;
    const auto rows = window(x.shape[1], op_->option<int>(4, 0), op_->option<int>(2, 0), 1, valid);
    const auto columns = window(x.shape[2], op_->option<int>(3, 0), op_->option<int>(1, 0), 1, valid);
    for (I64 p = 0; p < y.shape[1]; ++p)
      for (I64 q = 0; q < y.shape[2]; ++q)
        for (I64 c = 0; c < y.shape[3]; ++c) {
          I64 sum = 0, count = 0, most = -128;
          for (I64 r = 0; r < rows.size; ++r)
            for (I64 s = 0; s < columns.size; ++s) {
              const I64 h = p * rows.stride + r - rows.before, w = q * columns.stride + s - columns.before;
              if (h < 0 || h >= x.shape[1] || w < 0 || w >= x.shape[2]) continue;
              const I64 value = in(0)[static_cast<std::size_t>(at(x.shape, h, w, c))];
              sum += value, ++count, most = std::max(most, value);
            }
          const I64 average = sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
          const auto value = static_cast<std::int32_t>(largest ? most : average);
          out().push_back(word(value - static_cast<std::int32_t>(zero(y)), op_->option<std::int8_t>(5, 0)));
        }
  }

  /// Over rows and columns.
  void mean() {
    const auto &x = source(0), &y = result();
    const I64 count = x.shape[1] * x.shape[2];
    int power = 0, whole = 0;
    while ((I64{2} << whole) <= count) ++whole;
    I64 fraction = std::llround(std::frexp(double{x.scales[0]} / double{y.scales[0]}, &power) * 2147483648.0);
    if (fraction == 2147483648) fraction /= 2, ++power;
    fraction = (fraction << whole) / count;
    power -= whole;
    for (I64 c = 0; c < x.shape[3]; ++c) {
      I64 sum = 0;
      for (I64 i = 0; i < count; ++i) sum += in(0)[static_cast<std::size_t>(i * x.shape[3] + c)] - zero(x);
      if (power > 0) sum *= I64{1} << power;
      I64 high = (sum * fraction + (I64{1} << 30)) >> 31;
      const I64 half = power < 0 ? I64{1} << (-power - 1) : 0;
      if (power < 0) high = high >= 0 ? (high + half) >> -power : -((-high + half) >> -power);
      out().push_back(word(static_cast<std::int32_t>(high), 0));
    }
  }

  /// A step after the other; gates in the file's order: input, forget, cell, output. The two functions' tables are
  /// ours.
  void lstm() {
    const auto &x = source(0), &hidden_state = source(18), &cell_state = source(19), &y = result();
    const auto steps = static_cast<std::size_t>(x.shape[1]), features = static_cast<std::size_t>(x.shape[2]);
    const auto units = static_cast<std::size_t>(y.shape[2]);
    const double c_scale = double{cell_state.scales[0]};
    const int power = std::ilogb(c_scale);
    const auto most = static_cast<std::int32_t>(std::min(double{op_->option<float>(1, 0)} / c_scale, 32767.0));
    RawNumbers h(units, static_cast<std::int32_t>(zero(hidden_state))), c(units);
    for (std::size_t t = 0; t < steps; ++t) {
      std::array<RawNumbers, 4> gate;
      for (std::size_t k = 0; k < 4; ++k)
        for (std::size_t u = 0; u < units; ++u) {
          const auto sum = word16(I64{gate_part(&in(0)[t * features], features, u, 1 + k, x, 12 + k)} +
                                  gate_part(h.data(), units, u, 5 + k, hidden_state, 99));
          gate[k].push_back(k == 2 ? tflite_tanh(sum, -12) : tflite_sigmoid(sum));
        }
      for (std::size_t u = 0; u < units; ++u) {
        const auto kept = word16(scaled(I64{gate[1][u]} * c[u], std::ldexp(1.0, -15)));
        const auto added = word16(scaled(I64{gate[0][u]} * gate[2][u], std::ldexp(1.0, -30) / c_scale));
        c[u] = std::clamp<std::int32_t>(word16(I64{kept} + added), -most, most);
        const I64 bounded = tflite_tanh(static_cast<std::int16_t>(c[u]), power);
        h[u] = word(scaled(bounded * gate[3][u], std::ldexp(1.0, -30) / double{hidden_state.scales[0]}), 0);
      }
      out().insert(out().end(), h.begin(), h.end());
    }
  }
  static std::int16_t word16(I64 value) { return static_cast<std::int16_t>(std::clamp<I64>(value, -32768, 32767)); }
  std::int16_t gate_part(const std::int32_t* x, std::size_t count, std::size_t row, std::size_t weights,
                         const TfliteTensor& from, std::size_t biases) const {
    const auto& w = source(weights);
    I64 sum = biases < op_->inputs.size() ? bias(biases, static_cast<I64>(row)) : 0;
    for (std::size_t i = 0; i < count; ++i) sum += (x[i] - zero(from)) * weight(w, static_cast<I64>(row * count + i));
    return word16(scaled(sum, double{from.scales[0] * w.scales[0]} * 4096));
  }

  const TfliteGraph& graph_;
  std::map<int, RawNumbers> made_;
  const TfliteOperator* op_ = nullptr;
};

/// Words (channels, rows, columns) as raw numbers (rows, columns, channels).
RawNumbers raw(const Tensor& words, I64 zero) {
  const auto& s = words.shape();
  RawNumbers all;
  for (I64 n = 0; n < s.n; ++n)
    for (I64 h = 0; h < s.h; ++h)
      for (I64 w = 0; w < s.w; ++w)
        for (I64 c = 0; c < s.c; ++c) all.push_back(static_cast<std::int32_t>(words.at(n, c, h, w) + zero));
  return all;
}

}  // namespace

std::map<int, RawNumbers> raw_tensors(const TfliteGraph& graph, const std::map<int, RawNumbers>& inputs) {
  return Kernels{graph, inputs}.run();
}

RealTensor real_input(const NetworkInput& in, const TensorCode& code, const RawNumbers& numbers) {
  RealTensor real{in.shape(1)};
  std::size_t i = 0;
  for (I64 n = 0; n < in.steps; ++n)
    for (I64 h = 0; h < in.rows; ++h)
      for (I64 w = 0; w < in.columns; ++w)
        for (I64 c = 0; c < in.channels; ++c)
          real.at(n, c, h, w) = static_cast<float>(code.real(numbers[i++] - code.zero_point));
  return real;
}

std::string differences_from_kernels(std::span<const std::byte> file, std::uint64_t seed, int* compared) {
  const FlatBytes bytes{file, {"model.tflite", 0, 0}};
  const TfliteGraph graph = read_tflite_graph(bytes);
  const Model model = read_tflite(file, "model.tflite");
  std::map<int, RawNumbers> given;
  RealInputs real;
  Random random{seed, "raw inputs"};
  for (std::size_t i = 0; i < graph.inputs.size(); ++i) {
    auto& numbers = given[graph.inputs[i]];
    const auto size = graph.tensors[static_cast<std::size_t>(graph.inputs[i])].elements();
    for (I64 k = 0; k < size; ++k) numbers.push_back(static_cast<std::int32_t>(random.between(-128, 127)));
    const auto& in = model.network.inputs[i];
    real[in.name] = real_input(in, model.codes.at(in.name), numbers);
  }
  const auto expected = raw_tensors(graph, given);
  const Network network = Network::build(model.network, 1);
  const NetworkData data = eyrie::bind(network, model, real);
  const ForwardPass pass{network, kExactWidths, 1, {.data = &data}};
  for (const auto& op : graph.operators) {
    std::string name = fmt::format("{}_{}", op.name, op.number);
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto layers = network.layers();
    auto l = std::ranges::find(layers, name + "/relu", &Layer::name);
    if (l == layers.end()) l = std::ranges::find(layers, name, &Layer::name);
    if (l == layers.end() || !expected.contains(op.outputs[0]) || op.is(TfliteOp::Reshape)) continue;
    const auto index = static_cast<std::size_t>(l - layers.begin());
    const auto ours = raw(pass.output(index), data.codes[index].zero_point);
    const auto& theirs = expected.at(op.outputs[0]);
    if (ours.size() != theirs.size()) return fmt::format("{}: {} numbers, not {}", name, ours.size(), theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i)
      if (ours[i] != theirs[i]) return fmt::format("{}: number {} is {}, not {}", name, i, ours[i], theirs[i]);
    if (compared) ++*compared;
  }
  return {};
}

}  // namespace eyrie::test
