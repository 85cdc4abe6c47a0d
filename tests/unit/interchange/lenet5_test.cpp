// The trained LeNet-5 that ships, computed with real numbers from the files alone.

#include <catch2/catch.hpp>

#include <algorithm>

#include "interchange/model_file.hpp"
#include "interchange/samples.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

Model lenet5() { return read_model(YamlDocument::from_file(test::source("configs/workloads/lenet5_mnist.yaml"))); }

/// A convolution without padding and with stride 1; fully connected layers are one, too.
RealTensor convolved(const Layer& l, const RealTensor& in, const Model& m) {
  const auto& weight = m.parameters.at(l.name + "/weight").real;
  const auto& bias = m.parameters.at(l.name + "/bias").real;
  const Shape w = l.weight_shape();
  RealTensor out{Shape{in.shape().n, w.n, in.shape().h - w.h + 1, in.shape().w - w.w + 1}};
  const Shape s = out.shape();
  for (std::int64_t n = 0; n < s.n; ++n)
    for (std::int64_t k = 0; k < s.c; ++k)
      for (std::int64_t p = 0; p < s.h; ++p)
        for (std::int64_t q = 0; q < s.w; ++q) {
          double sum = bias[static_cast<std::size_t>(k)];
          auto at = static_cast<std::size_t>(k * w.c * w.h * w.w);
          for (std::int64_t c = 0; c < w.c; ++c)
            for (std::int64_t r = 0; r < w.h; ++r)
              for (std::int64_t x = 0; x < w.w; ++x) sum += double{weight[at++]} * in.at(n, c, p + r, q + x);
          const auto value = static_cast<float>(sum);
          out.at(n, k, p, q) = l.activation == Activation::Relu ? std::max(0.0F, value) : value;
        }
  return out;
}

RealTensor halved(const RealTensor& in) {
  RealTensor out{Shape{in.shape().n, in.shape().c, in.shape().h / 2, in.shape().w / 2}};
  const Shape s = out.shape();
  for (std::int64_t n = 0; n < s.n; ++n)
    for (std::int64_t c = 0; c < s.c; ++c)
      for (std::int64_t h = 0; h < s.h; ++h)
        for (std::int64_t w = 0; w < s.w; ++w)
          out.at(n, c, h, w) = (in.at(n, c, 2 * h, 2 * w) + in.at(n, c, 2 * h, 2 * w + 1) +
                                in.at(n, c, 2 * h + 1, 2 * w) + in.at(n, c, 2 * h + 1, 2 * w + 1)) /
                               4;
  return out;
}

/// The class of each sample.
std::vector<std::int64_t> classes(const Model& m, RealTensor x) {
  const auto network = Network::build(m.network, 1);
  for (const auto& l : network.layers())
    if (l.has_filters())
      x = convolved(l, x, m);
    else if (l.type == LayerType::AveragePool)
      x = halved(x);
  std::vector<std::int64_t> found;
  const auto channels = x.shape().c;
  for (auto first = x.data().begin(); first != x.data().end(); first += channels)
    found.push_back(std::max_element(first, first + channels) - first);
  return found;
}

}  // namespace

TEST_CASE("LeNet-5 knows the digits that ship", "[unit][interchange]") {
  const auto model = lenet5();
  CHECK(model.arithmetic == ModelArithmetic::Float);
  CHECK(model.labels.size() == 10);
  const auto& input = model.network.inputs.at(0);
  const auto& pixels = model.pixels.at("data");
  const auto archive = read_samples(test::source("configs/inputs/digits_256.npz"), input, pixels);
  REQUIRE(archive.labels.size() == 256);
  CHECK(*std::ranges::max_element(archive.data.data()) == 1.0F);
  CHECK(classes(model, archive.data) == archive.labels);  // all of them, as when it was trained
  const auto folder = read_samples(test::source("configs/inputs/digits"), input, pixels);
  CHECK(folder.names.at(7) == "7.png");
  CHECK(classes(model, folder.data) == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK(folder.part(7, 1) == archive.part(0, 1));  // the split's first digit is a 7
}

TEST_CASE("the trained LeNet-5 has the layers of lenet5", "[unit][interchange]") {
  const auto plain = Network::build(read_yaml_file<NetworkFile>(test::source("configs/workloads/lenet5.yaml")), 1);
  const auto model = lenet5();
  const auto trained = Network::build(model.network, 1);
  REQUIRE(trained.layers().size() == plain.layers().size());
  for (std::size_t i = 0; i < plain.layers().size(); ++i) {
    const auto &a = plain.layers()[i], &b = trained.layers()[i];
    CHECK(std::tuple{a.name, a.type, a.activation, a.output} == std::tuple{b.name, b.type, b.activation, b.output});
    if (!b.has_filters()) continue;
    const Shape s = b.weight_shape();
    CHECK(model.parameters.at(b.name + "/weight").shape == std::vector<std::int64_t>{s.n, s.c, s.h, s.w});
    CHECK(model.parameters.at(b.name + "/bias").shape == std::vector<std::int64_t>{s.n});
  }
}
