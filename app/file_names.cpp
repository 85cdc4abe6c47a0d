#include "app/file_names.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace eyrie {

bool is_plain(unsigned char c) { return std::isalnum(c) || c == '_' || c == '-' || c == '.'; }

std::string plain_name(std::string name) {
  std::ranges::replace_if(
      name, [](unsigned char c) { return !is_plain(c); }, '_');
  return name;
}

std::string folder_of(const std::string& file) {
  const auto folder = std::filesystem::path{file}.parent_path().string();
  return folder.empty() ? "." : folder;
}

}  // namespace eyrie
