#include <unistd.h>

#include <catch2/catch.hpp>

#include <csignal>
#include <set>

#include "base/ensure.hpp"
#include "base/processes.hpp"
#include "base/random.hpp"
#include "base/units.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using namespace eyrie::literals;

template <class A, class B>
concept Adds = requires(A a, B b) {
  a + b;
};
static_assert(Adds<Cycles, Cycles>);
static_assert(!Adds<Cycles, Bytes>);
static_assert(!Adds<Words, Bytes>);
static_assert(!Adds<Cycles, std::int64_t>);
static_assert(!Adds<Picojoules, Seconds>);

TEST_CASE("a started cycle counts whole and words are packed without gaps", "[unit][base]") {
  CHECK(transfer_time(9_words, WordsPerCycle{4}) == 3_cycles);
  CHECK(transfer_time(8_words, WordsPerCycle{4}) == 2_cycles);
  CHECK(bytes_of(3_words, 12_b) == 5_B);
  CHECK(time_of(200_cycles, Hertz{200e6}).count() == Approx(1e-6).margin(1e-15));
  CHECK(108_B / 4_B == 27);
}

TEST_CASE("the same seed and name give the same numbers, others don't", "[unit][base]") {
  Random a{1, "x"}, b{1, "x"}, other_name{1, "y"}, other_seed{2, "x"};
  const auto first = a.next();
  CHECK(first == b.next());
  CHECK(first != other_name.next());
  CHECK(first != other_seed.next());
  std::set<std::int64_t> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto n = a.between(-2, 3);
    CHECK(n >= -2);
    CHECK(n <= 3);
    seen.insert(n);
    const auto u = a.unit();
    CHECK((u >= 0 && u < 1));
  }
  CHECK(seen.size() == 6);
  CHECK(a.between(5, 5) == 5);
}

namespace {
volatile std::sig_atomic_t g_heard = 0;
}

TEST_CASE("jobs that hear interrupts come to their own end, and their answers are kept", "[unit][base]") {
  const auto before = std::signal(SIGINT, [](int) { g_heard = 1; });
  g_heard = 0;
  int polls = 0;
  const auto answers = run_in_processes(
      2, 2,
      [](std::size_t i) {
        for (int k = 0; k < 2000 && g_heard == 0; ++k) ::usleep(5000);
        return std::string(g_heard != 0 ? "heard " : "missed ") + std::to_string(i);
      },
      {}, {}, [&] { return ++polls > 3; }, Interrupts::OfJobs);
  std::signal(SIGINT, before);
  CHECK(answers == std::vector<std::string>{"heard 0", "heard 1"});
}

TEST_CASE("jobs come back in their order on any number of processes", "[unit][base]") {
  for (const unsigned workers : {1U, 2U, 5U}) {
    std::set<std::size_t> done;
    const auto answers = run_in_processes(
        7, workers, [](std::size_t i) { return std::string(i * 100'000, static_cast<char>('a' + i)); },
        {6, 5, 4, 3, 2, 1, 0}, [&](std::size_t i) { done.insert(i); });
    REQUIRE(answers.size() == 7);
    for (std::size_t i = 0; i < 7; ++i) CHECK(answers[i] == std::string(i * 100'000, static_cast<char>('a' + i)));
    CHECK(done.size() == 7);
  }
}

TEST_CASE("what a job throws is thrown here, with its place", "[unit][base]") {
  const auto run = [](auto job) {
    return run_in_processes(3, 2, [&](std::size_t i) -> std::string {
      if (i == 1) job();
      return "x";
    });
  };
  CHECK(test::errors_of([&] {
          run([] { throw InputError({"a.yaml", 3, 4}, "problem", "remedy"); });
        }) == "a.yaml:3:4: error: problem; remedy");
  CHECK_THROWS_AS(run([] { ensure(false, "a promise"); }), InternalError);
  CHECK_THROWS_WITH(run([] { throw std::runtime_error("other"); }), "other");
  CHECK_THROWS_AS(run([] { std::raise(SIGKILL); }), ProcessDied);
}

TEST_CASE("a stopped run gives the answers so far", "[unit][base]") {
  int finished = 0;
  const auto answers = run_in_processes(
      4, 1, [](std::size_t) { return std::string("x"); }, {}, [&](std::size_t) { ++finished; },
      [&] { return finished == 2; });
  CHECK(answers == std::vector<std::string>{"x", "x", "", ""});
}
