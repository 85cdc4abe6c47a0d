#include "workloads/float_layers.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/ensure.hpp"
#include "workloads/float_kernels.hpp"
#include "workloads/threads.hpp"

namespace eyrie::real {

namespace {

/// Calls `visit(n, c, h, w)` for every place of a shape, in the order in which its elements lie.
template <class Visit>
void each_place(const Shape& s, Visit visit) {
  for (std::int64_t n = 0; n < s.n; ++n)
    for (std::int64_t c = 0; c < s.c; ++c)
      for (std::int64_t h = 0; h < s.h; ++h)
        for (std::int64_t w = 0; w < s.w; ++w) visit(n, c, h, w);
}

/// Calls `visit(value)` for every element of the input under the window of output (p, q) of a channel.
template <class Visit>
void under_window(const Layer& l, const RealTensor& in, std::int64_t n, std::int64_t c, std::int64_t p, std::int64_t q,
                  Visit visit) {
  const auto top = p * l.stride.rows - l.padding.top, left = q * l.stride.columns - l.padding.left;
  const Shape& s = in.shape();
  for (auto h = std::max<std::int64_t>(0, top); h < std::min(s.h, top + l.kernel.rows); ++h)
    for (auto w = std::max<std::int64_t>(0, left); w < std::min(s.w, left + l.kernel.columns); ++w)
      visit(in.at(n, c, h, w));
}

RealTensor max_pool(const Layer& l, const RealTensor& in) {
  RealTensor out{l.output};
  each_place(l.output, [&](auto n, auto c, auto p, auto q) {
    float most = -std::numeric_limits<float>::infinity();
    under_window(l, in, n, c, p, q, [&](float v) { most = std::max(most, v); });
    out.at(n, c, p, q) = most;
  });
  return out;
}

RealTensor average_pool(const Layer& l, const RealTensor& in) {
  RealTensor out{l.output};
  each_place(l.output, [&](auto n, auto c, auto p, auto q) {
    double sum = 0;
    std::int64_t count = 0;
    under_window(l, in, n, c, p, q, [&](float v) { sum += v, ++count; });
    out.at(n, c, p, q) = static_cast<float>(sum / static_cast<double>(std::max<std::int64_t>(1, count)));
  });
  return out;
}

RealTensor mean_of_steps(const Layer& l, const RealTensor& in) {
  RealTensor out{l.output};
  each_place(l.output, [&](auto, auto c, auto h, auto w) {
    double sum = 0;
    for (std::int64_t n = 0; n < in.shape().n; ++n) sum += in.at(n, c, h, w);
    out.at(0, c, h, w) = static_cast<float>(sum / static_cast<double>(in.shape().n));
  });
  return out;
}

RealTensor added(const Layer& l, const std::vector<RealTensor>& in) {
  RealTensor out{l.output};
  for (std::size_t i = 0; i < out.data().size(); ++i) {
    double sum = 0;
    for (const auto& t : in) sum += t.data()[i];
    out.data()[i] = static_cast<float>(sum);
  }
  return out;
}

RealTensor multiplied(const Layer& l, const std::vector<RealTensor>& in) {
  RealTensor out{l.output};
  for (std::size_t i = 0; i < out.data().size(); ++i) out.data()[i] = in[0].data()[i] * in[1].data()[i];
  return out;
}

RealTensor joined(const Layer& l, const std::vector<RealTensor>& in) {
  RealTensor out{l.output};
  const std::int64_t c = l.concat_axis == ConcatAxis::Channels, h = l.concat_axis == ConcatAxis::Rows,
                     w = l.concat_axis == ConcatAxis::Columns;
  std::int64_t before = 0;
  for (const auto& t : in) {
    each_place(t.shape(), [&](auto n, auto k, auto row, auto column) {
      out.at(n, k + c * before, row + h * before, column + w * before) = t.at(n, k, row, column);
    });
    before += c * t.shape().c + h * t.shape().h + w * t.shape().w;
  }
  return out;
}

RealTensor shuffled(const Layer& l, const RealTensor& in) {
  RealTensor out{l.output};
  const auto each = l.input.c / l.groups;
  each_place(l.output, [&](auto n, auto c, auto h, auto w) {
    out.at(n, c % each * l.groups + c / each, h, w) = in.at(n, c, h, w);
  });
  return out;
}

RealTensor renamed(const Layer& l, const std::vector<RealTensor>& in) {
  RealTensor out{l.output};
  auto at = out.data().begin();
  for (const auto& t : in) at = std::copy(t.data().begin(), t.data().end(), at);
  return out;
}

RealTensor lrn(const Layer& l, const RealTensor& in) {
  RealTensor out{l.output};
  each_place(l.output, [&](auto n, auto c, auto h, auto w) {
    double squares = 0;
    for (auto k = std::max<std::int64_t>(0, c - l.lrn_size / 2); k <= std::min(l.output.c - 1, c + l.lrn_size / 2); ++k)
      squares += static_cast<double>(in.at(n, k, h, w)) * in.at(n, k, h, w);
    const double scale = l.lrn_k + l.lrn_alpha / static_cast<double>(l.lrn_size) * squares;
    out.at(n, c, h, w) = static_cast<float>(in.at(n, c, h, w) / std::pow(scale, l.lrn_beta));
  });
  return out;
}

RealTensor softmax(const Layer& l, const RealTensor& in) {
  RealTensor out{l.output};
  const Shape& s = l.output;
  each_place({s.n, 1, s.h, s.w}, [&](auto n, auto, auto h, auto w) {
    double most = in.at(n, 0, h, w), sum = 0;
    for (std::int64_t c = 1; c < s.c; ++c) most = std::max<double>(most, in.at(n, c, h, w));
    for (std::int64_t c = 0; c < s.c; ++c) sum += std::exp(in.at(n, c, h, w) - most);
    for (std::int64_t c = 0; c < s.c; ++c)
      out.at(n, c, h, w) = static_cast<float>(std::exp(in.at(n, c, h, w) - most) / sum);
  });
  return out;
}

RealTensor locally_connected(const Layer& l, const RealTensor& in, const std::vector<float>& weight,
                             const std::vector<float>& bias, unsigned jobs) {
  RealTensor out{l.output};
  const auto inputs = l.input.c / l.groups, outputs = l.out_channels / l.groups;
  const auto taps = inputs * l.kernel.rows * l.kernel.columns;
  const auto one = [&](auto n, auto m, auto p, auto q) {
    const auto group = m / outputs, filter = ((group * l.output.h + p) * l.output.w + q) * outputs + m % outputs;
    double sum = bias.empty() ? 0 : bias[static_cast<std::size_t>(filter)];
    auto w = weight.begin() + filter * taps;
    each_place({1, inputs, l.kernel.rows, l.kernel.columns}, [&](auto, auto c, auto r, auto s) {
      const auto h = p * l.stride.rows + r * l.dilation.rows - l.padding.top;
      const auto column = q * l.stride.columns + s * l.dilation.columns - l.padding.left;
      const bool inside = h >= 0 && h < l.input.h && column >= 0 && column < l.input.w;
      if (inside) sum += static_cast<double>(in.at(n, group * inputs + c, h, column)) * *w;
      ++w;
    });
    out.at(n, m, p, q) = static_cast<float>(sum);
  };
  in_threads(jobs, static_cast<std::size_t>(l.output.n * l.output.c), [&](std::size_t task) {
    const auto n = static_cast<std::int64_t>(task) / l.output.c, m = static_cast<std::int64_t>(task) % l.output.c;
    each_place({1, 1, l.output.h, l.output.w}, [&](auto, auto, auto p, auto q) { one(n, m, p, q); });
  });
  return out;
}

double function(Activation f, double x) {
  switch (f) {
    case Activation::None:
      return x;
    case Activation::Relu:
      return std::max(x, 0.0);
    case Activation::Relu6:
      return std::clamp(x, 0.0, 6.0);
    case Activation::Sigmoid:
      return 1 / (1 + std::exp(-x));
    case Activation::Tanh:
      return std::tanh(x);
    case Activation::SigmoidComplement:
      return 1 / (1 + std::exp(x));
  }
  return x;
}

}  // namespace

RealTensor seen(const RealTensor& whole, const InputView& view) {
  if (view == InputView{}) return whole;
  RealTensor part{view.of(whole.shape())};
  each_place(part.shape(), [&](auto n, auto c, auto h, auto w) {
    part.at(n, c, h, w) = whole.at(view.first_n + n, view.first_c + c, h, w);
  });
  return part;
}

RealTensor filtered(const Layer& l, const RealTensor& input, const std::vector<float>& weight,
                    const std::vector<float>& bias, unsigned jobs) {
  return l.type == LayerType::LocallyConnected ? locally_connected(l, input, weight, bias, jobs)
                                               : fast::real_sums(*l.nest(), input, weight, bias, jobs);
}

RealTensor unfiltered(const Layer& l, const std::vector<RealTensor>& in) {
  switch (l.type) {
    case LayerType::MaxPool:
      return max_pool(l, in[0]);
    case LayerType::AveragePool:
      return average_pool(l, in[0]);
    case LayerType::ReduceMean:
      return l.mean_axis == MeanAxis::Steps ? mean_of_steps(l, in[0]) : average_pool(l, in[0]);
    case LayerType::Add:
      return added(l, in);
    case LayerType::Multiply:
      return multiplied(l, in);
    case LayerType::Concat:
      return joined(l, in);
    case LayerType::ChannelShuffle:
      return shuffled(l, in[0]);
    case LayerType::Lrn:
      return lrn(l, in[0]);
    case LayerType::Softmax:
      return softmax(l, in[0]);
    case LayerType::Reshape:
    case LayerType::BatchNorm:
    case LayerType::Lstm:
    case LayerType::Gru:
    case LayerType::Relu:
    case LayerType::Relu6:
    case LayerType::Sigmoid:
    case LayerType::Tanh:
      return renamed(l, in);
    case LayerType::Conv:
    case LayerType::FullyConnected:
    case LayerType::LocallyConnected:
      break;
  }
  throw InternalError("a layer with filters needs them");
}

void activate(RealTensor& t, Activation f) {
  if (f == Activation::None) return;
  for (auto& v : t.data()) v = static_cast<float>(function(f, v));
}

}  // namespace eyrie::real
