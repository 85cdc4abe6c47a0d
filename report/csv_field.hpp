#pragma once

// A field of a CSV file.

#include <string>

namespace eyrie {

/// Quoted where RFC 4180 wants it.
std::string csv_field(const std::string& text);

}  // namespace eyrie
