// A run says how much memory it needs before it takes any, and keeps to it.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

nlohmann::json host_of(const std::string& arguments) {
  const auto run = test::cli("run --quiet --format json " + arguments);
  CAPTURE(arguments, run.err);
  REQUIRE(run.code == 0);
  CHECK(run.err.empty());
  return nlohmann::json::parse(run.out)["host"];
}

/// Without what differs from run to run.
nlohmann::json results_of(const std::string& arguments) {
  auto j = nlohmann::json::parse(test::cli("run --quiet --format json " + arguments).out);
  j.erase("host");
  return j;
}

}  // namespace

TEST_CASE("no process of a run holds more than the run was said to need", "[cli][memory]") {
  const std::string arguments = GENERATE(
      "--arch eyeriss_v1 --workload tiny", "--arch eyeriss_v1 --workload alexnet --layers conv1,pool1,conv2,fc8",
      "--arch eyeriss_v1 --workload resnet8", "--arch eyeriss_v1 --workload dscnn_kws --batch 3",
      "--arch shidiannao --workload shidiannao_lenet5",
      "--arch diannao --workload diannao_benchmarks --layers CONV4,POOL3",
      "--arch tpu_like_32x32 --workload lenet5 --batch 2", "--arch eyeriss_v1 --workload kws_gru_s");
  for (const char* jobs : {" --jobs 1", " --jobs 2"}) {
    const auto host = host_of(arguments + jobs);
    CAPTURE(arguments, host.dump());
    CHECK(host["memory_bound_mb"] > host["peak_rss_mb"]);
    CHECK(host["memory_bound_mb"] < 700);  // a bound, and not any number
  }
}

TEST_CASE("what a run needs is told before it begins", "[cli][memory]") {
  const auto run = test::cli("run --arch eyeriss_v1 --workload tiny --jobs 2");
  CHECK(run.code == 0);
  CHECK_THAT(run.err,
             Catch::Matches(
                 R"(needs at most \d+ MB: \d+ for the program, \d+ for the reference, 2 x \d+ for layers\n[\s\S]*)"));
  CHECK(run.err.find("needs at most") < run.err.find("computing the reference"));
}

TEST_CASE("a run takes fewer processes where memory is short, and comes to the same", "[cli][memory]") {
  const std::string arguments = "--arch eyeriss_v1 --workload tiny --jobs 4";
  const double all = host_of(arguments)["memory_bound_mb"];
  const double one = host_of("--arch eyeriss_v1 --workload tiny --jobs 1")["memory_bound_mb"];
  REQUIRE(one < all);
  const auto limit = " --memory " + std::to_string(static_cast<int>(one + (all - one) / 2));
  const auto run = test::cli("run " + arguments + limit);
  CHECK(run.code == 0);
  CHECK(run.err.find("4 x") == std::string::npos);
  CHECK(run.err.find("needs at most") != std::string::npos);
  CHECK(host_of(arguments + limit)["memory_bound_mb"] < all);
  CHECK(results_of(arguments + limit) == results_of(arguments));
}

TEST_CASE("a run that does not fit is refused with what would help", "[cli][memory]") {
  const auto run = test::cli("run --arch eyeriss_v1 --workload tiny --memory 3");
  CHECK(run.code == 2);
  CHECK(run.out.empty());
  CHECK_THAT(
      run.err,
      Catch::Matches(
          R"(--memory: error: this run needs at most \d+ MB: .*, and 3 MB may be taken; its largest layer is \w+; take a smaller batch or fewer layers, or allow more with --memory MB\n)"));
}
