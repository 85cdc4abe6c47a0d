#include "workloads/quantise.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

#include "tests/support/real_nets.hpp"
#include "tests/support/support.hpp"
#include "workloads/bind.hpp"
#include "workloads/float_pass.hpp"
#include "workloads/forward.hpp"
#include "workloads/magnitudes.hpp"
#include "workloads/quantised_filters.hpp"
#include "workloads/tensor_codes.hpp"

using namespace eyrie;

namespace {

const char* kInput = "- {name: data, channels: 2, rows: 1, columns: 1}\n";
const char* kOne = "- {name: fc, type: fully_connected, inputs: [data], out_channels: 2, activation: relu}\n";

/// One fully connected layer of two inputs and two outputs.
struct OneLayer {
  NetworkFile file = test::network_file(kInput, kOne);
  Network network = Network::build(file, 1);
  Model model;
  RealInputs inputs;

  OneLayer(std::vector<float> weight, std::vector<float> bias, std::vector<float> x) {
    model.network = file;
    model.parameters["fc/weight"] = {{2, 2, 1, 1}, std::move(weight), {}};
    model.parameters["fc/bias"] = {{2}, std::move(bias), {}};
    inputs["data"] = RealTensor{Shape{1, 2, 1, 1}};
    inputs["data"].data() = std::move(x);
  }
  [[nodiscard]] Model at(const PrecisionPlan& plan) const { return quantised(network, model, {{inputs}}, plan); }
};

PrecisionPlan plan_of(std::int64_t weights, std::int64_t activations) {
  PrecisionPlan plan;
  plan.all.weights = Bits{weights};
  plan.all.activations = Bits{activations};
  plan.all.range = RangeRule::Max;
  return plan;
}

PrecisionPlan plan_of(const std::string& text) {
  return read_yaml<PrecisionPlan>(YamlDocument::from_text(text, "plan.yaml"));
}

}  // namespace

TEST_CASE("a layer quantised by hand", "[unit][workloads][quantise]") {
  const OneLayer one{{1, -0.5F, 0.25F, 0.1F}, {0.5F, -1}, {2, -1}};
  const auto m = one.at(plan_of(8, 8));
  CHECK(m.arithmetic == ModelArithmetic::Onnx);
  CHECK(m.codes.at("data").scale == Approx(2.0 / 127));
  CHECK(m.codes.at("data").least == -127);
  // outputs: 2 + 0.5 + 0.5 = 3; 0.5 - 0.1 - 1 < 0: never negative, so 0 to 255
  CHECK(m.codes.at("fc").scale == Approx(3.0 / 255));
  CHECK(m.codes.at("fc").least == 0);
  CHECK(m.codes.at("fc").most == 255);
  CHECK(m.parameters.at("fc/weight_scale").real[0] == Approx(1.0 / 127));
  CHECK(m.parameters.at("fc/weight_scale").real[1] == Approx(0.25 / 127));
  CHECK(m.parameters.at("fc/weight").integer == std::vector<std::int32_t>{127, -64, 127, 51});
  // 0.5 / (2/127 x 1/127), -1 / (2/127 x 0.25/127)
  CHECK(m.parameters.at("fc/bias").integer == std::vector<std::int32_t>{4032, -32258});
  CHECK_FALSE(m.network.layers[0].product_shift);
  const auto data = bind(one.network, m, one.inputs);
  CHECK(data.inputs.at("data").data() == std::vector<std::int16_t>{127, -64});  // -63.5: to even
  CHECK(data.widths[0] == Widths{Bits{8}, Bits{8}, Bits{32}, Bits{8}});
  auto per_layer = plan_of(8, 8);
  per_layer.all.per_channel = per_layer.all.unsigned_range = false;
  const auto one_scale = one.at(per_layer);
  CHECK(one_scale.parameters.at("fc/weight").integer == std::vector<std::int32_t>{127, -64, 32, 13});
  CHECK(one_scale.codes.at("fc").least == -127);
}

TEST_CASE("parameters that no scale brings to words are errors", "[unit][workloads][quantise]") {
  for (const float broken : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    CHECK_THAT(test::errors_of([&] {
                 static_cast<void>(OneLayer{{1, broken, 0, 0}, {0, 0}, {2, -1}}.at(plan_of(8, 8)));
               }),
               Catch::Contains("not finite"));
    CHECK_THAT(test::errors_of([&] {
                 static_cast<void>(OneLayer{{1, 0, 0, 0}, {0, broken}, {2, -1}}.at(plan_of(8, 8)));
               }),
               Catch::Contains("not finite"));
  }
  CHECK_THAT(
      test::errors_of([&] {
        static_cast<void>(OneLayer{{1, 0, 1e-45F, 0}, {0, 0}, {2, -1}}.at(plan_of(8, 8)));
      }),
      Catch::Contains("error: a scale of the weights of fc is no float above 0; its weights are too small or too "
                      "large to be quantised"));
}

TEST_CASE("weights of one bit are a sign times the mean magnitude", "[unit][workloads][quantise]") {
  const OneLayer one{{1, -0.5F, 0.25F, 0}, {0, 0}, {2, -1}};
  const auto m = one.at(plan_of(1, 8));
  CHECK(m.parameters.at("fc/weight").integer == std::vector<std::int32_t>{1, -1, 1, 1});
  CHECK(m.parameters.at("fc/weight_scale").real == std::vector<float>{0.75F, 0.125F});
  CHECK(bind(one.network, m, one.inputs).widths[0].weight == Bits{1});
}

TEST_CASE("filters of zeros count nothing, whatever their bits and bias", "[unit][workloads][quantise]") {
  for (const std::int64_t bits : {1, 2, 8, 16}) {
    CAPTURE(bits);
    const OneLayer one{{0, 0, 1, 1}, {3, 0}, {2, -1}};
    const auto m = one.at(plan_of(bits, 8));
    const auto data = bind(one.network, m, one.inputs);
    const ForwardPass pass{one.network, {}, 1, {.data = &data}};
    CHECK(data.codes[0].real(pass.output(0).data()[0]) == Approx(3).epsilon(0.01));
  }
}

TEST_CASE("no psum of wide words exceeds 32 bits, and what is cut is put back", "[unit][workloads][quantise]") {
  const auto file = test::network_file("- {name: data, channels: 3000, rows: 1, columns: 1}\n", kOne);
  const auto network = Network::build(file, 1);
  const auto model = random_parameters(file, 5);
  const auto inputs = test::normal_inputs(network, 5);
  const auto m = quantised(network, model, {{inputs}}, plan_of(16, 16));
  REQUIRE(m.network.layers[0].product_shift);
  const auto shift = *m.network.layers[0].product_shift;
  CHECK(shift >= 6);
  const auto& w = m.parameters.at("fc/weight").integer;
  const auto most = [&](std::size_t channel, std::int64_t cut) {
    std::int64_t sum = std::abs(std::int64_t{m.parameters.at("fc/bias").integer[channel]});
    for (std::size_t i = 0; i < 3000; ++i) sum += std::abs(((-32767 * std::int64_t{w[channel * 3000 + i]}) >> cut));
    return sum;
  };
  CHECK(std::max(most(0, shift), most(1, shift)) <= 2147483647);
  CHECK(std::max(most(0, shift - 1), most(1, shift - 1)) > 2147483647);  // one bit less would not do
  const auto data = bind(network, m, inputs);
  CHECK(data.arithmetic[0].product_shift == shift);
  const ForwardPass words{network, {}, 1, {.data = &data}};
  const FloatPass real{network, model, inputs};
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(data.codes[0].real(words.output(0).data()[i]) ==
          Approx(real.output(0).data()[i]).margin(2e-4 * (1 + std::abs(real.output(0).data()[i]))));
}

TEST_CASE("a bias that its units cannot hold makes them coarser", "[unit][workloads][quantise]") {
  const OneLayer one{{1e-9F, 1e-9F, 1, 1}, {1000, 1}, {2, -1}};
  const auto m = one.at(plan_of(8, 8));
  const auto bias = m.parameters.at("fc/bias").integer[0];
  CHECK(std::abs(bias - (1 << 30)) <= 256);  // 2^30, as near as the scale is a float
  CHECK(bias * m.codes.at("data").scale * static_cast<double>(m.parameters.at("fc/weight_scale").real[0]) ==
        Approx(1000).epsilon(1e-6));
}

TEST_CASE("dequantised parameters are integers times their scales", "[unit][workloads][quantise]") {
  const OneLayer one{{1, -0.5F, 0.25F, 0.1F}, {0.5F, -1}, {2, -1}};
  const auto real = dequantised(one.network, one.at(plan_of(8, 8)));
  CHECK(real.arithmetic == ModelArithmetic::Float);
  const auto& w = real.parameters.at("fc/weight").real;
  CHECK(w[0] == Approx(1));
  CHECK(w[1] == Approx(-64.0 / 127));
  CHECK(w[3] == Approx(51 * 0.25 / 127));
  CHECK(real.parameters.at("fc/bias").real[1] == Approx(-1).epsilon(1e-4));
  CHECK(test::errors_of([&] { dequantised(one.network, one.model); }) ==
        "net.yaml:1:1: error: the model's parameters are real numbers already; quantise it first");
  CHECK(test::errors_of([&] { FloatPass(one.network, one.at(plan_of(8, 8)), one.inputs); }) ==
        "net.yaml:1:1: error: the model's parameters are integers; dequantise it first");
}

TEST_CASE("what a float pass misses is said at once", "[unit][workloads][float_pass]") {
  OneLayer one{{1, 1, 1, 1}, {0, 0}, {2, -1}};
  one.model.parameters.erase("fc/weight");
  one.model.parameters["fc/bias"].real.push_back(1);
  one.inputs.clear();
  CHECK(test::errors_of([&] { FloatPass(one.network, one.model, one.inputs); }) ==
        "net.yaml:4:3: error: the input data was not given as 1 x 2 x 1 x 1; name a file with so many numbers\n"
        "net.yaml:6:3: error: the model has no fc/weight; give its numbers\n"
        "net.yaml:6:3: error: fc/bias has 3 real numbers; it has 2");
}

TEST_CASE("ranges follow their rule", "[unit][workloads][quantise]") {
  Magnitudes seen;
  std::vector<float> numbers(1000, 0.0F);
  for (std::size_t i = 0; i < 990; ++i) numbers[i] = static_cast<float>(i % 100) / 100.0F - 0.5F;
  numbers[999] = -100;
  seen.add(std::span{numbers}.first(500));
  seen.add(std::span{numbers}.subspan(500));
  CHECK(seen.count() == 1000);
  CHECK(seen.zero_share() == Approx((9 + 10) / 1000.0));  // nine behind the others, and ten times 0.5 - 0.5
  WordPrecision p;
  p.range = RangeRule::Max;
  CHECK(seen.range(p, 7) == 100);
  p.range = RangeRule::Percentile;
  p.percentile = 99.8;
  CHECK(seen.range(p, 7) == Approx(0.5).margin(100.0 / 1000));
  p.percentile = 100;
  CHECK(seen.range(p, 7) == 100);
  p.range = RangeRule::Mse;
  CHECK(seen.range(p, 2) == 100);                                // one number of 100 outweighs all others
  CHECK(best_range(std::span{numbers}.first(990), 127) == 0.5);  // uniform: nothing to be gained by clipping
  std::vector<float> spiky(4000, 0.1F);
  spiky[0] = 1;
  for (std::size_t i = 0; i < spiky.size(); i += 2) spiky[i] *= -0.9F;
  CHECK(best_range(spiky, 1) < 0.2);  // with three words the spike is clipped
}

TEST_CASE("codes of all bits hold what they should", "[unit][workloads][quantise]") {
  for (std::int64_t b = 1; b <= 16; ++b)
    for (const bool is_unsigned : {false, true}) {
      CAPTURE(b, is_unsigned);
      const auto code = symmetric_code(Bits{b}, is_unsigned, 3.0);
      CHECK(code.width() == Bits{b});
      CHECK(code.real(code.most) == Approx(3));
      CHECK((code.least == 0 || code.least == -code.most));
      CHECK(code.word(1e9) == code.most);
      CHECK(code.word(-1e9) == code.least);
      CHECK(code.word(0) == 0);
    }
}

TEST_CASE("a plan is read, and a layer's own bits go first", "[unit][workloads][quantise]") {
  const auto plan = plan_of(
      "{weights: 4 b, activations: 6 b, per_channel: false, range: percentile, percentile: 99, layers: [{layer: data, "
      "activations: 8 b}, {layer: a, weights: 2 b}, {layer: a/x, weights: 16 b, range: max}]}\n");
  const auto network = Network::build(test::net_of_cells(), 1);
  check(plan, network);
  CHECK(plan.of_input("data").activations == Bits{8});
  CHECK(plan.of(network.layer("fc")).weights == Bits{4});
  CHECK(plan.of(network.layer("a/x")).weights == Bits{16});
  CHECK(plan.of(network.layer("a/x")).range == RangeRule::Max);
  CHECK(plan.of(network.layer("a/t01/h")).weights == Bits{2});
  CHECK(plan.of(network.layer("a/t01/h")).activations == Bits{6});
  CHECK_FALSE(plan.of(network.layer("b/x")).per_channel);
}

TEST_CASE("what is wrong with a plan is said", "[unit][workloads][quantise]") {
  const auto network = Network::build(
      test::network_file(kInput, std::string{kOne} +
                                     "- {name: flat, type: reshape, inputs: [fc], shape: {channels: 1, rows: 2, "
                                     "columns: 1}}\n- {name: r, type: relu, inputs: [flat]}\n"),
      1);
  const auto errors = [&](const std::string& text) {
    return test::errors_of([&] { check(plan_of("layers:\n" + text), network); });
  };
  CHECK(errors("- {layer: fx, weights: 4 b}\n") ==
        "plan.yaml:2:3: error: net has no layer or input fx; did you mean fc?");
  CHECK(errors("- {layer: r, weights: 4 b}\n") == "plan.yaml:2:3: error: r has no weights; leave their bits out");
  CHECK(errors("- {layer: flat, activations: 4 b}\n") ==
        "plan.yaml:2:3: error: flat leaves words as they are; state the bits of the layer that it reads");
  CHECK(errors("- {layer: fc, weights: 4 b}\n- {layer: fc}\n") ==
        "plan.yaml:3:3: error: the precision of fc stands twice; state it once");
  auto plan = plan_of(17, 0);
  plan.all.percentile = 0;
  CHECK(test::errors_of([&] { check(plan, network); }) ==
        "error: weights of 17 bits; words have 1 to 16 bits\n"
        "error: activations of 0 bits; words have 1 to 16 bits\n"
        "error: a percentile of 0; it is above 0, at most 100");
  CHECK_FALSE(test::errors_of([] { plan_of("{weights: 17 b}\n"); }).empty());
  const OneLayer one{{1, 1, 1, 1}, {0, 0}, {2, -1}};
  const OneLayer huge{{1e30F, 1e30F, 1, 1}, {0, 0}, {1e30F, 1}};
  CHECK(test::errors_of([&] { (void)huge.at(plan_of(8, 8)); }) ==
        "net.yaml:6:3: error: fc holds numbers that are not finite; look at the model's parameters and the calibration "
        "inputs");
  CHECK(test::errors_of([&] { quantised(one.network, one.model, {}, {}); }) ==
        "net.yaml:1:1: error: there are no inputs to find ranges with; give at least one");
}
