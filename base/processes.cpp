#include "base/processes.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <numeric>
#include <optional>
#include <utility>

#include "base/diagnostics.hpp"
#include "base/ensure.hpp"

namespace eyrie {

ProcessDied::ProcessDied(std::size_t job_index, const std::string& how)
    : std::runtime_error("the process of job " + std::to_string(job_index) + " " + how), job{job_index} {}

namespace {

/// First byte of an answer: what the rest is.
enum class Kind : char { Answer = 'a', Input = 'i', Internal = 'n', Other = 'o' };

void put(std::string& out, const std::string& text) { out += std::to_string(text.size()) + ":" + text; }
std::string take(const std::string& in, std::size_t& at) {
  const auto colon = in.find(':', at);
  const auto size = std::stoull(in.substr(at, colon - at));
  at = colon + 1 + size;
  return in.substr(colon + 1, size);
}

std::string encoded(const InputError& e) {
  std::string out(1, static_cast<char>(Kind::Input));
  for (const auto& d : e.diagnostics()) {
    put(out, d.place.file);
    put(out, std::to_string(d.place.line));
    put(out, std::to_string(d.place.column));
    put(out, d.problem);
    put(out, d.remedy);
  }
  return out;
}
InputError decoded(const std::string& in) {
  std::vector<Diagnostic> all;
  for (std::size_t at = 1; at < in.size();) {
    Diagnostic d;
    d.place.file = take(in, at);
    d.place.line = std::stoi(take(in, at));
    d.place.column = std::stoi(take(in, at));
    d.problem = take(in, at);
    d.remedy = take(in, at);
    all.push_back(std::move(d));
  }
  return InputError{std::move(all)};
}

std::string answer_of(const std::function<std::string(std::size_t)>& job, std::size_t index) {
  try {
    return static_cast<char>(Kind::Answer) + job(index);
  } catch (const InputError& e) {
    return encoded(e);
  } catch (const InternalError& e) {
    return static_cast<char>(Kind::Internal) + std::string(e.what());
  } catch (const std::exception& e) {
    return static_cast<char>(Kind::Other) + std::string(e.what());
  }
}

[[noreturn]] void throw_error(const std::string& answer) {
  switch (static_cast<Kind>(answer[0])) {
    case Kind::Input:
      throw decoded(answer);
    case Kind::Internal:
      throw InternalError(answer.substr(1));
    default:
      throw std::runtime_error(answer.substr(1));
  }
}

void write_all(int fd, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const auto n = ::write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno != EINTR) return;
    if (n > 0) done += static_cast<std::size_t>(n);
  }
}

}  // namespace

void end_with(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);  // it had ended before that
}

namespace {

/// The children of one call.
class Pool {
 public:
  Pool(const std::function<std::string(std::size_t)>& job, Interrupts interrupts)
      : job_{job}, interrupts_{interrupts} {}
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() { kill_all(); }

  [[nodiscard]] std::size_t size() const { return children_.size(); }

  void start(std::size_t index) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error(std::string("no pipe: ") + std::strerror(errno));
    std::fflush(nullptr);
    const pid_t parent = ::getpid(), pid = ::fork();
    if (pid < 0) {
      ::close(ends[0]);
      ::close(ends[1]);
      throw std::runtime_error(std::string("no process: ") + std::strerror(errno));
    }
    if (pid == 0) {
      end_with(parent);
      ::close(ends[0]);
      if (interrupts_ == Interrupts::OfParent) ::signal(SIGINT, SIG_IGN);
      write_all(ends[1], answer_of(job_, index));
      ::close(ends[1]);
      ::_exit(0);
    }
    ::close(ends[1]);
    children_.push_back({index, pid, ends[0], {}});
  }

  /// Asks all to come to an end.
  void interrupt() const {
    for (const auto& c : children_) ::kill(c.pid, SIGINT);
  }

  /// Waits up to 100 ms for something to read; hands over each answer that got whole.
  void serve(const std::function<void(std::size_t, std::string)>& answered) {
    std::vector<pollfd> fds;
    for (const auto& c : children_) fds.push_back({c.fd, POLLIN, 0});
    if (::poll(fds.data(), fds.size(), 100) <= 0) return;
    for (std::size_t i = fds.size(); i-- > 0;)
      if (fds[i].revents != 0 && read_some(children_[i])) {
        Child done = std::move(children_[i]);
        children_.erase(children_.begin() + static_cast<std::ptrdiff_t>(i));
        finish(done);
        answered(done.index, std::move(done.answer));
      }
  }

  void kill_all() {
    for (const auto& c : children_) {
      ::kill(c.pid, SIGKILL);
      ::close(c.fd);
      while (::waitpid(c.pid, nullptr, 0) < 0 && errno == EINTR) {
      }
    }
    children_.clear();
  }

 private:
  struct Child {
    std::size_t index;
    pid_t pid;
    int fd;
    std::string answer;
  };
  static bool read_some(Child& c) {
    char buffer[1 << 16];
    const auto n = ::read(c.fd, buffer, sizeof buffer);
    if (n > 0) c.answer.append(buffer, static_cast<std::size_t>(n));
    return n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN);
  }
  static void finish(Child& c) {
    ::close(c.fd);
    int status = 0;
    while (::waitpid(c.pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status))
      throw ProcessDied(c.index, std::string("was ended by signal ") + std::to_string(WTERMSIG(status)));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || c.answer.empty())
      throw ProcessDied(c.index, "ended without an answer");
  }
  const std::function<std::string(std::size_t)>& job_;
  Interrupts interrupts_;
  std::vector<Child> children_;
};

}  // namespace

std::vector<std::string> run_in_processes(std::size_t jobs, unsigned workers,
                                          const std::function<std::string(std::size_t)>& job,
                                          const std::vector<std::size_t>& start_order,
                                          const std::function<void(std::size_t)>& on_done,
                                          const std::function<bool()>& stop, Interrupts interrupts) {
  std::vector<std::size_t> order = start_order;
  if (order.empty()) {
    order.resize(jobs);
    std::iota(order.begin(), order.end(), std::size_t{0});
  }
  std::vector<std::string> answers(jobs);
  std::optional<std::size_t> failed;
  Pool pool{job, interrupts};
  bool told = false;
  for (std::size_t next = 0; next < order.size() || pool.size() > 0;) {
    if (stop && stop()) {
      if (interrupts == Interrupts::OfParent) break;
      if (!std::exchange(told, true)) pool.interrupt();  // jobs that start from now on know already
    }
    while (!failed && next < order.size() && pool.size() < std::max(1U, workers)) pool.start(order[next++]);
    if (pool.size() == 0) break;
    pool.serve([&](std::size_t index, std::string answer) {
      if (static_cast<Kind>(answer[0]) != Kind::Answer && (!failed || index < *failed)) failed = index;
      answers[index] = std::move(answer);
      if (!failed && on_done) on_done(index);
    });
  }
  if (failed) throw_error(answers[*failed]);
  for (auto& a : answers)
    if (!a.empty()) a.erase(0, 1);
  return answers;
}

}  // namespace eyrie
