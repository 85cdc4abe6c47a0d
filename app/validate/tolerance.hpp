#pragma once

// How far a figure of ours may be from a published one.

#include <optional>
#include <string>
#include <string_view>

namespace eyrie {

/// The widest of its parts counts: `1 % or 0.0004` allows either.
struct Tolerance {
  bool shown = false;   ///< the row is shown and not judged
  double relative = 0;  ///< of the published value
  double absolute = 0;  ///< in the column's unit
  double factor = 1;    ///< between the two, either way round
  [[nodiscard]] bool allows(double published, double ours) const;
  bool operator==(const Tolerance&) const = default;
};

/// `exact`, `5 %`, `0.05` (in the column's unit), `factor 2`, `shown`, or several with ` or ` between them. Nothing for
/// anything else.
std::optional<Tolerance> parse_tolerance(std::string_view);

}  // namespace eyrie
