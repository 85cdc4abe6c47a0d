#include "workloads/forward.hpp"

#include <algorithm>
#include <cmath>

#include "base/ensure.hpp"
#include "base/random.hpp"
#include "workloads/calibration.hpp"
#include "workloads/gather.hpp"
#include "workloads/reference.hpp"

namespace eyrie {

static double zero_share(const Tensor& t) {
  return static_cast<double>(std::ranges::count(t.data(), 0)) /
         std::max<double>(1, static_cast<double>(t.data().size()));
}

Tensor seeded_weights(const Layer& layer, Bits width, std::uint64_t seed) {
  Tensor weights{layer.weight_shape()};
  Random random{seed, "weights/" + layer.weights_name()};
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
  Tensor t{Shape{network_.batch() * in.steps, in.channels, in.rows, in.columns}};
  if (in.zeros) return t;
  double zeros = 0;
  for (const auto& l : network_.layers())
    if (std::ranges::count(l.inputs, in.name) && l.input_zeros) {
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

std::vector<Tensor> ForwardPass::inputs(std::size_t layer) const { return inputs(layer, nullptr); }

std::vector<Tensor> ForwardPass::inputs(std::size_t layer, const Trial* trial) const {
  const Layer& l = network_.layers()[layer];
  std::vector<Tensor> all;
  for (std::size_t i = 0; i < l.inputs.size(); ++i) {
    const auto it = number_.find(l.inputs[i]);
    const Tensor& whole = it == number_.end()                   ? inputs_.at(l.inputs[i])
                          : trial && trial->layer == it->second ? *trial->output
                                                                : outputs_[it->second];
    all.push_back(seen(whole, i < l.views.size() ? l.views[i] : InputView{}));
  }
  return all;
}

bool ForwardPass::reads_network_input(std::size_t layer) const {
  return std::ranges::any_of(network_.layers()[layer].inputs, [&](const auto& in) { return inputs_.contains(in); });
}

double ForwardPass::input_zero_share(std::size_t layer) const {
  std::int64_t zeros = 0, all = 0;
  for (const auto& t : inputs(layer)) {
    zeros += std::ranges::count(t.data(), 0);
    all += std::ssize(t.data());
  }
  return static_cast<double>(zeros) / std::max<double>(1, static_cast<double>(all));
}

Tensor ForwardPass::without_filters(std::size_t i, const std::vector<Tensor>& in) const {
  const Layer& l = network_.layers()[i];
  const Arithmetic& a = arithmetic_[i];
  switch (l.type) {
    case LayerType::MaxPool:
      return reference::max_pool(*l.nest(), in[0]);
    case LayerType::AveragePool:
      return reference::average_pool(*l.nest(), in[0], a);
    case LayerType::ReduceMean:
      return l.mean_axis == MeanAxis::Steps ? reference::mean_of_steps(in[0], a)
                                            : reference::average_pool(*l.nest(), in[0], a);
    case LayerType::Add:
      return reference::add(in, a);
    case LayerType::Multiply:
      return reference::multiply(in[0], reference::reshaped({gathered_weight(l, in, widths_)}, l.output), a);
    case LayerType::Concat:
      return reference::activate(reference::concat(l.concat_axis, in), a);
    case LayerType::ChannelShuffle:
      return reference::channel_shuffle(in[0], l.groups);
    case LayerType::Reshape:
    case LayerType::BatchNorm:
    case LayerType::Lstm:
    case LayerType::Gru:
      return reference::reshaped(in, l.output);
    case LayerType::Relu:
    case LayerType::Relu6:
    case LayerType::Sigmoid:
    case LayerType::Tanh:
      return reference::activate(in[0], a);
    case LayerType::Lrn:
      return reference::lrn(l, in[0], widths_.output);
    case LayerType::Softmax:
      return reference::softmax(in[0], widths_.output);
    case LayerType::Conv:
    case LayerType::FullyConnected:
    case LayerType::LocallyConnected:
      break;
  }
  throw InternalError("a layer with filters needs them");
}

void ForwardPass::run(std::size_t i) {
  const Layer& l = network_.layers()[i];
  if (l.has_filters()) return run_with_filters(i);
  const auto in = inputs(i);
  if (l.type == LayerType::Add) calibrate_add(arithmetic_[i], l, in);
  if (l.type == LayerType::Multiply) calibrate_multiply(arithmetic_[i], l, in[0], gathered_weight(l, in, widths_));
  outputs_[i] = without_filters(i, in);
}

PsumTensor ForwardPass::psums(std::size_t i, const Tensor& input, const Tensor& weights) const {
  const Layer& l = network_.layers()[i];
  return l.type == LayerType::LocallyConnected
             ? reference::local_psums(l, input, weights, biases_[i], arithmetic_[i])
             : reference::psums(*l.nest(), input, weights, biases_[i], arithmetic_[i]);
}

void ForwardPass::run_with_filters(std::size_t i) {
  const Layer& l = network_.layers()[i];
  const Tensor input = inputs(i)[0];
  Arithmetic& a = arithmetic_[i];
  calibrate_filters(a, l, input);
  if (l.bias) {
    Random random{seed_, "bias/" + l.weights_name()};
    const auto most = std::int64_t{1} << std::max<std::int64_t>(0, widths_.psum.count() - 6);
    for (std::int64_t m = 0; m < l.weight_shape().n; ++m)
      biases_[i].push_back(static_cast<std::int32_t>(random.between(-most, most)));
  }
  PsumTensor all = psums(i, input, seeded_weights(l, widths_.weight, seed_));
  const auto taken = threshold(i, all);
  for (auto& bias : biases_[i]) bias = wrap(bias - taken, widths_.psum);
  for (auto& v : all.data()) v = wrap(v - taken, widths_.psum);
  outputs_[i] = reference::finished(all, a);
}

/// Can zeros in what `consumer` makes be told from what `producer` puts out while layer `now` is computed? All else
/// that it reads must be known by then; a product has no one factor to blame.
bool ForwardPass::looks_through(std::size_t consumer, std::size_t producer, std::size_t now) const {
  const Layer& l = network_.layers()[consumer];
  if (l.has_filters() || l.type == LayerType::Multiply || !l.views.empty()) return false;
  return std::ranges::all_of(l.inputs, [&](const auto& in) {
    const auto it = number_.find(in);
    return it == number_.end() || it->second == producer || it->second < now;
  });
}

/// The share of zeros that the first consumer behind `layer` wants in its ifmap.
std::optional<double> ForwardPass::zeros_wanted_after(std::size_t i, std::size_t now) const {
  const auto layers = network_.layers();
  for (std::size_t k = i + 1; k < layers.size(); ++k) {
    if (!std::ranges::count(layers[k].inputs, layers[i].name)) continue;
    if (layers[k].has_filters()) {
      if (layers[k].input_zeros && layers[k].views.empty()) return layers[k].input_zeros;
    } else if (looks_through(k, i, now)) {
      if (const auto wanted = zeros_wanted_after(k, now)) return wanted;
    }
  }
  return std::nullopt;
}

/// Share of zeros where that consumer reads, if the layer put out `values`. An LRN is taken to keep zeros and
/// non-zeros apart: it is slow, and with 16-bit words the small values that it rounds to zero are too few to matter.
double ForwardPass::zeros_after(std::size_t i, Tensor values, std::size_t now) const {
  const auto layers = network_.layers();
  for (std::size_t k = i + 1; k < layers.size(); ++k) {
    if (!std::ranges::count(layers[k].inputs, layers[i].name)) continue;
    if (layers[k].has_filters()) {
      if (layers[k].input_zeros && layers[k].views.empty()) return zero_share(values);
    } else if (looks_through(k, i, now) && zeros_wanted_after(k, now)) {
      if (layers[k].type == LayerType::Lrn) return zeros_after(k, std::move(values), now);
      const Trial trial{i, &values};
      return zeros_after(k, without_filters(k, inputs(k, &trial)), now);
    }
  }
  return zero_share(values);
}

/// What to take from all biases so that the consumer sees the share of zeros that it wants: the more is taken, the more
/// zeros.
std::int64_t ForwardPass::threshold(std::size_t i, const PsumTensor& psums) const {
  const Layer& l = network_.layers()[i];
  const auto wanted = zeros_wanted_after(i, i);
  if (!wanted || !l.bias) return 0;
  const auto share = [&](std::int64_t taken) {
    PsumTensor moved = psums;
    for (auto& v : moved.data()) v = wrap(v - taken, widths_.psum);
    return zeros_after(i, reference::finished(moved, arithmetic_[i]), i);
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
  const auto in = inputs(i);
  LayerOperands operands{
      .input = gathered_input(l, in), .weight = {}, .bias = biases_[i], .arithmetic = arithmetic_[i]};
  if (l.has_filters()) operands.weight = seeded_weights(l, widths_.weight, seed_);
  if (l.type == LayerType::Multiply) operands.weight = gathered_weight(l, in, widths_);
  return operands;
}

}  // namespace eyrie
