#include "workloads/bind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/ensure.hpp"
#include "workloads/precision_plan.hpp"
#include "workloads/tflite_functions.hpp"

namespace eyrie {

std::string parameter_name(const Layer& l) {
  if (!l.step) return l.name;
  const auto last = l.name.rfind('/');
  return l.part_of + l.name.substr(last);
}

int stated_product_shift(const Model& model, const Layer& l) {
  const auto& stated = model.network.layers;
  const auto it = std::ranges::find(stated, l.stated_name(), &Layer::name);
  return static_cast<int>((it == stated.end() ? l : *it).product_shift.value_or(0));
}

const RealTensor* numbers_of(const NetworkInput& in, std::int64_t batch, const RealInputs& given, Diagnostics& wrong) {
  const Shape shape = in.shape(batch);
  const auto it = given.find(in.name);
  if (it != given.end() && it->second.shape() == shape) return &it->second;
  wrong.error(
      in.where,
      fmt::format("the input {} was not given as {} x {} x {} x {}", in.name, shape.n, shape.c, shape.h, shape.w),
      "name a file with so many numbers");
  return nullptr;
}

Tensor coded(const RealTensor& real, const TensorCode& code) {
  Tensor words{real.shape()};
  std::ranges::transform(real.data(), words.data().begin(), [&](float v) { return code.word(v); });
  return words;
}

RealTensor decoded(const Tensor& words, const TensorCode& code) {
  RealTensor real{words.shape()};
  std::ranges::transform(words.data(), real.data().begin(),
                         [&](std::int16_t w) { return static_cast<float>(code.real(w)); });
  return real;
}

Tensor softmax(const Tensor& input, const TensorCode& from, const TensorCode& to) {
  const Shape& s = input.shape();
  Tensor out{s};
  for (std::int64_t n = 0; n < s.n; ++n)
    for (std::int64_t h = 0; h < s.h; ++h)
      for (std::int64_t w = 0; w < s.w; ++w) {
        std::int16_t most = input.at(n, 0, h, w);
        for (std::int64_t c = 1; c < s.c; ++c) most = std::max(most, input.at(n, c, h, w));
        double sum = 0;
        for (std::int64_t c = 0; c < s.c; ++c) sum += std::exp(from.real(input.at(n, c, h, w) - most));
        for (std::int64_t c = 0; c < s.c; ++c)
          out.at(n, c, h, w) = to.word(std::exp(from.real(input.at(n, c, h, w) - most)) / sum);
      }
  return out;
}

Tensor lrn(const Layer& l, const Tensor& input, const TensorCode& from, const TensorCode& to) {
  const Shape& s = input.shape();
  Tensor out{s};
  for (std::int64_t n = 0; n < s.n; ++n)
    for (std::int64_t h = 0; h < s.h; ++h)
      for (std::int64_t w = 0; w < s.w; ++w)
        for (std::int64_t c = 0; c < s.c; ++c) {
          double squares = 0;
          for (auto k = std::max<std::int64_t>(0, c - l.lrn_size / 2); k <= std::min(s.c - 1, c + l.lrn_size / 2); ++k)
            squares += from.real(input.at(n, k, h, w)) * from.real(input.at(n, k, h, w));
          const double scale = l.lrn_k + l.lrn_alpha / static_cast<double>(l.lrn_size) * squares;
          out.at(n, c, h, w) = to.word(from.real(input.at(n, c, h, w)) / std::pow(scale, l.lrn_beta));
        }
  return out;
}

namespace {

/// Steps of the fixed point that terms of a sum have.
constexpr int kTermBits = 20;

class Binder {
 public:
  Binder(const Network& network, const Model& model, const RealInputs& inputs) : network_{network}, model_{model} {
    if (model.arithmetic == ModelArithmetic::Float)
      throw InputError(model.network.where, "the model's parameters are real numbers", "quantise it first");
    read_inputs(inputs);
    for (const auto& l : network.layers()) layer(l);
    wrong_.raise_if_any();
  }
  NetworkData take() { return std::move(data_); }

 private:
  void read_inputs(const RealInputs& inputs) {
    for (const auto& in : network_.inputs()) {
      const auto code = code_of(in.name);
      if (!code) {
        wrong_.error(in.where, fmt::format("the input {} has no code", in.name), "give its scale and zero point");
        continue;
      }
      known_[in.name] = *code;
      if (in.zeros)
        data_.inputs[in.name] = Tensor{in.shape(network_.batch())};
      else if (const auto* tensor = numbers_of(in, network_.batch(), inputs, wrong_))
        data_.inputs[in.name] = coded(*tensor, *code);
    }
  }

  [[nodiscard]] std::optional<TensorCode> code_of(const std::string& name) const {
    const auto it = model_.codes.find(name);
    return it == model_.codes.end() ? std::nullopt : std::optional{it->second};
  }

  void layer(const Layer& l) {
    std::vector<TensorCode> from;
    for (const auto& in : l.inputs)
      if (const auto it = known_.find(in); it != known_.end()) from.push_back(it->second);
    auto code = code_of(l.name);
    if (!code) code = code_of(parameter_name(l));
    if (!code && keeps_words(l) && !from.empty()) code = from[0];
    Arithmetic a{.widths = kExactWidths, .activation = l.word_activation()};
    a.mean = l.type != LayerType::Add;
    if (!code || from.size() != l.inputs.size()) {
      if (!code) wrong_.error(l.where, fmt::format("the tensor that {} makes has no code", l.name), "give its scale");
    } else {
      known_[l.name] = *code;
      a.exact = shared(l, requantisation(l, from, *code, a));
    }
    data_.widths.push_back({.input = from.empty() ? Bits{8} : widest(from),
                            .weight = l.has_filters() ? filter_width(l) : Bits{8},
                            .psum = Bits{32},
                            .output = code ? code->width() : Bits{8}});
    data_.arithmetic.push_back(std::move(a));
    data_.codes.push_back(code.value_or(TensorCode{}));
    data_.from.push_back(std::move(from));
  }

  /// Steps of a cell that requantise alike have one table.
  std::shared_ptr<const Requantisation> shared(const Layer& l, Requantisation q) {
    if (!l.step) return std::make_shared<const Requantisation>(std::move(q));
    auto& known = of_steps_[parameter_name(l)];
    if (!known || *known != q) known = std::make_shared<const Requantisation>(std::move(q));
    return known;
  }

  static Bits widest(const std::vector<TensorCode>& codes) {
    Bits most{1};
    for (const auto& c : codes) most = std::max(most, c.width());
    return most;
  }

  Bits filter_width(const Layer& l) {
    const auto it = data_.filters.find(l.weights_name());
    if (it == data_.filters.end()) return Bits{2};
    const auto& words = it->second.weight.data();
    if (std::ranges::all_of(words, [](std::int16_t w) { return w == 1 || w == -1; })) return Bits{1};  // a sign
    std::int32_t most = 1;
    for (const std::int32_t w : words) most = std::max(most, w < 0 ? -w - 1 : w);
    std::int64_t bits = 1;
    while ((std::int64_t{1} << (bits - 1)) <= most) ++bits;
    return Bits{bits};
  }

  // ---- requantisation ---------------------------------------------------------------------------------------------

  [[nodiscard]] bool tflite() const { return model_.arithmetic == ModelArithmetic::Tflite; }
  [[nodiscard]] Rescale rescale(double factor) { return tflite() ? fixed(factor) : even(factor); }
  /// A factor that fixed point has; else 0, with an error.
  Rescale fixed(double factor) { return fixed_point(in_range(factor)); }
  /// The same as a float.
  Rescale even(double factor) { return nearest_even(static_cast<float>(in_range(factor))); }
  double in_range(double factor) {
    if (factor >= 0 && factor <= 1073741824.0) return factor;
    if (std::exchange(out_of_range_, now_) != now_)  // once a layer, not once a channel
      wrong_.error(now_->where, fmt::format("the scales of what {} reads and makes differ by {}", now_->name, factor),
                   "they differ by 2^30 at most");
    return 0;
  }

  Requantisation requantisation(const Layer& l, const std::vector<TensorCode>& from, const TensorCode& out,
                                Arithmetic& a) {
    now_ = &l;
    Requantisation q;
    TensorCode to = out;  // of the psum's word, before a function of a table
    if (uses_table(l.word_activation())) to = before_table(l, from, out, q);
    if (q.table.empty()) clamp(l.word_activation(), out, q);
    using enum LayerType;
    switch (l.type) {
      case Conv:
      case FullyConnected:
      case LocallyConnected:
        filters(l, from[0], to, q, a);
        break;
      case Add:
        sum(l, from, to, q);
        break;
      case Multiply:
        q.by_channel = {rescale(from[0].scale * from[1].scale / to.scale)};
        break;
      case AveragePool:
      case ReduceMean:
        mean(l, from[0], to, q);
        break;
      case Concat:
        joined(l, from, to, q);
        break;
      case Softmax:
      case Lrn:
        break;
      default:
        if (from[0].scale != to.scale)
          q.by_channel = {rescale(tflite() ? static_cast<float>(from[0].scale) / static_cast<float>(to.scale)
                                           : from[0].scale / to.scale)};
    }
    return q;
  }

  void clamp(Activation f, const TensorCode& out, Requantisation& q) const {
    q.least = static_cast<std::int32_t>(out.least - out.zero_point);
    q.most = static_cast<std::int32_t>(out.most - out.zero_point);
    if (f == Activation::Relu || f == Activation::Relu6) q.least = std::max(q.least, 0);
    if (f != Activation::Relu6) return;
    const double six = tflite() ? std::round(6.0F / static_cast<float>(out.scale)) : std::round(6.0 / out.scale);
    q.most = static_cast<std::int32_t>(std::fmin(q.most, six));
  }

  /// Sigmoid and tanh of every word there can be; the code of those words.
  TensorCode before_table(const Layer& l, const std::vector<TensorCode>& from, const TensorCode& out,
                          Requantisation& q) {
    const bool alone = l.type == LayerType::Sigmoid || l.type == LayerType::Tanh;
    const auto given = code_of(parameter_name(l) + "/before");
    if (!alone && !given)
      wrong_.error(l.where, fmt::format("the sum before {} of {} has no code", name_of(l.word_activation()), l.name),
                   fmt::format("give {}/before", parameter_name(l)));
    const TensorCode in = given ? *given : from[0];
    clamp(Activation::None, in, q);
    const auto f = l.word_activation();
    if (tflite() && f != Activation::SigmoidComplement) {
      for (std::int64_t w = q.least; w <= q.most; ++w) q.table.push_back(tflite_word(f, w, in, out));
      return in;
    }
    for (std::int64_t w = q.least; w <= q.most; ++w) {
      const double x = in.real(w), sigmoid = 1 / (1 + std::exp(-x));
      q.table.push_back(out.word(f == Activation::Tanh      ? std::tanh(x)
                                 : f == Activation::Sigmoid ? sigmoid
                                                            : 1 - sigmoid));
    }
    return in;
  }

  /// Between words of 16 bits and powers of two, as in an LSTM, from the kernels' 256 places; else as the 8-bit kernels
  /// fill their tables: in float, halves away from zero.
  static std::int16_t tflite_word(Activation f, std::int64_t w, const TensorCode& in, const TensorCode& out) {
    int power = 0;
    const bool whole = std::frexp(in.scale, &power) == 0.5 && in.zero_point == 0 && in.width() == Bits{16} &&
                       out.scale == std::exp2(-15) && out.zero_point == 0 && out.width() == Bits{16};
    if (whole && f == Activation::Sigmoid && power == -11) return tflite_sigmoid(static_cast<std::int16_t>(w));
    if (whole && f == Activation::Tanh && power >= -14 && power <= 1)
      return tflite_tanh(static_cast<std::int16_t>(w), power - 1);
    const float x = static_cast<float>(in.scale) * static_cast<float>(w);
    const float y = f == Activation::Tanh ? std::tanh(x) : 1.0F / (1.0F + std::exp(-x));
    const double raw = std::round(y * (1 / static_cast<float>(out.scale))) + static_cast<double>(out.zero_point);
    const double held = std::fmin(std::fmax(raw, static_cast<double>(out.least)), static_cast<double>(out.most));
    return static_cast<std::int16_t>(static_cast<std::int64_t>(held) - out.zero_point);
  }

  /// Does TFLite compute the layer as FULLY_CONNECTED? It does where filters were stored as a matrix, (out, in), even
  /// if the layer is a convolution of 1 x 1 over the positions of an image.
  [[nodiscard]] bool is_matrix_product(const Layer& l) const {
    const auto w = model_.parameters.find(l.weights_name() + "/weight");
    return l.type == LayerType::FullyConnected || (w != model_.parameters.end() && w->second.shape.size() == 2);
  }

  /// The scale of products in units of the ofmap's. TFLite multiplies the two scales in float where a fully connected
  /// layer has one filter scale (the gates of a cell have one each), else all of it is double.
  [[nodiscard]] double filter_factor(const Layer& l, double in, float weight, double out, bool one_scale) const {
    if (is_matrix_product(l) && (one_scale || !l.part_of.empty()))
      return static_cast<double>(static_cast<float>(in) * weight) / out;
    return in * static_cast<double>(weight) / out;
  }

  void filters(const Layer& l, const TensorCode& in, const TensorCode& out, Requantisation& q, Arithmetic& a) {
    const auto scales = scales_of(l);
    a.product_shift = stated_product_shift(model_, l);
    const double cut = std::exp2(a.product_shift);
    for (const float s : scales)
      q.by_channel.push_back(tflite()
                                 ? fixed(filter_factor(l, in.scale, s, out.scale, scales.size() == 1) * cut)
                                 : even(static_cast<double>(static_cast<float>(in.scale) * s /
                                                            static_cast<float>(out.scale) * static_cast<float>(cut))));
    if (q.by_channel.empty()) q.by_channel.push_back({});
    read_filters(l);
  }

  std::vector<float> scales_of(const Layer& l) {
    const auto it = model_.parameters.find(l.weights_name() + "/weight_scale");
    if (it == model_.parameters.end()) {
      missing(l, "weight_scale");
      return {};
    }
    const auto& all = it->second.real;
    if (all.size() == 1 || (std::ssize(all) == l.out_channels && l.type != LayerType::LocallyConnected)) return all;
    wrong_.error(l.where, fmt::format("{}/weight_scale has {} numbers", l.weights_name(), all.size()),
                 fmt::format("it has 1 or {}", l.out_channels));
    return {};
  }

  void missing(const Layer& l, const char* what) {
    wrong_.error(l.where, fmt::format("the model has no {}/{}", l.weights_name(), what), "give its numbers");
  }

  void read_filters(const Layer& l) {
    if (data_.filters.contains(l.weights_name())) return;
    Filters f{.weight = Tensor{l.weight_shape()}, .bias = {}};
    const auto w = model_.parameters.find(l.weights_name() + "/weight");
    const auto is_word = [](std::int32_t v) { return v == static_cast<std::int16_t>(v); };
    if (w == model_.parameters.end())
      missing(l, "weight");
    else if (w->second.integer.size() != f.weight.data().size())
      wrong_.error(l.where, fmt::format("{}/weight has {} whole numbers", l.weights_name(), w->second.integer.size()),
                   fmt::format("it has {}", f.weight.data().size()));
    else if (!std::ranges::all_of(w->second.integer, is_word))
      wrong_.error(l.where, fmt::format("{}/weight has numbers of more than 16 bits", l.weights_name()),
                   "they lie from -32768 to 32767");
    else
      std::ranges::transform(w->second.integer, f.weight.data().begin(),
                             [](std::int32_t v) { return static_cast<std::int16_t>(v); });
    const auto b = model_.parameters.find(l.weights_name() + "/bias");
    if (b != model_.parameters.end()) {
      if (std::ssize(b->second.integer) == l.weight_shape().n)
        f.bias = b->second.integer;
      else
        wrong_.error(l.where, fmt::format("{}/bias has {} whole numbers", l.weights_name(), b->second.integer.size()),
                     fmt::format("it has {}", l.weight_shape().n));
    }
    data_.filters[l.weights_name()] = std::move(f);
  }

  /// Bits behind the point of terms whose sum must fit a psum, `whole` being what one word of the sum stands for.
  static int term_bits(const std::vector<TensorCode>& from, double whole) {
    double sum = 0;
    for (const auto& c : from)
      sum += c.scale / whole * static_cast<double>(std::max(c.zero_point - c.least, c.most - c.zero_point));
    int bits = kTermBits;
    while (bits > 0 && std::ldexp(sum, bits) >= 1073741824.0) --bits;
    return bits;
  }

  /// Words of at most 8 bits are brought to a common scale with 20 bits behind the point as they are added (fewer where
  /// the ofmap's words are so much finer that the sum would not fit a psum); wider ones have one scale.
  void sum(const Layer& l, const std::vector<TensorCode>& from, const TensorCode& out, Requantisation& q) {
    const auto most = std::ranges::max(from, {}, &TensorCode::scale).scale;
    const bool one_scale = std::ranges::all_of(from, [&](const TensorCode& c) { return c.scale == most; });
    const bool narrow = std::ranges::all_of(from, [](const TensorCode& c) {
      return c.width() <= kWidestTerm && c.least - c.zero_point >= -kTermSpan / 2 &&
             c.most - c.zero_point < kTermSpan / 2;
    });
    if (!narrow || from.size() > kMostTerms) {
      if (!one_scale)
        wrong_.error(l.where,
                     fmt::format("{} adds words of more than {} bits in several scales", l.name, kWidestTerm.count()),
                     "give its inputs one scale");
      if (most != out.scale) q.by_channel = {rescale(most / out.scale)};
      return;
    }
    const double whole = tflite() ? static_cast<double>(from.size()) * most : out.scale;
    const int point = tflite() ? kTermBits : term_bits(from, whole);
    q.terms.assign(from.size() * kTermSpan, 0);
    for (std::size_t i = 0; i < from.size(); ++i) {
      const Rescale r = fixed(from[i].scale / whole);
      for (std::int32_t w = -kTermSpan / 2; w < kTermSpan / 2; ++w) {
        const auto at = static_cast<std::size_t>(
            Requantisation::term_number(static_cast<std::int64_t>(i), static_cast<std::int16_t>(w)));
        q.terms[at] = rescaled(w * (1 << point), r);
      }
    }
    const double factor = whole / (std::exp2(point) * out.scale);
    q.by_channel = {tflite() ? fixed(factor) : nearest_even_wide(in_range(factor))};
    if (!tflite() && out.zero_point % 2 != 0 && q.table.empty()) round_beside_zero(q, point);
  }

  /// QLinearAdd rounds raw numbers to even, which are odd words if the zero point is odd: one more is added, and taken
  /// away behind the rounding. `point`: bits behind the point of the terms.
  static void round_beside_zero(Requantisation& q, int point) {
    for (std::size_t i = 0; i < kTermSpan; ++i) q.terms[i] += 1 << point;
    for (std::int32_t w = q.least; w <= q.most; ++w) q.table.push_back(static_cast<std::int16_t>(w));
    ++q.least;
    ++q.most;
  }

  void mean(const Layer& l, const TensorCode& in, const TensorCode& out, Requantisation& q) {
    if (l.type == LayerType::AveragePool && in.scale == out.scale && tflite()) {
      q.mean_zero = static_cast<std::int32_t>(in.zero_point);
      q.mean_out_zero = static_cast<std::int32_t>(out.zero_point);
      return;
    }
    const auto count = l.mean_axis == MeanAxis::Steps && l.type == LayerType::ReduceMean
                           ? l.input.n
                           : l.kernel.rows * l.kernel.columns;
    const bool one_size = l.padding == Padding{} && !l.ceil_mode;
    if (static_cast<double>(count) * static_cast<double>(std::max(in.zero_point - in.least, in.most - in.zero_point)) >
        2147483647.0)
      wrong_.error(l.where, fmt::format("sums of {} exceed 32 bits", l.name), "give its input fewer bits");
    if (!one_size && !tflite()) {
      q.by_elements = true;
      q.by_channel = {nearest_even_wide(in_range(in.scale / out.scale))};
      return;
    }
    if (!one_size)
      wrong_.error(l.where, fmt::format("{} averages windows of several sizes and changes the scale", l.name),
                   "leave padding out, or keep the scale");
    q.by_channel = {tflite() && l.type == LayerType::ReduceMean
                        ? tflite_mean(in_range(in.scale / out.scale), count)
                        : rescale(in.scale / (out.scale * static_cast<double>(count)))};
  }

  void joined(const Layer& l, const std::vector<TensorCode>& from, const TensorCode& out, Requantisation& q) {
    if (std::ranges::all_of(from, [&](const TensorCode& c) { return c.scale == out.scale; })) return;
    if (l.concat_axis != ConcatAxis::Channels) {
      wrong_.error(l.where, fmt::format("{} joins rows or columns of several scales", l.name), "give them one scale");
      return;
    }
    for (std::size_t i = 0; i < from.size(); ++i)
      q.by_channel.insert(q.by_channel.end(), static_cast<std::size_t>(l.sources[i].c),
                          rescale(from[i].scale / out.scale));
  }

  const Network& network_;
  const Model& model_;
  NetworkData data_;
  std::map<std::string, TensorCode> known_;
  std::map<std::string, std::shared_ptr<const Requantisation>> of_steps_;
  const Layer *now_ = nullptr, *out_of_range_ = nullptr;
  Diagnostics wrong_;
};

}  // namespace

NetworkData bind(const Network& network, const Model& model, const RealInputs& inputs) {
  return Binder{network, model, inputs}.take();
}

}  // namespace eyrie
