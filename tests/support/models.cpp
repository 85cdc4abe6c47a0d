#include "tests/support/models.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "interchange/image.hpp"

namespace eyrie::test {

std::optional<std::string> model_file(const std::string& name) {
  const std::string folder = EYRIE_TEST_MODELS;
  const auto path = std::filesystem::path{folder} / name;
  if (!folder.empty() && std::filesystem::exists(path)) return path.string();
  WARN("SKIPPED: there is no " << name << " in " << (folder.empty() ? "EYRIE_TEST_MODELS, which is not set" : folder));
  return std::nullopt;
}

std::vector<std::byte> file_bytes(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  std::vector<std::byte> bytes;
  for (const char c : text) bytes.push_back(static_cast<std::byte>(c));
  return bytes;
}

std::vector<int> grey_pixels(const std::string& path) {
  const Image image = with_channels(read_image(path, {28, 28}), 1, path);
  return {image.pixels.begin(), image.pixels.end()};
}

}  // namespace eyrie::test
