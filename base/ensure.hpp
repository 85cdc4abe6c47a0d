#pragma once

// Promises that only a bug in Eyrie can break. No input, however wrong, may fire one.

#include <stdexcept>
#include <string>

namespace eyrie {

/// A bug of ours was met. The program ends with exit code 3.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// Throws InternalError saying `promise` when `kept` is false.
inline void ensure(bool kept, const char* promise) {
  if (!kept) throw InternalError(std::string("internal error: broken promise: ") + promise);
}

}  // namespace eyrie
