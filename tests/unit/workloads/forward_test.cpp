// The network on seeded data: shares of zeros, shifts, operands.

#include <catch2/catch.hpp>

#include <algorithm>

#include "tests/support/support.hpp"
#include "workloads/forward.hpp"
#include "workloads/gather.hpp"
#include "workloads/reference.hpp"

using namespace eyrie;

namespace {

Network shipped(const std::string& name, std::int64_t batch) {
  return Network::from_yaml(YamlDocument::from_file(test::source("configs/workloads/" + name + ".yaml")), batch);
}
Network network(const std::string& layers) {
  return Network::from_yaml(
      YamlDocument::from_text(
          "kind: workload\nname: net\ninputs:\n- {name: data, channels: 4, rows: 24, columns: 24}\nlayers:\n" + layers,
          "net.yaml"),
      2);
}
/// The layer's output from nothing but its operands.
Tensor recomputed(const Layer& l, const LayerOperands& o) {
  if (l.type == LayerType::Lrn) return reference::lrn(l, o.input, o.arithmetic.widths.output);
  if (l.type == LayerType::Softmax) return reference::softmax(o.input, o.arithmetic.widths.output);
  return output_of(l, test::reference_ofmap(*l.nest(), o));
}

}  // namespace

TEST_CASE("AlexNet's ifmaps have the published shares of zeros", "[unit][workloads]") {
  // Chen et al., IEEE JSSC 52(1) 2017, Table V
  const std::vector<double> published{0.0001, 0.387, 0.725, 0.793, 0.776};
  const auto n = shipped("alexnet", 1);
  const ForwardPass pass{n, {}, 1};
  std::size_t conv = 0;
  for (std::size_t i = 0; i < n.layers().size(); ++i)
    if (n.layers()[i].type == LayerType::Conv)
      CHECK(pass.input_zero_share(i) == Approx(published[conv++]).margin(i == 0 ? 0.00001 : 0.002));
  CHECK(conv == published.size());
}

TEST_CASE("every ofmap follows from its layer's operands, and every ifmap is another's ofmap", "[unit][workloads]") {
  const auto n = shipped("tiny", 2);
  const ForwardPass pass{n, {}, 5};
  for (std::size_t i = 0; i < n.layers().size(); ++i) {
    const Layer& l = n.layers()[i];
    CAPTURE(l.name);
    const auto o = pass.operands(i);
    CHECK(recomputed(l, o) == pass.output(i));
    CHECK(pass.output(i).shape() == l.output);
    CHECK(pass.reads_network_input(i) == (i == 0));
    if (i > 0) CHECK(o.input == pass.output(i - 1));
    const bool weighted = l.weight_words() > Words{0};
    CHECK(o.weight.data().size() == static_cast<std::size_t>(l.weight_words().count()));
    CHECK(o.bias.size() == static_cast<std::size_t>(weighted ? l.out_channels : 0));
    CHECK((o.arithmetic.activation == Activation::Relu) ==
          (l.type == LayerType::Relu || l.activation == Activation::Relu));
  }
}

TEST_CASE("zeros are met through an average pool, whatever it shifts", "[unit][workloads]") {
  const auto wanted = GENERATE(0.1, 0.4, 0.7);
  const auto psum = GENERATE(8, 16, 20);  // pools of 4 x 4 shift by 4, 4 and 0 bits at these widths
  const auto n = network(
      "- {name: a, type: conv, inputs: [data], out_channels: 16, kernel: {rows: 3, columns: 3}, activation: relu}\n"
      "- {name: p, type: average_pool, inputs: [a], kernel: {rows: 4, columns: 4}, stride: {rows: 2, columns: 2}}\n"
      "- {name: b, type: conv, inputs: [p], out_channels: 4, kernel: {rows: 1, columns: 1}, input_zeros: " +
      std::to_string(wanted) + "}\n");
  const Bits word{psum == 16 ? 16 : 8};
  const ForwardPass pass{n, {word, word, Bits{psum}, word}, 1};
  CAPTURE(wanted, psum);
  // with 8-bit psums one step of the bias moves more than a hundredth of the words
  CHECK(pass.input_zero_share(2) == Approx(wanted).margin(psum == 8 ? 0.02 : 0.002));
}

TEST_CASE("a network input holds exactly the wanted number of zeros", "[unit][workloads]") {
  const auto n = network(
      "- {name: a, type: conv, inputs: [data], out_channels: 1, kernel: {rows: 1, columns: 1}, input_zeros: 0.3}\n");
  const ForwardPass pass{n, {}, 9};
  CHECK(std::ranges::count(pass.inputs(0)[0].data(), 0) == 1382);  // 0.3 of 2 x 4 x 24 x 24 = 4608
  CHECK(std::ranges::min(pass.inputs(0)[0].data()) == 0);
}

TEST_CASE("shifts that a layer states are kept, others bring psums to their range", "[unit][workloads]") {
  const auto n = network(
      "- {name: a, type: conv, inputs: [data], out_channels: 8, kernel: {rows: 3, columns: 3}, product_shift: 20, "
      "output_shift: 3}\n"
      "- {name: b, type: conv, inputs: [data], out_channels: 8, kernel: {rows: 3, columns: 3}}\n");
  const ForwardPass pass{n, {}, 1};
  CHECK(pass.operands(0).arithmetic.product_shift == 20);
  CHECK(pass.operands(0).arithmetic.output_shift == 3);
  // inputs of 32767 / sqrt 3, weights likewise, 36 of them: 2^31.0 to be brought to 2^12
  CHECK(pass.operands(1).arithmetic.product_shift == 19);
  CHECK(pass.operands(1).arithmetic.output_shift == 0);
}

TEST_CASE("filters fill their range, and only seed and name choose them", "[unit][workloads]") {
  const auto n = network(
      "- {name: a, type: conv, inputs: [data], out_channels: 64, kernel: {rows: 5, columns: 5}}\n"
      "- {name: b, type: conv, inputs: [data], out_channels: 64, kernel: {rows: 5, columns: 5}}\n");
  const Tensor w = seeded_weights(n.layer("a"), Bits{8}, 1);
  CHECK(std::ranges::min(w.data()) == -127);
  CHECK(std::ranges::max(w.data()) == 127);
  CHECK(w == seeded_weights(n.layer("a"), Bits{8}, 1));
  CHECK_FALSE(w == seeded_weights(n.layer("b"), Bits{8}, 1));
  CHECK_FALSE(w == seeded_weights(n.layer("a"), Bits{8}, 2));
}
