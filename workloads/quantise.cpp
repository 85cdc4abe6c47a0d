#include "workloads/quantise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "workloads/quantised_filters.hpp"
#include "workloads/tensor_codes.hpp"

namespace eyrie {

namespace {

/// Biases stay below 2^30, so that half of a psum's range is left to products.
constexpr double kMostBias = 1073741824.0;
constexpr std::int64_t kMostPsum = std::numeric_limits<std::int32_t>::max();

/// Filters of one name, and what is known about them.
struct Job {
  const Layer* layer;
  WordPrecision precision;
  TensorCode input;
  double zero_share = 0;
  const std::vector<float>*weight = nullptr, *bias = nullptr;
  QuantisedFilters filters;

  [[nodiscard]] std::int64_t channels() const { return layer->weight_shape().n; }
  [[nodiscard]] std::int64_t largest_input() const { return std::max(-input.least, input.most); }
  [[nodiscard]] bool per_channel() const { return precision.per_channel && layer->type != LayerType::LocallyConnected; }
  [[nodiscard]] double scale(std::int64_t m) const {
    return filters.scales[filters.scales.size() == 1 ? 0 : static_cast<std::size_t>(m)];
  }
  /// A bias in units of input scale x weight scale.
  [[nodiscard]] double bias_units(std::int64_t m) const {
    return bias ? (*bias)[static_cast<std::size_t>(m)] / (input.scale * scale(m)) : 0;
  }
};

class Quantiser {
 public:
  Quantiser(const Network& network, const Model& real, const TensorCodes& codes, const PrecisionPlan& plan,
            unsigned jobs)
      : network_{network}, real_{real}, codes_{codes}, plan_{plan}, jobs_{jobs} {}

  Model run() {
    Model model;
    model.network = real_.network;
    model.arithmetic = ModelArithmetic::Onnx;
    model.codes = codes_.codes;
    model.pixels = real_.pixels;
    model.labels = real_.labels;
    collect();
    check_codes();
    wrong_.raise_if_any();
    for (auto& [name, job] : work_) filters(job);
    wrong_.raise_if_any();
    for (const auto& [name, job] : work_) {
      auto& shift = shifts_[job.layer->stated_name()];
      shift = std::max<std::int64_t>(shift, least_shift(job));
    }
    for (auto& l : model.network.layers)
      if (const auto it = shifts_.find(l.name); it != shifts_.end())
        l.product_shift = it->second > 0 ? std::optional<std::int64_t>{it->second} : std::nullopt;
    for (const auto& [name, job] : work_) write(name, job, model);
    return model;
  }

 private:
  [[nodiscard]] const std::vector<float>* numbers(const std::string& name) const {
    const auto it = real_.parameters.find(name);
    return it == real_.parameters.end() ? nullptr : &it->second.real;
  }

  void collect() {
    for (const auto& l : network_.layers()) {
      if (!l.has_filters() || work_.contains(l.weights_name())) continue;
      work_[l.weights_name()] = {.layer = &l,
                                 .precision = plan_.of(l),
                                 .input = codes_.read.at(l.name),
                                 .zero_share = codes_.zero_share.at(l.name),
                                 .weight = numbers(l.weights_name() + "/weight"),
                                 .bias = numbers(l.weights_name() + "/bias"),
                                 .filters = {}};
    }
  }

  [[nodiscard]] static bool finite(const std::vector<float>* numbers) {
    return !numbers || std::ranges::all_of(*numbers, [](float v) { return std::isfinite(v); });
  }
  /// Arithmetic takes scales as floats.
  [[nodiscard]] static bool is_scale(double s) {
    return static_cast<float>(s) > 0 && std::isfinite(static_cast<float>(s));
  }

  void check_codes() {
    for (const auto& [name, job] : work_)
      if (!finite(job.weight) || !finite(job.bias))
        wrong_.error(job.layer->where, fmt::format("parameters of {} are not finite", name), "train it again");
    for (const auto& [name, code] : codes_.codes)
      if (!is_scale(code.scale))
        wrong_.error(real_.network.where, fmt::format("the scale of {} comes to {}", name, code.scale),
                     "its numbers are too small or too large to be quantised");
  }

  /// Scales are raised where a bias would not fit its units.
  void filters(Job& job) {
    const auto quantise = [&](std::span<const double> least) {
      job.filters = quantised_filters(*job.weight, job.channels(), job.precision, job.per_channel(), least, jobs_);
      if (std::ranges::all_of(job.filters.scales, is_scale)) return true;
      wrong_.error(job.layer->where, fmt::format("a scale of the weights of {} is no float above 0", job.layer->name),
                   "its weights are too small or too large to be quantised");
      return false;
    };
    if (!quantise({})) return;
    const double most = std::ldexp(kMostBias, shift_of_products(job));
    std::vector<double> least(static_cast<std::size_t>(job.channels()));
    bool raised = false;
    for (std::int64_t m = 0; m < job.channels(); ++m) {
      const double over = std::abs(job.bias_units(m)) / most;
      if (over > 1) least[static_cast<std::size_t>(m)] = job.scale(m) * over;
      raised = raised || over > 1;
    }
    if (raised) quantise(least);
  }

  /// The least shift with which products alone fit half of a psum.
  static int shift_of_products(const Job& job) {
    const auto sum = largest_psum(job.filters.words, job.channels(), job.largest_input());
    int shift = 0;
    while ((sum >> shift) > kMostPsum / 2) ++shift;
    return shift;
  }

  /// The least shift with which no psum exceeds 32 bits: products, what rounding them adds, and the bias.
  static int least_shift(const Job& job) {
    const auto sum = largest_psum(job.filters.words, job.channels(), job.largest_input());
    const auto taps = std::ssize(job.filters.words) / job.channels();
    double bias = 0;
    for (std::int64_t m = 0; m < job.channels(); ++m) bias = std::max(bias, std::abs(job.bias_units(m)));
    if (static_cast<double>(sum) + bias < static_cast<double>(kMostPsum)) return 0;
    int shift = 1;
    while (std::ldexp(static_cast<double>(sum) + bias, -shift) + 2 * static_cast<double>(taps) + 2 >
           static_cast<double>(kMostPsum))
      ++shift;
    return shift;
  }

  /// Cut products are less than they were, on average by half a unit (less half of the last bit) where neither factor
  /// is zero.
  static double cut_off(const Job& job, std::int64_t m, int shift) {
    if (shift == 0) return 0;
    const auto each = std::ssize(job.filters.words) / job.channels();
    const auto first = job.filters.words.begin() + m * each;
    const auto taps = std::count_if(first, first + each, [](std::int32_t w) { return w != 0; });
    return static_cast<double>(taps) * (1 - job.zero_share) * (1 - std::ldexp(1.0, -shift)) / 2;
  }

  void write(const std::string& name, const Job& job, Model& model) const {
    const auto shift = static_cast<int>(shifts_.at(job.layer->stated_name()));
    const Shape s = job.layer->weight_shape();
    model.parameters[name + "/weight"] = {.shape = {s.n, s.c, s.h, s.w}, .real = {}, .integer = job.filters.words};
    model.parameters[name + "/weight_scale"] = {
        .shape = {std::ssize(job.filters.scales)}, .real = job.filters.scales, .integer = {}};
    if (!job.bias && shift == 0) return;
    Parameter bias{.shape = {s.n}, .real = {}, .integer = {}};
    for (std::int64_t m = 0; m < s.n; ++m)
      bias.integer.push_back(
          static_cast<std::int32_t>(std::llround(std::ldexp(job.bias_units(m), -shift) + cut_off(job, m, shift))));
    model.parameters[name + "/bias"] = std::move(bias);
  }

  const Network& network_;
  const Model& real_;
  const TensorCodes& codes_;
  const PrecisionPlan& plan_;
  unsigned jobs_;
  std::map<std::string, Job> work_;             ///< by `Layer::weights_name`
  std::map<std::string, std::int64_t> shifts_;  ///< by layer of the file
  Diagnostics wrong_;
};

/// Codes of what layers read, as `bind` finds them.
class Reverse {
 public:
  Reverse(const Network& network, const Model& model) : network_{network}, model_{model}, names_{network} {
    if (model.arithmetic == ModelArithmetic::Float)
      throw InputError(model.network.where, "the model's parameters are real numbers already", "quantise it first");
  }

  Model run() {
    Model real;
    real.network = model_.network;
    for (auto& l : real.network.layers) l.product_shift.reset();
    real.pixels = model_.pixels;
    real.labels = model_.labels;
    for (const auto& l : network_.layers())
      if (l.has_filters() && !real.parameters.contains(l.weights_name() + "/weight")) layer(l, real);
    wrong_.raise_if_any();
    return real;
  }

 private:
  const Parameter* parameter(const Layer& l, const char* what) {
    const auto name = l.weights_name() + "/" + what;
    const auto it = model_.parameters.find(name);
    if (it != model_.parameters.end()) return &it->second;
    if (what != std::string_view{"bias"})
      wrong_.error(l.where, fmt::format("the model has no {}", name), "give its numbers");
    return nullptr;
  }

  void layer(const Layer& l, Model& real) {
    const auto *weight = parameter(l, "weight"), *scale = parameter(l, "weight_scale"), *bias = parameter(l, "bias");
    const auto code = code_read(l);
    if (!weight || !scale || !code) return;
    const auto channels = l.weight_shape().n, scales = std::ssize(scale->real);
    if (std::ssize(weight->integer) != l.weight_shape().elements() || (scales != 1 && scales != channels) ||
        (bias && std::ssize(bias->integer) != channels)) {
      wrong_.error(l.where, fmt::format("parameters of {} are not as many as it has filters", l.name),
                   fmt::format("it has {} filters", channels));
      return;
    }
    const auto of = [&](std::int64_t m) { return scale->real[scales == 1 ? 0 : static_cast<std::size_t>(m)]; };
    real.parameters[l.weights_name() + "/weight"] = scaled(*weight, channels, of);
    const int shift = stated_product_shift(model_, l);
    if (bias)
      real.parameters[l.weights_name() + "/bias"] =
          scaled(*bias, channels, [&](std::int64_t m) { return std::ldexp(code->scale * of(m), shift); });
  }

  template <class Scale>
  static Parameter scaled(const Parameter& p, std::int64_t channels, Scale scale) {
    Parameter real{.shape = p.shape, .real = {}, .integer = {}};
    const auto each = std::ssize(p.integer) / channels;
    for (std::int64_t i = 0; i < std::ssize(p.integer); ++i)
      real.real.push_back(
          static_cast<float>(p.integer[static_cast<std::size_t>(i)] * static_cast<double>(scale(i / each))));
    return real;
  }

  /// That of the first of these names that has one: the tensor's, or of what keeps words on the way to it.
  const TensorCode* code_read(const Layer& l) {
    std::string name = l.inputs[0];
    for (;;) {
      const auto producer = std::ranges::find(network_.layers(), name, &Layer::name);
      for (const auto& asked :
           {name, producer == network_.layers().end() ? name : parameter_name(*producer), names_.of(name)})
        if (const auto it = model_.codes.find(asked); it != model_.codes.end()) return &it->second;
      if (producer == network_.layers().end() || !keeps_words(*producer)) break;
      name = producer->inputs[0];
    }
    wrong_.error(l.where, fmt::format("the tensor that {} reads has no code", l.name), "give its scale");
    return nullptr;
  }

  const Network& network_;
  const Model& model_;
  TensorNames names_;
  Diagnostics wrong_;
};

}  // namespace

Model quantised(const Network& network, const Model& real, const CalibrationInputs& calibration,
                const PrecisionPlan& plan) {
  check(plan, network);
  const auto codes = tensor_codes(network, real, calibration, plan);
  return Quantiser{network, real, codes, plan, calibration.jobs}.run();
}

Model dequantised(const Network& network, const Model& quantised) { return Reverse{network, quantised}.run(); }

}  // namespace eyrie
