// Whoever computes a study, its answer is the same, byte for byte.

#include <signal.h>

#include <fmt/format.h>
#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/support/studies.hpp"

using namespace eyrie;
namespace fs = std::filesystem;

namespace {

const std::string kProgram = EYRIE_BINARY;

/// Runs to its end; the exit code.
int finished(const std::string& command) {
  test::Process run{command};
  const int code = run.wait();
  UNSCOPED_INFO(command << "\n" << run.output());
  return code;
}

std::string explore(const std::string& study, const std::string& out, const std::string& options) {
  return fmt::format("{} explore {} --out {} --quiet {}", kProgram, study, out, options);
}

std::string mpirun(int ranks, const std::string& command) {
  return fmt::format("mpirun --allow-run-as-root --oversubscribe -n {} {} --engine mpi", ranks, command);
}

bool has_mpi() {
  const bool there = fs::exists(kProgram + "-mpi") && std::system("command -v mpirun >/dev/null") == 0;
  if (!there) WARN("skipped: there is no mpirun, or eyrie-mpi was not built");
  return there;
}

}  // namespace

TEST_CASE("one process, two and three shards give the same answer", "[cli][explore]") {
  const test::Folder folder;
  const auto study = test::write_study(folder, "0, 6", "7");
  const auto one = folder.path() + "/one", two = folder.path() + "/two", parts = folder.path() + "/parts";
  REQUIRE(finished(explore(study, one, "--jobs 1")) == 0);
  REQUIRE(finished(explore(study, two, "--jobs 2")) == 0);
  CHECK(test::difference(test::outputs(two), test::outputs(one)) == "");
  CHECK(test::difference(test::dump(two + "/study.sqlite"), test::dump(one + "/study.sqlite")) == "");

  for (const auto* stage : {"closed", "simulated"}) {
    for (int part = 3; part >= 1; --part)
      REQUIRE(finished(explore(study, parts, fmt::format("--jobs 1 --stage {} --shard {}/3", stage, part))) == 0);
    CHECK(finished(fmt::format("{} explore merge {} --stage closed", kProgram, parts)) == 0);
  }
  REQUIRE(finished(fmt::format("{} explore merge {}", kProgram, parts)) == 0);
  CHECK(test::difference(test::outputs(parts), test::outputs(one)) == "");
}

TEST_CASE("simulations of a shard need the closed form of all designs", "[cli][explore]") {
  const test::Folder folder;
  const auto study = test::write_study(folder, "6", "7");
  const auto out = folder.path() + "/out";
  REQUIRE(finished(explore(study, out, "--shard 1/2")) == 0);
  const auto merged = test::cli("explore merge " + out + " --stage closed");
  CHECK(merged.code == 1);
  CHECK(merged.err.find("2 of 4 designs") != std::string::npos);
  const auto early = test::cli("explore " + study + " --out " + out + " --stage simulated --shard 1/2");
  CHECK(early.code == 2);
  CHECK(early.err.find("not all is known in closed form yet") != std::string::npos);
}

TEST_CASE("ranks of MPI give the same answer", "[cli][explore][mpi]") {
  if (!has_mpi()) return;
  const test::Folder folder;
  const auto study = test::write_study(folder, "0, 6", "7");
  const auto local = folder.path() + "/local";
  REQUIRE(finished(explore(study, local, "")) == 0);
  for (const int ranks : {1, 2, 4}) {
    CAPTURE(ranks);
    const auto out = fmt::format("{}/{}", folder.path(), ranks);
    REQUIRE(finished(mpirun(ranks, explore(study, out, ""))) == 0);
    CHECK(test::difference(test::outputs(out), test::outputs(local)) == "");
    CHECK(test::difference(test::dump(out + "/study.sqlite"), test::dump(local + "/study.sqlite")) == "");
  }
}

TEST_CASE("bad input ends all ranks with exit code 2", "[cli][explore][mpi]") {
  if (!has_mpi()) return;
  const test::Folder folder;
  const auto study = folder.write("bad.yaml", "kind: study\nname: bad\n");
  for (const auto& given : {study, folder.path() + "/missing.yaml"})
    CHECK(finished(mpirun(3, explore(given, folder.path() + "/out", ""))) == 2);
  CHECK(finished(mpirun(3, explore(study, folder.path() + "/out", "--jobs none"))) == 2);
}

TEST_CASE("a rank that is killed, and an interrupt, lose nothing", "[cli][explore][mpi][slow]") {
  if (!has_mpi()) return;
  const test::Folder folder;
  const auto study = test::write_study(folder, "0, 6, 12", "7, 14");
  const auto local = folder.path() + "/local", out = folder.path() + "/out", store = out + "/study.sqlite";
  REQUIRE(finished(explore(study, local, "")) == 0);
  fs::create_directories(out);
  test::watch_puts(store);
  const auto command = mpirun(3, explore(study, out, ""));
  std::size_t before = 0;
  const auto until_later = [&](test::Process& run, std::size_t points) {
    REQUIRE(run.until([&] { return test::points_in(store) >= points; }));
    before = test::points_in(store);
  };
  {
    test::Process run{command};
    until_later(run, 20);
    ::kill(run.descendants().back(), SIGKILL);  // a rank, or a process that it made
    ::kill(run.descendants().front(), SIGKILL);
    CHECK(run.wait() > 0);
  }
  CHECK(test::points_in(store) >= before);
  {
    test::Process run{command};
    until_later(run, 40);
    ::kill(run.pid(), SIGINT);
    CHECK(run.wait() > 0);
    CAPTURE(run.output());
    CHECK(run.output().find("the same command goes on") != std::string::npos);
  }
  CHECK(test::points_in(store) >= before);
  REQUIRE(finished(command) == 0);
  CHECK(test::difference(test::dump(store), test::dump(local + "/study.sqlite")) == "");
  CHECK(test::difference(test::outputs(out), test::outputs(local)) == "");
  for (const auto& [digest, times] : test::puts(store)) CHECK(times == 1);
}

TEST_CASE("the memory that is allowed is shared by the ranks of a machine", "[cli][explore][mpi]") {
  if (!has_mpi()) return;
  const test::Folder folder;
  const auto study = test::write_study(folder, "6", "7");
  const auto out = folder.path() + "/out";
  REQUIRE(finished(mpirun(2, explore(study, out, "--memory 1"))) == 1);  // no design came to figures
  CHECK(test::dump(out + "/study.sqlite").find("|out_of_memory|") != std::string::npos);
}
