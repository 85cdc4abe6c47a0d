// Quantised networks in ONNX files: their words, written in two ways, on a machine, and as onnxruntime has them.

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>

#include "base/random.hpp"
#include "sim/simulate.hpp"
#include "tests/support/onnx_builder.hpp"
#include "tests/support/random_cases.hpp"
#include "tests/support/support.hpp"
#include "workloads/bind.hpp"
#include "workloads/gather.hpp"

using namespace eyrie;
using test::OnnxBuilder;

namespace {

const std::string kFolder = std::string(EYRIE_SOURCE_DIR) + "/tests/data/onnx/";

/// A model, bound to an input of random pixels, and all that it computes.
struct Run {
  OnnxImport import;
  Network network;
  RealInputs inputs;
  NetworkData data;
  ForwardPass pass;

  Run(OnnxImport from, std::uint64_t seed)
      : import{std::move(from)},
        network{Network::build(import.model.network, 1)},
        inputs{seeded(seed)},
        data{eyrie::bind(network, import.model, inputs)},
        pass{network, kExactWidths, seed, {.data = &data}} {}

  [[nodiscard]] RealInputs seeded(std::uint64_t seed) const {
    RealInputs all;
    Random random{seed, "onnx"};
    for (const auto& in : network.inputs()) {
      RealTensor t{Shape{1, in.channels, in.rows, in.columns}};
      const auto& code = import.model.codes.at(in.name);
      for (auto& v : t.data())  // on the grid of the input's words
        v = static_cast<float>(code.real(random.between(code.least, code.most) - code.zero_point));
      all[in.name] = std::move(t);
    }
    return all;
  }
  [[nodiscard]] std::size_t layer_of(const std::string& tensor) const {
    const auto& name = import.tensors.at(tensor).layer;
    for (std::size_t i = 0; i < network.layers().size(); ++i)
      if (network.layers()[i].name == name) return i;
    FAIL(tensor << " is made by no layer");
    return 0;
  }
  /// A tensor of the file that the layer makes.
  [[nodiscard]] std::string tensor_of(const std::string& layer) const {
    for (const auto& [tensor, place] : import.tensors)
      if (place.layer == layer) return tensor;
    FAIL(layer << " makes no tensor");
    return {};
  }
  /// Raw numbers of a tensor, as a file has them.
  [[nodiscard]] std::vector<int> raw(const std::string& tensor) const {
    const auto i = layer_of(tensor);
    std::vector<int> all;
    for (const int w : pass.output(i).data()) all.push_back(w + static_cast<int>(data.codes[i].zero_point));
    return all;
  }
};

const std::vector<std::string> kLeNet{"c1", "p1", "c2", "p2", "f1", "f2"};
const std::vector<std::string> kResNet{"stem", "a1", "a2", "sum1", "b1", "dw", "short", "sum2", "cat", "mean", "fc"};

/// Words of every layer that a small machine can map; how many layers that were.
int simulated(const Run& run, std::uint64_t seed) {
  Random random{seed, "onnx"};
  const auto machine = test::eyeriss({"array.rows=6", "array.columns=5"});
  int count = 0;
  for (std::size_t i = 0; i < run.network.layers().size(); ++i) {
    const Layer& l = run.network.layers()[i];
    if (!l.nest()) continue;
    CAPTURE(l.name);
    const auto mapping = test::random_mapping(*l.nest(), machine, random);
    if (!mapping) continue;
    const auto result = simulate(*l.nest(), machine, *mapping, run.pass.operands(i));
    REQUIRE_FALSE(result.deadlock.has_value());
    CHECK(test::differences(output_of(l, result.ofmap), run.pass.output(i)) == 0);
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("a network has the same words as QLinear operators and between QuantizeLinear and DequantizeLinear",
          "[unit][interchange][onnx]") {
  for (const std::string net : {"lenet", "resnet"})
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const Run a{import_onnx(kFolder + net + "_qlinear.onnx"), seed},
          b{import_onnx(kFolder + net + "_qdq.onnx"), seed};
      for (const auto& tensor : net == "lenet" ? kLeNet : kResNet) {
        CAPTURE(net, tensor, seed);
        CHECK(a.raw(tensor) == b.raw(tensor));
      }
    }
}

TEST_CASE("a machine computes the words of quantised ONNX networks", "[unit][interchange][onnx]") {
  CHECK(simulated(Run{import_onnx(kFolder + "lenet_qdq.onnx"), 1}, 1) >= 4);
  CHECK(simulated(Run{import_onnx(kFolder + "resnet_qlinear.onnx"), 2}, 2) >= 7);
}

TEST_CASE("words are relative to zero points, those of weights as well", "[unit][interchange][onnx]") {
  OnnxBuilder b;
  b.input("x", {1, 1, 1, 2}, 2)
      .floats("xs", {}, {0.5F})
      .bytes("xz", {}, {100}, false)
      .bytes("w", {1, 1, 1, 2}, {130, 120}, false);
  b.floats("ws", {}, {0.25F}).bytes("wz", {}, {125}, false).floats("ys", {}, {0.125F}).bytes("yz", {}, {7}, false);
  b.node("QLinearConv", {"x", "xs", "xz", "w", "ws", "wz", "ys", "yz"}, {"y"}).output("y", {1, 1, 1, 1}, 2);
  const auto import = b.imported();
  CHECK(import.model.arithmetic == ModelArithmetic::Onnx);
  CHECK(import.model.parameters.at("y/weight").integer == std::vector<std::int32_t>{5, -5});
  CHECK(import.model.parameters.at("y/weight_scale").real == std::vector<float>{0.25F});
  CHECK(import.model.codes.at("x") == TensorCode{.scale = 0.5, .zero_point = 100, .least = 0, .most = 255});
  const auto net = Network::build(import.model.network, 1);
  RealTensor x{Shape{1, 1, 1, 2}};
  x.data() = {20, 3};  // words 40 and 6
  const auto data = eyrie::bind(net, import.model, {{"x", x}});
  const ForwardPass pass{net, kExactWidths, 1, {.data = &data}};
  CHECK(pass.output(0).data()[0] == 170);  // (40 - 6) x 5 x 0.125 / 0.125
}

TEST_CASE("a bias of real numbers is brought to the unit of the psums, a changed scale is a layer",
          "[unit][interchange][onnx]") {
  OnnxBuilder b;
  b.input("x", {1, 2})
      .floats("s", {}, {0.5F})
      .bytes("z", {}, {0}, true)
      .floats("s2", {}, {1})
      .floats("bias", {2}, {1, -0.3F});
  b.bytes("w", {2, 2}, {1, 2, 3, 4}, true);
  b.node("QuantizeLinear", {"x", "s", "z"}, {"q"})
      .node("DequantizeLinear", {"q", "s", "z"}, {"d"})
      .node("DequantizeLinear", {"w", "s", "z"}, {"wd"});
  b.node("MatMul", {"d", "wd"}, {"m"}).node("Add", {"m", "bias"}, {"a"}).node("QuantizeLinear", {"a", "s", "z"}, {"y"});
  b.node("DequantizeLinear", {"y", "s", "z"}, {"yd"}).node("QuantizeLinear", {"yd", "s2", "z"}, {"y2"}).output("y2");
  const auto import = b.imported();
  CHECK(import.model.parameters.at("m/bias").integer == std::vector<std::int32_t>{4, -1});  // of 0.25
  CHECK(import.model.parameters.at("m/weight").integer == std::vector<std::int32_t>{1, 3, 2, 4});
  CHECK(import.tensors.at("y2").layer == "m/rescaled");
  const auto net = Network::build(import.model.network, 1);
  RealTensor x{Shape{1, 2, 1, 1}};
  x.data() = {1, 2};  // words 2 and 4
  const auto data = eyrie::bind(net, import.model, {{"x", x}});
  const ForwardPass pass{net, kExactWidths, 1, {.data = &data}};
  CHECK(pass.output(0).data() == std::vector<std::int16_t>{9, 10});  // (2 + 12 + 4) / 2, (4 + 16 - 1) / 2 to even
  CHECK(pass.output(1).data() == std::vector<std::int16_t>{4, 5});   // halves to even
}

TEST_CASE("a quantised network that is written has the words of the one that was read", "[unit][interchange][onnx]") {
  const test::Folder folder;
  for (const std::string net : {"lenet_qdq", "lenet_qlinear", "resnet_qdq", "resnet_qlinear"}) {
    const Run a{import_onnx(kFolder + net + ".onnx"), 5};
    write_onnx(a.import.model, folder.path() + "/written.onnx");
    const Run b{import_onnx(folder.path() + "/written.onnx"), 5};
    for (const auto& l : a.network.layers()) {
      CAPTURE(net, l.name);
      CHECK(a.raw(a.tensor_of(l.name)) == b.raw(l.name));
    }
  }
  OnnxBuilder b;
  b.input("x", {1, 4}).node("Tanh", {"x"}, {"y"}).output("y");
  CHECK(test::errors_of([&] { write_onnx(b.imported().model, folder.path() + "/float.onnx"); }) ==
        "net.onnx: error: the model has float arithmetic; QLinear operators say onnx arithmetic: quantise the model "
        "first");
  auto model = b.imported().model;
  model.arithmetic = ModelArithmetic::Onnx;
  model.codes = {{"x", {}}, {"y", {}}};
  CHECK(test::errors_of([&] { write_onnx(model, folder.path() + "/tanh.onnx"); }) ==
        "net.onnx: error: layer y cannot be said with QLinear operators: it is a tanh layer; "
        "write convolutions, fully connected layers, additions, concatenations, pools");
}

TEST_CASE("weights far from zero are written with a zero point that their type has", "[unit][interchange][onnx]") {
  const test::Folder folder;
  const std::string path = folder.path() + "/written.onnx";
  OnnxBuilder b;
  b.input("x", {1, 2}).floats("w", {2, 1}, {1, 2}).node("MatMul", {"x", "w"}, {"y"}).output("y");
  auto model = b.imported().model;
  model.arithmetic = ModelArithmetic::Onnx;
  model.codes = {{"x", {}}, {"y", {}}};
  model.parameters = {{"y/weight", {{1, 2}, {}, {150, 250}}}, {"y/weight_scale", {{1}, {0.5F}, {}}}};
  write_onnx(model, path);
  CHECK(import_onnx(path).model.parameters.at("y/matrix/weight").integer == std::vector<std::int32_t>{150, 250});
  model.parameters["y/weight"].integer = {200, 300};
  CHECK_THAT(test::errors_of([&] { write_onnx(model, path); }), Catch::Contains("its weights run from 200 to 300"));
  model.parameters["y/weight"].integer = {1, 2};
  model.network.layers.front().product_shift = 2;
  CHECK_THAT(test::errors_of([&] { write_onnx(model, path); }), Catch::Contains("its product_shift is 2"));
}

namespace {

/// Runs a file in onnxruntime; raw numbers of tensors of this type that it wrote.
class Runtime {
 public:
  Runtime(const std::string& path, const Run& run) {
    const char* program = std::getenv("EYRIE_ONNX_RUNTIME");
    REQUIRE(program != nullptr);
    const auto& pixels = run.inputs.begin()->second.data();
    folder_.write("input.f32",
                  std::string(reinterpret_cast<const char*>(pixels.data()), pixels.size() * sizeof(float)));
    const auto command = std::string(program) + " " + path + " " + folder_.path() + "/input.f32 " + folder_.path();
    REQUIRE(std::system(command.c_str()) == 0);
  }
  [[nodiscard]] std::vector<int> raw(std::string tensor, bool is_signed) const {
    std::ranges::replace(tensor, '/', '_');
    std::vector<int> all;
    for (const char c : test::read_file(folder_.path() + "/" + tensor + ".bin"))
      all.push_back(is_signed ? static_cast<signed char>(c) : static_cast<unsigned char>(c));
    return all;
  }

 private:
  test::Folder folder_;
};

}  // namespace

TEST_CASE("onnxruntime computes the words that we do", "[.][onnx_runtime]") {
  for (const std::string net : {"lenet_qlinear", "lenet_qdq", "resnet_qlinear", "resnet_qdq"})
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
      const auto path = kFolder + net + ".onnx";
      const Run run{import_onnx(path), seed};
      const Runtime runtime{path, run};
      for (const auto& tensor : net.starts_with("lenet") ? kLeNet : kResNet) {
        CAPTURE(net, tensor, seed);
        CHECK(runtime.raw(tensor, run.data.codes[run.layer_of(tensor)].least < 0) == run.raw(tensor));
      }
    }
}

TEST_CASE("onnxruntime computes our words of networks that we write", "[.][onnx_runtime]") {
  const test::Folder folder;
  for (const std::string net : {"lenet_qdq", "resnet_qlinear"}) {
    const Run run{import_onnx(kFolder + net + ".onnx"), 7};
    const auto path = folder.path() + "/written.onnx";
    write_onnx(run.import.model, path);
    const Runtime runtime{path, run};
    for (const auto& l : run.network.layers()) {
      const auto tensor = run.tensor_of(l.name);
      CAPTURE(net, tensor);
      CHECK(runtime.raw(l.name, run.data.codes[run.layer_of(tensor)].least < 0) == run.raw(tensor));
    }
  }
}
