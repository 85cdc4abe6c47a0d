#include <catch2/catch.hpp>

#include <set>

#include "tests/support/support.hpp"
#include "workloads/forward.hpp"
#include "workloads/network.hpp"
#include "workloads/reference.hpp"

using namespace eyrie;
using enum Dim;

namespace {

Network network(const std::string& layers, std::int64_t batch = 1) {
  return Network::from_yaml(
      YamlDocument::from_text(
          "kind: workload\nname: net\ninputs:\n- {name: data, channels: 4, rows: 9, columns: 7}\nlayers:\n" + layers,
          "net.yaml"),
      batch);
}
std::string wrong(const std::string& layers) {
  return test::errors_of([&] { network(layers); });
}
Network shipped(const std::string& name, std::int64_t batch) {
  return Network::from_yaml(YamlDocument::from_file(test::source("configs/workloads/" + name + ".yaml")), batch);
}

}  // namespace

TEST_CASE("touched rows and tile words equal a count of sets", "[unit][workloads]") {
  for (std::int64_t stride = 1; stride <= 4; ++stride)
    for (std::int64_t dilation = 1; dilation <= 3; ++dilation)
      for (std::int64_t p = 1; p <= 6; ++p)
        for (std::int64_t r = 1; r <= 5; ++r) {
          std::set<std::int64_t> rows;
          for (std::int64_t i = 0; i < p; ++i)
            for (std::int64_t j = 0; j < r; ++j) rows.insert(i * stride + j * dilation);
          CAPTURE(stride, dilation, p, r);
          CHECK(touched(p, r, stride, dilation) == static_cast<std::int64_t>(rows.size()));
        }
  LayerNest l;
  l.stride = {2, 1};
  const Extents tile{{2, 3, 4, 5, 2, 3, 1, 2}};
  CHECK(l.tile_words(Operand::Input, tile) ==
        Words{2 * 3 * 5 * 2 * 4});  // a 1-row filter at stride 2 touches 2 rows of 3
  CHECK(l.tile_words(Operand::Weight, tile) == Words{2 * 4 * 5 * 1 * 2});
  CHECK(l.tile_words(Operand::Output, tile) == Words{2 * 3 * 4 * 2 * 3});
}

TEST_CASE("words wrap, round and saturate at their widths", "[unit][workloads]") {
  CHECK(wrap(32768, Bits{16}) == -32768);
  CHECK(wrap(-32769, Bits{16}) == 32767);
  CHECK(wrap(std::int64_t{1} << 31, Bits{32}) == std::numeric_limits<std::int32_t>::min());
  CHECK(saturate(40000, Bits{16}) == 32767);
  CHECK(saturate(-40000, Bits{16}) == -32768);
  CHECK(saturate(200, Bits{8}) == 127);
  CHECK(round_shift(5, 1) == 3);
  CHECK(round_shift(-5, 1) == -2);
  CHECK(product(-32768, -32768, 15) == 32768);
  CHECK(product(-3, 1, 1) == -2);  // towards minus infinity
  CHECK(rounded_mean(5, 2) == 3);
  CHECK(rounded_mean(-5, 2) == -3);
  CHECK(finish(-7, {.activation = Activation::Relu}) == 0);
}

TEST_CASE("a convolution worked out by hand", "[unit][workloads]") {
  // 2 x 3 input, 1 x 2 filter, one column of padding on the left, stride 2 along columns
  LayerNest l;
  l.extent = {{1, 1, 1, 1, 2, 2, 1, 2}};
  l.stride = {1, 2};
  l.padding = {.left = 1};
  Tensor in{{1, 1, 2, 3}}, w{{1, 1, 1, 2}};
  in.data() = {1, 2, 3, 4, 5, 6};
  w.data() = {10, 1};
  Arithmetic a;
  // row 0: (0, 1), (2, 3); row 1: (0, 4), (5, 6); bias 100
  CHECK(reference::conv(l, in, w, {100}, a).data() == std::vector<std::int16_t>{101, 123, 104, 156});
}

TEST_CASE("pools see only elements inside the input", "[unit][workloads]") {
  LayerNest l;
  l.extent = {{1, 1, 1, 1, 2, 2, 2, 2}};
  l.stride = {2, 2};
  l.padding = {.top = 1, .bottom = 0, .left = 1, .right = 0};
  Tensor in{{1, 1, 3, 3}};
  in.data() = {-1, -2, -3, -4, -5, -6, -7, -8, -9};
  l.reduction = Reduction::Maximum;
  CHECK(reference::max_pool(l, in).data() == std::vector<std::int16_t>{-1, -2, -4, -5});
  l.reduction = Reduction::Sum;
  CHECK(reference::average_pool(l, in, {}).data() ==
        std::vector<std::int16_t>{-1, -3, -6, -7});  // -2.5, -5.5, -7: halves away from zero
  CHECK(reference::window_elements(l, in.shape(), 0, 1) == 2);
}

TEST_CASE("AlexNet has its known size", "[unit][workloads]") {
  const auto one = shipped("alexnet", 1), four = shipped("alexnet", 4);
  CHECK(one.macs() == Macs{724406816});
  CHECK(one.weight_words() == Words{60954656});
  const std::vector<std::int64_t> conv{421660800, 895795200, 598081536, 448561152, 299040768};
  for (int i = 0; i < 5; ++i)
    CHECK(four.layer("conv" + std::to_string(i + 1)).macs() == Macs{conv[static_cast<std::size_t>(i)]});
  CHECK(four.layer("pool5").output == Shape{4, 256, 6, 6});
  CHECK(four.layer("fc6").weight_words() == Words{37748736});
}

TEST_CASE("LeNet-5 has its known size", "[unit][workloads]") {
  CHECK(shipped("lenet5", 1).macs() == Macs{416520});
  CHECK(shipped("lenet5", 1).weight_words() == Words{61470});
}

TEST_CASE("VGG-16 and MobileNetV1 have their published MACs and filter words", "[unit][workloads]") {
  const auto vgg = shipped("vgg16", 1), mobile = shipped("mobilenet_v1", 1);
  CHECK(vgg.macs() == Macs{15470264320});
  CHECK(vgg.weight_words() == Words{138344128});
  CHECK(vgg.layer("pool5").output == Shape{1, 512, 7, 7});
  CHECK(mobile.macs() == Macs{568740352});
  CHECK(mobile.weight_words() == Words{4209088});
  CHECK(mobile.layer("conv2_dw").nest()->extent == Extents{{32, 1, 1, 1, 112, 112, 3, 3}});
  CHECK(mobile.layer("conv14_pw").output == Shape{1, 1024, 7, 7});
}

TEST_CASE("what is wrong with a network is said with its layer's place", "[unit][workloads]") {
  using Row = std::pair<std::string, std::string>;
  const auto [text, error] = GENERATE_COPY(
      Row{"- {name: a, type: relu, inputs: [dat]}\n",
          "net.yaml:6:3: error: a reads dat, which is neither a layer nor an input; did you mean data?"},
      Row{"- {name: a, type: relu, inputs: [data]}\n- {name: a, type: relu, inputs: [data]}\n",
          "net.yaml:7:3: error: the name a is taken; give each layer its own name"},
      Row{"- {name: a, type: relu, inputs: [b]}\n- {name: b, type: relu, inputs: [a]}\n",
          "net.yaml:6:3: error: layers read each other in a circle: a -> b -> a; a network has no cycles"},
      Row{"- {name: a, type: relu, inputs: [a]}\n",
          "net.yaml:6:3: error: layers read each other in a circle: a -> a; a network has no cycles"},
      Row{"- {name: a, type: relu, inputs: []}\n",
          "net.yaml:6:3: error: a has 0 inputs; a relu layer reads exactly one"},
      Row{"- {name: a, type: conv, inputs: [data], out_channels: 4, kernel: {rows: 10, columns: 1}}\n",
          "net.yaml:6:3: error: the window of a spans 10 rows, and its padded input has 9; make the kernel smaller or "
          "the padding larger"},
      Row{"- {name: a, type: conv, inputs: [data], out_channels: 4, kernel: {rows: 1, columns: 3}, dilation: {rows: 1, "
          "columns: 4}}\n",
          "net.yaml:6:3: error: the window of a spans 9 columns, and its padded input has 7; make the kernel smaller "
          "or the padding larger"},
      Row{"- {name: a, type: conv, inputs: [data], out_channels: 6, kernel: {rows: 1, columns: 1}, groups: 4}\n",
          "net.yaml:6:3: error: 4 groups do not divide 4 input and 6 output channels of a; choose a number that "
          "divides both"});
  CAPTURE(text);
  CHECK(wrong(text) == error);
}

TEST_CASE("layers come in order whatever the order of the file", "[unit][workloads]") {
  const auto n = network(
      "- {name: c, type: relu, inputs: [b]}\n- {name: b, type: relu, inputs: [a]}\n- {name: a, type: relu, inputs: "
      "[data]}\n");
  std::string order;
  for (const auto& l : n.layers()) order += l.name;
  CHECK(order == "abc");
}

TEST_CASE("pooling with a rounded-up size drops a window that would start behind the input", "[unit][workloads]") {
  // 9 rows, 7 columns; 2 x 2 windows at stride 2: 4.5 -> 5 rows, 3.5 -> 4 columns
  const auto n = network(
      "- {name: a, type: max_pool, inputs: [data], kernel: {rows: 2, columns: 2}, stride: {rows: 2, columns: 2}, "
      "ceil_mode: true}\n");
  CHECK(n.layer("a").output == Shape{1, 4, 5, 4});
  CHECK(n.layer("a").nest()->padding.bottom == 1);
}

TEST_CASE("the forward pass meets the wanted zeros, and the same seed gives the same data", "[unit][workloads]") {
  const auto n = shipped("tiny", 3);
  const ForwardPass a{n, {}, 1}, b{n, {}, 1}, c{n, {}, 2};
  for (std::size_t i = 0; i < n.layers().size(); ++i) {
    CHECK(a.output(i) == b.output(i));
    if (n.layers()[i].input_zeros) CHECK(a.input_zero_share(i) == Approx(*n.layers()[i].input_zeros).margin(0.01));
  }
  CHECK_FALSE(a.output(0) == c.output(0));
  const auto operands = a.operands(0);
  CHECK(reference::conv(*n.layers()[0].nest(), operands.input, operands.weight, operands.bias, operands.arithmetic) ==
        a.output(0));
}
