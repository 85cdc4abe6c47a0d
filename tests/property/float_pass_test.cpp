// Is the float pass, which is quick, what the definitions of the layers say, computed plainly in double?

#include "workloads/float_pass.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

#include "tests/support/real_nets.hpp"
#include "workloads/float_kernels.hpp"

using namespace eyrie;

namespace {

using Numbers = BasicTensor<double>;

/// Every layer from its definition, index by index.
class Plain {
 public:
  Plain(const Network& network, const Model& model, const RealInputs& inputs) : model_{model} {
    for (const auto& [name, t] : inputs) {
      made_[name] = Numbers{t.shape()};
      std::ranges::copy(t.data(), made_[name].data().begin());
    }
    for (const auto& l : network.layers()) layer(l);
  }
  [[nodiscard]] const Numbers& output(const std::string& name) const { return made_.at(name); }

 private:
  template <class Value>
  void each(const Layer& l, Value value) {
    Numbers out{l.output};
    for (std::int64_t n = 0; n < l.output.n; ++n)
      for (std::int64_t c = 0; c < l.output.c; ++c)
        for (std::int64_t p = 0; p < l.output.h; ++p)
          for (std::int64_t q = 0; q < l.output.w; ++q) {
            const double x = value(n, c, p, q);
            const auto f = l.word_activation();
            out.at(n, c, p, q) = f == Activation::Relu      ? (x > 0 ? x : 0)
                                 : f == Activation::Relu6   ? (x > 6   ? 6
                                                               : x > 0 ? x
                                                                       : 0)
                                 : f == Activation::Tanh    ? 2 / (1 + std::exp(-2 * x)) - 1
                                 : f == Activation::Sigmoid ? 0.5 + 0.5 * std::tanh(x / 2)
                                                            : x;
          }
    made_[l.name] = std::move(out);
  }

  /// Calls visit(tap, value) for taps of the window that lie inside the input.
  template <class Visit>
  static void window(const Layer& l, const Numbers& x, std::int64_t n, std::int64_t c, std::int64_t p, std::int64_t q,
                     Visit visit) {
    for (std::int64_t r = 0; r < l.kernel.rows; ++r)
      for (std::int64_t s = 0; s < l.kernel.columns; ++s) {
        const auto h = p * l.stride.rows + r * l.dilation.rows - l.padding.top;
        const auto w = q * l.stride.columns + s * l.dilation.columns - l.padding.left;
        if (h >= 0 && h < x.shape().h && w >= 0 && w < x.shape().w)
          visit(static_cast<std::size_t>(r * l.kernel.columns + s), x.at(n, c, h, w));
      }
  }

  void filters(const Layer& l, const Numbers& x) {
    const auto& weight = model_.parameters.at(l.name + "/weight").real;
    const auto bias = model_.parameters.find(l.name + "/bias");
    const bool local = l.type == LayerType::LocallyConnected, whole = l.type == LayerType::FullyConnected;
    const auto inputs = l.input.c / l.groups, outputs = l.out_channels / l.groups;
    each(l, [&](auto n, auto m, auto p, auto q) {
      const auto g = m / outputs;
      const auto filter = local ? ((g * l.output.h + p) * l.output.w + q) * outputs + m % outputs : m;
      double sum = bias == model_.parameters.end() ? 0 : bias->second.real[static_cast<std::size_t>(filter)];
      if (whole) {
        const auto taps = l.input.c * l.input.h * l.input.w;
        for (std::int64_t i = 0; i < taps; ++i)
          sum += x.data()[static_cast<std::size_t>(n * taps + i)] * weight[static_cast<std::size_t>(m * taps + i)];
        return sum;
      }
      const auto taps = l.kernel.rows * l.kernel.columns;
      for (std::int64_t c = 0; c < inputs; ++c)
        window(l, x, n, g * inputs + c, p, q, [&](std::size_t tap, double v) {
          sum += v * weight[static_cast<std::size_t>((filter * inputs + c) * taps) + tap];
        });
      return sum;
    });
  }

  void pool(const Layer& l, const Numbers& x) {
    each(l, [&](auto n, auto c, auto p, auto q) {
      double most = -1e300, sum = 0, count = 0;
      window(l, x, n, c, p, q, [&](std::size_t, double v) { most = std::max(most, v), sum += v, ++count; });
      return l.type == LayerType::MaxPool ? most : sum / count;
    });
  }

  /// An element of inputs that stand one behind the other along an axis.
  double joined(const Layer& l, std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t w) const {
    for (const auto& in : l.inputs) {
      const auto& t = made_.at(in);
      auto& along = l.concat_axis == ConcatAxis::Channels ? c : l.concat_axis == ConcatAxis::Rows ? h : w;
      const auto extent = l.concat_axis == ConcatAxis::Channels ? t.shape().c
                          : l.concat_axis == ConcatAxis::Rows   ? t.shape().h
                                                                : t.shape().w;
      if (along < extent) return t.at(n, c, h, w);
      along -= extent;
    }
    return 0;
  }

  void layer(const Layer& l) {
    const Numbers& x = made_.at(l.inputs[0]);
    const auto in = [&](std::size_t i, auto n, auto c, auto h, auto w) { return made_.at(l.inputs[i]).at(n, c, h, w); };
    const auto place = [&](auto n, auto c, auto h, auto w) {
      return static_cast<std::size_t>(((n * l.output.c + c) * l.output.h + h) * l.output.w + w);
    };
    using enum LayerType;
    if (l.has_filters()) return filters(l, x);
    if (l.type == MaxPool || l.type == AveragePool || l.type == ReduceMean) return pool(l, x);
    each(l, [&](auto n, auto c, auto h, auto w) -> double {
      double value = l.type == Multiply ? 1 : 0;
      switch (l.type) {
        case Add:
          for (std::size_t i = 0; i < l.inputs.size(); ++i) value += in(i, n, c, h, w);
          return value;
        case Multiply:
          return in(0, n, c, h, w) * in(1, n, c, h, w);
        case Concat:
          return joined(l, n, c, h, w);
        case ChannelShuffle:  // channel a * groups + b was b * each + a
          return x.at(n, c % l.groups * (l.output.c / l.groups) + c / l.groups, h, w);
        case Lrn:
          for (std::int64_t k = c - l.lrn_size / 2; k <= c + l.lrn_size / 2; ++k)
            if (k >= 0 && k < l.output.c) value += x.at(n, k, h, w) * x.at(n, k, h, w);
          return x.at(n, c, h, w) *
                 std::pow(l.lrn_k + l.lrn_alpha * value / static_cast<double>(l.lrn_size), -l.lrn_beta);
        case Softmax:
          for (std::int64_t k = 0; k < l.output.c; ++k) value += std::exp(x.at(n, k, h, w) - x.at(n, c, h, w));
          return 1 / value;
        default:
          return x.data()[place(n, c, h, w)];
      }
    });
  }

  const Model& model_;
  std::map<std::string, Numbers> made_;
};

void check_net(const NetworkFile& file, std::int64_t batch, std::uint64_t seed, unsigned jobs) {
  const auto network = Network::build(file, batch);
  const auto model = random_parameters(file, seed);
  const auto inputs = test::normal_inputs(network, seed);
  const FloatPass pass{network, model, inputs, jobs}, alone{network, model, inputs};
  const Plain plain{network, model, inputs};
  for (std::size_t i = 0; i < network.layers().size(); ++i) {
    const auto& l = network.layers()[i];
    CAPTURE(seed, l.name);
    const auto& quick = pass.output(i).data();
    REQUIRE((quick == alone.output(i).data()));
    const auto& truth = plain.output(l.name).data();
    REQUIRE(quick.size() == truth.size());
    double square = 0, most = 0;
    for (const double v : truth) square += v * v;
    for (std::size_t k = 0; k < truth.size(); ++k) most = std::max(most, std::abs(quick[k] - truth[k]));
    CHECK(most <= 1e-5 * std::max(1.0, std::sqrt(square / static_cast<double>(truth.size()))));
  }
}

}  // namespace

TEST_CASE("a float pass is the definition of every layer", "[property][workloads][float_pass]") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) check_net(test::net_of_all_kinds(), 1 + seed % 2, seed, 3);
}

TEST_CASE("a float pass is the definition for convolutions of any shape", "[property][workloads][float_pass]") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) check_net(test::random_net(seed), 1 + seed % 2, seed, 2);
}

TEST_CASE("filters of more taps than a panel holds are summed whole", "[property][workloads][float_pass]") {
  check_net(
      test::network_file("- {name: data, channels: 130, rows: 3, columns: 7}\n",
                         "- {name: c, type: conv, inputs: [data], out_channels: 5, kernel: {rows: 3, columns: 3}, "
                         "padding: {left: 1}}\n"
                         "- {name: fc, type: fully_connected, inputs: [c], out_channels: 37}\n"),
      2, 7, 2);
}

TEST_CASE("sums are the same floats with and without vectors", "[property][workloads][float_pass]") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    const auto file = test::random_net(seed);
    const auto network = Network::build(file, 2);
    const auto model = random_parameters(file, seed);
    const auto inputs = test::normal_inputs(network, seed);
    const FloatPass pass{network, model, inputs};
    for (std::size_t i = 0; i < network.layers().size(); ++i) {
      const Layer& l = network.layers()[i];
      if (!l.has_filters()) continue;
      CAPTURE(l.name);
      const auto &weight = model.parameters.at(l.name + "/weight").real,
                 &bias = model.parameters.at(l.name + "/bias").real;
      const auto sums = [&](fast::Instructions which) {
        return fast::real_sums(*l.nest(), pass.inputs(i)[0], weight, bias, static_cast<unsigned>(1 + seed % 3), which);
      };
      REQUIRE((sums(fast::Instructions::Portable) == pass.before(i)));
      REQUIRE((sums(fast::Instructions::Best) == pass.before(i)));
    }
  }
}
