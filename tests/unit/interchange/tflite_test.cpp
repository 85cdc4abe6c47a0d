#include "interchange/tflite.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "tests/support/support.hpp"
#include "tests/support/tflite_builder.hpp"
#include "tests/support/tflite_reference.hpp"
#include "workloads/forward.hpp"

using namespace eyrie;
using namespace eyrie::test;

namespace {

Model read(const FileBytes& file) { return read_tflite(file, "net.tflite"); }

const Layer& layer_of(const Model& m, const std::string& name) {
  const auto at = std::ranges::find(m.network.layers, name, &Layer::name);
  REQUIRE(at != m.network.layers.end());
  return *at;
}

std::vector<std::int8_t> counted(int size) {
  std::vector<std::int8_t> all(static_cast<std::size_t>(size));
  std::iota(all.begin(), all.end(), std::int8_t{1});
  return all;
}

/// A 3 x 3 convolution, stride 2, SAME, of a 6 x 5 image of 2 channels into 3.
TfliteBuilder convolution() {
  TfliteBuilder b;
  b.words({1, 6, 5, 2}, 0.5F, 3, "picture");
  b.constant({3, 3, 3, 2}, kInt8, counted(54), {0.25F, 0.5F, 0.125F});
  b.constant({3}, kInt32, std::vector<std::int32_t>{10, -20, 30}, {0.1F});
  b.words({1, 3, 3, 3}, 0.75F, -4);
  b.op(kConv, {0, 1, 2}, 3, conv_options(false, 2, 2, 3));
  return b;
}

std::string errors_in(const FileBytes& file) {
  return errors_of([&] { read(file); });
}

}  // namespace

TEST_CASE("a convolution comes with its window, weights by channels first, scales and codes", "[interchange][unit]") {
  const Model m = read(convolution().file({0}, {3}));
  CHECK(m.network.name == "net");
  CHECK(m.arithmetic == ModelArithmetic::Tflite);
  REQUIRE(m.network.inputs.size() == 1);
  CHECK(m.network.inputs[0].name == "picture");
  CHECK(m.network.inputs[0].channels == 2);
  CHECK(m.network.inputs[0].rows == 6);
  const Layer& l = layer_of(m, "conv_2d_0");
  CHECK(l.type == LayerType::Conv);
  CHECK(l.inputs == std::vector<std::string>{"picture"});
  CHECK(l.padding == Padding{.top = 0, .bottom = 1, .left = 1, .right = 1});  // 6 and 5 by 2: the odd zero is behind
  CHECK(l.activation == Activation::Relu6);
  CHECK(l.bias);
  const auto& w = m.parameters.at("conv_2d_0/weight");
  CHECK(w.shape == std::vector<std::int64_t>{3, 2, 3, 3});
  // (out 1, in 1, row 2, column 0): 1 + ((1 * 3 + 2) * 3 + 0) * 2 + 1 in the file
  CHECK(w.integer[((1 * 2 + 1) * 3 + 2) * 3 + 0] == 32);
  CHECK(m.parameters.at("conv_2d_0/weight_scale").real == std::vector<float>{0.25F, 0.5F, 0.125F});
  CHECK(m.parameters.at("conv_2d_0/bias").integer == std::vector<std::int32_t>{10, -20, 30});
  CHECK(m.codes.at("picture") == TensorCode{0.5, 3, -128, 127});
  CHECK(m.codes.at("conv_2d_0") == TensorCode{0.75, -4, -128, 127});
  CHECK(m.pixels.empty());
}

TEST_CASE("a depthwise convolution is one of groups, channel by channel", "[interchange][unit]") {
  TfliteBuilder b;
  b.words({1, 4, 4, 2}, 0.5F, 0);
  b.constant({1, 2, 2, 4}, kInt8, counted(16), {0.5F, 0.25F, 0.5F, 1.0F}, 3);
  b.words({1, 3, 3, 4}, 1.0F, 0);
  b.op(kDepthwise, {0, 1, -1}, 2, depthwise_options(true, 1, 1, 2));
  const Model m = read(b.file({0}, {2}));
  const Layer& l = layer_of(m, "depthwise_conv_2d_0");
  CHECK(l.groups == 2);
  CHECK(l.out_channels == 4);
  CHECK_FALSE(l.bias);
  // filter 2 (channel 1, the first of its two): elements 3, 7, 11, 15 of the file
  const auto& w = m.parameters.at("depthwise_conv_2d_0/weight");
  CHECK(std::vector(w.integer.begin() + 8, w.integer.begin() + 12) == std::vector<std::int32_t>{3, 7, 11, 15});
  CHECK_FALSE(m.parameters.contains("depthwise_conv_2d_0/bias"));
}

TEST_CASE("weights behind a flattening stand in the order of channels, rows, columns", "[interchange][unit]") {
  TfliteBuilder b;
  b.words({1, 2, 1, 3}, 1.0F, 0);
  b.words({1, 6}, 1.0F, 0);
  b.constant({1, 6}, kInt8, counted(6), {1.0F});
  b.words({1, 1}, 2.0F, 0);
  b.op(kReshape, {0}, 1);
  b.op(kFullyConnected, {1, 2}, 3, activation_options(1));
  const Model m = read(b.file({0}, {3}));
  // the file has row 0: 1 2 3, row 1: 4 5 6 over channels; we have channel by channel
  CHECK(m.parameters.at("fully_connected_1/weight").integer == std::vector<std::int32_t>{1, 4, 2, 5, 3, 6});
  CHECK(m.parameters.at("fully_connected_1/weight").shape == std::vector<std::int64_t>{1, 6, 1, 1});
  CHECK(layer_of(m, "fully_connected_1").activation == Activation::Relu);
  CHECK(layer_of(m, "reshape_0").shape.channels == 6);
}

TEST_CASE("a matrix over the positions of an image is stored as one, so that its scales multiply as a matrix's do",
          "[interchange][unit]") {
  TfliteBuilder b;
  b.words({1, 4, 4, 2}, 1.0F, 0);
  b.constant({3, 2}, kInt8, counted(6), {1.0F});
  b.words({1, 4, 4, 3}, 2.0F, 0);
  b.op(kFullyConnected, {0, 1}, 2, activation_options(0));
  const Model m = read(b.file({0}, {2}));
  CHECK(layer_of(m, "fully_connected_0").type == LayerType::Conv);
  CHECK(m.parameters.at("fully_connected_0/weight").shape == std::vector<std::int64_t>{3, 2});
}

TEST_CASE("PAD becomes padding of the convolution behind it", "[interchange][unit]") {
  TfliteBuilder b;
  b.words({1, 4, 4, 1}, 1.0F, 5);
  b.constant({4, 2}, kInt32, std::vector<std::int32_t>{0, 0, 1, 2, 0, 1, 0, 0});
  b.words({1, 7, 5, 1}, 1.0F, 5);
  b.constant({1, 3, 3, 1}, kInt8, counted(9), {1.0F});
  b.words({1, 5, 3, 1}, 1.0F, 0);
  b.op(kPad, {0, 1}, 2);
  b.op(kConv, {2, 3}, 4, conv_options(true, 1, 1));
  const Model m = read(b.file({0}, {4}));
  CHECK(m.network.layers.size() == 1);
  CHECK(layer_of(m, "conv_2d_1").padding == Padding{.top = 1, .bottom = 2, .left = 0, .right = 1});

  b.words({1, 6, 4, 1}, 1.0F, 5);
  b.op(kMaxPool, {2}, 5, pool_options(true, 1, 1, 2, 2));
  CHECK(
      errors_in(b.file({0}, {4, 5})) ==
      "net.tflite: error: operator #2 MAX_POOL_2D: it reads t, which is padded; PAD is understood before convolutions");
}

TEST_CASE("what computes the target of a reshape is folded", "[interchange][unit]") {
  TfliteBuilder b;
  b.words({1, 1, 1, 4}, 1.0F, 0);
  b.add({.shape = {4}, .type = kInt32});
  for (const int value : {0, 1, 1, 4}) b.constant({1}, kInt32, std::vector<std::int32_t>{value});
  b.add({.shape = {}, .type = kInt32});
  b.add({.shape = {2}, .type = kInt32});
  b.words({1, 4}, 1.0F, 0);
  b.op(kShape, {0}, 1);
  b.op(kStridedSlice, {1, 2, 3, 4}, 6);
  b.op(kPack, {6, 5}, 7);
  b.op(kReshape, {0, 7}, 8);
  const Model m = read(b.file({0}, {8}));
  REQUIRE(m.network.layers.size() == 1);
  CHECK(m.network.layers[0].name == "reshape_3");
}

TEST_CASE("QUANTIZE and DEQUANTIZE at the edges are no layers", "[interchange][unit]") {
  TfliteBuilder b;
  b.add({.shape = {1, 3}, .type = kFloat32, .name = "real"});
  b.words({1, 3}, 0.5F, 7);
  b.words({1, 3}, 0.5F, -128);
  b.add({.shape = {1, 3}, .type = kFloat32});
  b.op(kQuantize, {0}, 1);
  b.op(kRelu, {1}, 2);
  b.op(kDequantize, {2}, 3);
  const Model m = read(b.file({0}, {3}));
  CHECK(m.network.layers.size() == 1);
  CHECK(m.codes.at("real") == TensorCode{0.5, 7, -128, 127});
}

TEST_CASE("a network of float32 has real parameters and no codes", "[interchange][unit]") {
  TfliteBuilder b;
  b.add({.shape = {1, 1, 2, 2}, .type = kFloat32, .name = "x"});
  b.constant({1, 1, 2, 2}, kFloat32, std::vector<float>{1, 2, 3, 4});
  b.constant({1}, kFloat32, std::vector<float>{0.5F});
  b.add({.shape = {1, 1, 1, 1}, .type = kFloat32});
  b.op(kConv, {0, 1, 2}, 3, conv_options(true, 1, 1, 1));
  const Model m = read(b.file({0}, {3}));
  CHECK(m.arithmetic == ModelArithmetic::Float);
  CHECK(m.parameters.at("conv_2d_0/weight").real == std::vector<float>{1, 3, 2, 4});
  CHECK(m.parameters.at("conv_2d_0/bias").real == std::vector<float>{0.5F});
  CHECK(m.codes.empty());
  CHECK_FALSE(m.parameters.contains("conv_2d_0/weight_scale"));
}

TEST_CASE("everything that is not understood is said at once", "[interchange][unit]") {
  TfliteBuilder b;
  b.words({1, 4, 4, 1}, 1.0F, 0, "x");
  b.words({1, 8, 8, 1}, 1.0F, 0, "large");
  b.words({1, 8, 8, 1}, 1.0F, 0, "odd");
  b.words({1, 8, 8, 1}, 0.5F, 0, "softened");
  b.words({1, 8, 8, 1}, 0.5F, 0, "again");
  b.op(kResizeBilinear, {0}, 1);
  b.op(kCustom, {1}, 2, {}, "MyOp");
  b.op(kSoftmax, {0}, 3, FlatNode{}.number(0, 2.0F));
  b.op(kAdd, {0, 9}, 4);
  b.words({1}, 1, 0), b.words({1}, 1, 0), b.words({1}, 1, 0), b.words({1}, 1, 0);
  b.words({1, 4, 4, 1}, 1.0F, 0, "nowhere");
  CHECK(errors_in(b.file({0}, {4})) ==
        "net.tflite: error: operator #0 RESIZE_BILINEAR: it is not understood; docs/tflite.md lists the operators; "
        "export the network without it\n"
        "net.tflite: error: operator #1 CUSTOM MyOp: it is not understood; docs/tflite.md lists the operators; export "
        "the network without it\n"
        "net.tflite: error: operator #2 SOFTMAX: its beta is 2; softmax is understood with a beta of 1\n"
        "net.tflite: error: operator #3 ADD: it reads nowhere, which no operator before it makes; operators stand in "
        "the order of their data");
}

TEST_CASE("a dilation that blows its input up is an error", "[interchange][unit]") {
  auto b = convolution();
  b.words({1, 3, 3, 3}, 0.75F, -4);
  b.op(kConv, {0, 1, 2}, 4, conv_options(false, 2, 2, 0, 1 << 20, 1 << 20));
  CHECK(errors_in(b.file({0}, {4})) ==
        "net.tflite: error: operator #1 CONV_2D: its input is 2097157 x 2097157 with padding; make its dilation or "
        "padding smaller");
}

TEST_CASE("tensors that contradict their operators are errors", "[interchange][unit]") {
  auto b = convolution();
  SECTION("another shape than follows") {
    b.tensor(3).shape = {1, 3, 4, 3};
    CHECK(
        errors_in(b.file({0}, {3})) ==
        "net.tflite: error: conv_2d_0 makes 1 x 3 x 3 x 3 (batch or steps, channels, rows, columns), and the file says "
        "1 x 3 x 3 x 4; get the file again, or export it again");
  }
  SECTION("weights of another size") {
    b.tensor(1).data.pop_back();
    CHECK(
        errors_in(b.file({0}, {3})) ==
        "net.tflite: error: the tensor t has 53 bytes and 54 elements of int8; get the file again, or export it again");
  }
  SECTION("scales along another dimension") {
    b.tensor(1).channel_dimension = 3;
    CHECK(errors_in(b.file({0}, {3})) ==
          "net.tflite: error: operator #0 CONV_2D: the weights t have 3 scales along dimension 3; give one, or 3 along "
          "dimension 0");
  }
  SECTION("an impossible scale") {
    b.tensor(3).scales = {-1.0F};
    CHECK(errors_in(b.file({0}, {3})) ==
          "net.tflite: error: operator #0 CONV_2D: t has 1 scales and 1 zero points, or impossible ones; activations "
          "of a quantised network are int8 with one scale above 0 and one zero point");
  }
  SECTION("an extent of 2^31 - 1") {
    b.tensor(0).shape = {1, 2147483647, 2147483647, 2};
    CHECK(errors_in(b.file({0}, {3})) ==
          "net.tflite: error: the tensor picture has more than 2^31 elements; make the network smaller");
  }
  SECTION("a batch of two") {
    b.tensor(0).shape = {2, 6, 5, 2};
    CHECK(errors_in(b.file({0}, {3})).starts_with("net.tflite: error: the input picture has the shape [2, 6, 5, 2]; "));
  }
  SECTION("a tensor that reads itself") {
    b.op(kRelu, {4}, 4);
    b.words({1, 3, 3, 3}, 0.75F, -4, "ring");
    CHECK(errors_in(b.file({0}, {3})) ==
          "net.tflite: error: operator #1 RELU: it reads ring, which no operator before it makes; operators stand in "
          "the order of their data");
  }
}

TEST_CASE("a broken file is an InputError, wherever it is cut or changed", "[interchange][unit]") {
  const auto file = convolution().file({0}, {3});
  int refused = 0;
  for (std::size_t size = 0; size < file.size(); ++size) {
    const auto error = errors_in({file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)});
    refused += error.empty() ? 0 : 1;
  }
  CHECK(refused >= static_cast<int>(file.size()) - 64);  // the last bytes may be fill or weights' alignment
  int kept = 0;
  for (std::size_t at = 0; at < file.size(); ++at)
    for (const auto value : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
      auto changed = file;
      changed[at] = static_cast<std::byte>(value);
      kept += errors_in(changed).empty() ? 1 : 0;
    }
  CHECK(kept > 0);
  CHECK(errors_of([] { read_tflite("/no/such/file.tflite"); }) ==
        "/no/such/file.tflite: error: there is no such file; check the path");
}

namespace {

/// An LSTM of 2 units over 3 steps of 2 features; gate weights tell gates apart.
TfliteBuilder cell() {
  TfliteBuilder b;
  const int x = b.words({1, 3, 2}, 1 / 128.0F, 0, "x");
  std::vector<int> in{x};
  for (int gate = 0; gate < 8; ++gate) {
    const auto g = static_cast<std::int8_t>(10 * (gate % 4) + (gate < 4 ? 0 : 40));
    in.push_back(b.constant({2, 2}, kInt8,
                            std::vector<std::int8_t>{g, static_cast<std::int8_t>(g + 1),
                                                     static_cast<std::int8_t>(g + 2), static_cast<std::int8_t>(g + 3)},
                            {0.0625F * static_cast<float>(gate + 1)}));
  }
  in.insert(in.end(), 3, -1);
  for (int gate = 0; gate < 4; ++gate)
    in.push_back(b.constant({2}, kInt32, std::vector<std::int32_t>{gate, 100 + gate}, {0.001F}));
  in.insert(in.end(), 2, -1);
  const int h = b.words({1, 2}, 1 / 128.0F, -5), c = b.words({1, 2}, 1 / 2048.0F, 0);
  b.tensor(h).variable = b.tensor(c).variable = true;
  b.tensor(c).type = kInt16;
  in.insert(in.end(), {h, c, -1, -1, -1, -1});
  const int out = b.words({1, 3, 2}, 1 / 128.0F, -5);
  b.op(kSequenceLstm, in, out, FlatNode{}.number(0, std::int8_t{4}).number(1, 10.0F));
  return b;
}

}  // namespace

TEST_CASE("an LSTM has its gates in the order i f o g, and codes for all that is inside", "[interchange][unit]") {
  const auto b = cell();
  const Model m = read(b.file({0}, {15}));
  const std::string name = "unidirectional_sequence_lstm_0";
  CHECK(layer_of(m, name).type == LayerType::Lstm);
  CHECK(layer_of(m, name).units == 2);
  CHECK(m.network.inputs[0].steps == 3);
  // the file has input, forget, cell, output: 0, 10, 20, 30
  CHECK(m.parameters.at(name + "/x/weight").integer ==
        std::vector<std::int32_t>{0, 1, 2, 3, 10, 11, 12, 13, 30, 31, 32, 33, 20, 21, 22, 23});
  CHECK(m.parameters.at(name + "/h/weight").integer ==
        std::vector<std::int32_t>{40, 41, 42, 43, 50, 51, 52, 53, 70, 71, 72, 73, 60, 61, 62, 63});
  CHECK(m.parameters.at(name + "/x/bias").integer == std::vector<std::int32_t>{0, 100, 1, 101, 3, 103, 2, 102});
  CHECK(m.parameters.at(name + "/h/weight_scale").real ==
        std::vector<float>{0.3125F, 0.3125F, 0.375F, 0.375F, 0.5F, 0.5F, 0.4375F, 0.4375F});
  CHECK(m.codes.at(name + "/ifo/before") == TensorCode{1 / 4096.0, 0, -32768, 32767});
  CHECK(m.codes.at(name + "/ifo") == TensorCode{1 / 32768.0, 0, -32768, 32767});
  CHECK(m.codes.at(name + "/c") == TensorCode{1 / 2048.0, 0, -20480, 20480});  // clipped at 10
  CHECK(m.codes.at(name + "/h0") == TensorCode{1 / 128.0, -5, -128, 127});
  const Network network = Network::build(m.network, 1);
  const auto data = eyrie::bind(network, m, {{"x", RealTensor{Shape{3, 2, 1, 1}, 0.5F}}});
  const ForwardPass pass{network, kExactWidths, 1, {.layers = {}, .jobs = 1, .data = &data}};
  CHECK(pass.output(network.layers().size() - 1).shape() == Shape{3, 2, 1, 1});
}

TEST_CASE("a slice of the last step makes the cell return it", "[interchange][unit]") {
  auto b = cell();
  for (const auto& numbers : {std::vector<std::int32_t>{0, -1, 0}, {0, 0, 0}, {1, 1, 1}})
    b.constant({3}, kInt32, numbers);
  b.words({1, 2}, 1 / 128.0F, -5);
  b.op(kStridedSlice, {15, 16, 17, 18}, 19,
       FlatNode{}.number(0, std::int32_t{5}).number(1, std::int32_t{7}).number(4, std::int32_t{2}));
  CHECK(layer_of(read(b.file({0}, {19})), "unidirectional_sequence_lstm_0").returns == Returns::Last);
  CHECK(errors_in(b.file({0}, {15, 19})) ==
        "net.tflite: error: operator #1 STRIDED_SLICE: it takes a part of a tensor; slices are understood where they "
        "compute a shape, or take the last step of an LSTM that nothing else reads");
}

TEST_CASE("cells with more than ours has are errors", "[interchange][unit]") {
  auto b = cell();
  SECTION("a state of 8 bits") {
    b.tensor(14).type = kInt8;
    CHECK(errors_in(b.file({0}, {15})) ==
          "net.tflite: error: operator #0 UNIDIRECTIONAL_SEQUENCE_LSTM: its cell state is not int16 with a scale of "
          "2^-15 to 1 that is a power of two; quantise it to int8 with a state of int16");
  }
  SECTION("a state from elsewhere") {
    b.tensor(13).variable = false;
    CHECK(errors_in(b.file({0}, {15})) ==
          "net.tflite: error: operator #0 UNIDIRECTIONAL_SEQUENCE_LSTM: its state is not its own; states are variable "
          "tensors that begin at zero");
  }
}
