#include <csignal>

#include "app/commands.hpp"

// Exit codes: 0 done; 1 the work ran and its verdict is negative; 2 bad usage or bad input; 3 a bug of ours.
int main(int count, char** values) {
  std::signal(SIGINT, [](int) { eyrie::interrupt(); });
  return eyrie::run_command_line_reporting({values, values + count});
}
