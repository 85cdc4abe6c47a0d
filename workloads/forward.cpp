#include "workloads/forward.hpp"

#include <algorithm>
#include <cmath>

#include "base/ensure.hpp"
#include "base/random.hpp"
#include "workloads/reference.hpp"

namespace eyrie {

static std::int64_t largest(Bits width) { return (std::int64_t{1} << (width.count() - 1)) - 1; }

static double rms(const Tensor& t) {
  double squares = 0;
  for (auto v : t.data()) squares += static_cast<double>(v) * v;
  return std::sqrt(squares / std::max<double>(1, static_cast<double>(t.data().size())));
}

static double zero_share(const Tensor& t) {
  return static_cast<double>(std::ranges::count(t.data(), 0)) /
         std::max<double>(1, static_cast<double>(t.data().size()));
}

Tensor seeded_weights(const Layer& layer, Bits width, std::uint64_t seed) {
  const Shape shape =
      layer.type == LayerType::Conv
          ? Shape{layer.out_channels, layer.input.c / layer.groups, layer.kernel.rows, layer.kernel.columns}
          : Shape{layer.out_channels, layer.input.c, layer.input.h, layer.input.w};
  Tensor weights{shape};
  Random random{seed, "weights/" + layer.name};
  const auto most = static_cast<std::uint32_t>(largest(width));
  const std::uint32_t values = 2 * most + 1;
  std::uint64_t pool = 0;
  int left = 0;
  for (auto& w : weights.data()) {
    if (left == 0) {
      pool = random.next();
      left = 2;
    }
    // 32 random bits onto the range; the bias of the scaling is below 2^-16.
    const auto scaled = ((pool & 0xffffffffU) * values) >> 32;
    w = static_cast<std::int16_t>(static_cast<std::int32_t>(scaled) - static_cast<std::int32_t>(most));
    pool >>= 32;
    --left;
  }
  return weights;
}

/// What a layer's arithmetic is before any data are known; for layers without weights that is all of it. Calibration
/// looks ahead through pools, so it must be there for every layer before the first one runs.
static Arithmetic uncalibrated(const Layer& l, const Widths& widths) {
  Arithmetic a{.widths = widths, .relu = l.type == LayerType::Relu || l.activation == Activation::Relu};
  if (l.type == LayerType::AveragePool) a.product_shift = reference::pool_shift(*l.nest(), widths);
  return a;
}

ForwardPass::ForwardPass(const Network& network, const Widths& widths, std::uint64_t seed)
    : network_{network}, widths_{widths}, seed_{seed} {
  const auto layers = network.layers();
  for (std::size_t i = 0; i < layers.size(); ++i) number_[layers[i].name] = i;
  for (const auto& in : network.inputs()) inputs_[in.name] = seeded_input(in);
  outputs_.resize(layers.size());
  biases_.resize(layers.size());
  for (const auto& l : layers) arithmetic_.push_back(uncalibrated(l, widths));
  for (std::size_t i = 0; i < layers.size(); ++i) run(i);
}

/// Uniform in 1 .. the largest word, and exactly the wanted share of zeros at random places.
Tensor ForwardPass::seeded_input(const NetworkInput& in) const {
  Tensor t{Shape{network_.batch(), in.channels, in.rows, in.columns}};
  double zeros = 0;
  for (const auto& l : network_.layers())
    if (l.inputs[0] == in.name && l.input_zeros) {
      zeros = *l.input_zeros;
      break;
    }
  Random random{seed_, "input/" + in.name};
  auto left = t.shape().elements();
  auto zeros_left = std::llround(zeros * static_cast<double>(left));
  for (auto& v : t.data()) {
    // Selection sampling (Knuth, TAOCP 2, 3.4.2 S): each remaining place is a zero with probability zeros_left / left.
    if (random.between(1, left--) <= zeros_left)
      --zeros_left;
    else
      v = static_cast<std::int16_t>(random.between(1, largest(widths_.input)));
  }
  return t;
}

const Tensor& ForwardPass::input(std::size_t layer) const {
  const auto& name = network_.layers()[layer].inputs[0];
  const auto it = number_.find(name);
  return it == number_.end() ? inputs_.at(name) : outputs_[it->second];
}

bool ForwardPass::reads_network_input(std::size_t layer) const {
  return inputs_.contains(network_.layers()[layer].inputs[0]);
}

double ForwardPass::input_zero_share(std::size_t layer) const { return zero_share(input(layer)); }

/// Layers without weights.
Tensor ForwardPass::elementwise(std::size_t i, const Tensor& in) const {
  const Layer& l = network_.layers()[i];
  switch (l.type) {
    case LayerType::MaxPool:
      return reference::max_pool(*l.nest(), in);
    case LayerType::AveragePool:
      return reference::average_pool(*l.nest(), in, arithmetic_[i]);
    case LayerType::Relu:
      return reference::relu(in);
    case LayerType::Lrn:
      return reference::lrn(l, in, widths_.output);
    case LayerType::Softmax:
      return reference::softmax(in, widths_.output);
    case LayerType::Conv:
    case LayerType::FullyConnected:
      break;
  }
  throw InternalError("a layer with weights is not elementwise");
}

void ForwardPass::run(std::size_t i) {
  const Layer& l = network_.layers()[i];
  if (l.type == LayerType::Conv || l.type == LayerType::FullyConnected) return run_weighted(i);
  outputs_[i] = elementwise(i, input(i));
}

static int shift_for(double expected, double wanted) {
  return std::clamp(static_cast<int>(std::lround(std::log2(std::max(1e-9, expected / wanted)))), 0, 31);
}

void ForwardPass::run_weighted(std::size_t i) {
  const Layer& l = network_.layers()[i];
  const LayerNest nest = *l.nest();
  const Tensor weights = seeded_weights(l, widths_.weight, seed_);
  Arithmetic& a = arithmetic_[i];
  const double taps = static_cast<double>(nest.extent[Dim::C] * nest.extent[Dim::R] * nest.extent[Dim::S]);
  const double spread = rms(input(i)) * static_cast<double>(largest(widths_.weight)) / std::sqrt(3.0) * std::sqrt(taps);
  a.product_shift = l.product_shift ? static_cast<int>(*l.product_shift)
                                    : shift_for(spread, std::exp2(static_cast<double>(widths_.psum.count() - 4)));
  const double psum_spread = spread / std::exp2(a.product_shift);
  a.output_shift = l.output_shift ? static_cast<int>(*l.output_shift)
                                  : shift_for(psum_spread, std::exp2(static_cast<double>(widths_.output.count() - 4)));
  if (l.bias) {
    Random random{seed_, "bias/" + l.name};
    const auto most = std::int64_t{1} << std::max<std::int64_t>(0, widths_.psum.count() - 6);
    for (std::int64_t m = 0; m < l.out_channels; ++m)
      biases_[i].push_back(static_cast<std::int32_t>(random.between(-most, most)));
  }
  const PsumTensor psums = reference::psums(nest, input(i), weights, biases_[i], a);
  const auto taken = threshold(i, psums);
  for (auto& bias : biases_[i]) bias = wrap(bias - taken, widths_.psum);
  PsumTensor shifted = psums;
  for (auto& v : shifted.data()) v = wrap(v - taken, widths_.psum);
  outputs_[i] = reference::finished(shifted, a);
}

/// The share of zeros that the first consumer behind `layer` wants in its ifmap, looking through layers without
/// weights.
std::optional<double> ForwardPass::zeros_wanted_after(std::size_t i) const {
  const auto layers = network_.layers();
  for (std::size_t k = i + 1; k < layers.size(); ++k) {
    if (layers[k].inputs[0] != layers[i].name) continue;
    if (layers[k].type == LayerType::Conv || layers[k].type == LayerType::FullyConnected) {
      if (layers[k].input_zeros) return layers[k].input_zeros;
    } else if (const auto wanted = zeros_wanted_after(k)) {
      return wanted;
    }
  }
  return std::nullopt;
}

/// Share of zeros where that consumer reads, if the layer put out `values`. An LRN is taken to keep zeros and
/// non-zeros apart: it is slow, and with 16-bit words the small values that it rounds to zero are too few to matter.
double ForwardPass::zeros_after(std::size_t i, Tensor values) const {
  const auto layers = network_.layers();
  for (std::size_t k = i + 1; k < layers.size(); ++k) {
    if (layers[k].inputs[0] != layers[i].name) continue;
    if (layers[k].type == LayerType::Conv || layers[k].type == LayerType::FullyConnected) {
      if (layers[k].input_zeros) return zero_share(values);
    } else if (zeros_wanted_after(k)) {
      return layers[k].type == LayerType::Lrn ? zeros_after(k, std::move(values))
                                              : zeros_after(k, elementwise(k, values));
    }
  }
  return zero_share(values);
}

/// What to take from all biases so that the consumer sees the share of zeros that it wants: the more is taken, the more
/// zeros.
std::int64_t ForwardPass::threshold(std::size_t i, const PsumTensor& psums) const {
  const Layer& l = network_.layers()[i];
  const auto wanted = zeros_wanted_after(i);
  if (!wanted || !l.bias) return 0;
  const auto share = [&](std::int64_t taken) {
    PsumTensor moved = psums;
    for (auto& v : moved.data()) v = wrap(v - taken, widths_.psum);
    return zeros_after(i, reference::finished(moved, arithmetic_[i]));
  };
  std::int64_t least = -(std::int64_t{1} << (widths_.psum.count() - 2)), most = -least;
  while (least < most) {
    const auto middle = least + (most - least) / 2;
    if (share(middle) < *wanted)
      least = middle + 1;
    else
      most = middle;
  }
  return std::abs(share(least - 1) - *wanted) < std::abs(share(least) - *wanted) ? least - 1 : least;
}

LayerOperands ForwardPass::operands(std::size_t i) const {
  const Layer& l = network_.layers()[i];
  LayerOperands operands{.input = input(i), .weight = {}, .bias = biases_[i], .arithmetic = arithmetic_[i]};
  if (l.type == LayerType::Conv || l.type == LayerType::FullyConnected)
    operands.weight = seeded_weights(l, widths_.weight, seed_);
  return operands;
}

}  // namespace eyrie
