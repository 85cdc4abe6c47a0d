// Float networks in ONNX files: what layers they become, and with which numbers.

#include <catch2/catch.hpp>

#include <numeric>

#include "tests/support/onnx_builder.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using test::OnnxBuilder;

namespace {

std::vector<float> counted(std::int64_t n) {
  std::vector<float> all(static_cast<std::size_t>(n));
  std::iota(all.begin(), all.end(), 1.0F);
  return all;
}

Network built(const OnnxImport& import) { return Network::build(import.model.network, 1); }
const std::vector<float>& real(const OnnxImport& import, const std::string& name) {
  return import.model.parameters.at(name).real;
}

}  // namespace

TEST_CASE("an ONNX convolution has stride, padding, dilation and groups of rows and columns",
          "[unit][interchange][onnx]") {
  OnnxBuilder b;
  b.input("x", {-1, 4, 9, 7}).floats("w", {6, 2, 3, 2}, counted(72)).floats("bias", {6}, counted(6)).output("y");
  b.node("Conv", {"x", "w", "bias"}, {"y"},
         {{"group", 2},
          {"strides", OnnxBuilder::Dims{2, 1}},
          {"dilations", OnnxBuilder::Dims{1, 2}},
          {"pads", OnnxBuilder::Dims{1, 0, 2, 3}}});
  const auto import = b.imported();
  const auto net = built(import);
  const Layer& l = net.layer("y");
  CHECK(import.model.arithmetic == ModelArithmetic::Float);
  CHECK(l.groups == 2);
  CHECK(l.stride == RowsColumns{2, 1});
  CHECK(l.dilation == RowsColumns{1, 2});
  CHECK(l.padding == Padding{.top = 1, .bottom = 2, .left = 0, .right = 3});
  CHECK(l.output == Shape{1, 6, 5, 8});
  CHECK(real(import, "y/weight") == counted(72));
  CHECK(real(import, "y/bias") == counted(6));
  CHECK(import.tensors.at("y") == OnnxPlace{"y", {1, 6, 5, 8}});
}

TEST_CASE("auto_pad puts the odd zero behind or before, and a convolution in one dimension has one row",
          "[unit][interchange][onnx]") {
  const auto padding = [](const char* kind) {
    OnnxBuilder b;
    b.input("x", {1, 1, 6}).floats("w", {1, 1, 4}, counted(4)).output("y");
    b.node("Conv", {"x", "w"}, {"y"}, {{"auto_pad", std::string(kind)}, {"strides", OnnxBuilder::Dims{2}}});
    const auto import = b.imported();
    const auto net = built(import);
    CHECK(net.layer("y").kernel == RowsColumns{1, 4});
    CHECK_FALSE(net.layer("y").bias);
    return net.layer("y").padding;
  };
  CHECK(padding("SAME_UPPER") == Padding{.top = 0, .bottom = 0, .left = 1, .right = 1});
  CHECK(padding("VALID") == Padding{});
  OnnxBuilder b;
  b.input("x", {1, 1, 5, 5}).floats("w", {1, 1, 2, 2}, counted(4)).output("y");
  b.node("Conv", {"x", "w"}, {"y"}, {{"auto_pad", std::string("SAME_LOWER")}});
  const auto import = b.imported();
  CHECK(built(import).layer("y").padding == Padding{.top = 1, .bottom = 0, .left = 1, .right = 0});
}

TEST_CASE("matrices become filters, transposed where the file has inputs before outputs", "[unit][interchange][onnx]") {
  OnnxBuilder b;
  b.input("x", {-1, 2, 1, 3}).node("Flatten", {"x"}, {"f"});
  b.floats("w1", {2, 6}, counted(12)).floats("b1", {1, 2}, {10, 20});
  b.node("Gemm", {"f", "w1", "b1"}, {"g"}, {{"transB", 1}, {"alpha", 2.0}, {"beta", 0.5}});
  b.floats("w2", {2, 3}, {1, 2, 3, 4, 5, 6}).node("MatMul", {"g", "w2"}, {"m"});
  b.floats("b2", {3}, {7, 8, 9}).node("Add", {"m", "b2"}, {"y"}).output("y", {-1, 3});
  const auto import = b.imported();
  const auto net = built(import);
  CHECK(net.layers().size() == 2);
  CHECK(real(import, "g/weight")[11] == 24);
  CHECK(real(import, "g/bias") == std::vector<float>{5, 10});
  CHECK(import.model.parameters.at("g/weight").shape == std::vector<std::int64_t>{2, 2, 1, 3});
  CHECK(real(import, "m/weight") == std::vector<float>{1, 4, 2, 5, 3, 6});
  CHECK(real(import, "m/bias") == std::vector<float>{7, 8, 9});
  CHECK(import.tensors.at("y").layer == "m");
  CHECK(net.layer("m").output == Shape{1, 3, 1, 1});
  CHECK(Network::build(import.model.network, 5).layer("m").output == Shape{5, 3, 1, 1});
}

TEST_CASE("batch normalisation becomes part of the filters before it, or a convolution of 1 x 1",
          "[unit][interchange][onnx]") {
  OnnxBuilder b;
  for (const char* name : {"s", "o", "m", "v"})
    b.floats(name, {2},
             name[0] == 's'   ? std::vector<float>{2, 3}
             : name[0] == 'v' ? std::vector<float>{4, 9}
                              : std::vector<float>{1, 5});
  b.input("x", {1, 2, 4, 4}).node("BatchNormalization", {"x", "s", "o", "m", "v"}, {"before"}, {{"epsilon", 0.0}});
  b.node("Relu", {"before"}, {"r"});
  b.floats("w", {2, 2, 1, 1}, {1, 2, 3, 4}).floats("c", {2}, {10, 20}).node("Conv", {"r", "w", "c"}, {"conv"});
  b.node("BatchNormalization", {"conv", "s", "o", "m", "v"}, {"y"}, {{"epsilon", 0.0}}).output("y", {1, 2, 4, 4});
  const auto import = b.imported();
  const auto net = built(import);
  CHECK(net.layers().size() == 2);
  CHECK(net.layer("before").groups == 2);
  CHECK(net.layer("before").activation == Activation::Relu);
  CHECK(real(import, "before/weight") == std::vector<float>{1, 1});  // 2 / sqrt(4), 3 / sqrt(9)
  CHECK(real(import, "before/bias") == std::vector<float>{0, 0});    // 1 - 1 x 1, 5 - 5 x 1
  CHECK(real(import, "conv/weight") == std::vector<float>{1, 2, 3, 4});
  CHECK(real(import, "conv/bias") == std::vector<float>{10, 20});
}

TEST_CASE("an activation belongs to the layer before it unless something else reads that",
          "[unit][interchange][onnx]") {
  OnnxBuilder b;
  b.input("x", {1, 2, 4, 4}).floats("w", {2, 2, 1, 1}, counted(4)).floats("lo", {}, {0}).floats("hi", {}, {6});
  b.node("Conv", {"x", "w"}, {"a"}).node("Clip", {"a", "lo", "hi"}, {"a6"});
  b.node("Conv", {"a6", "w"}, {"c"})
      .node("Relu", {"c"}, {"r"})
      .node("Add", {"c", "r"}, {"s"})
      .node("Relu", {"s"}, {"y"})
      .output("y");
  const auto import = b.imported();
  const auto net = built(import);
  CHECK(net.layer("a").activation == Activation::Relu6);
  CHECK(net.layer("c").activation == Activation::None);
  CHECK(net.layer("r").type == LayerType::Relu);
  CHECK(net.layer("s").activation == Activation::Relu);
  CHECK(net.layers().size() == 4);
}

TEST_CASE("a shuffle written as reshapes and a transpose is a channel shuffle; shapes are folded",
          "[unit][interchange][onnx]") {
  OnnxBuilder b;
  b.input("x", {-1, 6, 2, 3})
      .node("Shape", {"x"}, {"dims"})
      .wholes("zero", {1}, {0})
      .node("Gather", {"dims", "zero"}, {"n"});
  b.wholes("split", {4}, {2, 3, 2, 3})
      .node("Concat", {"n", "split"}, {"to"}, {{"axis", 0}})
      .node("Reshape", {"x", "to"}, {"a"});
  b.node("Transpose", {"a"}, {"t"}, {{"perm", OnnxBuilder::Dims{0, 2, 1, 3, 4}}});
  b.wholes("back", {4}, {0, 6, 2, 3}).wholes("flat", {2}, {0, -1});
  b.node("Reshape", {"t", "back6"}, {"y"}).wholes("back6", {4}, {1, 6, 2, 3}).output("y", {-1, 6, 2, 3});
  const auto import = b.imported();
  const auto net = built(import);
  const auto& shuffle = net.layer("t");
  CHECK(shuffle.type == LayerType::ChannelShuffle);
  CHECK(shuffle.groups == 2);
  CHECK(import.tensors.at("y") == OnnxPlace{"t", {1, 6, 2, 3}});
}

TEST_CASE("gates of cells come in our order", "[unit][interchange][onnx]") {
  OnnxBuilder b(14);
  b.input("x", {5, 1, 1}).floats("w", {1, 4, 1}, {1, 2, 3, 4}).floats("r", {1, 4, 1}, {5, 6, 7, 8});
  b.floats("b", {1, 8}, {10, 20, 30, 40, 1, 2, 3, 4})
      .floats("p", {1, 3}, {0.1F, 0.2F, 0.3F})
      .floats("h", {1, 1, 1}, {0});
  b.node("LSTM", {"x", "w", "r", "b", "", "h", "h", "p"}, {"", "last"}, {{"hidden_size", 1}});
  b.output("last", {1, 1, 1});
  const auto import = b.imported();
  CHECK(real(import, "last/x/weight") == std::vector<float>{1, 3, 2, 4});  // i o f c to i f o g
  CHECK(real(import, "last/h/weight") == std::vector<float>{5, 7, 6, 8});
  CHECK(real(import, "last/x/bias") == std::vector<float>{11, 33, 22, 44});
  CHECK(real(import, "last/peephole_o/weight") == std::vector<float>{0.2F});
  const auto net = built(import);
  CHECK(net.inputs()[0].steps == 5);
  CHECK(net.layer("last").output == Shape{1, 1, 1, 1});

  OnnxBuilder g(14);
  g.input("x", {3, 1, 1})
      .floats("w", {1, 3, 1}, {1, 2, 3})
      .floats("r", {1, 3, 1}, {5, 6, 7})
      .floats("b", {1, 6}, {1, 2, 3, 10, 20, 30});
  g.node("GRU", {"x", "w", "r", "b"}, {"all"}, {{"linear_before_reset", 1}}).output("all", {3, 1, 1, 1});
  const auto gru = g.imported();
  CHECK(real(gru, "all/x/weight") == std::vector<float>{2, 1, 3});  // z r h to r z n
  CHECK(real(gru, "all/h/weight") == std::vector<float>{6, 5, 7});
  CHECK(real(gru, "all/x/bias") == std::vector<float>{22, 11, 3});
  CHECK(real(gru, "all/h/bias") == std::vector<float>{0, 0, 30});
  CHECK(built(gru).layer("all").output == Shape{3, 1, 1, 1});
}

TEST_CASE("padding in front of a convolution is the convolution's", "[unit][interchange][onnx]") {
  OnnxBuilder b;
  b.input("x", {1, 1, 3, 3}).wholes("p", {8}, {0, 0, 1, 2, 0, 0, 3, 4}).node("Pad", {"x", "p"}, {"padded"});
  b.floats("w", {1, 1, 2, 2}, counted(4))
      .node("Conv", {"padded", "w"}, {"y"}, {{"pads", OnnxBuilder::Dims{1, 0, 0, 0}}})
      .output("y");
  const auto import = b.imported();
  CHECK(built(import).layer("y").padding == Padding{.top = 2, .bottom = 3, .left = 2, .right = 4});
}

TEST_CASE("weights may lie in a file beside the model", "[unit][interchange][onnx]") {
  const test::Folder folder;
  const std::vector<float> numbers{9, 1, 2, 3, 4};
  folder.write("w.bin", std::string(reinterpret_cast<const char*>(numbers.data()), 20));
  const auto model = [&](const std::string& file, const std::string& offset) {
    OnnxBuilder b;
    b.input("x", {1, 2}).external("w", {2, 2}, file, offset).node("MatMul", {"x", "w"}, {"y"}).output("y");
    return folder.write("net.onnx", b.file());
  };
  CHECK(read_onnx(model("w.bin", "4")).parameters.at("y/weight").real == std::vector<float>{1, 3, 2, 4});
  const auto path = folder.path() + "/net.onnx";
  CHECK(test::errors_of([&] { read_onnx(model("w.bin", "8")); }) ==
        path + ": error: tensor w is in the file `w.bin`, which has 20 bytes; 16 from 8 are wanted");
  CHECK(test::errors_of([&] { read_onnx(model("../w.bin", "0")); }) ==
        path +
            ": error: tensor w is in the file `../w.bin`, which is not in the model's folder; weights lie beside the "
            "model");
}
