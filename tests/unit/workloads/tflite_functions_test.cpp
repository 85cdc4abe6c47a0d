#include "workloads/tflite_functions.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "workloads/bind.hpp"

using namespace eyrie;

TEST_CASE("sigmoid of 12 bits of fraction lies within a step of 2^-15 of the function, odd about a half",
          "[workloads][unit]") {
  CHECK(tflite_sigmoid(0) == 16384);
  CHECK(tflite_sigmoid(32767) == 32757);  // sigmoid(7.9998) = 0.999665; 32757.0
  CHECK(tflite_sigmoid(-32768) == 11);    // 0.000335 x 2^15 = 10.99
  CHECK(tflite_sigmoid(4096) == 23956);   // a place: sigmoid(1) x 2^16 = 47910.7 to 47911, halved, halves up
  double worst = 0;
  for (int w = -32768; w <= 32767; ++w) {
    const double exact = 32768 / (1 + std::exp(-w / 4096.0));
    worst = std::max(worst, std::abs(tflite_sigmoid(static_cast<std::int16_t>(w)) - exact));
    if (w > -32768)
      CHECK(std::abs(tflite_sigmoid(static_cast<std::int16_t>(w)) + tflite_sigmoid(static_cast<std::int16_t>(-w)) -
                     32768) <= 1);
  }
  CHECK(worst < 4);
}

TEST_CASE("tanh at a state's scale lies near the function", "[workloads][unit]") {
  CHECK(tflite_tanh(0, -12) == 0);
  for (const int power : {-15, -13, -12, -11, -9, -4}) {
    CAPTURE(power);
    double worst = 0;
    for (int w = -32768; w <= 32767; w += 7) {
      const double exact = 32768 * std::tanh(std::ldexp(w, power));
      worst = std::max(worst, std::abs(tflite_tanh(static_cast<std::int16_t>(w), power) - exact));
    }
    CHECK(worst < 8);
  }
  CHECK(tflite_tanh(32767, -9) == 32767);  // beyond the last place
  CHECK(tflite_tanh(-32768, -9) == -32767);
}

TEST_CASE("a mean's factor is divided by the count and rounded down", "[workloads][unit]") {
  const Rescale nine = tflite_mean(1.0, 9);  // 2^30 x 2^1; the count holds 2^3: (2^30 << 3) / 9
  CHECK(nine.multiplier == 954437176);
  CHECK(nine.exponent == -2);
  CHECK(rescaled(9 * 5, nine) == 5);
  CHECK(rescaled(-9 * 5, nine) == -5);
  CHECK(rescaled(1000, tflite_mean(1.0, 1)) == 1000);
  CHECK(rescaled(1000, tflite_mean(1.0, 64)) == 16);  // 15.625
}

namespace {

/// One layer behind an input of 4 x 1 x 1; both tensors have codes.
NetworkData bound(LayerType type, const TensorCode& in, const TensorCode& out, ModelArithmetic arithmetic) {
  Model m;
  m.arithmetic = arithmetic;
  m.network.name = "one";
  m.network.inputs = {{.name = "x", .channels = 4}};
  Layer l;
  l.name = "y";
  l.type = type;
  l.inputs = {"x"};
  m.network.layers = {l};
  m.codes = {{"x", in}, {"y", out}};
  return eyrie::bind(Network::build(m.network, 1), m, {{"x", RealTensor{Shape{1, 4, 1, 1}}}});
}

}  // namespace

TEST_CASE("tables between 8-bit words are filled in float, halves away from zero", "[workloads][unit]") {
  const TensorCode in{0.0625, 3, -128, 127}, out{1 / 256.0, -128, -128, 127};
  const auto data = bound(LayerType::Sigmoid, in, out, ModelArithmetic::Tflite);
  const Requantisation& q = *data.arithmetic[0].exact;
  REQUIRE(q.table.size() == 256);
  for (int w = -131; w <= 124; ++w) {
    const float y = 1.0F / (1.0F + std::exp(-0.0625F * static_cast<float>(w)));
    CHECK(q.finish(w, 0) == std::min(255, static_cast<int>(std::round(y * 256))));
  }
}

TEST_CASE("6 is rounded in float where relu6 clamps", "[workloads][unit]") {
  const TensorCode code{0.05, -128, -128, 127};
  const auto data = bound(LayerType::Relu6, code, code, ModelArithmetic::Tflite);
  CHECK(data.arithmetic[0].exact->most == 120);
  CHECK(data.arithmetic[0].exact->least == 0);
}
