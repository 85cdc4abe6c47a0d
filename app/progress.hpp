#pragma once

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace eyrie {

/// Tells on stderr how far a run is: one line that is redrawn, with a bar and the time left, on a terminal; a line an
/// event elsewhere; nothing when quiet.
class Progress {
 public:
  enum class Style { Quiet, Lines, Bar };
  /// Bar on a terminal, lines elsewhere.
  static Style fitting(bool quiet);

  /// `costs` are relative expected times of the jobs.
  Progress(Style, std::vector<std::string> names, std::vector<double> costs);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void stage(const std::string& what);  ///< something without jobs has begun
  void say(const std::string& what);    ///< a line that stays
  void done(std::size_t job);
  [[nodiscard]] std::vector<std::string> finished() const;

 private:
  void draw();
  [[nodiscard]] double share() const;
  Style style_;
  std::vector<std::string> names_;
  std::vector<double> costs_;
  std::vector<bool> done_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  bool drawn_ = false;
};

}  // namespace eyrie
