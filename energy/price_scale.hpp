#pragma once

#include <string_view>

#include "energy/energy_table.hpp"

namespace eyrie {

/// What a word (or an access) of this width costs, in units of the price, on a component of a kind: for a price per bit
/// the bits; else the ratio of the widths, of multiplications its square (Horowitz, ISSCC 2014: exponent 1.98 between
/// 8 and 32 bits).
double price_scale(const Price&, std::string_view kind, Bits width);

}  // namespace eyrie
