#include "app/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <numeric>

namespace eyrie {

Progress::Style Progress::fitting(bool quiet) {
  if (quiet) return Style::Quiet;
  return ::isatty(STDERR_FILENO) != 0 ? Style::Bar : Style::Lines;
}

Progress::Progress(Style style, std::vector<std::string> names, std::vector<double> costs)
    : style_{style}, names_{std::move(names)}, costs_{std::move(costs)}, done_(names_.size()) {}

Progress::~Progress() {
  if (drawn_) fmt::print(stderr, "\r\033[K");
}

void Progress::stage(const std::string& what) {
  if (style_ == Style::Lines) fmt::print(stderr, "{}\n", what);
  if (style_ == Style::Bar) {
    fmt::print(stderr, "\r\033[K{} ...", what);
    drawn_ = true;
  }
  std::fflush(stderr);
  began_ = std::chrono::steady_clock::now();
}

void Progress::say(const std::string& what) {
  if (style_ != Style::Quiet) fmt::print(stderr, "{}{}\n", drawn_ ? "\r\033[K" : "", what);
  std::fflush(stderr);
}

double Progress::share() const {
  double all = 0, there = 0;
  for (std::size_t i = 0; i < costs_.size(); ++i) {
    all += costs_[i];
    if (done_[i]) there += costs_[i];
  }
  return all > 0 ? there / all : 1;
}

void Progress::done(std::size_t job) {
  done_[job] = true;
  const auto count = std::ranges::count(done_, true);
  if (style_ == Style::Lines) fmt::print(stderr, "{} done ({} of {})\n", names_[job], count, names_.size());
  if (style_ == Style::Bar) draw();
  std::fflush(stderr);
}

void Progress::draw() {
  const double there = share();
  const double spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
  const auto cells = static_cast<std::size_t>(30 * there);
  fmt::print(stderr, "\r\033[K[{}{}] {:3.0f} %  {} of {} layers  {:.0f} s left", std::string(cells, '#'),
             std::string(30 - cells, '.'), 100 * there, std::ranges::count(done_, true), names_.size(),
             there > 0 ? spent / there * (1 - there) : 0);
  drawn_ = true;
}

std::vector<std::string> Progress::finished() const {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (done_[i]) all.push_back(names_[i]);
  return all;
}

}  // namespace eyrie
