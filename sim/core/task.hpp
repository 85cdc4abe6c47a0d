#pragma once

#include <coroutine>
#include <exception>
#include <utility>

namespace eyrie::sim {

/// The body of a unit: a coroutine that starts suspended, is resumed by its Engine, and ends suspended.
class Task {
 public:
  struct promise_type {
    std::exception_ptr thrown;
    Task get_return_object() { return Task{std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { thrown = std::current_exception(); }
  };

  Task() = default;
  explicit Task(std::coroutine_handle<promise_type> handle) : handle_{handle} {}
  Task(Task&& other) noexcept : handle_{std::exchange(other.handle_, {})} {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  /// Runs until the next suspension. What the body throws is thrown here.
  void resume() {
    handle_.resume();
    if (handle_.promise().thrown) std::rethrow_exception(std::exchange(handle_.promise().thrown, {}));
  }
  [[nodiscard]] bool done() const { return !handle_ || handle_.done(); }

 private:
  std::coroutine_handle<promise_type> handle_;
};

}  // namespace eyrie::sim
