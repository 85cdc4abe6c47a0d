#pragma once

// Files as they are, whole; texts of any language.

#include <cstdint>
#include <string>
#include <string_view>

namespace eyrie {

/// The bytes of a file. `wanted` ends the remedies ("a YAML file"). InputError: missing, a directory, unreadable, over
/// 64 MiB.
std::string read_text_file(const std::string& path, std::string_view wanted);
/// The same for any bytes, as many as there are.
std::string read_binary_file(const std::string& path, std::string_view wanted);
/// How many bytes the file has; InputError where it is missing or no file.
std::uint64_t file_bytes(const std::string& path, std::string_view wanted);

/// InputError at the first byte that is no UTF-8 or a control character other than line ends and tabs; `name` stands in
/// the place, `wanted` in the remedy.
void check_utf8(std::string_view text, const std::string& name, std::string_view wanted);

}  // namespace eyrie
