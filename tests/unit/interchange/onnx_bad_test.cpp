// What is not understood in an ONNX file, and what is broken in one.

#include <catch2/catch.hpp>

#include <limits>
#include <span>

#include "tests/support/onnx_builder.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using test::OnnxBuilder;

namespace {

std::string errors_in(const OnnxBuilder& b) {
  return test::errors_of([&] { Network::build(b.imported().model.network, 1); });
}

}  // namespace

TEST_CASE("all nodes that are not understood are named at once", "[unit][interchange][onnx][bad_input]") {
  OnnxBuilder b;
  b.input("x", {1, 2, 4, 4}).node("Elu", {"x"}, {"e"}).node("Relu", {"e"}, {"r"});
  b.node("Frobnicate", {"r"}, {"f"}, {}, "org.example")
      .floats("w", {1, 1, 3, 3}, std::vector<float>(9))
      .node("Conv", {"x", "w"}, {"c"});
  b.node("Add", {"f", "c"}, {"y"}).output("y");
  CHECK(errors_in(b) ==
        "net.onnx: error: node e (operator Elu, opset 13): not understood; export the network without it, or write it "
        "as operators of docs/onnx.md\n"
        "net.onnx: error: node f (operator Frobnicate, of org.example): not understood; export the network without it, "
        "or write it as operators of docs/onnx.md\n"
        "net.onnx: error: node c (operator Conv, opset 13): filters of 1 x 1 x 3 x 3 in 1 groups read 2 channels; "
        "channels are those of a filter times the groups");
}

TEST_CASE("a batch may be a symbol, other dimensions may not", "[unit][interchange][onnx][bad_input]") {
  OnnxBuilder b;
  b.input("x", {-1, 3, -1, 8}).node("Relu", {"x"}, {"y"}).output("y");
  CHECK(errors_in(b) ==
        "net.onnx: error: the input x has no number in dimension 2 (`N`); export the network with a fixed size");
}

TEST_CASE("what is found while a network runs is an error with its cause", "[unit][interchange][onnx][bad_input]") {
  OnnxBuilder b;
  b.input("x", {1, 4}).node("DynamicQuantizeLinear", {"x"}, {"y", "s", "z"}).output("y");
  CHECK(
      errors_in(b) ==
      "net.onnx: error: node y (operator DynamicQuantizeLinear, opset 13): its scale is found while the network runs; "
      "quantise the network with fixed scales (static quantisation)");
  OnnxBuilder p;
  p.input("x", {1, 1, 4, 4})
      .node("AveragePool", {"x"}, {"y"},
            {{"kernel_shape", OnnxBuilder::Dims{2, 2}},
             {"pads", OnnxBuilder::Dims{1, 1, 0, 0}},
             {"count_include_pad", 1}});
  p.output("y");
  CHECK(errors_in(p) ==
        "net.onnx: error: node y (operator AveragePool, opset 13): its windows count padding as zeros; "
        "export it with count_include_pad = 0: windows hold what lies inside");
}

TEST_CASE("circles, missing tensors and names that stand twice are errors", "[unit][interchange][onnx][bad_input]") {
  OnnxBuilder circle;
  circle.input("x", {1, 4}).node("Add", {"x", "b"}, {"a"}).node("Relu", {"a"}, {"b"}).output("b");
  CHECK(errors_in(circle) ==
        "net.onnx: error: node a (operator Add, opset 13): it reads b, which no node before it makes; "
        "nodes stand in the order of their data, without circles");
  OnnxBuilder missing;
  missing.input("x", {1, 4}).node("MatMul", {"x", "w"}, {"y"}).output("y");
  CHECK(errors_in(missing) ==
        "net.onnx: error: node y (operator MatMul, opset 13): its weights is no constant; store it in the file");
  OnnxBuilder twice;
  twice.input("x", {1, 4}).node("Relu", {"x"}, {"y"}).node("Tanh", {"x"}, {"y"}).output("y");
  CHECK(errors_in(twice) == "net.onnx: error: two nodes make the tensor y; names of tensors are their own");
  OnnxBuilder no_output;
  no_output.input("x", {1, 4}).node("Relu", {"x"}, {"y"}).output("z");
  CHECK(errors_in(no_output) == "net.onnx: error: the output z is made by no node; export the network again");
  OnnxBuilder shape;
  shape.input("x", {1, 4}).node("Relu", {"x"}, {"y"}).output("y", {1, 5});
  CHECK(errors_in(shape) ==
        "net.onnx: error: the output y comes to 1 x 4, and the file states another shape; export the network again");
}

TEST_CASE("tensors with absurd shapes or too few numbers are errors, and take no memory",
          "[unit][interchange][onnx][bad_input]") {
  const auto huge = std::int64_t{1} << 62;
  OnnxBuilder b;
  b.input("x", {1, 4})
      .raw("w", {huge, huge}, 1, "abcd")
      .raw("v", {4, -1}, 1, "")
      .raw("u", {2}, 1, "abcd")
      .raw("t", {1}, 8, "a");
  b.node("MatMul", {"x", "w"}, {"y"}).output("y");
  CHECK(errors_in(b) ==
        "net.onnx: error: tensor w has the shape 4611686018427387904 x 4611686018427387904; at most 2^31 numbers are "
        "read\n"
        "net.onnx: error: tensor v has the shape 4 x -1; at most 2^31 numbers are read\n"
        "net.onnx: error: tensor u holds 4 bytes; 2 numbers take 8\n"
        "net.onnx: error: tensor t has elements of type 8; real and whole numbers of 8 to 64 bits are read");
  OnnxBuilder made;
  made.input("x", {1, 1 << 20})
      .wholes("d", {2}, {1 << 20, 1 << 10})
      .node("ConstantOfShape", {"d"}, {"w"})
      .node("MatMul", {"x", "w"}, {"y"})
      .output("y");
  CHECK(errors_in(made) ==
        "net.onnx: error: node y (operator MatMul, opset 13): its weights, 1048576 x 1024, are one number repeated; at "
        "most 268435456 are made");
  OnnxBuilder input;
  input.input("x", {1, huge}).node("Relu", {"x"}, {"y"}).output("y");
  CHECK(errors_in(input) ==
        "net.onnx: error: the input x has 4611686018427387904 in dimension 1; sizes are 1 to 16777216");
}

TEST_CASE("a file cut anywhere is an error or a network, never a crash", "[unit][interchange][onnx][bad_input]") {
  OnnxBuilder b;
  b.input("x", {1, 1, 5, 5})
      .floats("w", {2, 1, 3, 3}, std::vector<float>(18, 0.5F))
      .node("Conv", {"x", "w"}, {"c"})
      .node("Relu", {"c"}, {"y"})
      .output("y");
  const auto whole = b.file();
  int read = 0;
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const auto cut = whole.substr(0, n);
    try {
      import_onnx(std::as_bytes(std::span{cut}), "net.onnx");
      ++read;
    } catch (const InputError&) {
    }
  }
  CHECK(read < 3);
  CHECK(test::errors_of([] { import_onnx({}, "net.onnx"); }) ==
        "net.onnx: error: this is no whole ONNX file; export the network again");
  CHECK(test::errors_of([] { read_onnx("/nowhere/net.onnx"); }) ==
        "/nowhere/net.onnx: error: there is no such file; check the path");
}

TEST_CASE("a network that is quantised in part says which tensor is not", "[unit][interchange][onnx][bad_input]") {
  OnnxBuilder b;
  b.input("x", {1, 1, 5, 5})
      .floats("s", {}, {0.5F})
      .bytes("z", {}, {3}, false)
      .floats("w", {1, 1, 3, 3}, std::vector<float>(9, 0.5F));
  b.node("QuantizeLinear", {"x", "s", "z"}, {"q"})
      .node("DequantizeLinear", {"q", "s", "z"}, {"d"})
      .node("Conv", {"d", "w"}, {"y"})
      .output("y");
  CHECK(errors_in(b) ==
        "net.onnx: error: what layer y makes has no scale, and the network is quantised; quantise the whole network: "
        "put QuantizeLinear behind it\n"
        "net.onnx: error: the weights of y are real numbers, and the network is quantised; quantise them too");
}

TEST_CASE("a slice of constants names each axis once", "[unit][interchange][onnx][bad_input]") {
  OnnxBuilder b;
  b.input("x", {1, 4})
      .floats("w", {4, 4}, std::vector<float>(16))
      .wholes("from", {2}, {3, 3})
      .wholes("to", {2}, {4, 4});
  b.wholes("axes", {2}, {0, -2}).node("Slice", {"w", "from", "to", "axes"}, {"s"}).node("MatMul", {"x", "s"}, {"y"});
  b.output("y");
  CHECK(errors_in(b) ==
        "net.onnx: error: node s (operator Slice, opset 13): axis 0 is cut twice; name each axis once");
}

TEST_CASE("whole numbers that are none are errors, and large ones end at 2^53",
          "[unit][interchange][onnx][bad_input]") {
  OnnxBuilder none;
  none.input("x", {1, 4})
      .floats("shape", {2}, {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()})
      .node("Reshape", {"x", "shape"}, {"y"})
      .output("y");
  CHECK(errors_in(none) ==
        "net.onnx: error: node y (operator Reshape, opset 13): nan stands where a whole number belongs; export the "
        "network again");
  OnnxBuilder large;
  large.input("x", {1, 4})
      .node("Constant", {}, {"n"}, {{"value_int", std::numeric_limits<std::int64_t>::max()}})
      .node("Mul", {"n", "n"}, {"m"})
      .node("Unsqueeze", {"x", "m"}, {"y"})
      .output("y");
  CHECK(errors_in(large) ==
        "net.onnx: error: node y (operator Unsqueeze, opset 13): axis 9007199254740992 of a tensor with 3 dimensions; "
        "name one that it has");
}

TEST_CASE("a zero point lies in its type's range", "[unit][interchange][onnx][bad_input]") {
  OnnxBuilder b;
  b.input("x", {1, 4})
      .floats("s", {}, {0.5F})
      .bytes("z", {}, {300}, false)
      .node("QuantizeLinear", {"x", "s", "z"}, {"y"});
  b.output("y");
  CHECK_THAT(errors_in(b), Catch::Contains("zero point") || Catch::Contains("z holds"));
}

TEST_CASE("nodes that all read the same weights are counted together", "[unit][interchange][onnx][bad_input]") {
  const std::int64_t n = 64;
  OnnxBuilder b;
  b.input("x", {1, n}).floats("w", {n, n}, std::vector<float>(static_cast<std::size_t>(n * n), 0.5F));
  std::string from = "x";
  for (int i = 0; i < 6; ++i) {
    const auto to = "y" + std::to_string(i);
    b.node("MatMul", {from, "w"}, {to});
    from = to;
  }
  b.output(from);
  const auto file = b.file();
  const auto read = [&](std::int64_t made) {
    return test::errors_of([&] { import_onnx(std::as_bytes(std::span{file}), "net.onnx", {.made_numbers = made}); });
  };
  CHECK(read(2 * n * n).empty());
  CHECK_THAT(read(n * n), Catch::Contains("node y5 (operator MatMul, opset 13): nodes read more weights than the file "
                                          "holds; store weights of each node"));
}

TEST_CASE("time steps of all cells are counted together", "[unit][interchange][onnx][bad_input]") {
  OnnxBuilder b;
  b.input("x", {6, 1, 2})
      .floats("w", {1, 8, 2}, std::vector<float>(16))
      .floats("r", {1, 8, 2}, std::vector<float>(16))
      .wholes("axes", {1}, {1});
  b.node("LSTM", {"x", "w", "r"}, {"a"}, {{"hidden_size", 2}})
      .node("Squeeze", {"a", "axes"}, {"q"})
      .node("LSTM", {"q", "w", "r"}, {"b"}, {{"hidden_size", 2}})
      .output("b");
  const auto file = b.file();
  const auto read = [&](std::int64_t steps) {
    return test::errors_of([&] { import_onnx(std::as_bytes(std::span{file}), "net.onnx", {.steps = steps}); });
  };
  CHECK(read(12).empty());
  CHECK(read(11) ==
        "net.onnx: error: node b (operator LSTM, opset 13): recurrent layers have 12 steps together; at most 11 are "
        "read");
}

TEST_CASE("padding does not blow an input up", "[unit][interchange][onnx][bad_input]") {
  OnnxBuilder b;
  b.input("x", {1, 1, 4, 4}).floats("w", {1, 1, 1, 1}, {1});
  b.node("Conv", {"x", "w"}, {"y"}, {{"pads", OnnxBuilder::Dims{60000, 60000, 60000, 60000}}}).output("y");
  CHECK(errors_in(b) ==
        "net.onnx: error: node y (operator Conv, opset 13): its input is 120004 x 120004 with padding; make its "
        "dilation or padding smaller");
}
