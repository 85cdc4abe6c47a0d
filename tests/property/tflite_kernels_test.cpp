// Random small networks of TFLite, computed by the importer, bind and the forward pass, against kernels written once
// more on raw numbers: every tensor equal.

#include <catch2/catch.hpp>

#include "base/random.hpp"
#include "tests/support/seeds.hpp"
#include "tests/support/tflite_builder.hpp"
#include "tests/support/tflite_reference.hpp"

using namespace eyrie;
using namespace eyrie::test;

namespace {

/// Makes one network of a kind of operator.
class RandomNetwork {
 public:
  explicit RandomNetwork(std::uint64_t seed) : random_{seed, "tflite networks"} {}

  FileBytes make(int kind) {
    rows_ = from(1, 9), columns_ = from(1, 9), channels_ = from(1, 6);
    input_ = words({1, rows_, columns_, channels_});
    switch (kind) {
      case 0:
        conv();
        break;
      case 1:
        depthwise();
        break;
      case 2:
        dense();
        break;
      case 3:
        both(kAdd);
        break;
      case 4:
        both(kMul);
        break;
      case 5:
        pool(kAveragePool);
        break;
      case 6:
        pool(kMaxPool);
        break;
      default:
        mean();
    }
    return b_.file(inputs_.empty() ? std::vector{input_} : inputs_, {output_});
  }

 private:
  int from(int least, int most) { return static_cast<int>(random_.between(least, most)); }
  float scale() { return static_cast<float>(0.002 + 0.2 * random_.unit()); }
  int words(std::vector<int> shape) { return b_.words(std::move(shape), scale(), from(-128, 127)); }
  int clamp() { return std::vector{0, 1, 3}[static_cast<std::size_t>(from(0, 2))]; }
  std::vector<std::int8_t> weights(std::int64_t count) {
    std::vector<std::int8_t> all;
    for (std::int64_t i = 0; i < count; ++i) all.push_back(static_cast<std::int8_t>(from(-127, 127)));
    return all;
  }
  std::vector<float> scales(int out) {
    std::vector<float> all;
    const int count = random_.chance(0.3) ? 1 : out;
    for (int i = 0; i < count; ++i) all.push_back(static_cast<float>(0.0005 + 0.01 * random_.unit()));
    return all;
  }
  int biases(int out) {
    if (random_.chance(0.2)) return -1;
    std::vector<std::int32_t> all;
    for (int i = 0; i < out; ++i) all.push_back(from(-20000, 20000));
    return b_.constant({out}, kInt32, all, {0.001F});
  }
  static int outputs(int input, int kernel, int stride, int dilation, bool valid) {
    return valid ? (input - (kernel - 1) * dilation - 1) / stride + 1 : (input + stride - 1) / stride;
  }
  /// A window that fits; VALID only if it does.
  struct Window {
    int rows, columns, stride_rows, stride_columns, dilation_rows, dilation_columns;
    bool valid;
  };
  Window window(bool dilated) {
    Window w{from(1, 4), from(1, 4), from(1, 3), from(1, 3), 1, 1, random_.chance(0.5)};
    if (dilated && random_.chance(0.3)) w.dilation_rows = from(1, 3), w.dilation_columns = from(1, 3);
    if ((w.rows - 1) * w.dilation_rows >= rows_ || (w.columns - 1) * w.dilation_columns >= columns_) w.valid = false;
    return w;
  }
  std::vector<int> made_by(const Window& w, int out) {
    return {1, outputs(rows_, w.rows, w.stride_rows, w.dilation_rows, w.valid),
            outputs(columns_, w.columns, w.stride_columns, w.dilation_columns, w.valid), out};
  }

  void conv() {
    const auto w = window(true);
    const int groups = channels_ % 2 == 0 && random_.chance(0.3) ? 2 : 1, out = groups * from(1, 4);
    const int each = channels_ / groups;
    const int k = b_.constant({out, w.rows, w.columns, each}, kInt8,
                              weights(std::int64_t{1} * out * w.rows * w.columns * each), scales(out), 0);
    const int bias = biases(out);
    output_ = words(made_by(w, out));
    b_.op(kConv, {input_, k, bias}, output_,
          conv_options(w.valid, w.stride_rows, w.stride_columns, clamp(), w.dilation_rows, w.dilation_columns));
  }
  void depthwise() {
    const auto w = window(true);
    const int multiplier = from(1, 3), out = channels_ * multiplier;
    const int k = b_.constant({1, w.rows, w.columns, out}, kInt8, weights(std::int64_t{1} * out * w.rows * w.columns),
                              scales(out), 3);
    const int bias = biases(out);
    output_ = words(made_by(w, out));
    b_.op(kDepthwise, {input_, k, bias}, output_,
          depthwise_options(w.valid, w.stride_rows, w.stride_columns, multiplier, clamp(), w.dilation_rows,
                            w.dilation_columns));
  }
  /// Flattened in the file's order, so columns of the weights are put in ours.
  void dense() {
    const int in = rows_ * columns_ * channels_, out = from(1, 5);
    int read = input_;
    if (random_.chance(0.7)) {
      const auto& t = b_.tensor(input_);
      read = b_.words({1, in}, t.scales[0], t.zeros[0]);
      b_.op(kReshape, {input_}, read);
    }
    const int k = b_.constant({out, in}, kInt8, weights(std::int64_t{1} * in * out), scales(out), 0);
    const int bias = biases(out);
    output_ = words({1, out});
    b_.op(kFullyConnected, {read, k, bias}, output_, activation_options(clamp()));
  }
  void both(int code) {
    const int other = words({1, rows_, columns_, channels_});
    output_ = words({1, rows_, columns_, channels_});
    b_.tensor(other).name = "u";
    inputs_ = {input_, other};
    b_.op(code, inputs_, output_, activation_options(clamp()));
  }
  void pool(int code) {
    auto w = window(false);
    w.rows = std::min(w.rows, rows_), w.columns = std::min(w.columns, columns_);
    const auto& t = b_.tensor(input_);
    output_ = b_.words(made_by(w, channels_), t.scales[0], t.zeros[0]);
    b_.op(code, {input_}, output_, pool_options(w.valid, w.stride_rows, w.stride_columns, w.rows, w.columns, clamp()));
  }
  void mean() {
    const int axes = b_.constant({2}, kInt32, std::vector<std::int32_t>{1, -2});
    output_ = words({1, channels_});
    b_.op(kMean, {input_, axes}, output_);
  }

  Random random_;
  TfliteBuilder b_;
  int rows_ = 1, columns_ = 1, channels_ = 1, input_ = 0, output_ = 0;
  std::vector<int> inputs_;
};

}  // namespace

TEST_CASE("operators of TFLite give the raw numbers of its kernels", "[property][interchange]") {
  const int kind = GENERATE(range(0, 8));
  int compared = 0;
  for (std::uint64_t seed = first_seed(); seed < first_seed() + 150; ++seed) {
    CAPTURE(kind, seed);
    const auto file = RandomNetwork{seed * 8 + static_cast<std::uint64_t>(kind)}.make(kind);
    REQUIRE(differences_from_kernels(file, seed, &compared) == "");
  }
  CHECK(compared == 150);
}
