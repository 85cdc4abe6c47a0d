#include "explore/offload.hpp"

#include <catch2/catch.hpp>

#include "base/yaml.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

/// 1 Mbit/s and 1 nJ a bit up, half of each down, round trip 20 ms: a bit up takes a microsecond.
OffloadTerms terms() {
  OffloadTerms t;
  t.link.up.mbit_per_s.value = 1;
  t.link.up.energy_per_bit.value = Picojoules{1000};
  t.link.down.mbit_per_s.value = 0.5;
  t.link.down.energy_per_bit.value = Picojoules{500};
  t.link.round_trip = {.shape = LatencyShape::Constant, .value = Seconds{0.02}};
  t.idle_power = Milliwatts{1};
  return t;
}

OffloadLayer layer(const std::string& name, double device_ms, double device_uj, double cloud_ms) {
  return {.name = name,
          .device_latency = Seconds{device_ms * 1e-3},
          .cloud_latency = Seconds{cloud_ms * 1e-3},
          .device_energy = Picojoules{device_uj * 1e6},
          .cloud_energy = Picojoules{1}};
}

/// a -> b -> c; 100,000 bits come in, 1,000 leave a, 50,000 leave b, 10 leave c.
OffloadNetwork chain() {
  return {.layers = {layer("a", 10, 20, 1), layer("b", 200, 400, 2), layer("c", 300, 600, 3)},
          .tensors = {{"in", {}, {0}, false, Bits{100000}},
                      {"a", 0, {1}, false, Bits{1000}},
                      {"b", 1, {2}, false, Bits{50000}},
                      {"c", 2, {}, true, Bits{10}}}};
}

using enum Side;

}  // namespace

TEST_CASE("the best cut of a chain of three layers, worked by hand", "[unit][explore]") {
  // After a: 20 uJ on the device; 1,000 bits up 1 uJ and 1 ms, 10 bits down 0.005 uJ and 0.02 ms; round trip 20 ms;
  // cloud 5 ms. It waits 26.02 ms at 1 mW: 26.02 uJ. All local: 1020 uJ, all in the cloud: 100 uJ + 126.02 uJ.
  const auto n = chain();
  const auto best = best_plan(n, terms(), OffloadObjective::DeviceEnergy);
  CHECK(best.sides == std::vector<Side>{Device, Cloud, Cloud});
  CHECK(best.where(n) == "device: a; cloud: b..c");
  CHECK(best.compute.count() == Approx(20e6));
  CHECK(best.radio.count() == Approx(1.005e6));
  CHECK(best.waiting.count() == Approx(26.02e6));
  CHECK(best.cloud.count() == 2);
  CHECK(mean_of(best.latency).count() == Approx(36.02e-3));
  CHECK(best.messages == 2);
  CHECK(best.sent == Bits{1000});
  CHECK(best.received == Bits{10});
  const auto options = options_of(n, terms());
  REQUIRE(options.size() == 5);
  CHECK(options[0].name == "local");
  CHECK(options[0].plan.device_energy().count() == Approx(1020e6));
  CHECK(options[0].plan.latency.factor == 0);
  CHECK(options[1].plan.device_energy().count() == Approx(100e6 + 0.005e6 + 126.02e6));
  CHECK(mean_of(options[1].plan.latency).count() == Approx(126.02e-3));
  CHECK(options[2].name == "best device_energy");
  const auto prefixes = prefixes_of(n, terms());
  REQUIRE(prefixes.size() == 4);
  CHECK(prefixes.front().sides == options[1].plan.sides);
  CHECK(prefixes[1].sides == best.sides);
  CHECK(prefixes.back().sides == options[0].plan.sides);
}

TEST_CASE("a percentile chooses otherwise than the mean where the link's tail is long", "[unit][explore]") {
  auto t = terms();
  t.link.round_trip = {.shape = LatencyShape::Lognormal, .median = Seconds{0.02}, .p99 = Seconds{2}};
  const auto n = chain();
  const auto mean = best_plan(n, t, OffloadObjective::MeanLatency);
  const auto tail = best_plan(n, t, OffloadObjective::PercentileLatency);
  CHECK(mean.sides == std::vector<Side>{Device, Cloud, Cloud});
  CHECK(tail.sides == std::vector<Side>{Device, Device, Device});
  CHECK(quantile(mean.latency, 0.99).count() == Approx(2 + 16.02e-3));
  CHECK(value_of(tail, OffloadObjective::PercentileLatency, 99) == Approx(0.51));
}

TEST_CASE("what is paid once counts only where the cloud is used, and ties stay on the device", "[unit][explore]") {
  auto t = terms();
  const auto n = chain();
  t.service = Seconds{0.472};  // 36.02 ms + 472 ms, still less than 510 ms
  CHECK(best_plan(n, t, OffloadObjective::MeanLatency).sides.back() == Cloud);
  CHECK(mean_of(best_plan(n, t, OffloadObjective::MeanLatency).latency).count() == Approx(0.50802));
  t.service = Seconds{0.47398};  // exactly as long
  CHECK(best_plan(n, t, OffloadObjective::MeanLatency).sides.back() == Device);
  t = terms();
  t.link.tail = RadioTail{};
  t.link.tail->power.value = Milliwatts{100};
  t.link.tail->time.value = Seconds{0.01};  // 1 mJ: more than is saved
  CHECK(best_plan(n, t, OffloadObjective::DeviceEnergy).sides.back() == Device);
  CHECK(plan_of(n, t, {Device, Cloud, Cloud}).radio.count() == Approx(1001.005e6));
}

TEST_CASE("work may come back to the device in the middle", "[unit][explore]") {
  auto n = chain();
  n.layers[1].cloud_latency = Seconds{10};  // the cloud cannot do b
  n.layers[0].device_latency = Seconds{5};
  n.tensors[0].bits = n.tensors[2].bits = Bits{10};
  const auto best = best_plan(n, terms(), OffloadObjective::MeanLatency);
  CHECK(best.sides == std::vector<Side>{Cloud, Device, Cloud});
  CHECK(best.messages == 4);
  CHECK(best.latency.factor == 2);
  CHECK(best.where(n) == "cloud: a; device: b; cloud: c");
}

TEST_CASE("a tensor that two layers read crosses once", "[unit][explore]") {
  const auto network =
      Network::from_yaml(YamlDocument::from_text(
                             "kind: workload\nname: fork\ninputs: [{name: data, channels: 3, rows: 5, columns: 7}]\n"
                             "layers:\n"
                             "- {name: a, type: conv, inputs: [data], out_channels: 4, kernel: {rows: 1, columns: 1}}\n"
                             "- {name: b, type: relu, inputs: [a]}\n"
                             "- {name: c, type: sigmoid, inputs: [a]}\n"
                             "- {name: d, type: add, inputs: [b, c]}\n",
                             "fork.yaml"),
                         1);
  std::vector<OffloadLayer> layers;
  for (const auto& l : network.layers()) layers.push_back(layer(l.name, 1, 1, 1));
  const auto n = offload_network(network, Widths{Bits{8}, Bits{16}, Bits{16}, Bits{12}}, {0.5, 0.25}, layers);
  REQUIRE(n.tensors.size() == 5);
  CHECK(n.tensors[0].bits == Bits{424});  // 105 words of 8 bits, halved: 420 bits are 53 bytes
  CHECK(n.tensors[1].name == "a");
  CHECK(n.tensors[1].readers.size() == 2);
  CHECK(n.tensors[1].bits == Bits{424});  // 140 words of 12 bits, quartered: 420 bits
  CHECK_FALSE(n.tensors[1].result);
  CHECK(n.tensors[4].result);
  const auto up = plan_of(n, terms(), {Device, Cloud, Cloud, Device});
  CHECK(up.sent == Bits{424});
  CHECK(up.received == Bits{848});
  CHECK(up.messages == 3);
  const auto down = plan_of(n, terms(), {Cloud, Device, Device, Device});
  CHECK(down.messages == 2);
}

TEST_CASE("costs of any size fit the whole numbers of the cut", "[unit][explore]") {
  auto n = chain();
  n.layers[1].device_energy = Picojoules{9e21};  // 9 x 10^9 J
  const auto costs = costs_of(n, terms(), OffloadObjective::DeviceEnergy);
  CHECK(costs.unit == Approx(1e-8));
  CHECK(costs.problem.layers[1].device == std::llround(9e9 / costs.unit));
  CHECK(costs_of(chain(), terms(), OffloadObjective::DeviceEnergy).unit == 1e-15);
  CHECK(best_plan(n, terms(), OffloadObjective::DeviceEnergy).sides[1] == Cloud);
  n.layers[1].cloud_latency = Seconds{1e300};
  auto t = terms();
  t.idle_power = Milliwatts{1e300};
  CHECK_THAT(test::errors_of([&] { (void)costs_of(n, t, OffloadObjective::DeviceEnergy); }),
             Catch::Contains("costs of the scenario add up to more than any number"));
}
