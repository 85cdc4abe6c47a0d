#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace eyrie {

/// A folder for what will be written, made before the work begins, so that nobody waits for results that have no place.
class OutFolder {
 public:
  /// Makes the folder and those above it. Nothing if `path` is empty. InputError at `option` if nothing can be written
  /// into it.
  OutFolder(const std::string& path, const std::string& option);
  /// Removes what it made and nobody filled.
  ~OutFolder();
  OutFolder(const OutFolder&) = delete;
  OutFolder& operator=(const OutFolder&) = delete;

 private:
  std::vector<std::filesystem::path> made_;  ///< the outermost first
};

}  // namespace eyrie
