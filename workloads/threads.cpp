#include "workloads/threads.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

namespace eyrie {

void in_threads(unsigned jobs, std::size_t tasks, const std::function<void(std::size_t)>& task) {
  if (jobs <= 1 || tasks <= 1) {
    for (std::size_t i = 0; i < tasks; ++i) task(i);
    return;
  }
  std::atomic<std::size_t> next{0};
  std::vector<std::exception_ptr> thrown(tasks);
  const auto work = [&] {
    for (std::size_t i = next++; i < tasks; i = next++) try {
        task(i);
      } catch (...) {
        thrown[i] = std::current_exception();
      }
  };
  std::vector<std::jthread> threads;
  for (std::size_t k = 1; k < std::min<std::size_t>(jobs, tasks); ++k) threads.emplace_back(work);
  work();
  threads.clear();  // joins
  for (const auto& e : thrown)
    if (e) std::rethrow_exception(e);
}

}  // namespace eyrie
