// Trained networks of MLPerf Tiny and TensorFlow Lite Micro: their known answers, to the digit.

#include <algorithm>
#include <catch2/catch.hpp>

#include "interchange/tflite.hpp"
#include "tests/support/models.hpp"
#include "tests/support/support.hpp"
#include "tests/support/tflite_reference.hpp"
#include "workloads/forward.hpp"

using namespace eyrie;
using namespace eyrie::test;

namespace {

/// Raw numbers of a layer's output.
std::vector<std::int64_t> raw_output(const Network& network, const NetworkData& data, const ForwardPass& pass,
                                     const std::string& name) {
  const auto layers = network.layers();
  const auto at = std::ranges::find(layers, name, &Layer::name);
  REQUIRE(at != layers.end());
  const auto i = static_cast<std::size_t>(at - layers.begin());
  std::vector<std::int64_t> all;
  for (const auto w : pass.output(i).data()) all.push_back(w + data.codes[i].zero_point);
  return all;
}

Network shipped_network(const std::string& name) {
  return Network::from_yaml(YamlDocument::from_file(source("configs/workloads/" + name + ".yaml")), 1);
}

}  // namespace

TEST_CASE("trained models have the MACs, parameters and layers with filters of the workloads that ship",
          "[interchange][unit][models]") {
  const auto [file, workload] = GENERATE(table<std::string, std::string>({
      {"pretrainedResnet_quant.tflite", "resnet8"},
      {"kws_ref_model.tflite", "dscnn_kws"},
      {"vww_96_int8.tflite", "mobilenet_v1_0.25_96_vww"},
      {"ad01_int8.tflite", "ad_autoencoder"},
      {"trained_lstm_int8.tflite", "tflm_mnist_lstm"},
  }));
  CAPTURE(file);
  const auto path = model_file(file);
  if (!path) return;
  const Network ours = Network::build(read_tflite(*path).network, 1), wanted = shipped_network(workload);
  CHECK(ours.macs() == wanted.macs());
  CHECK(ours.parameter_words() == wanted.parameter_words());
  const auto shapes = [](const Network& n) {
    std::vector<std::vector<std::int64_t>> all;
    for (const auto& l : n.layers())
      if (l.has_filters())
        all.push_back({l.output.n, l.output.c, l.output.h, l.output.w, l.kernel.rows, l.padding.top, l.padding.bottom});
    std::ranges::sort(all);
    return all;
  };
  CHECK(shapes(ours) == shapes(wanted));
}

TEST_CASE("every tensor of the trained models is that of the kernels", "[interchange][unit][models]") {
  const auto [file, tensors] = GENERATE(table<std::string, int>({{"pretrainedResnet_quant.tflite", 14},
                                                                 {"kws_ref_model.tflite", 11},
                                                                 {"vww_96_int8.tflite", 29},
                                                                 {"ad01_int8.tflite", 10},
                                                                 {"trained_lstm_int8.tflite", 2}}));
  CAPTURE(file);
  const auto path = model_file(file);
  if (!path) return;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    int compared = 0;
    CHECK(differences_from_kernels(file_bytes(*path), seed, &compared) == "");
    CHECK(compared == tensors);
  }
}

TEST_CASE("ResNet-8 sees the cat and the ship with the known logits", "[interchange][unit][models]") {
  const auto path = model_file("pretrainedResnet_quant.tflite");
  const auto [image, first] = GENERATE(table<std::string, std::vector<std::int64_t>>(
      {{"cifar10_cat_32x32x3.bin", {-43, -20, -27, 32}}, {"cifar10_ship_32x32x3.bin", {}}}));
  const auto picture = model_file(image);
  if (!path || !picture) return;
  const Model model = read_tflite(*path);
  const Network network = Network::build(model.network, 1);
  RawNumbers raw;  // the files hold words of int8: pixels less 128
  for (const auto b : file_bytes(*picture)) raw.push_back(static_cast<std::int8_t>(b));
  const auto& in = model.network.inputs[0];
  CHECK(model.pixels.at(in.name).divide == 1);
  const auto data = eyrie::bind(network, model, {{in.name, real_input(in, model.codes.at(in.name), raw)}});
  const ForwardPass pass{network, kExactWidths, 1, {.layers = {}, .jobs = 1, .data = &data}};
  const auto logits = raw_output(network, data, pass, "fully_connected_14");
  REQUIRE(logits.size() == 10);
  const auto top = std::ranges::max_element(logits) - logits.begin();
  if (first.empty()) {
    CHECK(top == 8);
    CHECK(logits[8] == 95);
    CHECK(logits[9] == -4);
  } else {
    CHECK(top == 3);
    CHECK(std::vector(logits.begin(), logits.begin() + 4) == first);
  }
}

TEST_CASE("the LSTM of TensorFlow Lite Micro names the ten digits", "[interchange][unit][models]") {
  const auto path = model_file("trained_lstm_int8.tflite");
  if (!path) return;
  const Model model = read_tflite(*path);
  const Network network = Network::build(model.network, 1);
  const auto& in = model.network.inputs[0];
  CHECK(in.steps == 28);
  CHECK(model.pixels.at(in.name).divide == 255);
  for (int digit = 0; digit < 10; ++digit) {
    CAPTURE(digit);
    const auto picture = model_file("mnist_" + std::to_string(digit) + ".png");
    if (!picture) return;
    RealTensor real{Shape{28, 28, 1, 1}};  // rows are steps
    const auto pixels = grey_pixels(*picture);
    REQUIRE(pixels.size() == real.data().size());
    std::ranges::transform(pixels, real.data().begin(), [](int p) { return static_cast<float>(p / 255.0); });
    const auto data = eyrie::bind(network, model, {{in.name, real}});
    const ForwardPass pass{network, kExactWidths, 1, {.layers = {}, .jobs = 1, .data = &data}};
    const auto logits = raw_output(network, data, pass, "fully_connected_2");
    CHECK(std::ranges::max_element(logits) - logits.begin() == digit);
  }
}
