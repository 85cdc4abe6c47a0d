#pragma once

// An ONNX file as plain values: what is behind onnx_parse.cpp knows nothing of protobuf.

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"

namespace eyrie {

/// Why a node can't be read; caught where nodes are gone through.
struct OnnxRefusal {
  std::string problem, remedy;
};

/// Types of elements, with ONNX's numbers.
enum class OnnxType : std::int32_t {
  Float = 1,
  Uint8 = 2,
  Int8 = 3,
  Uint16 = 4,
  Int16 = 5,
  Int32 = 6,
  Int64 = 7,
  Bool = 9,
  Float16 = 10,
  Double = 11,
  Uint32 = 12,
  Bfloat16 = 16
};
/// Does it hold real numbers?
constexpr bool is_real(OnnxType t) {
  return t == OnnxType::Float || t == OnnxType::Float16 || t == OnnxType::Double || t == OnnxType::Bfloat16;
}

/// Whole numbers end here.
inline constexpr double kMostWhole = 9007199254740992.0;

/// A constant tensor. A double holds every number of these types but whole ones beyond 2^53, which are cut to it.
struct OnnxTensor {
  OnnxType type = OnnxType::Float;
  std::vector<std::int64_t> dims;
  std::shared_ptr<const std::vector<double>> numbers;  ///< row-major; one for all if `splat`
  bool splat = false;

  [[nodiscard]] std::int64_t elements() const;
  [[nodiscard]] double at(std::int64_t i) const { return (*numbers)[splat ? 0 : static_cast<std::size_t>(i)]; }
  /// Cut to 2^53; OnnxRefusal if it is not finite.
  [[nodiscard]] std::int64_t whole(std::int64_t i) const;
  /// All of them, as shapes and axes are given; OnnxRefusal if they are more than 4096.
  [[nodiscard]] std::vector<std::int64_t> wholes() const;
  /// Numbers that are in memory.
  [[nodiscard]] std::int64_t stored() const { return numbers ? static_cast<std::int64_t>(numbers->size()) : 0; }
};
OnnxTensor make_tensor(OnnxType, std::vector<std::int64_t> dims, std::vector<double> numbers);
OnnxTensor make_splat(OnnxType, std::vector<std::int64_t> dims, double number);
/// The same numbers under other dimensions.
OnnxTensor with_dims(const OnnxTensor&, std::vector<std::int64_t> dims);

/// The product of the dimensions, or nothing if one is negative or it is beyond 2^31.
std::optional<std::int64_t> elements_of(const std::vector<std::int64_t>& dims);
/// "2 x 3".
std::string to_text(const std::vector<std::int64_t>& dims);

struct OnnxAttribute {
  double number = 0;                 ///< a float
  std::int64_t whole = 0;            ///< an int
  std::string text;                  ///< a string
  std::vector<double> numbers;       ///< floats
  std::vector<std::int64_t> wholes;  ///< ints
  std::vector<std::string> texts;
  std::optional<OnnxTensor> tensor;
};

struct OnnxNode {
  std::string name, op, domain;
  std::vector<std::string> inputs, outputs;
  std::map<std::string, OnnxAttribute> attributes;

  [[nodiscard]] bool has(const std::string& attribute) const { return attributes.contains(attribute); }
  [[nodiscard]] std::int64_t whole(const std::string& attribute, std::int64_t otherwise) const;
  [[nodiscard]] double number(const std::string& attribute, double otherwise) const;
  [[nodiscard]] std::string text(const std::string& attribute, const std::string& otherwise) const;
  [[nodiscard]] std::vector<std::int64_t> wholes(const std::string& attribute) const;
  /// Name of the n-th input; empty if it is left out.
  [[nodiscard]] std::string input(std::size_t n) const { return n < inputs.size() ? inputs[n] : std::string(); }
};

/// A dimension of an input or output: a number, or a symbol (`symbol` may be empty: not said).
struct OnnxDim {
  std::optional<std::int64_t> size;
  std::string symbol;
};
struct OnnxValueInfo {
  std::string name;
  OnnxType type = OnnxType::Float;
  std::optional<std::vector<OnnxDim>> dims;
};

struct OnnxGraph {
  std::string file, name;
  std::int64_t opset = 0;
  std::vector<OnnxNode> nodes;
  std::map<std::string, OnnxTensor> constants;  ///< initialisers
  std::vector<OnnxValueInfo> inputs;            ///< without those that are initialisers
  std::vector<OnnxValueInfo> outputs;
};

/// Reads the bytes of a file. `folder`: where weights in files of their own are; none: they are errors. InputError for
/// everything that is no ONNX file, or one with broken tensors.
OnnxGraph parse_onnx(std::span<const std::byte> bytes, const std::string& file,
                     const std::optional<std::string>& folder);

}  // namespace eyrie
