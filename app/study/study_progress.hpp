#pragma once

#include <chrono>
#include <string>

#include "app/progress.hpp"

namespace eyrie {

/// Tells on stderr how far a study is: on a terminal one line that is redrawn, with a bar, points a second and the time
/// left; elsewhere a line now and then; nothing when quiet.
class StudyProgress {
 public:
  explicit StudyProgress(bool quiet) : style_{Progress::fitting(quiet)} {}
  ~StudyProgress();
  StudyProgress(const StudyProgress&) = delete;
  StudyProgress& operator=(const StudyProgress&) = delete;

  /// `there`: how many of `all` were done before. `of`: what is counted.
  void stage(const std::string& what, std::size_t all, std::size_t there, const std::string& of = "points");
  void done(bool well);
  void end();
  void say(const std::string& what);

 private:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] std::string text() const;
  void clear();
  Progress::Style style_;
  std::string what_, of_;
  std::size_t all_ = 0, there_ = 0, done_ = 0, failed_ = 0;
  Clock::time_point began_ = Clock::now(), told_{};
  bool drawn_ = false;
};

}  // namespace eyrie
