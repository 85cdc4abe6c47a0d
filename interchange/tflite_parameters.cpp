#include <fmt/format.h>

#include <cmath>

#include "interchange/tflite_import.hpp"

namespace eyrie {

bool TfliteImporter::within_budget(const Operator& op, std::int64_t numbers) {
  if (numbers <= budget_) {
    budget_ -= numbers;
    return true;
  }
  wrong(op, "operators read more weights than the file holds", "store weights of each operator");
  return false;
}

/// One scale, or one a channel along the dimension that kernels expect; none, of a float model, is no error.
bool TfliteImporter::scales(const Operator& op, const TfliteTensor& t, std::int64_t out, std::int64_t channel_dimension,
                            std::vector<float>& to) {
  if (!quantised_) return true;
  const bool one = t.scales.size() == 1;
  const bool each = std::cmp_equal(t.scales.size(), out) && t.channel_dimension == channel_dimension;
  if ((!one && !each) || (t.zero_points.size() > 1 && t.zero_points.size() != t.scales.size())) {
    wrong(op,
          fmt::format("the weights {} have {} scales along dimension {}", t.name, t.scales.size(), t.channel_dimension),
          fmt::format("give one, or {} along dimension {}", out, channel_dimension));
    return false;
  }
  for (std::size_t i = 0; i < t.scales.size(); ++i) {
    // Channels whose weights are all zero may have a scale of zero.
    if (!std::isfinite(t.scales[i]) || t.scales[i] < 0) {
      wrong(op, fmt::format("the weights {} have a scale of {}", t.name, t.scales[i]), "scales are numbers above 0");
      return false;
    }
    to.push_back(t.scales[i]);
  }
  return true;
}

bool TfliteImporter::add_filters(const Operator& op, const std::string& name, std::size_t input, const Shape& shape,
                                 const Strides& s, std::int64_t channel_dimension) {
  const auto* t = given(op, input);
  const auto wanted = quantised_ ? TfliteType::Int8 : TfliteType::Float32;
  if (!t || t->data.empty() || t->type != wanted || t->elements() != shape.elements()) {
    wrong(op, fmt::format("its weights are no constant of {} {} numbers", shape.elements(), name_of(wanted)),
          quantised_ ? "quantise weights to int8" : "store weights as float32");
    return false;
  }
  Parameter weight{.shape = {shape.n, shape.c, shape.h, shape.w}}, scale;
  if (!scales(op, *t, shape.n, channel_dimension, scale.real) || !within_budget(op, shape.elements())) return false;
  const FlatNumbers<std::int8_t> words{t->data};
  const FlatNumbers<float> reals{t->data};
  const auto zeros = t->zero_points;
  for (std::int64_t o = 0; o < shape.n; ++o) {
    const auto zero = zeros.empty() || !quantised_ ? 0 : zeros[zeros.size() == 1 ? 0 : static_cast<std::size_t>(o)];
    if (zero < -128 || zero > 127) {
      wrong(op, fmt::format("the weights {} have a zero point of {}", t->name, zero), "it is -128 to 127");
      return false;
    }
    for (std::int64_t i = 0; i < shape.c; ++i)
      for (std::int64_t r = 0; r < shape.h; ++r)
        for (std::int64_t c = 0; c < shape.w; ++c) {
          const auto at = static_cast<std::size_t>(o * s.out + i * s.in + r * s.row + c * s.column);
          if (quantised_)
            weight.integer.push_back(words[at] - static_cast<std::int32_t>(zero));
          else
            weight.real.push_back(reals[at]);
        }
  }
  scale.shape = {std::ssize(scale.real)};
  model_.parameters[name + "/weight"] = std::move(weight);
  if (quantised_) model_.parameters[name + "/weight_scale"] = std::move(scale);
  return true;
}

bool TfliteImporter::add_bias(const Operator& op, const std::string& name, std::size_t input, std::int64_t out) {
  const auto* t = given(op, input);
  if (!t) return true;
  const auto wanted = quantised_ ? TfliteType::Int32 : TfliteType::Float32;
  if (t->data.empty() || t->type != wanted || t->elements() != out) {
    wrong(op, fmt::format("its biases are no constant of {} {} numbers", out, name_of(wanted)),
          "store one for each output channel");
    return false;
  }
  if (!within_budget(op, out)) return false;
  Parameter& bias = model_.parameters[name + "/bias"];
  bias.shape.assign(1, bias.shape.empty() ? out : bias.shape[0] + out);
  for (std::size_t i = 0; i < static_cast<std::size_t>(out); ++i)
    if (quantised_)
      bias.integer.push_back(FlatNumbers<std::int32_t>{t->data}[i]);
    else
      bias.real.push_back(FlatNumbers<float>{t->data}[i]);
  return true;
}

}  // namespace eyrie
