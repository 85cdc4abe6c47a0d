#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace eyrie {

/// A whole number with `separator` between groups of three digits.
inline std::string grouped(std::int64_t n, std::string_view separator) {
  std::string digits = std::to_string(n);
  const std::size_t first = n < 0 ? 1 : 0;
  for (std::size_t i = digits.size(); i > first + 3; i -= 3) digits.insert(i - 3, separator);
  return digits;
}

}  // namespace eyrie
