#include "bench/command.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "bench/measure.hpp"
#include "bench/plain_convolution.hpp"

namespace eyrie::bench {

namespace {

struct Times {
  double wall = 0, user = 0;
};

/// Runs a program to its end without its output; times of it and its children.
Times times_of(std::vector<std::string> arguments) {
  std::vector<char*> words;
  for (auto& a : arguments) words.push_back(a.data());
  words.push_back(nullptr);
  const auto began = std::chrono::steady_clock::now();
  const auto child = ::fork();
  if (child == 0) {
    const int nowhere = ::open("/dev/null", O_WRONLY);
    ::dup2(nowhere, STDOUT_FILENO);
    ::execv(words.front(), words.data());
    ::_exit(127);
  }
  int status = 0;
  rusage use{};
  if (child < 0 || ::wait4(child, &status, 0, &use) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error("the command failed: " + arguments.front());
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - began;
  return {wall.count(), static_cast<double>(use.ru_utime.tv_sec) + 1e-6 * static_cast<double>(use.ru_utime.tv_usec)};
}

/// A layer and its integers.
struct Convolution {
  LayerNest nest;
  LayerOperands operands;
};

std::vector<Convolution> convolutions(const Experiment& e) {
  const auto p = prepare(e, {}, Catalogue{""});
  const ForwardPass forward{p.network, p.architecture.words, static_cast<std::uint64_t>(e.seed)};
  std::vector<Convolution> all;
  for (const auto& l : p.layers) all.push_back({l.nest, forward.operands(l.number)});
  return all;
}

}  // namespace

unsigned processors() { return std::max(1U, std::thread::hardware_concurrency()); }

void whole_command(benchmark::State& state, unsigned jobs) {
  const Experiment e{.architecture = "eyeriss_v1",
                     .workload = "alexnet",
                     .batch = 4,
                     .layers = {"conv1", "conv2", "conv3", "conv4", "conv5"}};
  const auto layers = convolutions(e);
  const auto all = [&](auto convolution, Inside inside) {
    return timed([&] {
             for (const auto& l : layers) benchmark::DoNotOptimize(convolution(l.nest, l.operands, inside));
             return 0;
           })
        .first;
  };
  for ([[maybe_unused]] auto _ : state) {
    Least wall, user, plain, columns, native;
    for (int i = 0; i < 5; ++i) {
      const auto t = times_of({EYRIE_BINARY, "run", "--arch", e.architecture, "--workload", e.workload, "--batch", "4",
                               "--layers", "conv1,conv2,conv3,conv4,conv5", "--quiet", "--jobs", std::to_string(jobs)});
      wall.take(t.wall);
      user.take(t.user);
      plain.take(all(plain::convolution, Inside::Fastest));
      columns.take(all(plain::convolution, Inside::Columns));
      native.take(all(native::convolution, Inside::Fastest));
    }
    state.SetIterationTime(wall.seconds);
    for (const auto& [name, value] : {std::pair{"wall_s", wall.seconds},
                                      {"cpu_s", user.seconds},
                                      {"plain_s", plain.seconds},
                                      {"columns_s", columns.seconds},
                                      {"ratio", user.seconds / plain.seconds},
                                      {"columns_ratio", user.seconds / columns.seconds},
                                      {"native_ratio", user.seconds / native.seconds}})
      state.counters[name] = value;
  }
}

}  // namespace eyrie::bench
