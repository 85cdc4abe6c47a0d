#include "workloads/tensor_codes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "workloads/float_pass.hpp"
#include "workloads/magnitudes.hpp"
#include "workloads/requantisation.hpp"

namespace eyrie {

namespace {

std::int64_t most_word(std::int64_t bits, bool is_unsigned) {
  if (is_unsigned && bits < 16) return (std::int64_t{1} << bits) - 1;
  return bits == 1 ? 1 : (std::int64_t{1} << (bits - 1)) - 1;
}

/// Everything about one tensor.
struct TensorState {
  Magnitudes magnitudes;
  WordPrecision precision;
  bool never_negative = true;
  double bound = 0;   ///< a range that is known beforehand; 0: none
  std::string group;  ///< tensors of one scale have the same; a tensor's name or another's
};

/// Is what `f` makes of any number never negative?
bool makes_no_negatives(Activation f) {
  return f == Activation::Relu || f == Activation::Relu6 || f == Activation::Sigmoid ||
         f == Activation::SigmoidComplement;
}

class Coder {
 public:
  Coder(const Network& network, const Model& real, const PrecisionPlan& plan)
      : network_{network}, real_{real}, plan_{plan}, names_{network} {
    for (const auto& in : network.inputs()) {
      auto& t = tensors_[names_.of(in.name)];
      if (!in.zeros) t.precision = plan.of_input(in.name);
      t.never_negative = !in.zeros && plain_pixels(in.name);
    }
    for (const auto& l : network.layers()) layer(l);
    for (auto& [name, t] : tensors_)
      if (t.group.empty()) t.group = name;
    for (const auto& l : network.layers()) share(l);
  }

  void look(const RealInputs& inputs, unsigned jobs) {
    const FloatPass pass{network_, real_, inputs, jobs};
    for (const auto& in : network_.inputs())
      if (!in.zeros) add(in.name, inputs.at(in.name), in.where);
    for (std::size_t i = 0; i < network_.layers().size(); ++i) {
      const Layer& l = network_.layers()[i];
      if (keeps_words(l)) continue;
      add(names_.of(l.name), pass.output(i), l.where);
      if (has_code_before(l)) add(before(l), pass.before(i), l.where);
    }
  }

  TensorCodes take() {
    std::map<std::string, TensorCode> own;
    std::map<std::string, double> scales;
    for (const auto& [name, t] : tensors_) {
      own[name] = natural(t);
      if (has_numbers(t)) scales[t.group] = std::max(scales[t.group], own[name].scale);
    }
    for (const auto& [name, t] : tensors_)
      if (scales.contains(t.group)) own[name].scale = scales[t.group];
    TensorCodes all;
    for (const auto& in : network_.inputs()) all.codes[in.name] = own.at(names_.of(in.name));
    for (const auto& l : network_.layers()) {
      if (!keeps_words(l)) all.codes[parameter_name(l)] = own.at(names_.of(l.name));
      if (has_code_before(l)) all.codes[before(l)] = own.at(before(l));
      if (!l.has_filters()) continue;
      all.read[l.name] = own.at(names_.of(l.inputs[0]));
      all.zero_share[l.name] = tensors_.at(names_.of(l.inputs[0])).magnitudes.zero_share();
    }
    return all;
  }

 private:
  static std::string before(const Layer& l) { return parameter_name(l) + "/before"; }
  /// Is there a sum that a table is looked up with?
  static bool has_code_before(const Layer& l) {
    return uses_table(l.word_activation()) && l.type != LayerType::Sigmoid && l.type != LayerType::Tanh;
  }

  /// Are the numbers of an input pixels without a mean taken from them?
  [[nodiscard]] bool plain_pixels(const std::string& input) const {
    const auto it = real_.pixels.find(input);
    return it != real_.pixels.end() && it->second.divide > 0 &&
           std::ranges::all_of(it->second.mean, [](double m) { return m <= 0; }) &&
           std::ranges::all_of(it->second.deviation, [](double d) { return d > 0; });
  }

  void add(const std::string& name, const RealTensor& t, const Place& where) {
    if (!std::ranges::all_of(t.data(), [](float v) { return std::isfinite(v); }))
      throw InputError(where, fmt::format("{} holds numbers that are not finite", name),
                       "look at the model's parameters and the calibration inputs");
    tensors_.at(name).magnitudes.add(t.data());
  }

  void layer(const Layer& l) {
    if (keeps_words(l)) return;
    auto& t = tensors_[names_.of(l.name)];
    t.precision = plan_.of(l);
    t.never_negative = t.never_negative && never_negative(l);
    if (l.type == LayerType::Softmax) t.bound = 1;
    if (!has_code_before(l)) return;
    auto& sum = tensors_[before(l)];
    sum.precision = plan_.of(l);
    sum.never_negative = false;
  }

  [[nodiscard]] bool never_negative(const Layer& l) const {
    if (makes_no_negatives(l.word_activation()) || l.type == LayerType::Softmax) return true;
    if (l.has_filters()) return false;
    return std::ranges::all_of(l.inputs, [&](const auto& in) { return tensors_.at(names_.of(in)).never_negative; });
  }

  /// Sums of wide words and what is joined along rows or columns have one scale.
  void share(const Layer& l) {
    const auto wide = [&](const std::string& in) {
      return tensors_.at(names_.of(in)).precision.activations > kWidestTerm;
    };
    const bool sum = l.type == LayerType::Add && (std::ranges::any_of(l.inputs, wide) || l.inputs.size() > kMostTerms);
    const bool join = l.type == LayerType::Concat && l.concat_axis != ConcatAxis::Channels;
    if (!sum && !join) return;
    for (const auto& in : l.inputs) unite(names_.of(l.inputs[0]), names_.of(in));
    if (join) unite(names_.of(l.inputs[0]), has_code_before(l) ? before(l) : names_.of(l.name));
  }
  void unite(const std::string& a, const std::string& b) {
    const std::string from = tensors_.at(b).group, to = tensors_.at(a).group;
    for (auto& [name, t] : tensors_)
      if (t.group == from) t.group = to;
  }

  static bool has_numbers(const TensorState& t) { return t.bound > 0 || t.magnitudes.largest() > 0; }
  static TensorCode natural(const TensorState& t) {
    const bool is_unsigned = t.never_negative && t.precision.unsigned_range;
    const auto most = most_word(t.precision.activations.count(), is_unsigned);
    return symmetric_code(t.precision.activations, is_unsigned,
                          t.bound > 0 ? t.bound : t.magnitudes.range(t.precision, most));
  }

  const Network& network_;
  const Model& real_;
  const PrecisionPlan& plan_;
  TensorNames names_;
  std::map<std::string, TensorState> tensors_;
};

}  // namespace

TensorNames::TensorNames(const Network& network) {
  for (const auto& in : network.inputs()) names_[in.name] = in.name;
  for (const auto& l : network.layers()) names_[l.name] = keeps_words(l) ? names_.at(l.inputs[0]) : parameter_name(l);
  // a cell's last layer reads its states; what it is before the first step stands under the cell's name
  for (const auto& l : network.layers()) {
    if (l.part_of != l.name) continue;
    for (const auto& in : network.inputs()) {
      if (in.zeros && in.name == l.name + "/h0") names_[in.name] = names_.at(l.inputs.back());
      if (in.zeros && in.name == l.name + "/c0") names_[in.name] = l.name + "/c";
    }
  }
}

TensorCode symmetric_code(Bits bits, bool is_unsigned, double range) {
  const auto most = most_word(bits.count(), is_unsigned);
  const bool no_sign = bits.count() == 1 || (is_unsigned && bits.count() < 16);
  return {.scale = (range > 0 ? range : 1.0) / static_cast<double>(most),
          .zero_point = 0,
          .least = no_sign ? 0 : -most,
          .most = most};
}

TensorCodes tensor_codes(const Network& network, const Model& real, const CalibrationInputs& calibration,
                         const PrecisionPlan& plan) {
  if (calibration.batches.empty())
    throw InputError(real.network.where, "there are no inputs to find ranges with", "give at least one");
  Coder coder{network, real, plan};
  for (const auto& inputs : calibration.batches) coder.look(inputs, calibration.jobs);
  return coder.take();
}

}  // namespace eyrie
