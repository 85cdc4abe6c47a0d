#pragma once

// Small TensorFlow Lite files, made by hand: a writer of FlatBuffers that knows nothing of the reader.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace eyrie::test {

using FileBytes = std::vector<std::byte>;

/// The bytes of numbers, one behind the other.
template <class T>
FileBytes bytes_of(const std::vector<T>& numbers) {
  FileBytes all(numbers.size() * sizeof(T));
  if (!all.empty()) std::memcpy(all.data(), numbers.data(), all.size());
  return all;
}

/// A table of a FlatBuffer by the numbers of its fields.
class FlatNode {
 public:
  template <class T>
  FlatNode& number(int field, T value) {
    fields_[field] = Scalar{bytes_of(std::vector{value})};
    return *this;
  }
  template <class T>
  FlatNode& numbers(int field, const std::vector<T>& values) {
    fields_[field] = Vector{bytes_of(values), static_cast<std::uint32_t>(values.size())};
    return *this;
  }
  FlatNode& text(int field, const std::string& text) {
    return numbers(field, std::vector<char>(text.begin(), text.end()));
  }
  FlatNode& table(int field, FlatNode node) {
    fields_[field] = Tables{{std::move(node)}, false};
    return *this;
  }
  FlatNode& tables(int field, std::vector<FlatNode> nodes) {
    fields_[field] = Tables{std::move(nodes), true};
    return *this;
  }
  /// The whole file with this as its root.
  [[nodiscard]] FileBytes file(const std::string& identifier) const;

 private:
  struct Scalar {
    FileBytes bytes;
  };
  struct Vector {
    FileBytes bytes;
    std::uint32_t count;
  };
  struct Tables {
    std::vector<FlatNode> nodes;
    bool vector;
  };
  std::size_t write(FileBytes& to) const;
  std::map<int, std::variant<Scalar, Vector, Tables>> fields_;
};

/// Numbers of the schema, as the tests need them.
enum TfliteCode : std::int32_t {
  kAdd = 0,
  kAveragePool = 1,
  kConcatenation = 2,
  kConv = 3,
  kDepthwise = 4,
  kDequantize = 6,
  kFullyConnected = 9,
  kLogistic = 14,
  kMaxPool = 17,
  kMul = 18,
  kRelu = 19,
  kRelu6 = 21,
  kReshape = 22,
  kResizeBilinear = 23,
  kSoftmax = 25,
  kTanh = 28,
  kCustom = 32,
  kPad = 34,
  kMean = 40,
  kSequenceLstm = 44,
  kStridedSlice = 45,
  kShape = 77,
  kPack = 83,
  kQuantize = 114
};
enum TfliteElement : std::int8_t { kFloat32 = 0, kInt32 = 2, kUint8 = 3, kInt16 = 7, kInt8 = 9 };

/// A tensor of a file to be written.
struct BuiltTensor {
  std::vector<std::int32_t> shape;
  std::int8_t type = kInt8;
  std::vector<float> scales;
  std::vector<std::int64_t> zeros;
  FileBytes data;
  std::int32_t channel_dimension = 0;
  bool variable = false;
  std::string name = "t";
};

/// Makes a file of one graph.
class TfliteBuilder {
 public:
  int add(BuiltTensor tensor) {
    tensors_.push_back(std::move(tensor));
    return static_cast<int>(tensors_.size()) - 1;
  }
  /// An int8 tensor that is computed or given.
  int words(std::vector<std::int32_t> shape, float scale, std::int64_t zero, const std::string& name = "t") {
    return add({.shape = std::move(shape), .scales = {scale}, .zeros = {zero}, .name = name});
  }
  template <class T>
  int constant(std::vector<std::int32_t> shape, std::int8_t type, const std::vector<T>& numbers,
               std::vector<float> scales = {}, std::int32_t channel_dimension = 0) {
    BuiltTensor t{.shape = std::move(shape), .type = type, .scales = std::move(scales), .data = bytes_of(numbers)};
    t.zeros.assign(t.scales.size(), 0);
    t.channel_dimension = channel_dimension;
    return add(std::move(t));
  }
  void op(std::int32_t code, std::vector<std::int32_t> inputs, std::int32_t output, FlatNode options = {},
          const std::string& custom = {});
  [[nodiscard]] FileBytes file(const std::vector<std::int32_t>& inputs, const std::vector<std::int32_t>& outputs) const;
  BuiltTensor& tensor(int i) { return tensors_[static_cast<std::size_t>(i)]; }

 private:
  std::vector<BuiltTensor> tensors_;
  std::vector<FlatNode> codes_, operators_;
};

/// Options of operators; windows are columns before rows there, as in the schema.
FlatNode conv_options(bool valid, int stride_rows, int stride_columns, int activation = 0, int dilation_rows = 1,
                      int dilation_columns = 1);
FlatNode depthwise_options(bool valid, int stride_rows, int stride_columns, int multiplier, int activation = 0,
                           int dilation_rows = 1, int dilation_columns = 1);
FlatNode pool_options(bool valid, int stride_rows, int stride_columns, int rows, int columns, int activation = 0);
/// Options whose only field is an activation.
FlatNode activation_options(int activation);

}  // namespace eyrie::test
