#include "report/markdown_parts.hpp"

#include <fmt/format.h>

#include <string_view>

namespace eyrie::markdown {

std::string plain(const std::string& text) {
  std::string all;
  for (const char c : text) {
    if (std::string_view{"\\`*_[]<>|#"}.find(c) != std::string_view::npos) all += '\\';
    all += c == '\n' || c == '\r' ? ' ' : c;
  }
  return all;
}

std::string table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows,
                  std::size_t names) {
  auto text = fmt::format("| {} |\n|", fmt::join(head, " | "));
  for (std::size_t i = 0; i < head.size(); ++i) text += i < names ? "---|" : "--:|";
  for (const auto& row : rows) text += fmt::format("\n| {} |", fmt::join(row, " | "));
  return text + "\n";
}

}  // namespace eyrie::markdown
