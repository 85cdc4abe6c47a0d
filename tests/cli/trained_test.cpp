// Trained networks from the command line: what they answer, where they come from, what is refused.

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "tests/support/models.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using Json = nlohmann::json;

namespace {

const std::string kEyeriss = "run --arch eyeriss_v1 --quiet ";

std::string onnx(const std::string& name) { return test::source("tests/data/onnx/" + name + ".onnx"); }

Json answer(const std::string& arguments) {
  const auto r = test::cli(arguments + " --format json");
  CAPTURE(arguments, r.err);
  REQUIRE(r.code == 0);
  const auto result = Json::parse(r.out);
  CHECK(result["totals"]["functional"]["mismatches"] == 0);
  CHECK(result["totals"]["functional"]["checked"] == true);
  for (const auto& l : result["layers"])
    if (l["place"] == "machine") CHECK(l["analytic"]["counts_equal"] == true);
  return result["answer"];
}

/// Outputs of the first sample as the model's file counts them.
std::vector<int> raw(const Json& answer) { return answer["samples"][0]["raw_outputs"].get<std::vector<int>>(); }

}  // namespace

TEST_CASE("LeNet-5 names a digit, beside its float model", "[cli][trained]") {
  const auto r = test::cli(kEyeriss + "--workload lenet5_mnist --input digits/7.png");
  CAPTURE(r.err);
  REQUIRE(r.code == 0);
  CHECK(r.out.find("answer: class 7 by the simulated chip, 7 by the float model\n") != std::string::npos);
  CHECK(r.out.find("signal to quantisation noise at output: ") != std::string::npos);
  for (int digit = 0; digit < 10; ++digit) {
    const auto a = answer(kEyeriss + "--workload lenet5_mnist --input digits/" + std::to_string(digit) + ".png");
    CHECK(a["samples"][0]["class"] == digit);
    CHECK(a["samples"][0]["float_class"] == digit);
  }
}

TEST_CASE("fewer bits cost accuracy on 256 digits, and all machines give one answer", "[cli][trained]") {
  const std::string digits = "--workload lenet5_mnist --input digits_256.npz ";
  const auto wide = answer(kEyeriss + digits), eight = answer("run --arch tpu_like_16x16 --quiet " + digits);
  CHECK(wide["labelled"] == 256);
  CHECK(wide["float_right"] == 256);
  CHECK(wide["right"] == 256);
  CHECK(wide["sqnr_db"].get<double>() > 40);
  CHECK(eight["right"].get<int>() >= 254);
  CHECK(eight["sqnr_db"].get<double>() < wide["sqnr_db"].get<double>());
  const auto same = answer(kEyeriss + digits + "--precision 'weights: 8 b, activations: 8 b'");
  for (std::size_t i = 0; i < 256; ++i)
    REQUIRE(same["samples"][i]["raw_outputs"] == eight["samples"][i]["raw_outputs"]);
  const auto two = answer(kEyeriss + digits + "--precision 'weights: 2 b, activations: 2 b'");
  CHECK(two["right"].get<int>() < eight["right"].get<int>());
}

TEST_CASE("a model of another program runs as it is, and as the file that it was imported to", "[cli][trained]") {
  const test::Folder folder;
  const auto yaml = folder.path() + "/model.yaml", npz = folder.path() + "/numbers.npz";
  for (const auto* name : {"lenet_qlinear", "resnet_qdq", "lenet5_mnist"}) {
    const auto straight = answer(kEyeriss + "--workload " + onnx(name));
    const auto imported = test::cli("import " + onnx(name) + " -o " + yaml + " --weights " + npz);
    CAPTURE(name, imported.err);
    REQUIRE(imported.code == 0);
    CHECK(imported.out.find("written: " + yaml + " " + npz) != std::string::npos);
    CHECK(answer(kEyeriss + "--workload " + yaml)["samples"] == straight["samples"]);
  }
}

TEST_CASE("ResNet-8 sees the cat and the ship on two machines", "[cli][trained]") {
  const auto model = test::model_file("pretrainedResnet_quant.tflite");
  if (!model) return;
  for (const auto* machine : {"eyeriss_v1", "tpu_like_16x16"}) {
    const auto seen = [&](const char* what) {
      return answer(std::string("run --arch ") + machine + " --quiet --workload " + *model + " --input " +
                    *test::model_file(std::string("cifar10_") + what + "_32x32x3.bin"));
    };
    const auto cat = seen("cat"), ship = seen("ship");
    CHECK(raw(cat) == std::vector<int>{-43, -20, -27, 32, -58, -10, -17, -44, -37, -69});
    CHECK(cat["samples"][0]["class"] == 3);
    CHECK(cat["samples"][0]["float_class"] == 3);
    CHECK(ship["samples"][0]["class"] == 8);
    CHECK(raw(ship)[8] == 95);
    CHECK(raw(ship)[9] == -4);
  }
}

TEST_CASE("an LSTM reads a digit row by row", "[cli][trained]") {
  const auto model = test::model_file("trained_lstm_int8.tflite");
  if (!model) return;
  for (const int digit : {2, 9}) {
    const auto a = answer(kEyeriss + "--workload " + *model + " --input " +
                          *test::model_file("mnist_" + std::to_string(digit) + ".png"));
    CHECK(a["samples"][0]["class"] == digit);
  }
}

TEST_CASE("what a model cannot be given is refused", "[cli][bad_input][trained]") {
  const auto refused = [](const std::string& arguments) {
    const auto r = test::cli(arguments);
    CAPTURE(arguments, r.out);
    CHECK(r.code == 2);
    CHECK(r.out.empty());
    return r.err;
  };
  const auto has = [](const std::string& text, const std::string& part) {
    CAPTURE(text, part);
    CHECK(text.find(part) != std::string::npos);
  };
  has(refused(kEyeriss + "--workload lenet5 --input digits/7.png"), "is not trained: it has no parameters");
  has(refused(kEyeriss + "--workload lenet5_mnist --input digits/17.png"), "17.png");
  has(refused(kEyeriss + "--workload " + onnx("lenet_qlinear") + " --input digits/7.png"), "32 x 32");
  has(refused(kEyeriss + "--workload " + onnx("lenet_qlinear") + " --precision 'weights: 4 b'"),
      "is quantised already");
  has(refused(kEyeriss + "--workload lenet5_mnist --input digits_256.npz --batch 3"), "256 samples");
  has(refused(kEyeriss + "--workload lenet5_mnist --precision 'layers: [{layer: c9, weights: 4 b}]'"), "c1");
  has(refused("import " + test::source("README.md") + " -o x.yaml"), "name an .onnx or a .tflite file");
  has(refused("import " + onnx("lenet_qlinear")), "write -o model.yaml");
  has(refused("import"), "model");
  const test::Folder folder;
  has(refused(kEyeriss + "--workload " + folder.write("broken.onnx", "not a model")), "broken.onnx");
  has(refused(kEyeriss + "--workload " + folder.write("broken.tflite", "not a model")), "broken.tflite");
  has(refused(kEyeriss + "--workload nowhere.onnx"), "nowhere.onnx");
}

TEST_CASE("check looks at all that a trained network needs", "[cli][bad_input][trained]") {
  const test::Folder folder;
  CHECK(test::cli("check " + test::source("configs/workloads/lenet5_mnist.yaml")).code == 0);
  for (const auto* name : {"lenet_qlinear", "resnet_qdq", "lenet5_mnist"}) {
    const auto r = test::cli("check " + onnx(name));
    CAPTURE(name, r.err);
    CHECK(r.code == 0);
    CHECK(r.out == onnx(name) + ": right\n");
  }
  const auto broken = test::cli("check " + folder.write("broken.onnx", "not a model"));
  CHECK(broken.code == 2);
  const auto refused = [&](const std::string& text) {
    const auto r = test::cli("check " + folder.write("model.yaml", text));
    CHECK(r.code == 2);
    return r.err;
  };
  auto text = test::read_file(test::source("configs/workloads/lenet5_mnist.yaml"));
  const auto changed = [](std::string in, const std::string& from, const std::string& to) {
    const auto at = in.find(from);
    REQUIRE(at != std::string::npos);
    return in.replace(at, from.size(), to);
  };
  CHECK_THAT(refused(text), Catch::Contains("lenet5_mnist.npz"));  // there is none in this folder
  text = changed(text, "lenet5_mnist.npz", test::source("configs/workloads/lenet5_mnist.npz"));
  CHECK(test::cli("check " + folder.write("model.yaml", text)).code == 0);
  CHECK_THAT(refused(changed(text, "out_channels: 84", "out_channels: 85")),
             Catch::Contains("f6/weight: error: its shape is 84 x 120 x 1 x 1; f6 reads 85 x 120 x 1 x 1"));
  CHECK_THAT(refused(changed(text, "input: data, divide", "input: date, divide")), Catch::Contains("date"));
  CHECK_THAT(refused(changed(text, "digits_train_64", "digits_train_65")), Catch::Contains("digits_train_65.npz"));
  const auto shown = test::cli("show workloads " + onnx("lenet_qlinear"));
  CHECK(shown.code == 2);
  CHECK_THAT(shown.err, Catch::Contains("`eyrie import " + onnx("lenet_qlinear") + " -o x.yaml` first"));
}
