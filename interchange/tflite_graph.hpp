#pragma once

// A TensorFlow Lite file as it is: tensors, operators, options. Nothing is interpreted yet.
//
// Source: the tables and field numbers of tensorflow/lite/schema/schema.fbs, version 3.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "interchange/flatbuffer.hpp"

namespace eyrie {

/// Element types (TensorType).
enum class TfliteType : std::int8_t { Float32 = 0, Float16, Int32, Uint8, Int64, String, Bool, Int16, Complex64, Int8 };
template <>
struct names<TfliteType> {
  static constexpr Name<TfliteType> table[] = {{"float32", TfliteType::Float32},     {"float16", TfliteType::Float16},
                                               {"int32", TfliteType::Int32},         {"uint8", TfliteType::Uint8},
                                               {"int64", TfliteType::Int64},         {"string", TfliteType::String},
                                               {"bool", TfliteType::Bool},           {"int16", TfliteType::Int16},
                                               {"complex64", TfliteType::Complex64}, {"int8", TfliteType::Int8}};
};

/// Operators that are understood (BuiltinOperator).
enum class TfliteOp : std::int32_t {
  Add = 0,
  AveragePool2d = 1,
  Concatenation = 2,
  Conv2d = 3,
  DepthwiseConv2d = 4,
  Dequantize = 6,
  FullyConnected = 9,
  Logistic = 14,
  MaxPool2d = 17,
  Mul = 18,
  Relu = 19,
  Relu6 = 21,
  Reshape = 22,
  Softmax = 25,
  Tanh = 28,
  Pad = 34,
  Mean = 40,
  Squeeze = 43,
  UnidirectionalSequenceLstm = 44,
  StridedSlice = 45,
  ExpandDims = 70,
  Shape = 77,
  Pack = 83,
  Quantize = 114
};
/// The schema's name of any operator: "CONV_2D"; of those without one in our list "operator 57".
std::string tflite_operator_name(std::int32_t code, std::string_view custom);

/// Activations inside of operators (ActivationFunctionType).
enum class TfliteActivation : std::int8_t { None = 0, Relu, ReluN1To1, Relu6, Tanh, SignBit };

struct TfliteTensor {
  std::string name;  ///< at most 60 letters of it
  TfliteType type = TfliteType::Float32;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> data;  ///< of constants; empty: computed, or given
  FlatNumbers<float> scales;        ///< none: not quantised
  FlatNumbers<std::int64_t> zero_points;
  std::int64_t channel_dimension = 0;  ///< that scales run along, if there are several
  bool variable = false;               ///< a state that is kept between calls

  [[nodiscard]] std::int64_t elements() const;
  [[nodiscard]] bool quantised() const { return !scales.empty(); }
};

struct TfliteOperator {
  std::int32_t code = 0;
  std::string name;                                 ///< of the schema: CONV_2D
  std::size_t number = 0;                           ///< in the file, from 0
  std::vector<int> inputs, outputs, intermediates;  ///< tensors; -1: not given
  std::optional<FlatTable> options;

  [[nodiscard]] bool is(TfliteOp op) const { return code == static_cast<std::int32_t>(op); }
  /// A field of the options; `absent` where it or they are.
  template <class T>
  [[nodiscard]] T option(int field, T absent) const {
    return options ? options->number<T>(field, absent) : absent;
  }
};

struct TfliteGraph {
  std::string description;
  std::vector<TfliteTensor> tensors;
  std::vector<int> inputs, outputs;
  std::vector<TfliteOperator> operators;
};

/// The one graph of a file. Numbers of tensors are in range, shapes have 0 to 6 extents of at least 0 and at most 2^31
/// elements, constants as many bytes as their shape says, unless they are of a type that no layer reads. `bytes` must
/// outlive it. InputError for what is broken.
TfliteGraph read_tflite_graph(const FlatBytes& bytes);

}  // namespace eyrie
