#include <catch2/catch.hpp>

#include <filesystem>
#include <limits>

#include "interchange/model_file.hpp"
#include "interchange/npz.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

constexpr const char* kNetwork =
    "kind: workload\nname: net\ninputs:\n- {name: data, channels: 2, rows: 3, columns: 3, steps: 2}\nlayers:\n"
    "- {name: conv, type: conv, inputs: [data], out_channels: 2, kernel: {rows: 3, columns: 3}}\n"
    "- {name: cell, type: lstm, inputs: [conv], units: 3}\n";

/// A model with every kind of parameter and code, and numbers that are hard to write.
Model model() {
  Model m;
  m.network = read_yaml<NetworkFile>(YamlDocument::from_text(kNetwork, "net.yaml"));
  m.arithmetic = ModelArithmetic::Tflite;
  m.parameters["conv/weight"] = {{2, 2, 3, 3}, {}, std::vector<std::int32_t>(36, -128)};
  m.parameters["conv/bias"] = {{2}, {}, {70000, -2147483647 - 1}};
  m.parameters["conv/weight_scale"] = {{2}, {0.1F, 1e-45F}, {}};
  m.parameters["cell/x/weight"] = {{12, 2, 1, 1}, {}, std::vector<std::int32_t>(24, 200)};
  m.codes["data"] = {.scale = 1.0 / 3, .zero_point = -128};
  m.codes["conv"] = {.scale = 0.1F, .zero_point = 5, .least = 0, .most = 255};
  m.codes["cell/ifo/before"] = {.scale = 5e-324, .zero_point = 0, .least = -32768, .most = 32767};
  m.codes["cell/h0"] = {.scale = 1.7976931348623157e308};
  m.codes["cell"] = {.scale = 0.0078125};
  m.pixels["data"] = {.divide = 127.5, .mean = {0.485, 1e-17}, .deviation = {0.229}};
  m.labels = {"yes", "no: never", "3", "", "true", "\"quoted\" \\ text"};
  return m;
}

std::string network_text(Model m) {
  return write_yaml([&](Fields& f) { describe(f, m.network); });
}

void check_equal(const Model& a, const Model& b) {
  CHECK(network_text(a) == network_text(b));
  CHECK(a.arithmetic == b.arithmetic);
  CHECK(a.parameters == b.parameters);
  CHECK(a.codes == b.codes);
  CHECK(a.pixels == b.pixels);
  CHECK(a.labels == b.labels);
}

/// All that is wrong with a file of kNetwork and these lines, its parameters in p.npz.
std::string wrong(const test::Folder& folder, const std::string& more, const NumpyArrays& arrays = {}) {
  write_npz_file(folder.path() + "/p.npz", arrays);
  const auto path = folder.write("m.yaml", kNetwork + more);
  auto text = test::errors_of([&] { read_model(YamlDocument::from_file(path)); });
  for (auto at = text.find(folder.path()); at != std::string::npos; at = text.find(folder.path()))
    text.erase(at, folder.path().size() + 1);
  return text;
}

}  // namespace

TEST_CASE("a model is read as it was written, to the last bit of its scales", "[unit][interchange]") {
  const test::Folder folder;
  const auto yaml = folder.path() + "/m.yaml";
  write_model(model(), yaml, folder.path() + "/data/m.npz");
  const auto read = read_model(YamlDocument::from_file(yaml));
  check_equal(read, model());
  CHECK_FALSE(read.network.model);
  CHECK(read.network.codes.empty());
  const auto text = test::read_file(yaml);
  CHECK_THAT(text, Catch::Contains("model:\n  parameters: data/m.npz\n  arithmetic: tflite\n"));
  write_model(read, folder.path() + "/again.yaml", folder.path() + "/data/m.npz");
  CHECK(test::read_file(folder.path() + "/again.yaml") == text);
}

TEST_CASE("whole parameters take as many bytes as the largest needs", "[unit][interchange]") {
  const test::Folder folder;
  write_model(model(), folder.path() + "/m.yaml", folder.path() + "/m.npz");
  const auto arrays = read_npz_file(folder.path() + "/m.npz");
  CHECK(arrays.at("conv/weight").type() == "i1");
  CHECK(arrays.at("cell/x/weight").type() == "i2");
  CHECK(arrays.at("conv/bias").type() == "i4");
  CHECK(arrays.at("conv/weight_scale").type() == "f4");
}

TEST_CASE("a workload without parameters is no model, and is written as it was", "[unit][interchange]") {
  const auto document = YamlDocument::from_text(kNetwork, "net.yaml");
  CHECK_FALSE(model_of(document).has_value());
  CHECK(test::errors_of([&] { read_model(document); }) ==
        "net.yaml:1:1: error: the file holds no model; give its parameters with `model: {parameters: FILE.npz}`");
  auto file = read_yaml<NetworkFile>(document);
  const auto text = write_yaml([&](Fields& f) { describe(f, file); });
  for (const char* key : {"model:", "codes:", "pixels:", "labels:"}) CHECK(text.find(key) == std::string::npos);
}

TEST_CASE("codes and pixels without a model are errors", "[unit][interchange]") {
  const test::Folder folder;
  CHECK(wrong(folder, "codes: [{tensor: conv, scale: 1}]\npixels: [{input: data}]\n") ==
        "m.yaml:8:9: error: there is a code of conv, and no model; give its parameters with `model: {parameters: "
        "FILE.npz}`, or leave this out\n"
        "m.yaml:9:10: error: there are pixels of data, and no model; give its parameters with `model: {parameters: "
        "FILE.npz}`, or leave this out");
}

TEST_CASE("all codes and pixels that cannot be are said at once", "[unit][interchange]") {
  const test::Folder folder;
  CHECK(
      wrong(folder,
            "model: {parameters: p.npz, arithmetic: onnx}\ncodes:\n- {tensor: covn, scale: 1}\n"
            "- {tensor: conv, scale: 1, least: 5, most: 5}\n- {tensor: conv, scale: 2}\n"
            "- {tensor: data, scale: 1, zero_point: 40000, least: 0, most: 65535}\n"
            "pixels: [{input: dat}, {input: data, mean: [1, 2, 3]}]\n") ==
      "m.yaml:10:3: error: there is a code of covn, which is neither a layer nor an input; did you mean conv?\n"
      "m.yaml:11:3: error: raw numbers of conv go from 5 to 5; let `most` be larger than `least`\n"
      "m.yaml:12:3: error: conv has two codes; give one\n"
      "m.yaml:13:3: error: words of data, raw numbers less 40000, take more than 16 bits; let them lie from -32768 to "
      "32767\n"
      "m.yaml:14:10: error: there are pixels of dat, which is no input; did you mean data?\n"
      "m.yaml:14:24: error: data has 2 channels, and 3 numbers stand here; give 1 or 2");
}

TEST_CASE("all parameters that cannot be are said at once", "[unit][interchange]") {
  const test::Folder folder;
  const auto nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(wrong(folder, "model: {parameters: p.npz}\n",
              {{"conv/bias", {{1}, std::vector<double>{nan}}},
               {"conv/weight", {{1}, std::vector<std::int64_t>{4294967296}}},
               {"conv/gamma", {{1}, std::vector<float>{1}}},
               {"cel/x/weight", {{1}, std::vector<float>{1}}}}) ==
        "p.npz:cel/x/weight: error: the network has no filters called cel/x; did you mean cell/x?\n"
        "p.npz:conv/bias: error: some of its numbers are none, or infinite; store finite ones\n"
        "p.npz:conv/gamma: error: this is no parameter; call it NAME/weight, NAME/bias or NAME/weight_scale\n"
        "p.npz:conv/weight: error: some of its numbers take more than 32 bits; store smaller ones");
  CHECK_THAT(wrong(folder, "model: {parameters: q.npz}\n"), Catch::Contains("q.npz: error: there is no such file"));
}

TEST_CASE("every model that ships is read, written and read as the same", "[unit][interchange]") {
  const test::Folder folder;
  int models = 0;
  for (const auto& file : std::filesystem::directory_iterator(test::source("configs/workloads"))) {
    if (file.path().extension() != ".yaml") continue;
    const auto read = model_of(YamlDocument::from_file(file.path().string()));
    if (!read) continue;
    CAPTURE(file.path().string());
    ++models;
    write_model(*read, folder.path() + "/m.yaml", folder.path() + "/m.npz");
    check_equal(read_model(YamlDocument::from_file(folder.path() + "/m.yaml")), *read);
  }
  CHECK(models >= 1);
}

TEST_CASE("a zero point is one of the raw numbers", "[unit][interchange]") {
  const test::Folder folder;
  CHECK(wrong(folder,
              "model: {parameters: p.npz, arithmetic: onnx}\ncodes:\n- {tensor: conv, scale: 1, zero_point: -200}\n"
              "- {tensor: data, scale: 1, zero_point: 256, least: 0, most: 255}\n") ==
        "m.yaml:10:3: error: the zero point -200 of conv is none of its raw numbers; let it lie from -128 to 127\n"
        "m.yaml:11:3: error: the zero point 256 of data is none of its raw numbers; let it lie from 0 to 255");
}

TEST_CASE("parameters have their layer's shape, not only as many numbers", "[unit][interchange]") {
  const test::Folder folder;
  const auto of = [](std::vector<std::int64_t> shape) {
    std::size_t count = 1;
    for (const auto d : shape) count *= static_cast<std::size_t>(d);
    return NumpyArray{std::move(shape), std::vector<float>(count, 1.0F)};
  };
  const std::string lines =
      "- {name: fc, type: fully_connected, inputs: [conv], out_channels: 5}\nmodel: {parameters: p.npz}\n";
  CHECK(wrong(folder, lines,
              {{"conv/weight", of({3, 3, 2, 2})},
               {"conv/bias", of({1, 2})},
               {"conv/weight_scale", of({3})},
               {"fc/weight", of({2, 5})},
               {"cell/x/weight", of({2, 12})}}) ==
        "p.npz:cell/x/weight: error: its shape is 2 x 12; cell/x reads 12 x 2 x 1 x 1\n"
        "p.npz:conv/bias: error: its shape is 1 x 2; conv reads 2\n"
        "p.npz:conv/weight: error: its shape is 3 x 3 x 2 x 2; conv reads 2 x 2 x 3 x 3\n"
        "p.npz:conv/weight_scale: error: its shape is 3; conv reads 1 or 2\n"
        "p.npz:fc/weight: error: its shape is 2 x 5; fc reads 5 x 2 x 1 x 1");
  CHECK(wrong(folder, lines,
              {{"conv/weight", of({2, 2, 3, 3})},
               {"conv/bias", of({2})},
               {"conv/weight_scale", of({})},
               {"fc/weight", of({5, 2})},
               {"cell/x/weight", of({12, 2, 1})}})
            .empty());
}
