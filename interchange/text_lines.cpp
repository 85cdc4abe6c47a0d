#include "interchange/text_lines.hpp"

#include <algorithm>

namespace eyrie {

static constexpr std::string_view kBlanks = " \t\r";

std::vector<std::string_view> lines_of(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::vector<std::string_view> all;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    all.push_back(text.substr(0, end));
    if (all.back().ends_with('\r')) all.back().remove_suffix(1);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

TextPiece piece_of(std::string_view line, std::size_t from, std::size_t to, const std::string& file, int number) {
  const auto begin = std::min(line.find_first_not_of(kBlanks, from), to);
  const auto last = line.substr(0, to).find_last_not_of(kBlanks);
  const auto end = begin == to ? begin : last + 1;
  return {std::string(line.substr(begin, end - begin)), {file, number, static_cast<int>(begin) + 1}};
}

std::vector<TextPiece> split_line(std::string_view line, char separator, const std::string& file, int number) {
  std::vector<TextPiece> all;
  for (std::size_t from = 0; from <= line.size();) {
    const auto to = std::min(line.find(separator, from), line.size());
    all.push_back(piece_of(line, from, to, file, number));
    from = to + 1;
  }
  return all;
}

}  // namespace eyrie
