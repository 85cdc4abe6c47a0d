// What a trained model may hold, and what its sums and products become.

#include "workloads/bind.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

Model model_of_layers(const std::string& inputs, const std::string& layers, ModelArithmetic arithmetic) {
  Model m;
  m.network = read_yaml<NetworkFile>(
      YamlDocument::from_text("kind: workload\nname: net\ninputs:\n" + inputs + "layers:\n" + layers, "net.yaml"));
  m.arithmetic = arithmetic;
  return m;
}

/// a + b, with b of another scale.
Model sum_of(const TensorCode& a, const TensorCode& b, const TensorCode& out) {
  Model m =
      model_of_layers("- {name: a, channels: 4, rows: 1, columns: 1}\n- {name: b, channels: 4, rows: 1, columns: 1}\n",
                      "- {name: sum, type: add, inputs: [a, b]}\n", ModelArithmetic::Onnx);
  m.codes = {{"a", a}, {"b", b}, {"sum", out}};
  return m;
}

/// Filters of 1 x 1 over four channels.
Model product_of(const std::vector<std::int64_t>& shape, float scale, ModelArithmetic arithmetic) {
  Model m = model_of_layers("- {name: a, channels: 4, rows: 2, columns: 2}\n",
                            "- {name: conv, type: conv, inputs: [a], out_channels: 2, kernel: {rows: 1, columns: 1}}\n",
                            arithmetic);
  m.codes = {{"a", {.scale = 0.1F}}, {"conv", {.scale = 0.7F}}};
  m.parameters["conv/weight"] = {.shape = shape, .real = {}, .integer = {1, 2, 3, 4, 5, 6, 7, 8}};
  m.parameters["conv/weight_scale"] = {.shape = {1}, .real = {scale}, .integer = {}};
  return m;
}

NetworkData bound(const Model& m) {
  const auto network = Network::build(m.network, 1);
  RealInputs inputs;
  for (const auto& in : network.inputs()) inputs[in.name] = RealTensor{Shape{1, in.channels, in.rows, in.columns}};
  return eyrie::bind(network, m, inputs);
}

std::string errors_of_binding(const Model& m) {
  return test::errors_of([&] { bound(m); });
}

}  // namespace

TEST_CASE("a sum of fine words rounds its raw numbers to even, also beside an odd zero point",
          "[unit][workloads][bind]") {
  const TensorCode a{.scale = 1}, b{.scale = 0.8125}, out{.scale = 0.125, .zero_point = 3};
  const auto data = bound(sum_of(a, b, out));
  const auto& q = *data.arithmetic[0].exact;
  int wrong = 0;
  for (std::int16_t v = -128; v < 128; ++v)
    for (std::int16_t w = -128; w < 128; ++w) {
      const auto psum = q.terms[static_cast<std::size_t>(Requantisation::term_number(0, v))] +
                        q.terms[static_cast<std::size_t>(Requantisation::term_number(1, w))];
      const double raw = std::nearbyint((a.real(v) + b.real(w)) / out.scale + 3);
      wrong += q.finish(psum, 0) == std::fmin(std::fmax(raw, -128), 127) - 3 ? 0 : 1;
    }
  CHECK(wrong == 0);
}

TEST_CASE("words whose zero point lies far outside are not added as narrow ones", "[unit][workloads][bind]") {
  const std::string problem =
      "net.yaml:7:3: error: sum adds words of more than 8 bits in several scales; give its inputs one scale";
  CHECK(errors_of_binding(sum_of({.scale = 1, .zero_point = -200}, {.scale = 0.5}, {.scale = 2})) == problem);
  CHECK(errors_of_binding(sum_of({.scale = 1, .zero_point = 200}, {.scale = 0.5}, {.scale = 2})) == problem);
  CHECK(errors_of_binding(sum_of({.scale = 1, .zero_point = 127}, {.scale = 0.5}, {.scale = 2})).empty());
}

TEST_CASE("scales that no factor lies between are an error in either arithmetic", "[unit][workloads][bind]") {
  for (const auto arithmetic : {ModelArithmetic::Onnx, ModelArithmetic::Tflite})
    for (const float scale :
         {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN(), -1.0F, 1e30F}) {
      CAPTURE(scale);
      const auto errors = errors_of_binding(product_of({2, 4, 1, 1}, scale, arithmetic));
      CHECK_THAT(errors, Catch::Contains("error: the scales of what conv reads and makes differ by "));
      CHECK_THAT(errors, Catch::Contains("; they differ by 2^30 at most"));
    }
}

TEST_CASE("weights beyond 16 bits are an error", "[unit][workloads][bind]") {
  Model m = product_of({2, 4, 1, 1}, 0.5F, ModelArithmetic::Onnx);
  m.parameters["conv/weight"].integer[3] = 32767;
  CHECK(errors_of_binding(m).empty());
  m.parameters["conv/weight"].integer[3] = 32768;
  CHECK(errors_of_binding(m) ==
        "net.yaml:6:3: error: conv/weight has numbers of more than 16 bits; they lie from -32768 to 32767");
}

TEST_CASE("TFLite multiplies scales in float for a matrix, also over the positions of an image",
          "[unit][workloads][bind]") {
  const auto factor = [](const std::vector<std::int64_t>& shape) {
    return bound(product_of(shape, 0.3F, ModelArithmetic::Tflite)).arithmetic[0].exact->by_channel.at(0);
  };
  const double out = 0.7F;
  const Rescale in_float = fixed_point(static_cast<double>(0.1F * 0.3F) / out);
  const Rescale in_double = fixed_point(static_cast<double>(0.1F) * static_cast<double>(0.3F) / out);
  REQUIRE(in_float != in_double);
  CHECK(factor({2, 4}) == in_float);
  CHECK(factor({2, 4, 1, 1}) == in_double);
}
