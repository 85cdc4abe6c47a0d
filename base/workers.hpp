#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace eyrie {

/// What became of a task that was given to a worker.
struct TaskEnd {
  std::size_t task = 0;
  bool answered = false;
  std::string text;  ///< the answer, or how the worker's process ended without one
};

/// Forked processes that stay, each of which answers one task after the other, so that it can keep what several tasks
/// need. A worker whose process ends is replaced when the next task comes. They ignore SIGINT and end with the process
/// that made them, however that ends.
class WorkerPool {
 public:
  using Answer = std::function<std::string(const std::string& task)>;
  /// `answer` runs in the workers and must not throw. Processes are made when tasks come.
  WorkerPool(unsigned workers, Answer answer);
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;
  ~WorkerPool();

  [[nodiscard]] bool is_free() const;      ///< is there a worker without a task?
  [[nodiscard]] std::size_t busy() const;  ///< workers with a task
  /// Gives a task to a free worker. Before that, flush output streams. std::runtime_error if there can be no process.
  void give(std::size_t number, const std::string& task);
  /// Waits up to 100 ms for something to happen; hands over each task that has ended.
  void serve(const std::function<void(TaskEnd)>& ended);

 private:
  struct Worker {
    pid_t pid = -1;
    int fd = -1;
    std::optional<std::size_t> task;
    std::string received;
  };
  void start(Worker&);
  /// Its process is gone, or will be: how it ended.
  static std::string stop(Worker&, bool kill);
  std::vector<Worker> workers_;
  Answer answer_;
};

}  // namespace eyrie
