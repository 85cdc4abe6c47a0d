#include "app/out_folder.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/diagnostics.hpp"

namespace eyrie {

namespace fs = std::filesystem;

OutFolder::OutFolder(const std::string& path, const std::string& option) {
  if (path.empty()) return;
  std::error_code error;
  const auto whole = fs::absolute(path, error).lexically_normal();
  for (auto folder = whole; !folder.empty() && !fs::exists(folder, error) && folder != folder.parent_path();
       folder = folder.parent_path())
    made_.insert(made_.begin(), folder);
  fs::create_directories(whole, error);
  if (!fs::is_directory(whole, error) || ::access(whole.c_str(), W_OK) != 0)
    throw InputError({option, 0, 0}, fmt::format("nothing can be written into {}", path), "name another folder");
}

OutFolder::~OutFolder() {
  std::error_code error;
  for (auto folder = made_.rbegin(); folder != made_.rend(); ++folder) fs::remove(*folder, error);  // if it is empty
}

}  // namespace eyrie
