#pragma once

// Names of things as names of files.

#include <string>

namespace eyrie {

/// May stand in a file's name, whatever the file system or shell: a letter, a digit, `_`, `-` or `.`.
bool is_plain(unsigned char);
/// A name with `_` for every byte that is not plain.
std::string plain_name(std::string);
/// The folder of a file; `.` if its path names none.
std::string folder_of(const std::string& file);

}  // namespace eyrie
