// Trained models on simulated machines, layer by layer: the words of every layer are those of the forward pass, which
// are those of the runtime's kernels (tflite_models_test.cpp).

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "interchange/tflite.hpp"
#include "mapper/search.hpp"
#include "sim/simulate.hpp"
#include "tests/support/models.hpp"
#include "tests/support/support.hpp"
#include "tests/support/tflite_reference.hpp"
#include "workloads/gather.hpp"

using namespace eyrie;
using namespace eyrie::test;

namespace {

Architecture machine(const std::string& name) {
  auto document = YamlDocument::from_file(source("configs/architectures/" + name + ".yaml"));
  if (name == "eyeriss_v1") document.apply(parse_override("words.psum=32 b"));
  return read_architecture(document);
}

/// Maps nests, each kind once, with the first legal mapping that the mapper meets.
class Mapper {
 public:
  explicit Mapper(const Architecture& a) : machine_{a} {}

  const Mapping* mapping(const LayerNest& nest) {
    for (const auto& [known, found] : known_)
      if (known == nest) return found ? &*found : nullptr;
    auto& found = known_.emplace_back(nest, std::nullopt).second;
    for (const auto& flow : {machine_.dataflow, machine_.fallback, std::string("any")}) {
      if (flow.empty() || found) continue;
      const auto answer = search_mapping(
          nest, machine_, read_dataflow(YamlDocument::from_file(source("configs/dataflows/" + flow + ".yaml"))), {},
          [](const ActionCounts&, Cycles cycles) { return Picojoules{static_cast<double>(cycles.count())}; }, {},
          [](double best, double) { return !std::isfinite(best); });
      if (!answer.best.empty()) found = answer.best[0].mapping;
    }
    return found ? &*found : nullptr;
  }

 private:
  const Architecture& machine_;
  std::vector<std::pair<LayerNest, std::optional<Mapping>>> known_;
};

struct Seen {
  int simulated = 0, on_host = 0;
};

/// Simulates every layer that the machine can do; all words must be those of the forward pass.
Seen simulate_all(const Architecture& a, const Network& network, const ForwardPass& pass) {
  Mapper mapper{a};
  Seen seen;
  for (std::size_t i = 0; i < network.layers().size(); ++i) {
    const Layer& l = network.layers()[i];
    const auto nest = l.nest();
    if (l.place == PlaceOf::Folded) continue;
    const bool can = nest && std::ranges::count(a.array.mac.operations, nest->reduction) != 0;
    const auto* mapping = can ? mapper.mapping(*nest) : nullptr;
    if (!mapping) {
      ++seen.on_host;
      continue;
    }
    CAPTURE(l.name);
    const auto result = simulate(*nest, a, *mapping, pass.operands(i));
    REQUIRE_FALSE(result.deadlock.has_value());
    CHECK(differences(output_of(l, result.ofmap), pass.output(i)) == 0);
    ++seen.simulated;
  }
  return seen;
}

}  // namespace

TEST_CASE("simulated machines compute ResNet-8's words of the cat, layer by layer", "[interchange][models][slow]") {
  const auto path = model_file("pretrainedResnet_quant.tflite"), picture = model_file("cifar10_cat_32x32x3.bin");
  if (!path || !picture) return;
  const auto name = GENERATE(as<std::string>{}, "eyeriss_v1", "tpu_like_16x16");
  CAPTURE(name);
  const Model model = read_tflite(*path);
  const Network network = Network::build(model.network, 1);
  RawNumbers raw;
  for (const auto b : file_bytes(*picture)) raw.push_back(static_cast<std::int8_t>(b));
  const auto& in = model.network.inputs[0];
  const auto data = eyrie::bind(network, model, {{in.name, real_input(in, model.codes.at(in.name), raw)}});
  const ForwardPass pass{network, kExactWidths, 1, {.layers = {}, .jobs = 1, .data = &data}};
  const auto a = machine(name);
  const auto seen = simulate_all(a, network, pass);
  CHECK(seen.simulated >= 10);
  CHECK(seen.simulated + seen.on_host == 15);
}

TEST_CASE("simulated machines compute the LSTM's words of a digit, layer by layer", "[interchange][models][slow]") {
  const auto path = model_file("trained_lstm_int8.tflite"), picture = model_file("mnist_7.png");
  if (!path || !picture) return;
  const auto name = GENERATE(as<std::string>{}, "eyeriss_v1", "tpu_like_16x16");
  CAPTURE(name);
  const Model model = read_tflite(*path);
  const Network network = Network::build(model.network, 1);
  RealTensor real{Shape{28, 28, 1, 1}};
  const auto pixels = grey_pixels(*picture);
  std::ranges::transform(pixels, real.data().begin(), [](int p) { return static_cast<float>(p / 255.0); });
  const auto data = eyrie::bind(network, model, {{model.network.inputs[0].name, real}});
  const ForwardPass pass{network, kExactWidths, 1, {.layers = {}, .jobs = 1, .data = &data}};
  const auto a = machine(name);
  const auto seen = simulate_all(a, network, pass);
  // Products of two activations need a machine that takes them for filters; tables and sums run where PEs have them.
  CHECK(seen.simulated >= (name == "eyeriss_v1" ? 226 : 100));
  CHECK(seen.simulated + seen.on_host == 227);
}
