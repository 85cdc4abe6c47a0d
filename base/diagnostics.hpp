#pragma once

// What is wrong in the user's files: place, problem, remedy. All of it is collected, then thrown once.

#include <exception>
#include <string>
#include <vector>

namespace eyrie {

/// A position in an input. Lines and columns count from 1; 0 means the input as a whole.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
  bool operator==(const Place&) const = default;
};

/// One thing that is wrong: `FILE:LINE:COL: error: problem; remedy`.
struct Diagnostic {
  Place place;
  std::string problem;
  std::string remedy;  ///< what would be right; may be empty
  bool operator==(const Diagnostic&) const = default;
};

/// The line a user sees, without a line end. A place without a line prints `FILE: error: ...`.
std::string to_string(const Diagnostic&);

/// Collects what is wrong, in the order found. `Diagnostics::raise_if_any` ends the collecting.
class Diagnostics {
 public:
  void error(Place place, std::string problem, std::string remedy = {});
  [[nodiscard]] bool empty() const { return all_.empty(); }
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }
  /// Throws InputError with everything collected so far, sorted by place; does nothing if nothing was.
  void raise_if_any() const;

 private:
  std::vector<Diagnostic> all_;
};

/// The user's input can't be used. `what()` is every diagnostic, one a line. The program ends with exit code 2.
class InputError : public std::exception {
 public:
  explicit InputError(std::vector<Diagnostic> diagnostics);
  InputError(Place place, std::string problem, std::string remedy = {});
  [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }
  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::vector<Diagnostic> diagnostics_;
  std::string text_;
};

}  // namespace eyrie
