#pragma once

// Internal to report: numbers of moves for people.

#include <optional>
#include <string>

namespace eyrie {

/// All of its digits; `-` for none.
std::string shown_number(const std::optional<double>&);
/// "+1.25 %", "from 0"; `-` for none.
std::string shown_percent(const std::optional<double>&);

}  // namespace eyrie
