#pragma once

// How quantities are spelt in files: "108 KiB", "200 MHz", "4 words/cycle".

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/fields.hpp"

namespace eyrie {

/// A unit suffix and how many base units it stands for.
struct UnitName {
  std::string_view suffix;
  double factor;
};

/// Suffixes of a dimension, the one for messages first; empty for Dimension::None.
std::span<const UnitName> units_of(Dimension);
/// Must values be whole numbers of the base unit?
bool is_whole(Dimension);
/// A spelling for messages, like "108 KiB".
std::string_view example_of(Dimension);

/// A decimal number without a unit: digits, sign, point, exponent, '_' between digits. Nothing for anything else, NaN
/// and infinities included.
std::optional<double> parse_number(std::string_view);
/// The same for whole numbers within 64 bits.
std::optional<std::int64_t> parse_integer(std::string_view);

/// A number with its dimension, in base units.
struct AnyQuantity {
  double value = 0;
  Dimension dimension = Dimension::None;
};
/// A number with or without any of the units ("64 KiB", "12", "1.5 GHz"); nothing for anything else.
std::optional<AnyQuantity> parse_any_quantity(std::string_view);
/// All dimensions that have units.
std::span<const Dimension> dimensions_with_units();

/// The shortest spelling that reads back to the same value, in the largest unit that needs no long fraction.
std::string write_quantity(double value, Dimension);

}  // namespace eyrie
