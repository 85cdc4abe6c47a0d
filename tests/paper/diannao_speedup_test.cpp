// DianNao beside the SIMD core of its paper: Chen et al., ASPLOS 2014, 7.2. Only means of groups of layers are
// published (recalled, and their mean is the published 117.87); so are ours compared.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cmath>
#include <map>

#include "energy/simd_core.hpp"
#include "tests/support/support.hpp"
#include "workloads/network.hpp"

using namespace eyrie;

namespace {

constexpr double kClock = 0.98e9;

/// Core cycles of each benchmark layer as `eyrie run` finds them.
std::map<std::string, double> simulated() {
  const auto run = test::cli("run --arch diannao --workload diannao_benchmarks --quiet --format json");
  REQUIRE(run.code == 0);
  const auto result = nlohmann::json::parse(run.out);
  std::map<std::string, double> cycles;
  for (const auto& layer : result["layers"]) cycles[layer["name"]] = layer["cycles"];
  return cycles;
}

std::map<std::string, SimdTime> on_simd() {
  const auto core = read_simd_core(YamlDocument::from_file(test::source("configs/baselines/simd_128bit.yaml")));
  const auto network =
      Network::from_yaml(YamlDocument::from_file(test::source("configs/workloads/diannao_benchmarks.yaml")), 1);
  std::map<std::string, SimdTime> times;
  for (const auto* name :
       {"CONV1", "POOL1", "CLASS1", "CONV2_slice", "CONV3", "POOL3", "CLASS3", "CONV4", "CONV5_slice", "POOL5"})
    times[name] = time_on(core, *network.layer(name).nest());
  return times;
}

double mean(const std::map<std::string, double>& speedups, const std::vector<std::string>& layers) {
  double sum = 0;
  for (const auto& layer : layers) sum += std::log(speedups.at(layer));
  return std::exp(sum / static_cast<double>(layers.size()));
}

struct Group {
  std::vector<std::string> layers;
  double published;
};
const std::vector<Group> kGroups{{{"CLASS1", "CLASS3", "CONV5_slice"}, 629.92},
                                 {{"CONV1", "CONV2_slice", "CONV3", "CONV4"}, 195.15},
                                 {{"POOL1"}, 2.17},
                                 {{"POOL3"}, 25.73},
                                 {{"POOL5"}, 25.52}};

}  // namespace

TEST_CASE("DianNao's speed-ups over the SIMD core, within a factor of 2 of each published mean", "[paper][diannao]") {
  const auto cycles = simulated();
  const auto times = on_simd();
  std::map<std::string, double> speedups;
  std::vector<std::string> all;
  for (const auto& [layer, time] : times) {
    speedups[layer] = time.seconds.count() / (cycles.at(layer) / kClock);
    all.push_back(layer);
    UNSCOPED_INFO(layer << ": SIMD " << time.compute.count() << " + " << time.stall.count() << ", DianNao "
                        << static_cast<std::int64_t>(cycles.at(layer)) << ", speed-up " << speedups[layer]);
  }
  for (const auto& group : kGroups) {
    const double ours = mean(speedups, group.layers);
    CAPTURE(group.layers, group.published, ours);
    CHECK(ours >= group.published / 2);
    CHECK(ours <= group.published * 2);
  }
  const double ours = mean(speedups, all);
  CAPTURE(ours);
  CHECK(ours >= 117.87 / 2);
  CHECK(ours <= 117.87 * 2);
}

// Synapses that are used once: two operations a word, 64 a line. 64 / 2.01 + 260 cycles.
TEST_CASE("the SIMD core of the paper is held up by synapses that are used once", "[paper][diannao]") {
  for (const auto* layer : {"CLASS1", "CLASS3", "CONV2_slice", "CONV5_slice"}) {
    CAPTURE(layer);
    const auto t = on_simd().at(layer);
    CHECK(static_cast<double>(t.stall.count()) / static_cast<double>(t.compute.count()) ==
          Approx(260 / (64 / 2.01)).epsilon(0.13));
  }
}
