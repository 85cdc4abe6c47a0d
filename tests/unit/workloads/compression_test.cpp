// Do filters become zero, few, or fewer as they are asked to, and does a network with fewer channels compute what the
// one with zeros in their place computes?

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "base/random.hpp"
#include "tests/support/support.hpp"
#include "workloads/bind.hpp"
#include "workloads/compression/compress.hpp"
#include "workloads/compression/prune.hpp"
#include "workloads/compression/shrink.hpp"
#include "workloads/forward.hpp"

using namespace eyrie;

namespace {

using Values = std::vector<std::int16_t>;

NetworkFile file_of(const std::string& inputs, const std::string& rest) {
  return read_yaml<NetworkFile>(
      YamlDocument::from_text("kind: workload\nname: net\ninputs:\n" + inputs + "layers:\n" + rest, "net.yaml"));
}

const std::string kImage = "- {name: data, channels: 3, rows: 8, columns: 8}\n";
const std::string kLayers =
    "- {name: conv1, type: conv, inputs: [data], kernel: {rows: 3, columns: 3}, padding: {top: 1, bottom: 1, left: 1, "
    "right: 1}, out_channels: 8, activation: relu}\n"
    "- {name: dw, type: conv, inputs: [conv1], kernel: {rows: 3, columns: 3}, padding: {top: 1, bottom: 1, left: 1, "
    "right: 1}, groups: 8, out_channels: 8, activation: relu}\n"
    "- {name: pw, type: conv, inputs: [dw], kernel: {rows: 1, columns: 1}, out_channels: 6}\n"
    "- {name: side, type: conv, inputs: [dw], kernel: {rows: 1, columns: 1}, out_channels: 6}\n"
    "- {name: sum, type: add, inputs: [pw, side], activation: relu}\n"
    "- {name: pool, type: max_pool, inputs: [sum], kernel: {rows: 2, columns: 2}, stride: {rows: 2, columns: 2}}\n"
    "- {name: conv3, type: conv, inputs: [pool], kernel: {rows: 1, columns: 1}, out_channels: 4, activation: relu}\n"
    "- {name: cat, type: concat, inputs: [pool, conv3]}\n"
    "- {name: flat, type: reshape, inputs: [cat], shape: {channels: 160, rows: 1, columns: 1}}\n"
    "- {name: fc, type: fully_connected, inputs: [flat], out_channels: 5}\n";
const std::string kShrink =
    "compression: {shrink: [{layer: conv1, share: 0.5}, {layer: pw, share: 0.5}, {layer: conv3, share: 0.25}]}\n";

Parameter integers(std::vector<std::int64_t> shape, std::int64_t least, std::int64_t most, Random& random) {
  Parameter p{.shape = shape, .real = {}, .integer = {}};
  std::int64_t n = 1;
  for (const auto e : shape) n *= e;
  for (std::int64_t i = 0; i < n; ++i) p.integer.push_back(static_cast<std::int32_t>(random.between(least, most)));
  return p;
}

/// The network above with integers from a seed.
Model quantised_model(std::uint64_t seed) {
  Random random{seed, "model"};
  Model m;
  m.network = file_of(kImage, kLayers);
  m.arithmetic = ModelArithmetic::Onnx;
  m.codes["data"] = {.scale = 0.05};
  const auto network = Network::build(m.network, 1);
  for (const auto& l : network.layers()) {
    m.codes[l.name] = {.scale = 0.05};
    if (!l.has_filters()) continue;
    const auto s = l.weight_shape();
    m.parameters[l.name + "/weight"] = integers({s.n, s.c, s.h, s.w}, -127, 127, random);
    m.parameters[l.name + "/bias"] = integers({s.n}, -900, 900, random);
    m.parameters[l.name + "/weight_scale"] = {
        .shape = {s.n}, .real = std::vector<float>(static_cast<std::size_t>(s.n), 0.004F), .integer = {}};
  }
  return m;
}

RealInputs inputs_of(std::uint64_t seed) {
  Random random{seed, "inputs"};
  RealTensor data{Shape{1, 3, 8, 8}};
  for (auto& v : data.data()) v = static_cast<float>(random.unit() * 6 - 3);
  return {{"data", data}};
}

Tensor last_output(const Model& m, const RealInputs& inputs) {
  const auto network = Network::build(m.network, 1);
  const auto data = bind(network, m, inputs);
  const ForwardPass pass{network, kExactWidths, 1, {.layers = {}, .jobs = 1, .data = &data}};
  return pass.output(network.layers().size() - 1);
}

/// The same network with zeros for the filters and biases of channels that would go.
Model zeroed(Model m, const KeptChannels& kept) {
  for (const auto& l : m.network.layers) {
    if (!l.has_filters()) continue;
    for (const char* what : {"/weight", "/bias"}) {
      Parameter& p = m.parameters.at(l.name + what);
      const auto row = std::ssize(p.integer) / p.shape[0];
      for (std::int64_t c = 0; c < p.shape[0]; ++c)
        if (!std::ranges::count(kept.at(l.name), c)) std::fill_n(p.integer.begin() + c * row, row, 0);
    }
  }
  return m;
}

std::string shrink_errors(const std::string& shrink) {
  return test::errors_of(
      [&] { Network::build(file_of(kImage, kLayers + "compression: {shrink: [" + shrink + "]}\n"), 1); });
}

}  // namespace

TEST_CASE("the least magnitudes become zero, the first of equal ones", "[unit][workloads]") {
  Values some{5, -1, 3, 0, -2, 1};
  prune(some, 0.5);
  CHECK(some == Values{5, 0, 3, 0, -2, 0});
  Values equal{2, -2, 2, -2};
  prune(equal, 0.5);
  CHECK(equal == Values{0, 0, 2, -2});
  Values least{-32768, 32767, 1};
  prune(least, 2.0 / 3);
  CHECK(least == Values{-32768, 0, 0});
  Values all{1, -2, 3};
  prune(all, 1.0);
  CHECK(all == Values{0, 0, 0});
}

TEST_CASE("seeded filters get exactly the share of zeros, and keep the rest", "[unit][workloads]") {
  const auto dense = Network::build(file_of(kImage, kLayers), 1);
  for (const double share : {0.0, 0.6, 0.803, 1.0}) {
    CAPTURE(share);
    const auto sparse =
        Network::build(file_of(kImage, kLayers + "compression: {prune: {share: " + std::to_string(share) +
                                           ", layers: [conv1, fc]}}\n"),
                       1);
    for (std::size_t i = 0; i < dense.layers().size(); ++i) {
      if (!dense.layers()[i].has_filters()) continue;
      const auto before = seeded_weights(dense.layers()[i], Bits{16}, 3);
      const auto after = seeded_weights(sparse.layers()[i], Bits{16}, 3);
      const auto& name = dense.layers()[i].name;
      const bool asked = name == "conv1" || name == "fc";
      const auto wanted = std::llround(share * static_cast<double>(before.data().size()));
      CHECK(std::ranges::count(after.data(), 0) ==
            (asked ? std::max<std::int64_t>(wanted, std::ranges::count(before.data(), 0))
                   : std::ranges::count(before.data(), 0)));
      std::int32_t most_gone = 0, least_kept = 40000;
      for (std::size_t k = 0; k < before.data().size(); ++k) {
        const auto magnitude = std::abs(std::int32_t{before.data()[k]});
        if (after.data()[k] == 0) most_gone = std::max(most_gone, magnitude);
        if (after.data()[k] != 0) least_kept = std::min(least_kept, magnitude);
        if (after.data()[k] != 0) CHECK(after.data()[k] == before.data()[k]);
      }
      CHECK(most_gone <= least_kept);
    }
  }
}

TEST_CASE("filters share the means of clusters, and zero stays zero", "[unit][workloads]") {
  Values some{-8, -7, 0, 7, 9, 0};  // three values beside zero: -8, 0 and 9 at first, of which the middle one gets none
  share_values(some, 2);
  CHECK(some == Values{-8, -8, 0, 8, 8, 0});
  auto again = some;
  share_values(again, 2);
  CHECK(again == some);
  Values few{1, 2, 3, 4};
  share_values(few, 2);
  CHECK(few == Values{1, 2, 3, 4});
}

TEST_CASE("shared filters have 2^bits values at most, nearer than equal steps", "[unit][workloads]") {
  Random random{5, "sharing"};
  for (std::int64_t bits = 1; bits <= 6; ++bits) {
    Values words(3000);
    for (auto& w : words)
      w = random.chance(0.4) ? std::int16_t{0}
                             : static_cast<std::int16_t>(random.between(-500, 500) * random.between(1, 60));
    auto shared = words;
    share_values(shared, bits);
    const std::set<std::int16_t> values(shared.begin(), shared.end());
    CHECK(std::ssize(values) <= std::int64_t{1} << bits);
    CHECK(values.contains(0));
    const auto [least, most] = std::ranges::minmax(words);
    const auto k = (std::int64_t{1} << bits) - 1;
    double error = 0, linear = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
      CHECK((words[i] != 0 || shared[i] == 0));
      error += std::pow(words[i] - shared[i], 2);
      double nearest = 1e30;
      for (std::int64_t c = 0; c < k; ++c)
        nearest = std::min(nearest, std::abs(words[i] - (k == 1 ? (least + most) / 2.0
                                                                : least + (most - least) * static_cast<double>(c) /
                                                                              static_cast<double>(k - 1))));
      linear += words[i] == 0 ? 0 : nearest * nearest;
    }
    CHECK(error <= linear * 1.001);
  }
}

TEST_CASE("a layer that shrinks takes along what reads it", "[unit][workloads]") {
  const auto small = shrunk(file_of(kImage, kLayers + kShrink));
  CHECK_FALSE(small.compression.has_value());
  const auto network = Network::build(small, 1);
  const auto channels = [&](const char* name) { return network.layer(name).output.c; };
  CHECK(channels("conv1") == 4);
  CHECK(channels("dw") == 4);
  CHECK(network.layer("dw").groups == 4);
  CHECK(channels("pw") == 3);
  CHECK(channels("side") == 3);
  CHECK(channels("pool") == 3);
  CHECK(channels("conv3") == 3);
  CHECK(channels("cat") == 6);
  CHECK(network.layer("fc").input.c == 6 * 16);
  CHECK(channels("fc") == 5);
  CHECK(Network::build(file_of(kImage, kLayers + kShrink), 2).macs().count() == 2 * network.macs().count());
}

TEST_CASE("what cannot shrink says so", "[unit][workloads]") {
  CHECK(shrink_errors("{layer: fc, share: 0.5}") ==
        "net.yaml:16:24: error: fc cannot shrink: its channels are the network's inputs or outputs, or are shuffled or "
        "reshaped on their way; shrink another layer");
  CHECK(shrink_errors("{layer: conv9, share: 0.5}") ==
        "net.yaml:16:24: error: there is no layer conv9; did you mean conv1?");
  CHECK(test::errors_of([] {
          Network::build(file_of(kImage, kLayers + "compression: {prune: {share: 0.5, layers: [pool]}}\n"), 1);
        }).find("pool is no layer with filters") != std::string::npos);
}

TEST_CASE("groups give up equally many channels each", "[unit][workloads]") {
  auto file = read_yaml<NetworkFile>(YamlDocument::from_file(test::source("configs/workloads/alexnet.yaml")));
  const auto dense = Network::build(file, 1);
  file.compression = Compression{};
  for (const char* l : {"conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7"})
    file.compression->shrink.push_back({.layer = l, .share = 0.5, .where = {}});
  const auto small = Network::build(file, 1);
  CHECK(small.layer("conv2").out_channels == 128);
  CHECK(small.layer("conv2").weight_shape() == Shape{128, 24, 5, 5});
  CHECK(small.layer("fc6").weight_shape() == Shape{2048, 128, 6, 6});
  CHECK(small.layer("fc8").weight_shape() == Shape{1000, 2048, 1, 1});
  CHECK(small.weight_words().count() * 3 < dense.weight_words().count());
}

TEST_CASE("a model with fewer channels computes what the one with zeros does", "[unit][workloads]") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CAPTURE(seed);
    Model model = quantised_model(seed);
    const auto plain = last_output(model, inputs_of(seed));
    model.network.compression = file_of(kImage, kLayers + kShrink).compression;
    const Model small = compressed(model);
    const auto& rows = small.parameters.at("pw/weight").shape;
    CHECK(rows == std::vector<std::int64_t>{3, 4, 1, 1});
    std::map<std::string, std::vector<double>> scores;
    for (const auto& l : model.network.layers) {
      if (!l.has_filters()) continue;
      const auto& w = model.parameters.at(l.name + "/weight");
      auto& score = scores[l.name];
      score.resize(static_cast<std::size_t>(w.shape[0]));
      for (std::size_t i = 0; i < w.integer.size(); ++i)
        score[i / (w.integer.size() / score.size())] += std::abs(w.integer[i]) * static_cast<double>(0.004F);
    }
    const auto kept = kept_channels(model.network, scores);
    // pw and side are added, and keep those channels whose norms together are the greatest
    std::vector<double> norm(6);
    for (std::size_t c = 0; c < 6; ++c) norm[c] = scores.at("pw")[c] + scores.at("side")[c];
    double least_kept = 1e30, most_gone = 0;
    for (std::int64_t c = 0; c < 6; ++c) {
      const bool stays = std::ranges::count(kept.at("pw"), c) > 0;
      const auto its = norm[static_cast<std::size_t>(c)];
      if (stays) least_kept = std::min(least_kept, its);
      if (!stays) most_gone = std::max(most_gone, its);
    }
    CHECK(most_gone <= least_kept);
    CHECK(kept.at("pw") == kept.at("side"));
    model.network.compression.reset();
    const auto with_zeros = last_output(zeroed(model, kept), inputs_of(seed));
    CHECK(last_output(small, inputs_of(seed)) == with_zeros);
    CHECK(with_zeros != plain);
  }
}

TEST_CASE("units of a cell go from all its gates, and from who reads them", "[unit][workloads]") {
  const std::string steps = "- {name: data, channels: 5, rows: 1, columns: 1, steps: 3}\n";
  for (const char* cell :
       {"type: lstm, units: 6", "type: lstm, units: 6, projection: 4", "type: lstm, units: 6, peephole: true",
        "type: gru, units: 6", "type: gru, units: 6, reset: after"}) {
    CAPTURE(cell);
    Model m;
    m.network = file_of(steps, std::string("- {name: cell, inputs: [data], ") + cell +
                                   "}\n- {name: fc, type: fully_connected, inputs: [cell], out_channels: 2}\n"
                                   "compression: {shrink: [{layer: cell, share: 0.5}]}\n");
    NetworkFile plain = m.network;
    plain.compression.reset();
    Random random{1, cell};
    const auto whole = Network::build(plain, 1);
    for (const auto& l : whole.layers()) {
      if (!l.has_filters()) continue;
      const auto s = l.weight_shape();
      m.parameters[l.weights_name() + "/weight"] = integers({s.n, s.c, s.h, s.w}, -9, 9, random);
      if (l.bias) m.parameters[l.weights_name() + "/bias"] = integers({s.n}, -9, 9, random);
    }
    const Model small = shrunk(m);
    std::size_t met = 0;
    const auto cut = Network::build(small.network, 1);
    for (const auto& l : cut.layers()) {
      if (!l.has_filters()) continue;
      const auto s = l.weight_shape();
      const auto& p = small.parameters.at(l.weights_name() + "/weight");
      CHECK(p.shape == std::vector<std::int64_t>{s.n, s.c, s.h, s.w});
      CHECK(std::ssize(p.integer) == s.elements());
      if (l.bias) CHECK(std::ssize(small.parameters.at(l.weights_name() + "/bias").integer) == s.n);
      ++met;
    }
    CHECK(met >= 3);
    CHECK(Network::build(small.network, 1).layer("fc").input.c ==
          (std::string(cell).find("projection") != std::string::npos ? 2 : 3));
  }
}

TEST_CASE("a model is pruned layer by layer, or by one threshold", "[unit][workloads]") {
  Model m;
  m.network = file_of(kImage, kLayers);
  m.parameters["a/weight"] = {.shape = {2, 2}, .real = {0.1F, -0.2F, 0.3F, 0.4F}, .integer = {}};
  m.parameters["b/weight"] = {.shape = {2, 2}, .real = {}, .integer = {1, -2, 3, 4}};
  m.parameters["b/weight_scale"] = {.shape = {2}, .real = {1.0F, 0.01F}, .integer = {}};
  m.parameters["b/bias"] = {.shape = {2}, .real = {}, .integer = {1, 1}};
  Model each = m, all = m;
  prune(each, {.share = 0.5, .global = false, .layers = {}});
  CHECK(each.parameters.at("a/weight").real == std::vector<float>{0, 0, 0.3F, 0.4F});
  CHECK(each.parameters.at("b/weight").integer == std::vector<std::int32_t>{1, -2, 0, 0});  // by what they stand for
  prune(all, {.share = 0.5, .global = true, .layers = {}});
  CHECK(all.parameters.at("a/weight").real == std::vector<float>{0, 0, 0.3F, 0.4F});
  CHECK(all.parameters.at("b/weight").integer == std::vector<std::int32_t>{1, -2, 0, 0});
  CHECK(all.parameters.at("b/bias").integer == std::vector<std::int32_t>{1, 1});
  Model one = m;
  prune(one, {.share = 1, .global = false, .layers = {"a"}});
  CHECK(one.parameters.at("a/weight").real == std::vector<float>(4));
  CHECK(one.parameters.at("b/weight").integer == m.parameters.at("b/weight").integer);
}

TEST_CASE("a layer has a codebook only if its words are few", "[unit][workloads]") {
  auto model = quantised_model(3);
  model.network.compression = Compression{};
  model.network.compression->share_weights = WeightSharing{.bits = 2, .layers = {"conv1"}};
  const auto network = Network::build(model.network, 1);
  const auto inputs = inputs_of(3);
  const auto bits = [&](const Model& m) {
    const auto data = bind(network, m, inputs);
    return ForwardPass{network, kExactWidths, 1, {.layers = {}, .jobs = 1, .data = &data}}.operands(0).codebook_bits;
  };
  CHECK(bits(compressed(model)) == 2);
  CHECK(bits(model) == 0);  // 216 words from -127 to 127
  CHECK(few_values(Values{1, 2, 2, -3, 0}, 2));
  CHECK_FALSE(few_values(Values{1, 2, 2, -3, 0, 4}, 2));
}
