#include "workloads/float_pass.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "base/random.hpp"
#include "workloads/float_layers.hpp"

namespace eyrie {

namespace {

/// Finds what a pass needs in a model and says what is missing.
class Collector {
 public:
  Collector(const Network& network, const Model& model) : network_{network}, model_{model} {
    if (model.arithmetic != ModelArithmetic::Float)
      throw InputError(model.network.where, "the model's parameters are integers", "dequantise it first");
  }

  std::map<std::string, std::vector<float>> parameters() {
    std::map<std::string, std::vector<float>> all;
    for (const auto& l : network_.layers()) {
      if (!l.has_filters() || all.contains(l.weights_name() + "/weight")) continue;
      all[l.weights_name() + "/weight"] = numbers(l, "weight", l.weight_shape().elements(), true);
      all[l.weights_name() + "/bias"] = numbers(l, "bias", l.weight_shape().n, false);
    }
    return all;
  }

  std::map<std::string, RealTensor> inputs(const RealInputs& given) {
    std::map<std::string, RealTensor> all;
    for (const auto& in : network_.inputs())
      if (in.zeros)
        all[in.name] = RealTensor{in.shape(network_.batch())};
      else if (const auto* tensor = numbers_of(in, network_.batch(), given, wrong_))
        all[in.name] = *tensor;
    return all;
  }
  void finish() const { wrong_.raise_if_any(); }

 private:
  std::vector<float> numbers(const Layer& l, const char* what, std::int64_t count, bool needed) {
    const auto name = l.weights_name() + "/" + what;
    const auto it = model_.parameters.find(name);
    if (it == model_.parameters.end()) {
      if (needed) wrong_.error(l.where, fmt::format("the model has no {}", name), "give its numbers");
      return {};
    }
    if (std::ssize(it->second.real) == count) return it->second.real;
    wrong_.error(l.where, fmt::format("{} has {} real numbers", name, it->second.real.size()),
                 fmt::format("it has {}", count));
    return {};
  }

  const Network& network_;
  const Model& model_;
  Diagnostics wrong_;
};

/// Normal numbers by pairs (Box and Muller 1958).
class Normal {
 public:
  Normal(std::uint64_t seed, const std::string& stream) : random_{seed, stream} {}
  float next(double deviation) {
    if (has_) {
      has_ = false;
      return static_cast<float>(held_ * deviation);
    }
    const double radius = std::sqrt(-2 * std::log(1 - random_.unit())), angle = 2 * std::numbers::pi * random_.unit();
    held_ = radius * std::sin(angle);
    has_ = true;
    return static_cast<float>(radius * std::cos(angle) * deviation);
  }

 private:
  Random random_;
  double held_ = 0;
  bool has_ = false;
};

}  // namespace

void check_parameters(const Network& network, const Model& real) {
  Collector collector{network, real};
  (void)collector.parameters();
  collector.finish();
}

FloatPass::FloatPass(const Network& network, const Model& real, const RealInputs& inputs, unsigned jobs)
    : network_{network}, jobs_{jobs} {
  Collector collector{network, real};
  parameters_ = collector.parameters();
  inputs_ = collector.inputs(inputs);
  collector.finish();
  const auto layers = network.layers();
  for (std::size_t i = 0; i < layers.size(); ++i) numbers_[layers[i].name] = i;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    outputs_.push_back(before(i));
    real::activate(outputs_.back(), layers[i].word_activation());
  }
}

std::vector<RealTensor> FloatPass::inputs(std::size_t layer) const {
  const Layer& l = network_.layers()[layer];
  std::vector<RealTensor> all;
  for (std::size_t i = 0; i < l.inputs.size(); ++i) {
    const auto made = numbers_.find(l.inputs[i]);
    const RealTensor& whole = made == numbers_.end() ? inputs_.at(l.inputs[i]) : outputs_[made->second];
    all.push_back(real::seen(whole, i < l.views.size() ? l.views[i] : InputView{}));
  }
  return all;
}

RealTensor FloatPass::before(std::size_t layer) const {
  const Layer& l = network_.layers()[layer];
  const auto in = inputs(layer);
  if (!l.has_filters()) return real::unfiltered(l, in);
  return real::filtered(l, in[0], parameters_.at(l.weights_name() + "/weight"),
                        parameters_.at(l.weights_name() + "/bias"), jobs_);
}

Model random_parameters(const NetworkFile& file, std::uint64_t seed) {
  const Network network = Network::build(file, 1);
  Model model;
  model.network = file;
  for (const auto& l : network.layers()) {
    const auto& name = l.weights_name();
    if (!l.has_filters() || model.parameters.contains(name + "/weight")) continue;
    const Shape s = l.weight_shape();
    Parameter weight{.shape = {s.n, s.c, s.h, s.w}, .real = {}, .integer = {}};
    weight.real.resize(static_cast<std::size_t>(s.elements()));
    Normal filters{seed, "real weights/" + name};
    const double gain = l.part_of.empty() ? 2 : 1;
    for (auto& v : weight.real) v = filters.next(std::sqrt(gain / static_cast<double>(s.c * s.h * s.w)));
    model.parameters[name + "/weight"] = std::move(weight);
    if (!l.bias) continue;
    Parameter bias{.shape = {s.n}, .real = {}, .integer = {}};
    bias.real.resize(static_cast<std::size_t>(s.n));
    Normal biases{seed, "real bias/" + name};
    for (auto& v : bias.real) v = biases.next(0.05);
    model.parameters[name + "/bias"] = std::move(bias);
  }
  return model;
}

}  // namespace eyrie
