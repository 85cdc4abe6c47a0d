#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/support/support.hpp"

namespace eyrie::test {

/// A study of seconds, written into a folder: of its designs some are no legal machine, and some have no mapping.
/// `rows` and `columns` are lists of values, as in "6, 12".
std::string write_study(const Folder&, const std::string& rows, const std::string& columns,
                        const std::string& name = "study.yaml");

/// All rows of a store's tables in the order of their keys, as text.
std::string dump(const std::string& store);
/// Points in a store that another process may be writing; 0 as long as there is none.
std::size_t points_in(const std::string& store);
/// From now on a store remembers which points are put into it. It is made if it is not there.
void watch_puts(const std::string& store);
/// How often each point was put into it since.
std::map<std::string, int> puts(const std::string& store);

/// What a study wrote into OUT beside its store, by name: tables, page, designs' reports.
std::map<std::string, std::string> outputs(const std::string& out);

/// Where two texts, or two sets of them, begin to differ; empty if they don't.
std::string difference(const std::string& a, const std::string& b);
std::string difference(const std::map<std::string, std::string>& a, const std::map<std::string, std::string>& b);

/// A program that runs beside the test, in a process group of its own. Its orphans come to the test.
class Process {
 public:
  explicit Process(const std::string& command);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();  ///< ends what is left
  [[nodiscard]] pid_t pid() const { return pid_; }
  /// All processes that come from it, children before their children; not itself.
  [[nodiscard]] std::vector<pid_t> descendants() const;
  /// Has the program itself ended?
  bool ended();
  /// Waits until `when`, or until it ends, or a minute; whether `when` came.
  bool until(const std::function<bool()>& when);
  /// Waits for its end, up to a minute. The exit code; 128 + the signal that ended it; -1 if it did not end.
  int wait();
  /// Waits, up to ten seconds, until the whole group is gone.
  bool group_gone();
  [[nodiscard]] std::string output() const;  ///< both streams

 private:
  Folder folder_;
  pid_t pid_ = -1;
  int code_ = -1;
  bool reaped_ = false;
};

}  // namespace eyrie::test
