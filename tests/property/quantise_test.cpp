// Does a quantised network compute what docs/quantisation.md says, in words of the bits that were asked for, and how
// near is it to the real one?

#include "workloads/quantise.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

#include "sim/simulate.hpp"
#include "tests/support/random_cases.hpp"
#include "tests/support/real_nets.hpp"
#include "tests/support/support.hpp"
#include "workloads/fidelity.hpp"
#include "workloads/gather.hpp"

using namespace eyrie;

namespace {

/// A network quantised on the very inputs that it is then computed with.
struct Quantised {
  Network network;
  Model real, model;
  RealInputs inputs;
  NetworkData data;
  FloatPass floats;
  ForwardPass words;

  Quantised(const NetworkFile& file, const PrecisionPlan& plan, std::uint64_t seed)
      : Quantised{random_parameters(file, seed), plan, seed} {}
  Quantised(Model of, const PrecisionPlan& plan, std::uint64_t seed)
      : network{Network::build(of.network, 1)},
        real{std::move(of)},
        model{},
        inputs{test::normal_inputs(network, seed)},
        data{bound(plan)},
        floats{network, real, inputs},
        words{network, {}, seed, {.data = &data}} {}

  NetworkData bound(const PrecisionPlan& plan) {
    model = quantised(network, real, {{inputs}, 2}, plan);
    return eyrie::bind(Network::build(model.network, 1), model, inputs);
  }
  [[nodiscard]] std::vector<LayerFidelity> fidelity() const { return eyrie::fidelity(network, floats, words, data); }
  /// Steps of a cell together, as their words have one scale.
  [[nodiscard]] std::map<std::string, Fidelity> by_tensor() const {
    std::map<std::string, Fidelity> tensors;
    for (const auto& l : fidelity()) {
      auto& all = tensors[parameter_name(network.layer(l.layer))];
      all = all.plus(l.value);
    }
    return tensors;
  }
};

PrecisionPlan plan_of(std::int64_t bits, RangeRule range = RangeRule::Mse) {
  PrecisionPlan plan;
  plan.all.weights = plan.all.activations = Bits{bits};
  plan.all.range = range;
  return plan;
}

/// Everything that a precision can be, drawn for every layer.
PrecisionPlan random_plan(const Network& network, Random& r) {
  auto plan = plan_of(r.between(2, 16), r.chance(0.5) ? RangeRule::Mse : RangeRule::Max);
  plan.all.unsigned_range = r.chance(0.7);
  for (const auto& l : network.layers()) {
    if (keeps_words(l) || l.step || r.chance(0.3)) continue;
    LayerWordPrecision own{.layer = l.name, .weights = {}, .activations = Bits{r.between(1, 16)}};
    if (l.has_filters()) own.weights = Bits{r.chance(0.3) ? 1 : r.between(1, 16)};
    own.per_channel = r.chance(0.5);
    own.range = r.chance(0.3) ? RangeRule::Percentile : RangeRule::Mse;
    own.percentile = 99;
    plan.layers.push_back(own);
  }
  return plan;
}

/// 8 bits per channel, one, four and sixteen, wide and narrow sums.
PrecisionPlan mixed_plan() {
  auto plan = plan_of(8);
  const auto own = [&](const char* layer, std::int64_t weights, std::int64_t activations) {
    plan.layers.push_back({.layer = layer, .weights = Bits{weights}, .activations = Bits{activations}});
  };
  own("c1", 8, 8);
  own("c2", 1, 6);
  own("c3", 4, 4);
  own("c4", 16, 16);
  plan.layers.push_back({.layer = "sum", .weights = {}, .activations = Bits{7}});
  return plan;
}

// ---- the arithmetic as the document states it, from the model alone -------------------------------------------------

using Integers = std::vector<std::int64_t>;

class Stated {
 public:
  Stated(const Network& network, const Model& model, const RealInputs& inputs) : model_{model} {
    for (const auto& [name, t] : inputs) {
      codes_[name] = model.codes.at(name);
      for (const float v : t.data()) made_[name].push_back(held(std::nearbyint(v / codes_[name].scale), codes_[name]));
    }
    for (const auto& l : network.layers()) layer(l);
  }
  [[nodiscard]] const Integers& output(const std::string& name) const { return made_.at(name); }

 private:
  static std::int64_t held(double raw, const TensorCode& code) {
    return static_cast<std::int64_t>(std::clamp(raw, static_cast<double>(code.least), static_cast<double>(code.most)));
  }
  static std::int64_t finished(std::int64_t psum, float factor, const TensorCode& code, Activation f) {
    const float word = std::nearbyint(static_cast<float>(psum) * factor);
    return held(f == Activation::Relu ? std::max(word, 0.0F) : word, code);
  }

  void layer(const Layer& l) {
    const auto own = model_.codes.find(l.name);
    codes_[l.name] = own == model_.codes.end() ? codes_.at(l.inputs[0]) : own->second;
    if (l.has_filters()) return filters(l);
    if (l.type == LayerType::Add) return sum(l);
    if (l.type == LayerType::Concat) return join(l);
    pool(l);
  }

  void filters(const Layer& l) {
    const TensorCode &from = codes_.at(l.inputs[0]), &to = codes_.at(l.name);
    const auto &w = model_.parameters.at(l.name + "/weight").integer,
               &b = model_.parameters.at(l.name + "/bias").integer;
    const auto& scales = model_.parameters.at(l.name + "/weight_scale").real;
    const auto stated = std::ranges::find(model_.network.layers, l.name, &Layer::name);
    const auto shift = stated->product_shift.value_or(0);
    const auto nest = *l.nest();
    const auto& x = made_.at(l.inputs[0]);
    using enum Dim;
    const auto inputs = nest.extent[C], rows = nest.extent[R], columns = nest.extent[S];
    auto& out = made_[l.name];
    for (std::int64_t m = 0; m < l.output.c; ++m)
      for (std::int64_t p = 0; p < l.output.h; ++p)
        for (std::int64_t q = 0; q < l.output.w; ++q) {
          std::int64_t psum = b[static_cast<std::size_t>(m)];
          for (std::int64_t c = 0; c < inputs; ++c)
            for (std::int64_t r = 0; r < rows; ++r)
              for (std::int64_t s = 0; s < columns; ++s) {
                const auto h = p * nest.stride.rows + r * nest.dilation.rows - nest.padding.top;
                const auto v = q * nest.stride.columns + s * nest.dilation.columns - nest.padding.left;
                if (h < 0 || h >= l.input.h || v < 0 || v >= l.input.w) continue;
                const auto channel = m / nest.extent[M] * inputs + c;
                psum += (x[static_cast<std::size_t>((channel * l.input.h + h) * l.input.w + v)] *
                         w[static_cast<std::size_t>(((m * inputs + c) * rows + r) * columns + s)]) >>
                        shift;
              }
          REQUIRE(std::abs(psum) <= 2147483647);
          const float scale = scales[scales.size() == 1 ? 0 : static_cast<std::size_t>(m)];
          const float factor = static_cast<float>(from.scale) * scale / static_cast<float>(to.scale);
          out.push_back(finished(psum, factor * static_cast<float>(std::exp2(shift)), to, l.activation));
        }
  }

  void sum(const Layer& l) {
    const auto& to = codes_.at(l.name);
    const bool wide = std::ranges::any_of(l.inputs, [&](const auto& in) { return codes_.at(in).width() > Bits{8}; });
    double most = 0;
    for (const auto& in : l.inputs)
      most += codes_.at(in).scale / to.scale * static_cast<double>(std::max(codes_.at(in).most, -codes_.at(in).least));
    int point = 20;
    while (std::ldexp(most, point) >= 1073741824.0) --point;
    for (std::size_t i = 0; i < made_.at(l.inputs[0]).size(); ++i) {
      std::int64_t total = 0;
      for (const auto& in : l.inputs) {
        const auto word = made_.at(in)[i];
        CHECK((!wide || codes_.at(in).scale == codes_.at(l.inputs[0]).scale));
        total += wide ? word
                      : rescaled(static_cast<std::int32_t>(word * (1 << point)),
                                 fixed_point(codes_.at(in).scale / to.scale));
      }
      made_[l.name].push_back(
          wide ? finished(total, static_cast<float>(codes_.at(l.inputs[0]).scale / to.scale), to, l.activation)
               : held(std::nearbyint(std::ldexp(static_cast<double>(total), -point)), to));
    }
  }

  void join(const Layer& l) {
    for (const auto& in : l.inputs)
      for (const auto word : made_.at(in))
        made_[l.name].push_back(
            finished(word, static_cast<float>(codes_.at(in).scale / codes_.at(l.name).scale), codes_.at(l.name), {}));
  }

  void pool(const Layer& l) {
    const bool largest = l.type == LayerType::MaxPool;
    const auto& x = made_.at(l.inputs[0]);
    const auto count = static_cast<double>(l.kernel.rows * l.kernel.columns);
    for (std::int64_t c = 0; c < l.output.c; ++c)
      for (std::int64_t p = 0; p < l.output.h; ++p)
        for (std::int64_t q = 0; q < l.output.w; ++q) {
          std::int64_t most = -100000, total = 0;
          for (std::int64_t r = 0; r < l.kernel.rows; ++r)
            for (std::int64_t s = 0; s < l.kernel.columns; ++s) {
              const auto word = x[static_cast<std::size_t>((c * l.input.h + p * l.stride.rows + r) * l.input.w +
                                                           q * l.stride.columns + s)];
              most = std::max(most, word);
              total += word;
            }
          const auto factor = static_cast<float>(codes_.at(l.inputs[0]).scale / (codes_.at(l.name).scale * count));
          made_[l.name].push_back(largest ? most : finished(total, factor, codes_.at(l.name), {}));
        }
  }

  const Model& model_;
  std::map<std::string, TensorCode> codes_;
  std::map<std::string, Integers> made_;
};

}  // namespace

TEST_CASE("words of 16 bits are next to the real numbers, in networks of all kinds",
          "[property][workloads][quantise]") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed)
    for (const auto& file : {test::net_of_all_kinds(), test::net_of_cells(), test::random_net(seed)}) {
      const bool cells = file.inputs[0].steps > 1;  // noise comes back at every step
      for (const auto& [name, value] : Quantised{file, plan_of(16), seed}.by_tensor()) {
        CAPTURE(seed, name);
        CHECK(value.sqnr_db().value_or(1000) > (cells ? 60 : 70));
      }
    }
}

TEST_CASE("every two bits more are nearer to the real numbers", "[property][workloads][quantise]") {
  for (std::uint64_t seed = 1; seed <= 4; ++seed)
    for (const auto& file : {test::net_of_all_kinds(), test::net_of_cells(), test::random_net(seed)}) {
      Fidelity fewer{.signal = 1, .noise = 1e9};
      for (std::int64_t bits = 3; bits <= 15; bits += 3) {
        CAPTURE(seed, bits);
        const Quantised q{file, plan_of(bits), seed};
        Fidelity all;
        for (const auto& l : q.fidelity())
          if (!keeps_words(q.network.layer(l.layer))) all = all.plus(l.value);
        CHECK(all.noise < fewer.noise);
        if (bits > 6) CHECK(*all.sqnr_db() > *fewer.sqnr_db() + 9);  // theory: 18 dB
        fewer = all;
      }
    }
}

TEST_CASE("no word needs more bits than it was given, whatever the plan", "[property][workloads][quantise]") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Random r{seed, "plans"};
    const auto file = seed % 3 == 0   ? test::net_of_all_kinds()
                      : seed % 3 == 1 ? test::net_of_cells()
                                      : test::random_net(seed);
    const auto plan = random_plan(Network::build(file, 1), r);
    const Quantised q{file, plan, seed};
    for (std::size_t i = 0; i < q.network.layers().size(); ++i) {
      const Layer& l = q.network.layers()[i];
      CAPTURE(seed, l.name);
      const auto& code = q.data.codes[i];
      const auto [least, most] = std::ranges::minmax(q.words.output(i).data());
      CHECK(least >= code.least);
      CHECK(most <= code.most);
      CHECK(q.data.widths[i].output == code.width());
      if (!keeps_words(l)) CHECK(q.data.widths[i].output == plan.of(l).activations);
      if (!l.has_filters()) continue;
      const auto bits = plan.of(l).weights.count();
      CHECK(q.data.widths[i].weight == Bits{bits});
      for (const auto w : q.data.filters.at(l.weights_name()).weight.data())
        if (bits == 1 ? w * w != 1 : std::abs(w) >= (1 << (bits - 1))) FAIL_CHECK("a filter's word of " << w);
    }
  }
}

TEST_CASE("a quantised network computes what is stated, to the word", "[property][workloads][quantise]") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Random r{seed, "stated"};
    const auto file = test::random_net(seed);
    const auto plan = seed % 4 == 0 ? mixed_plan() : random_plan(Network::build(file, 1), r);
    const Quantised q{file, plan, seed};
    const Stated stated{q.network, q.model, q.inputs};
    for (std::size_t i = 0; i < q.network.layers().size(); ++i) {
      CAPTURE(seed, q.network.layers()[i].name);
      const auto& words = q.words.output(i).data();
      REQUIRE(Integers(words.begin(), words.end()) == stated.output(q.network.layers()[i].name));
    }
  }
}

TEST_CASE("a machine computes quantised layers of one to sixteen bits to the word", "[property][sim][quantise]") {
  int count = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const Quantised q{test::random_net(seed), mixed_plan(), seed};
    Random random{seed, "quantised machines"};
    const auto a = test::random_machine(random);
    for (std::size_t i = 0; i < q.network.layers().size(); ++i) {
      const Layer& l = q.network.layers()[i];
      CAPTURE(seed, l.name);
      const auto mapping = test::random_mapping(*l.nest(), a, random);
      if (!mapping) continue;
      const auto result = simulate(*l.nest(), a, *mapping, q.words.operands(i));
      REQUIRE_FALSE(result.deadlock.has_value());
      CHECK(test::differences(output_of(l, result.ofmap), q.words.output(i)) == 0);
      ++count;
    }
  }
  CHECK(count > 40);  // of 6 x 9; some have no legal mapping among those tried
}

TEST_CASE("dequantised filters quantise to themselves, and only activations are rounded",
          "[property][workloads][quantise]") {
  for (std::uint64_t seed = 1; seed <= 4; ++seed)
    for (const auto& file : {test::net_of_all_kinds(), test::net_of_cells()}) {
      CAPTURE(seed);
      auto plan = plan_of(16, RangeRule::Max);
      plan.all.weights = Bits{4};
      const Quantised first{file, plan, seed};
      const Quantised again{dequantised(first.network, first.model), plan, seed};
      for (const auto& [name, p] : first.model.parameters)
        if (name.ends_with("/weight")) CHECK(again.model.parameters.at(name) == p);
      for (const auto& [name, value] : again.by_tensor()) {
        CAPTURE(name);
        CHECK(value.sqnr_db().value_or(1000) > 60);
      }
      CHECK(*first.fidelity().back().value.sqnr_db() < 50);  // rounded filters do tell
    }
}
