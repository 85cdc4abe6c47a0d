#pragma once

#include <string>
#include <string_view>

namespace eyrie {

/// Bytes in gzip's format (RFC 1952), without a name, a time or a system in the header: the same bytes give the same
/// file.
std::string gzipped(std::string_view bytes);
/// The bytes again. std::runtime_error if it is no such file.
std::string gunzipped(std::string_view file);

/// Bytes as base64 with padding (RFC 4648).
std::string to_base64(std::string_view bytes);

}  // namespace eyrie
