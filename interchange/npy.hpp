#pragma once

// NumPy's .npy files: a line that says what an array is, and its numbers. Format: NumPy Enhancement Proposal 1,
// versions 1 to 3.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace eyrie {

/// An array of up to 32 dimensions, its numbers in row-major order whatever order the file has them in.
struct NumpyArray {
  using Numbers = std::variant<std::vector<float>, std::vector<double>, std::vector<std::int8_t>,
                               std::vector<std::uint8_t>, std::vector<std::int16_t>, std::vector<std::uint16_t>,
                               std::vector<std::int32_t>, std::vector<std::int64_t>>;
  std::vector<std::int64_t> shape;  ///< none: a lone number
  Numbers numbers;

  /// As many as the shape has.
  [[nodiscard]] std::size_t size() const;
  /// float or double?
  [[nodiscard]] bool real() const { return numbers.index() < 2; }
  /// NumPy's name of the numbers: f4, i1, ...
  [[nodiscard]] std::string_view type() const;
  bool operator==(const NumpyArray&) const = default;
};

/// Reads the bytes of an .npy file; `name` stands in the place. InputError: no .npy, truncated or with bytes behind its
/// numbers, a shape that its size does not bear out, numbers that are objects, text, complex or big-endian.
NumpyArray read_npy(std::string_view bytes, const std::string& name);
NumpyArray read_npy_file(const std::string& path);

/// The array as an .npy file of version 1, row-major.
std::string npy_bytes(const NumpyArray&);

/// "3 x 28 x 28"; of none "a lone number".
std::string shape_text(const std::vector<std::int64_t>& shape);

}  // namespace eyrie
