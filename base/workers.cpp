#include "base/workers.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include "base/ensure.hpp"
#include "base/processes.hpp"

namespace eyrie {

namespace {

/// All of it, or false: the other end is gone.
bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

/// A message: its length in eight bytes, then its bytes.
std::string framed(const std::string& text) {
  const std::uint64_t size = text.size();
  std::string frame(sizeof size, '\0');
  std::memcpy(frame.data(), &size, sizeof size);
  return frame + text;
}

/// Takes the first message off what was received; nothing while it is not whole.
std::optional<std::string> take_message(std::string& received) {
  std::uint64_t size = 0;
  if (received.size() < sizeof size) return std::nullopt;
  std::memcpy(&size, received.data(), sizeof size);
  if (received.size() - sizeof size < size) return std::nullopt;
  auto text = received.substr(sizeof size, size);
  received.erase(0, sizeof size + size);
  return text;
}

/// More bytes; false at the end of the stream.
bool receive(int fd, std::string& received) {
  char buffer[1 << 16];
  const auto n = ::recv(fd, buffer, sizeof buffer, 0);
  if (n > 0) received.append(buffer, static_cast<std::size_t>(n));
  return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

}  // namespace

WorkerPool::WorkerPool(unsigned workers, Answer answer) : workers_(std::max(1U, workers)), answer_{std::move(answer)} {}

WorkerPool::~WorkerPool() {
  for (auto& w : workers_)
    if (w.pid >= 0) stop(w, true);
}

bool WorkerPool::is_free() const { return busy() < workers_.size(); }

std::size_t WorkerPool::busy() const {
  return static_cast<std::size_t>(std::ranges::count_if(workers_, [](const Worker& w) { return w.task.has_value(); }));
}

void WorkerPool::start(Worker& w) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw std::runtime_error(std::string("no socket: ") + std::strerror(errno));
  std::fflush(nullptr);
  const pid_t parent = ::getpid();
  w.pid = ::fork();
  if (w.pid < 0) {
    ::close(ends[0]);
    ::close(ends[1]);
    throw std::runtime_error(std::string("no process: ") + std::strerror(errno));
  }
  if (w.pid > 0) {
    ::close(ends[1]);
    w.fd = ends[0];
    w.received.clear();
    return;
  }
  end_with(parent);
  ::signal(SIGINT, SIG_IGN);
  for (const auto& other : workers_)
    if (other.fd >= 0) ::close(other.fd);
  ::close(ends[0]);
  for (std::string received; receive(ends[1], received);)
    while (const auto task = take_message(received))
      if (!send_all(ends[1], framed(answer_(*task)))) ::_exit(1);
  ::_exit(0);
}

std::string WorkerPool::stop(Worker& w, bool kill) {
  if (kill) ::kill(w.pid, SIGKILL);
  ::close(w.fd);
  int status = 0;
  while (::waitpid(w.pid, &status, 0) < 0 && errno == EINTR) {
  }
  w = {};
  if (WIFSIGNALED(status)) return "was ended by signal " + std::to_string(WTERMSIG(status));
  return "ended by itself";
}

void WorkerPool::give(std::size_t number, const std::string& task) {
  const auto free = std::ranges::find_if(workers_, [](const Worker& w) { return !w.task; });
  ensure(free != workers_.end(), "a task is given to a free worker");
  if (free->pid < 0) start(*free);
  free->task = number;
  (void)send_all(free->fd, framed(task));  // to a worker that is gone: `serve` finds it so
}

void WorkerPool::serve(const std::function<void(TaskEnd)>& ended) {
  std::vector<pollfd> fds;
  std::vector<Worker*> served;
  for (auto& w : workers_)
    if (w.task) {
      fds.push_back({w.fd, POLLIN, 0});
      served.push_back(&w);
    }
  if (fds.empty() || ::poll(fds.data(), fds.size(), 100) <= 0) return;
  for (std::size_t i = 0; i < fds.size(); ++i) {
    if (fds[i].revents == 0) continue;
    Worker& w = *served[i];
    const auto task = *w.task;
    if (!receive(w.fd, w.received)) {
      ended({task, false, stop(w, false)});
    } else if (auto answer = take_message(w.received)) {
      w.task.reset();
      ended({task, true, std::move(*answer)});
    }
  }
}

}  // namespace eyrie
