#include "base/text_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "base/yaml.hpp"

namespace eyrie {

namespace fs = std::filesystem;

namespace {

std::string near_file(const std::string& path) {
  const fs::path wanted{path};
  const fs::path folder = wanted.parent_path().empty() ? fs::path{"."} : wanted.parent_path();
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& e : fs::directory_iterator(folder, error)) names.push_back(e.path().filename().string());
  std::ranges::sort(names);
  const std::vector<std::string_view> views{names.begin(), names.end()};
  const auto near = nearest(wanted.filename().string(), views);
  return near.empty() ? std::string("check the path")
                      : fmt::format("did you mean {}?", (wanted.parent_path() / near).string());
}

/// Line and column of a byte.
Place place_at(std::string_view text, std::size_t byte, const std::string& name) {
  Place p{name, 1, 1};
  for (std::size_t i = 0; i < byte; ++i) {
    p.column = text[i] == '\n' ? 1 : p.column + 1;
    p.line += text[i] == '\n' ? 1 : 0;
  }
  return p;
}

/// First byte that doesn't continue valid UTF-8, or npos.
std::size_t first_bad_byte(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == 0 || (c < 0x20 && c != '\n' && c != '\r' && c != '\t')) return i;
    const std::size_t length = c < 0x80                ? 1
                               : c >= 0xc2 && c < 0xe0 ? 2
                               : c >= 0xe0 && c < 0xf0 ? 3
                               : c >= 0xf0 && c < 0xf5 ? 4
                                                       : 0;
    if (length == 0 || i + length > text.size()) return i;
    for (std::size_t k = 1; k < length; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return i;
    i += length;
  }
  return std::string_view::npos;
}

}  // namespace

std::uint64_t file_bytes(const std::string& path, std::string_view wanted) {
  std::error_code error;
  if (!fs::exists(path, error)) throw InputError({path, 0, 0}, "there is no such file", near_file(path));
  if (!fs::is_regular_file(path, error))
    throw InputError({path, 0, 0}, "this is no file", fmt::format("name {}", wanted));
  return fs::file_size(path, error);
}

static std::string bytes_of(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in) throw InputError({path, 0, 0}, "the file cannot be read", "check its permissions");
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

std::string read_text_file(const std::string& path, std::string_view wanted) {
  if (file_bytes(path, wanted) > 64 * 1024 * 1024)
    throw InputError({path, 0, 0}, "the file is larger than 64 MiB", "split it");
  return bytes_of(path);
}

std::string read_binary_file(const std::string& path, std::string_view wanted) {
  file_bytes(path, wanted);
  return bytes_of(path);
}

void check_utf8(std::string_view text, const std::string& name, std::string_view wanted) {
  if (const auto bad = first_bad_byte(text); bad != std::string_view::npos)
    throw InputError(place_at(text, bad, name), "this is no UTF-8 text", fmt::format("give {}", wanted));
}

}  // namespace eyrie
