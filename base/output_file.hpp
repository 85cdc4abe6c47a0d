#pragma once

// Files that are written whole.

#include <string>
#include <string_view>

namespace eyrie {

/// Writes a file whole or not at all: a temporary name beside it, then a rename. Missing folders are made. A link is
/// followed; a device or pipe is written to, and stays what it is. InputError at the path if that fails.
void write_file(const std::string& path, std::string_view text);
/// Gives a finished file its name, as `write_file` does.
void put_in_place(const std::string& temporary, const std::string& path);

}  // namespace eyrie
