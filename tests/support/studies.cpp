#include "tests/support/studies.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <thread>

#include "explore/study/database.hpp"
#include "explore/study/store.hpp"

namespace eyrie::test {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto kPoll = std::chrono::milliseconds(2);

/// A layer as a whole in one PE: no array has room for that.
constexpr const char* kImpossible = R"(kind: dataflow
name: impossible
title: a layer as a whole in one PE
source: invented for tests
x: []
y: []
pe: [N, M, C, P, Q, R, S, G]
whole_in_pe: [N, M, C, P, Q, R, S, G]
)";

std::string rows_of(const Database& db, const std::string& sql, int columns) {
  std::string text = sql + "\n";
  Statement s{db, sql};
  while (s.step())
    for (int c = 0; c < columns; ++c) text += s.text_at(c) + (c + 1 < columns ? "|" : "\n");
  return text;
}

std::map<pid_t, std::vector<pid_t>> children_by_parent() {
  std::map<pid_t, std::vector<pid_t>> all;
  std::error_code error;
  for (const auto& e : fs::directory_iterator("/proc", error)) {
    const auto pid = e.path().filename().string();
    if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto stat = read_file(e.path().string() + "/stat");
    const auto name_ends = stat.rfind(") ");
    if (name_ends == std::string::npos) continue;
    const char state = stat[name_ends + 2];
    if (state != 'Z' && state != 'X') all[std::stoi(stat.substr(name_ends + 4))].push_back(std::stoi(pid));
  }
  return all;
}

}  // namespace

std::string write_study(const Folder& folder, const std::string& rows, const std::string& columns,
                        const std::string& name) {
  const auto impossible = folder.write("impossible.yaml", kImpossible);
  return folder.write(name, fmt::format(R"(kind: study
name: sizes
architecture: eyeriss_v1
workloads: [tiny, lenet5]
parameters:
- {{name: flow, set: [experiment.dataflow], values: [row_stationary, {}]}}
- {{name: rows, set: [architecture.array.rows], values: [{}]}}
- {{name: columns, set: [architecture.array.columns], values: [{}]}}
- {{name: filter_spad, set: [architecture.array.spads.filter_spad.depth], values: [112 words, 224 words]}}
simulate: {{sample: 4}}
)",
                                        impossible, rows, columns));
}

std::string dump(const std::string& store) {
  const Database db{store, Database::Mode::ReadOnly};
  return rows_of(db, "SELECT key, value FROM facts ORDER BY key", 2) +
         rows_of(db, "SELECT number, \"values\", status, reason FROM designs ORDER BY number", 4) +
         rows_of(db, "SELECT design, workload, fidelity, digest FROM plan ORDER BY design, workload, fidelity", 4) +
         rows_of(db, "SELECT digest, status, reason, figures, hex(result) FROM points ORDER BY digest", 5);
}

std::size_t points_in(const std::string& store) {
  try {
    return StudyStore::read_only(store).points().size();
  } catch (const InputError&) {
    return 0;
  }
}

void watch_puts(const std::string& store) {
  { const StudyStore made{store}; }
  Database db{store, Database::Mode::Create};
  db.run("CREATE TABLE puts(digest TEXT)");
  db.run("CREATE TRIGGER put AFTER INSERT ON points BEGIN INSERT INTO puts VALUES(NEW.digest); END");
}

std::map<std::string, int> puts(const std::string& store) {
  const Database db{store, Database::Mode::ReadOnly};
  std::map<std::string, int> all;
  Statement s{db, "SELECT digest FROM puts"};
  while (s.step()) ++all[s.text_at(0)];
  return all;
}

std::map<std::string, std::string> outputs(const std::string& out) {
  std::map<std::string, std::string> all;
  for (const char* name : {"study.json", "designs.csv", "front.csv", "study.html"})
    all[name] = read_file(out + "/" + name);
  std::error_code error;
  for (const auto& e : fs::directory_iterator(out + "/designs", error))
    all["designs/" + e.path().filename().string()] = read_file(e.path().string());
  return all;
}

std::string difference(const std::string& a, const std::string& b) {
  if (a == b) return {};
  constexpr std::size_t kShown = 160;
  const auto at = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
  const auto from = at > kShown / 2 ? at - kShown / 2 : 0;
  return fmt::format("at {}: \"{}\" and \"{}\"", at, a.substr(from, kShown), b.substr(from, kShown));
}

std::string difference(const std::map<std::string, std::string>& a, const std::map<std::string, std::string>& b) {
  const auto names = [](const auto& all) {
    std::string text;
    for (const auto& [name, content] : all) text += name + "\n";
    return text;
  };
  if (auto text = difference(names(a), names(b)); !text.empty()) return text;
  for (const auto& [name, content] : a)
    if (auto text = difference(content, b.at(name)); !text.empty()) return name + " " + text;
  return {};
}

Process::Process(const std::string& command) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const auto line = "cd " + folder_.path() + " && exec " + command;
  const auto told = folder_.path() + "/output.txt";
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("no process");
  if (pid_ > 0) {
    ::setpgid(pid_, pid_);
    return;
  }
  ::setpgid(0, 0);
  const int out = ::open(told.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0666);
  const int in = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(in, 0);
  ::dup2(out, 1);
  ::dup2(out, 2);
  ::execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
  ::_exit(127);
}

Process::~Process() {
  for (const auto p : descendants()) ::kill(p, SIGKILL);
  ::kill(-pid_, SIGKILL);
  (void)wait();
  (void)group_gone();
}

std::vector<pid_t> Process::descendants() const {
  const auto children = children_by_parent();
  std::vector<pid_t> all{pid_};
  for (std::size_t i = 0; i < all.size(); ++i)
    if (const auto own = children.find(all[i]); own != children.end())
      all.insert(all.end(), own->second.begin(), own->second.end());
  all.erase(all.begin());
  return all;
}

bool Process::ended() {
  int status = 0;
  if (reaped_ || ::waitpid(pid_, &status, WNOHANG) != pid_) return reaped_;
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return reaped_ = true;
}

bool Process::until(const std::function<bool()>& when) {
  const auto end = Clock::now() + std::chrono::minutes(1);
  while (Clock::now() < end) {
    if (when()) return true;
    if (ended()) return false;
    std::this_thread::sleep_for(kPoll);
  }
  return false;
}

int Process::wait() {
  const auto end = Clock::now() + std::chrono::minutes(1);
  while (!ended() && Clock::now() < end) std::this_thread::sleep_for(kPoll);
  return code_;
}

bool Process::group_gone() {
  const auto end = Clock::now() + std::chrono::seconds(10);
  while (Clock::now() < end) {
    const auto found = ::waitpid(-pid_, nullptr, WNOHANG);
    if (found < 0 && errno == ECHILD) return ::kill(-pid_, 0) != 0;
    if (found == 0) std::this_thread::sleep_for(kPoll);
  }
  return false;
}

std::string Process::output() const { return read_file(folder_.path() + "/output.txt"); }

}  // namespace eyrie::test
