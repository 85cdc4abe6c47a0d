#include "workloads/forward.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/ensure.hpp"
#include "base/random.hpp"
#include "workloads/calibration.hpp"
#include "workloads/compression/prune.hpp"
#include "workloads/convolution.hpp"
#include "workloads/fast_words.hpp"
#include "workloads/gather.hpp"
#include "workloads/reference.hpp"

namespace eyrie {

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
  if (layer.weight_zeros > 0) prune(weights.data(), layer.weight_zeros);
  if (layer.codebook_bits > 0) share_values(weights.data(), layer.codebook_bits);
  return weights;
}

ForwardPass::ForwardPass(const Network& network, const Widths& widths, std::uint64_t seed,
                         const ForwardOptions& options)
    : network_{network},
      widths_{options.data ? kExactWidths : widths},
      by_layer_{options.data ? std::vector<Widths>{} : options.widths},
      seed_{seed},
      plan_{network, options.layers},
      jobs_{options.jobs},
      data_{options.data} {
  const auto layers = network.layers();
  if (data_) inputs_ = data_->inputs;
  if (!data_)
    for (const auto& in : network.inputs()) inputs_[in.name] = seeded_input(in);
  outputs_.resize(layers.size());
  biases_.resize(layers.size());
  if (data_) arithmetic_ = data_->arithmetic;
  if (!data_)
    for (std::size_t i = 0; i < layers.size(); ++i) arithmetic_.push_back(uncalibrated(layers[i], this->widths(i)));
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (!plan_.runs(i)) continue;
    run(i);
    for (const auto spent : plan_.spent_after(i)) outputs_[spent] = {};
  }
}

const Tensor& ForwardPass::output(std::size_t layer) const {
  ensure(!outputs_[layer].data().empty(), "this layer's output was asked for beforehand");
  return outputs_[layer];
}

/// Uniform in 1 .. the largest word, and exactly the wanted share of zeros at random places.
Tensor ForwardPass::seeded_input(const NetworkInput& in) const {
  Tensor t{in.shape(network_.batch())};
  if (in.zeros) return t;
  auto width = widths_.input;
  for (std::size_t i = 0; i < network_.layers().size(); ++i)
    if (std::ranges::count(network_.layers()[i].inputs, in.name)) width = std::min(width, widths(i).input);
  const auto most = largest(width);
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
      v = static_cast<std::int16_t>(random.between(1, most));
  }
  return t;
}

std::vector<Tensor> ForwardPass::inputs(std::size_t layer) const { return inputs(layer, nullptr); }

std::vector<Tensor> ForwardPass::inputs(std::size_t layer, const Trial* trial) const {
  const Layer& l = network_.layers()[layer];
  std::vector<Tensor> all;
  for (std::size_t i = 0; i < l.inputs.size(); ++i) {
    const auto made = plan_.producer(l.inputs[i]);
    const Tensor& whole = !made                            ? inputs_.at(l.inputs[i])
                          : trial && trial->layer == *made ? *trial->output
                                                           : output(*made);
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
      return fast::max_pool(*l.nest(), in[0]);
    case LayerType::AveragePool:
      return reference::average_pool(*l.nest(), in[0], a);
    case LayerType::ReduceMean:
      return l.mean_axis == MeanAxis::Steps ? reference::mean_of_steps(in[0], a)
                                            : reference::average_pool(*l.nest(), in[0], a);
    case LayerType::Add:
      return reference::add(in, a);
    case LayerType::Multiply:
      return reference::multiply(in[0], reference::reshaped({gathered_weight(l, in, widths(i))}, l.output), a);
    case LayerType::Concat:
      return fast::activate(reference::concat(l.concat_axis, in), a);
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
      return fast::activate(in[0], a);
    case LayerType::Lrn:
      return data_ ? lrn(l, in[0], data_->from[i][0], data_->codes[i]) : fast::lrn(l, in[0], widths(i).output);
    case LayerType::Softmax:
      return data_ ? softmax(in[0], data_->from[i][0], data_->codes[i]) : reference::softmax(in[0], widths(i).output);
    case LayerType::Conv:
    case LayerType::FullyConnected:
    case LayerType::LocallyConnected:
      break;
  }
  throw InternalError("a layer with filters needs them");
}

void ForwardPass::run(std::size_t i) {
  const Layer& l = network_.layers()[i];
  if (data_) return run_trained(i);
  if (l.has_filters()) return run_with_filters(i);
  const auto in = inputs(i);
  if (l.type == LayerType::Add) calibrate_add(arithmetic_[i], l, in);
  if (l.type == LayerType::Multiply) calibrate_multiply(arithmetic_[i], l, in[0], gathered_weight(l, in, widths(i)));
  outputs_[i] = without_filters(i, in);
}

void ForwardPass::run_trained(std::size_t i) {
  const Layer& l = network_.layers()[i];
  const auto in = inputs(i);
  if (!l.has_filters()) {
    outputs_[i] = without_filters(i, in);
    return;
  }
  const Filters& filters = data_->filters.at(l.weights_name());
  biases_[i] = filters.bias;
  outputs_[i] = fast::finished(psums(i, in[0], filters.weight), arithmetic_[i]);
}

PsumTensor ForwardPass::psums(std::size_t i, const Tensor& input, const Tensor& weights) const {
  const Layer& l = network_.layers()[i];
  return l.type == LayerType::LocallyConnected
             ? reference::local_psums(l, input, weights, biases_[i], arithmetic_[i])
             : fast::psums(*l.nest(), input, weights, biases_[i], arithmetic_[i], jobs_);
}

void ForwardPass::run_with_filters(std::size_t i) {
  const Layer& l = network_.layers()[i];
  const Tensor input = inputs(i)[0];
  Arithmetic& a = arithmetic_[i];
  calibrate_filters(a, l, input);
  if (l.bias) {
    Random random{seed_, "bias/" + l.weights_name()};
    const auto most = std::int64_t{1} << std::max<std::int64_t>(0, widths(i).psum.count() - 6);
    for (std::int64_t m = 0; m < l.weight_shape().n; ++m)
      biases_[i].push_back(static_cast<std::int32_t>(random.between(-most, most)));
  }
  PsumTensor all = psums(i, input, seeded_weights(l, widths(i).weight, seed_));
  const auto taken = threshold(i, all);
  for (auto& bias : biases_[i]) bias = wrap(bias - taken, widths(i).psum);
  if (taken != 0) fast::take(all, taken, widths(i).psum);
  outputs_[i] = fast::finished(all, a);
}

/// Share of zeros where the path ends, if `taken` were taken from the layer's psums. An LRN is taken to keep zeros and
/// non-zeros apart: it is slow, and with 16-bit words the small values that it rounds to zero are too few to matter.
double ForwardPass::zeros_after(std::size_t i, const PsumTensor& psums, std::int64_t taken) const {
  PsumTensor moved = psums;
  fast::take(moved, taken, widths(i).psum);
  Tensor values = fast::finished(moved, arithmetic_[i]);
  std::size_t now = i;
  for (const auto k : plan_.zero_path(i)->through) {
    if (network_.layers()[k].type != LayerType::Lrn) {
      const Trial trial{now, &values};
      values = without_filters(k, inputs(k, &trial));
    }
    now = k;
  }
  return zero_share(values);
}

/// The same for a path of maxima and of words that rise with what they are made of: the largest psum under a window
/// makes the largest word.
std::optional<ZeroShare> ForwardPass::zero_share_of(std::size_t i, const PsumTensor& psums) const {
  std::vector<Arithmetic> steps{arithmetic_[i]};
  PsumTensor largest = psums;
  for (const auto k : plan_.zero_path(i)->through) {
    const Layer& l = network_.layers()[k];
    if (l.inputs.size() != 1) return std::nullopt;
    if (l.type == LayerType::MaxPool)
      largest = fast::max_pool(*l.nest(), largest);
    else if (l.type == LayerType::Relu || l.type == LayerType::Relu6)
      steps.push_back(arithmetic_[k]);
    else if (l.type != LayerType::Lrn)
      return std::nullopt;
  }
  const bool rises = arithmetic_[i].activation != Activation::SigmoidComplement;
  const bool sees_some = std::ranges::count(largest.data(), std::numeric_limits<std::int32_t>::min()) == 0;
  if (!rises || !sees_some) return std::nullopt;
  return ZeroShare{psums, std::move(largest), widths(i).psum, [steps](std::int64_t psum) {
                     auto word = static_cast<std::int32_t>(psum);
                     for (const auto& a : steps) word = finish(word, a);
                     return word;
                   }};
}

/// What to take from all biases so that the consumer sees the share of zeros that it wants: the more is taken, the more
/// zeros.
std::int64_t ForwardPass::threshold(std::size_t i, const PsumTensor& psums) const {
  const auto& path = plan_.zero_path(i);
  if (!path) return 0;
  const auto fast_share = zero_share_of(i, psums);
  const auto share = [&](std::int64_t taken) {
    const auto known = fast_share ? fast_share->after(taken) : std::nullopt;
    return known ? *known : zeros_after(i, psums, taken);
  };
  std::int64_t least = -(std::int64_t{1} << (widths(i).psum.count() - 2)), most = -least;
  while (least < most) {
    const auto middle = least + (most - least) / 2;
    if (share(middle) < path->wanted)
      least = middle + 1;
    else
      most = middle;
  }
  return std::abs(share(least - 1) - path->wanted) < std::abs(share(least) - path->wanted) ? least - 1 : least;
}

LayerOperands ForwardPass::operands(std::size_t i) const {
  const Layer& l = network_.layers()[i];
  const auto in = inputs(i);
  LayerOperands operands{.input = gathered_input(l, in),
                         .weight = {},
                         .bias = biases_[i],
                         .arithmetic = arithmetic_[i],
                         .codebook_bits = l.codebook_bits};
  if (l.has_filters() && data_) operands.weight = data_->filters.at(l.weights_name()).weight;
  if (l.has_filters() && !data_) operands.weight = seeded_weights(l, widths(i).weight, seed_);
  if (l.type == LayerType::Multiply) operands.weight = gathered_weight(l, in, widths(i));
  // Values that were shared before they were rounded with a scale for each channel may be more.
  if (data_ && l.codebook_bits > 0 && !few_values(operands.weight.data(), l.codebook_bits)) operands.codebook_bits = 0;
  return operands;
}

}  // namespace eyrie
