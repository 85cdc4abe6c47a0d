#include "base/output_file.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/diagnostics.hpp"

namespace eyrie {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw InputError({path, 0, 0}, "it cannot be written" + (why.empty() ? "" : ": " + why),
                   "name another file or folder");
}

/// Is it there, and something else than a file: a device, a pipe?
bool is_special(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error) && !fs::is_regular_file(path, error);
}

void pour(const fs::path& path, std::string_view text) {
  std::ofstream out{path, std::ios::binary};
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (out) return;
  std::error_code error;
  if (!is_special(path)) fs::remove(path, error);
  refuse(path.string(), "");
}

/// What a path leads to, through links.
fs::path target_of(const std::string& path) {
  std::error_code error;
  const auto whole = fs::weakly_canonical(path, error);
  return error ? fs::path{path} : whole;
}

}  // namespace

static void make_folder(const std::string& path) {
  std::error_code error;
  if (path.empty()) return;
  fs::create_directories(path, error);
  if (error || !fs::is_directory(path)) refuse(path, error ? error.message() : "it is no folder");
}

void put_in_place(const std::string& temporary, const std::string& path) {
  const auto target = target_of(path);
  std::error_code error;
  if (is_special(target)) {
    std::ifstream in{temporary, std::ios::binary};
    std::ofstream out{target, std::ios::binary};
    out << in.rdbuf();
    out.close();
    if (!out) refuse(path, "");
    fs::remove(temporary, error);
    return;
  }
  fs::rename(temporary, target, error);
  if (!error) return;
  const auto why = error.message();
  fs::remove(temporary, error);
  refuse(path, why);
}

void write_file(const std::string& path, std::string_view text) {
  const auto target = target_of(path);
  make_folder(target.parent_path().string());
  if (is_special(target)) {
    pour(target, text);
    return;
  }
  const auto temporary = target.string() + ".tmp" + std::to_string(::getpid());
  pour(temporary, text);
  put_in_place(temporary, target.string());
}

}  // namespace eyrie
