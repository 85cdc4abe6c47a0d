#include "base/workers.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <map>
#include <optional>
#include <string>
#include <vector>

using namespace eyrie;

namespace {

/// Serves until all that was given has ended.
std::map<std::size_t, TaskEnd> ends_of(WorkerPool& pool) {
  std::map<std::size_t, TaskEnd> all;
  while (pool.busy() > 0)
    pool.serve([&](TaskEnd end) {
      const auto task = end.task;
      CHECK(all.emplace(task, std::move(end)).second);  // each once
    });
  return all;
}

TaskEnd end_of(WorkerPool& pool, std::size_t number, const std::string& task) {
  pool.give(number, task);
  const auto all = ends_of(pool);
  REQUIRE(all.size() == 1);
  REQUIRE(all.begin()->first == number);
  return all.begin()->second;
}

/// A pipe whose writing end processes hold as long as they live.
struct Pipe {
  Pipe() { REQUIRE(::pipe(ends) == 0); }
  ~Pipe() {
    ::close(ends[0]);
    close_writing();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_writing() {
    if (ends[1] >= 0) ::close(ends[1]);
    ends[1] = -1;
  }
  /// What was written, up to the end of all who could write; nothing if they do not end within ten seconds.
  [[nodiscard]] std::optional<std::string> rest() const {
    std::string all;
    for (;;) {
      pollfd one{ends[0], POLLIN, 0};
      if (::poll(&one, 1, 10'000) <= 0) return std::nullopt;
      char c = 0;
      if (::read(ends[0], &c, 1) <= 0) return all;
      all += c;
    }
  }
  int ends[2] = {-1, -1};
};

}  // namespace

TEST_CASE("workers answer in any order, each task once", "[unit][base]") {
  WorkerPool pool{3, [](const std::string& task) {
                    if (task == "0") ::usleep(300'000);
                    return "answer " + task;
                  }};
  std::vector<std::size_t> order;
  std::size_t next = 0;
  while (order.size() < 12) {
    while (next < 12 && pool.is_free()) {
      pool.give(next, std::to_string(next));
      ++next;
    }
    CHECK(pool.busy() >= 1);
    pool.serve([&](const TaskEnd& end) {
      CHECK(end.answered);
      CHECK(end.text == "answer " + std::to_string(end.task));
      order.push_back(end.task);
    });
  }
  CHECK(pool.busy() == 0);
  CHECK(pool.is_free());
  CHECK(order.front() != 0);  // the long one did not hold up the others
  std::ranges::sort(order);
  for (std::size_t i = 0; i < order.size(); ++i) CHECK(order[i] == i);
}

TEST_CASE("a worker keeps what it needs from one task to the next", "[unit][base]") {
  WorkerPool pool{1, [n = 0](const std::string&) mutable { return std::to_string(++n); }};
  for (const char* wanted : {"1", "2", "3"}) CHECK(end_of(pool, 7, "").text == wanted);
}

TEST_CASE("messages of megabytes, of no byte and of any bytes pass both ways", "[unit][base]") {
  WorkerPool pool{2, [](const std::string& task) { return task + task; }};
  std::string large(5'000'003, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 7 % 251);
  pool.give(0, large);
  pool.give(1, "");
  const auto all = ends_of(pool);
  REQUIRE(all.size() == 2);
  CHECK(all.at(0).answered);
  CHECK((all.at(0).text == large + large));
  CHECK(all.at(1).answered);
  CHECK(all.at(1).text.empty());
}

TEST_CASE("a worker that dies is told once with how it ended, and is replaced", "[unit][base]") {
  WorkerPool pool{2, [](const std::string& task) {
                    if (task == "kill") ::kill(::getpid(), SIGKILL);
                    if (task == "exit") ::_exit(3);
                    return std::to_string(::getpid());
                  }};
  const auto before = end_of(pool, 0, "who");
  const auto killed = end_of(pool, 1, "kill");
  CHECK_FALSE(killed.answered);
  CHECK(killed.text == "was ended by signal 9");
  CHECK(pool.is_free());
  const auto exited = end_of(pool, 2, "exit");
  CHECK_FALSE(exited.answered);
  CHECK(exited.text == "ended by itself");
  const auto after = end_of(pool, 3, "who");
  CHECK(after.answered);
  CHECK(after.text != before.text);
  CHECK(after.text != std::to_string(::getpid()));
}

TEST_CASE("the other workers' answers outlive one that dies", "[unit][base]") {
  WorkerPool pool{3, [](const std::string& task) {
                    if (task == "kill") ::raise(SIGKILL);
                    ::usleep(50'000);
                    return task;
                  }};
  pool.give(0, "a");
  pool.give(1, "kill");
  pool.give(2, "b");
  CHECK_FALSE(pool.is_free());
  const auto all = ends_of(pool);
  REQUIRE(all.size() == 3);
  CHECK(all.at(0).text == "a");
  CHECK_FALSE(all.at(1).answered);
  CHECK(all.at(2).text == "b");
}

TEST_CASE("a worker that died between tasks is told when the next one comes", "[unit][base]") {
  WorkerPool pool{1, [](const std::string&) { return std::to_string(::getpid()); }};
  const auto pid = static_cast<pid_t>(std::stol(end_of(pool, 0, "").text));
  REQUIRE(::kill(pid, SIGKILL) == 0);
  siginfo_t info{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) == 0);
  const auto lost = end_of(pool, 1, "");
  CHECK_FALSE(lost.answered);
  CHECK(lost.text == "was ended by signal 9");
  CHECK(end_of(pool, 2, "").answered);
}

TEST_CASE("workers do not hear an interrupt", "[unit][base]") {
  WorkerPool pool{1, [](const std::string&) {
                    ::raise(SIGINT);
                    return std::string("still there");
                  }};
  CHECK(end_of(pool, 0, "").text == "still there");
}

TEST_CASE("a pool that goes ends its workers, with a task or without", "[unit][base]") {
  Pipe alive;
  {
    WorkerPool pool{2, [](const std::string& task) {
                      if (task == "long") ::sleep(1000);
                      return task;
                    }};
    CHECK(end_of(pool, 0, "short").answered);
    pool.give(1, "long");
    alive.close_writing();
  }
  CHECK(alive.rest() == "");
}

TEST_CASE("workers end with the process that made them, also when it is killed", "[unit][base]") {
  Pipe alive;
  const pid_t parent = ::fork();
  REQUIRE(parent >= 0);
  if (parent == 0) {
    WorkerPool pool{2, [&](const std::string& task) {
                      if (task == "long") {
                        (void)!::write(alive.ends[1], "x", 1);
                        ::sleep(1000);
                      }
                      return task;
                    }};
    pool.give(0, "short");
    while (pool.busy() > 0) pool.serve([](const TaskEnd&) {});
    pool.give(0, "long");
    pool.give(1, "long");
    for (;;) ::sleep(1000);
  }
  alive.close_writing();
  char c = 0;  // both are at work
  CHECK(::read(alive.ends[0], &c, 1) == 1);
  CHECK(::read(alive.ends[0], &c, 1) == 1);
  REQUIRE(::kill(parent, SIGKILL) == 0);
  REQUIRE(::waitpid(parent, nullptr, 0) == parent);
  CHECK(alive.rest() == "");
}
