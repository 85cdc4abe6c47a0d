#include "report/render.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace eyrie {

void write_file(const std::string& path, std::string_view text) {
  namespace fs = std::filesystem;
  const fs::path target{path};
  std::error_code error;
  if (!target.parent_path().empty()) fs::create_directories(target.parent_path(), error);
  const std::string temporary = path + ".tmp" + std::to_string(::getpid());
  {
    std::ofstream out{temporary, std::ios::binary};
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    out.close();
    if (!out) {
      fs::remove(temporary, error);
      throw std::runtime_error(path + " cannot be written");
    }
  }
  fs::rename(temporary, target, error);
  if (error) {
    const auto why = error.message();
    fs::remove(temporary, error);
    throw std::runtime_error(path + " cannot be written: " + why);
  }
}

}  // namespace eyrie
