#pragma once

// Lines of foreign text files, and pieces of lines, with their places.

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"

namespace eyrie {

/// A piece of a text without blanks around it.
struct TextPiece {
  std::string text;
  Place place;  ///< of its first character, or where it would stand
};

/// The lines of a text without their ends, Windows' or not, and without a byte order mark; line i is number i + 1.
std::vector<std::string_view> lines_of(std::string_view text);

/// [from, to) of a line, trimmed, with its place.
TextPiece piece_of(std::string_view line, std::size_t from, std::size_t to, const std::string& file, int number);

/// The pieces of a line between separators; a line without any is one piece.
std::vector<TextPiece> split_line(std::string_view line, char separator, const std::string& file, int number);

}  // namespace eyrie
