#pragma once

#include <string>
#include <utility>

namespace eyrie {

/// A lock beside a store (`FILE.lock`), for who fills it. It ends with the process, and its children do not hold it.
class StoreLock {
 public:
  StoreLock() = default;  ///< holds nothing
  /// InputError if another process has it, or if it cannot be made.
  explicit StoreLock(const std::string& store);
  StoreLock(StoreLock&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  StoreLock& operator=(StoreLock&&) = delete;
  ~StoreLock();

 private:
  int fd_ = -1;
};

}  // namespace eyrie
