// A study whose processes are killed loses nothing and computes nothing twice.

#include <signal.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <thread>

#include "base/random.hpp"
#include "tests/support/studies.hpp"

using namespace eyrie;

namespace {

/// Who is killed.
enum class Victim : std::uint8_t { Parent, OneWorker, Group };

std::string explore(const std::string& study, const std::string& out) {
  return std::string(EYRIE_BINARY) + " explore " + study + " --out " + out + " --jobs 2";
}

void pause(std::int64_t milliseconds) { std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds)); }

/// Kills a worker, or a process that a worker made; the study goes on.
void kill_one_worker(const test::Process& run, Random& random) {
  const auto all = run.descendants();
  if (all.empty()) return;
  ::kill(all[static_cast<std::size_t>(random.between(0, std::ssize(all) - 1))], SIGKILL);
  pause(random.between(0, 100));
}

/// Runs a study until its store has so many points, and a little longer; then kills. The end of all its processes is
/// waited for.
void run_and_kill(const std::string& command, const std::string& store, std::size_t points, Victim victim,
                  Random& random) {
  test::Process run{command};
  run.until([&] { return test::points_in(store) >= points; });
  pause(random.between(0, 60));
  if (victim == Victim::OneWorker) kill_one_worker(run, random);
  ::kill(victim == Victim::Group ? -run.pid() : run.pid(), SIGKILL);
  run.wait();
  CAPTURE(run.output());
  REQUIRE(run.group_gone());
}

/// Kills a study at moments that are spread over all of its points, from before the first one to after the last; then
/// lets it end, and compares with one that was left alone.
void check_killed(int kills, std::uint64_t seed, const std::string& columns, std::size_t points) {
  const test::Folder folder;
  const auto study = test::write_study(folder, "0, 6, 12", columns);
  const auto calm = folder.path() + "/calm", killed = folder.path() + "/killed", store = killed + "/study.sqlite";
  test::Process undisturbed{explore(study, calm)};
  REQUIRE(undisturbed.wait() == 0);
  const auto all = test::points_in(calm + "/study.sqlite");
  REQUIRE(all == points);

  std::filesystem::create_directories(killed);
  test::watch_puts(store);
  Random random{seed, "moments of kills"};
  std::vector<std::size_t> moments;
  for (int i = 0; i < kills; ++i)
    moments.push_back(static_cast<std::size_t>(random.between(0, static_cast<std::int64_t>(all))));
  std::ranges::sort(moments);
  for (int i = 0; i < kills; ++i) {
    const auto before = test::points_in(store);
    run_and_kill(explore(study, killed), store, moments[static_cast<std::size_t>(i)],
                 i % 4 == 1   ? Victim::OneWorker
                 : i % 4 == 3 ? Victim::Group
                              : Victim::Parent,
                 random);
    CAPTURE(i, before, moments[static_cast<std::size_t>(i)]);
    REQUIRE(test::points_in(store) >= before);
  }
  test::Process last{explore(study, killed)};
  CHECK(last.wait() == 0);

  CHECK(test::difference(test::dump(store), test::dump(calm + "/study.sqlite")) == "");
  const auto put = test::puts(store);
  CHECK(put.size() == all);
  for (const auto& [digest, times] : put) CHECK(times == 1);
  CHECK(test::difference(test::outputs(killed), test::outputs(calm)) == "");
}

}  // namespace

TEST_CASE("a study that is killed four times ends as if it had not been", "[cli][explore]") {
  check_killed(4, 7, "7", 32);
}

TEST_CASE("a study that is killed twenty times ends as if it had not been", "[cli][explore][slow]") {
  check_killed(20, 1, "7, 14", 64);
}
