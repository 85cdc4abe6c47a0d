#include "app/study/study_progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace eyrie {

namespace {

constexpr double kRedraw_s = 0.2, kLine_s = 10;

double seconds(std::chrono::steady_clock::duration d) { return std::chrono::duration<double>(d).count(); }

std::string duration(double s) {
  const auto whole = static_cast<std::int64_t>(s + 0.5);
  if (whole >= 3600) return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
  return whole >= 60 ? fmt::format("{} min {:02} s", whole / 60, whole % 60) : fmt::format("{} s", whole);
}

}  // namespace

StudyProgress::~StudyProgress() { clear(); }

void StudyProgress::clear() {
  if (drawn_) fmt::print(stderr, "\r\033[K");
  drawn_ = false;
}

void StudyProgress::stage(const std::string& what, std::size_t all, std::size_t there, const std::string& of) {
  what_ = what;
  of_ = of;
  all_ = all;
  there_ = there;
  done_ = failed_ = 0;
  began_ = told_ = Clock::now();
  if (style_ == Progress::Style::Lines && all > there)
    fmt::print(stderr, "{}: {} {}{}\n", what, all, of, there > 0 ? fmt::format(", {} known", there) : "");
}

std::string StudyProgress::text() const {
  const double spent = seconds(Clock::now() - began_);
  const double rate = spent > 0 ? static_cast<double>(done_) / spent : 0;
  const auto left = static_cast<double>(all_ - there_ - done_);
  auto text = fmt::format("{} of {}", there_ + done_, all_);
  if (failed_ > 0) text += fmt::format(", {} failed", failed_);
  text += fmt::format(", {:.1f} {}/s", rate, of_);
  if (rate > 0 && left > 0) text += fmt::format(", {} left", duration(left / rate));
  return text;
}

void StudyProgress::done(bool well) {
  ++done_;
  failed_ += well ? 0 : 1;
  const double since = seconds(Clock::now() - told_);
  if (style_ == Progress::Style::Lines && since > kLine_s) {
    fmt::print(stderr, "{}: {}\n", what_, text());
    told_ = Clock::now();
  }
  if (style_ != Progress::Style::Bar || since < kRedraw_s) return;
  const double share = static_cast<double>(there_ + done_) / static_cast<double>(std::max<std::size_t>(1, all_));
  const auto cells = static_cast<std::size_t>(24 * share);
  fmt::print(stderr, "\r\033[K{} [{}{}] {:3.0f} %  {}", what_, std::string(cells, '#'), std::string(24 - cells, '.'),
             100 * share, text());
  std::fflush(stderr);
  drawn_ = true;
  told_ = Clock::now();
}

void StudyProgress::end() {
  clear();
  if (style_ == Progress::Style::Quiet || done_ == 0) return;
  fmt::print(stderr, "{}: {} in {}\n", what_, text(), duration(seconds(Clock::now() - began_)));
}

void StudyProgress::say(const std::string& what) {
  clear();
  if (style_ != Progress::Style::Quiet) fmt::print(stderr, "{}\n", what);
}

}  // namespace eyrie
