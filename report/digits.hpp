#pragma once

// Internal to report: numbers for people.

#include <fmt/format.h>

#include <optional>
#include <string>

namespace eyrie {

/// Three or four digits, without an exponent where it can be.
inline std::string digits(double value) {
  return value >= 999.5  ? fmt::format("{:.0f}", value)
         : value >= 99.5 ? fmt::format("{:.1f}", value)
         : value >= 9.95 ? fmt::format("{:.2f}", value)
                         : fmt::format("{:.3g}", value);
}

inline std::string digits(const std::optional<double>& value) { return value ? digits(*value) : "-"; }

}  // namespace eyrie
