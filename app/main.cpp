#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "app/commands.hpp"
#include "base/diagnostics.hpp"
#include "base/ensure.hpp"

// Exit codes: 0 done; 1 the work ran and its verdict is negative; 2 bad usage or bad input; 3 a bug of ours.
int main(int count, char** values) {
  std::signal(SIGINT, [](int) { eyrie::interrupt(); });
  try {
    return eyrie::run_command_line({values, values + count});
  } catch (const eyrie::InputError& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 2;
  } catch (const eyrie::InternalError& e) {
    fmt::print(stderr, "{}\nThis is a bug in Eyrie; please report it with the command and the files.\n", e.what());
    return 3;
  } catch (const std::exception& e) {
    fmt::print(stderr, "error: {}\n", e.what());
    return 3;
  }
}
