#pragma once

#include <cstddef>
#include <functional>

namespace eyrie {

/// Calls `task(i)` for i in [0, tasks) on up to `jobs` threads, the caller's among them; with one, in order and without
/// any thread. All are joined on return, so a caller may fork. Tasks write to places of their own. The exception of
/// the first task (by number) that threw is thrown again.
void in_threads(unsigned jobs, std::size_t tasks, const std::function<void(std::size_t)>& task);

}  // namespace eyrie
