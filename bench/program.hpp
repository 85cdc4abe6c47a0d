#pragma once

// What the programs here have in common: options of their own beside the library's, and how they end.

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>

namespace eyrie::bench {

/// Takes arguments that begin like this out of the others; what follows in the last of them, null if there is none.
inline const char* take(int& count, char** values, std::string_view begin) {
  const char* rest = nullptr;
  int kept = 0;
  for (int i = 0; i < count; ++i)
    if (std::string_view{values[i]}.starts_with(begin))
      rest = values[i] + begin.size();
    else
      values[kept++] = values[i];
  count = kept;
  return rest;
}

/// `--NAME=NUMBER`, or `otherwise`.
inline double take_number(int& count, char** values, const std::string& name, double otherwise) {
  const char* number = take(count, values, "--" + name + "=");
  return number ? std::atof(number) : otherwise;
}

/// The exit code of `run`, or 1 and what it threw.
template <class Run>
int exit_code(Run run) {
  try {
    return run();
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 1;
  }
}

}  // namespace eyrie::bench
