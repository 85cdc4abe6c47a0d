#pragma once

#include <string>
#include <string_view>

namespace eyrie {

/// SHA-256 (FIPS 180-4) of a text, as 64 hexadecimal digits.
std::string digest_of(std::string_view text);

}  // namespace eyrie
