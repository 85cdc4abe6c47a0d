#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace eyrie {

/// A job's process ended without an answer (a signal, out of memory). `job` is its index.
class ProcessDied : public std::runtime_error {
 public:
  ProcessDied(std::size_t job, const std::string& how);
  std::size_t job;
};

/// In a process that was just forked: it ends when its parent does, however that ends.
void end_with(pid_t parent);

/// Who decides what SIGINT means: the parent alone, or each job for itself too (the parent's handler is in place
/// there).
enum class Interrupts : std::uint8_t { OfParent, OfJobs };

/// Runs `job(i)` for i in [0, jobs) on up to `workers` forked processes and returns the answers in the order of the
/// jobs, whatever the order in which they ended. A SystemC kernel is a set of globals, hence processes and not threads.
/// With `workers` 1 the jobs still run in one forked child each, so that results cannot depend on it. Jobs start in the
/// order of `start_order` (all indices once; empty: ascending): longest first. `on_done(i)` is called in the parent as
/// each ends. An exception in a job: InputError, InternalError keep type and text, others become std::runtime_error.
/// `stop` is polled; when it turns true children are killed and the answers so far are returned (unfinished ones
/// empty); with Interrupts::OfJobs they get SIGINT instead, and all answers are waited for. Before forking, flush
/// output streams.
std::vector<std::string> run_in_processes(std::size_t jobs, unsigned workers,
                                          const std::function<std::string(std::size_t)>& job,
                                          const std::vector<std::size_t>& start_order = {},
                                          const std::function<void(std::size_t)>& on_done = {},
                                          const std::function<bool()>& stop = {}, Interrupts = Interrupts::OfParent);

}  // namespace eyrie
