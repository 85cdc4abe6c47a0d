#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/ensure.hpp"

namespace eyrie {

/// Shape of an activation tensor: batch, channels (all groups), rows, columns. Of a filter tensor: output channels (all
/// groups), input channels per group, rows, columns.
struct Shape {
  std::int64_t n = 1, c = 1, h = 1, w = 1;
  [[nodiscard]] constexpr std::int64_t elements() const { return n * c * h * w; }
  constexpr bool operator==(const Shape&) const = default;
};

/// Dense row-major (n, c, h, w) integers. Operands are at most 16 bits wide, psums 32.
template <class T>
class BasicTensor {
 public:
  BasicTensor() = default;
  explicit BasicTensor(Shape shape, T value = T{})
      : shape_{shape}, data_(static_cast<std::size_t>(shape.elements()), value) {}

  [[nodiscard]] const Shape& shape() const { return shape_; }
  [[nodiscard]] std::vector<T>& data() { return data_; }
  [[nodiscard]] const std::vector<T>& data() const { return data_; }
  [[nodiscard]] std::size_t index(std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t w) const {
    return static_cast<std::size_t>(((n * shape_.c + c) * shape_.h + h) * shape_.w + w);
  }
  [[nodiscard]] T& at(std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t w) {
    return data_[index(n, c, h, w)];
  }
  [[nodiscard]] T at(std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t w) const {
    return data_[index(n, c, h, w)];
  }
  bool operator==(const BasicTensor&) const = default;

 private:
  Shape shape_{.n = 0, .c = 0, .h = 0, .w = 0};
  std::vector<T> data_;
};

using Tensor = BasicTensor<std::int16_t>;
using PsumTensor = BasicTensor<std::int32_t>;

}  // namespace eyrie
