#include "explore/big_little.hpp"

#include <catch2/catch.hpp>

using namespace eyrie;

namespace {

LittleHalf little() {
  return {.network = "small",
          .machine = "m",
          .latency = Seconds{0.001},
          .energy = Picojoules{10e6},
          .idle_power = Milliwatts{2}};
}

/// 1,000 bits up at 1 Mbit/s and 1 nJ, 100 down at the same; round trip 9, 19, ... 99 ms; 5 ms in the cloud.
BigOption cloud() {
  BigOption b{.name = "cloud", .compute = Seconds{0.005}, .cloud_energy = Picojoules{7e6}};
  b.link.emplace();
  for (auto* way : {&b.link->up, &b.link->down}) {
    way->mbit_per_s.value = 1;
    way->energy_per_bit.value = Picojoules{1000};
  }
  b.link->round_trip.shape = LatencyShape::Empirical;
  for (int i = 0; i < 10; ++i) b.link->round_trip.samples.emplace_back(0.009 + 0.01 * i);
  b.sent = Bits{1000};
  b.received = Bits{100};
  return b;
}

}  // namespace

TEST_CASE("a share of inputs in the cloud, worked by hand", "[unit][explore]") {
  // the big one adds 1 + 0.1 + 5 ms and 54 ms on average; 1.1 uJ of radio, 60.1 ms x 2 mW = 120.2 uJ of waiting
  const auto f = big_little(little(), cloud(), 0.25);
  CHECK(mean_of(f.latency).count() == Approx(0.001 + 0.25 * 0.0601));
  CHECK(f.energy.count() == Approx(10e6 + 0.25 * 121.3e6));
  CHECK(f.cloud_energy.count() == Approx(1.75e6));
  CHECK(quantile(f.latency, 0.75).count() == Approx(0.001));
  CHECK(quantile(f.latency, 0.99).count() == Approx(0.001 + 0.0061 + 0.099));  // 0.24 of 0.25: the tenth of ten
  CHECK(quantile(f.latency, 0.95).count() == Approx(0.001 + 0.0061 + 0.079));  // 0.20 of 0.25: the eighth
  const auto all = big_only(little(), cloud());
  CHECK(mean_of(all.latency).count() == Approx(0.0601));
  CHECK(all.energy.count() == Approx(121.3e6));
  CHECK(big_little(little(), cloud(), 0).energy.count() == Approx(10e6));
}

TEST_CASE("a second chip idles while the little one works, the same chip never waits", "[unit][explore]") {
  auto second = cloud();
  second.where = BigPlace::SecondChip;
  second.energy = Picojoules{300e6};
  second.cloud_energy = {};
  second.idle_power = Milliwatts{5};
  second.link->round_trip = {.shape = LatencyShape::Constant, .value = Seconds{0.001}};
  // little: 10 uJ + 1 ms x 5 mW; big: 300 uJ + 1.1 uJ + 7.1 ms x 2 mW
  CHECK(big_little(little(), second, 0.5).energy.count() == Approx(15e6 + 0.5 * (301.1e6 + 14.2e6)));
  CHECK(big_only(little(), second).energy.count() == Approx(300e6));
  CHECK(mean_of(big_only(little(), second).latency).count() == Approx(0.005));
  BigOption same{.name = "same", .where = BigPlace::SameChip, .compute = Seconds{0.05}, .energy = Picojoules{90e6}};
  const auto f = big_little(little(), same, 0.1);
  CHECK(f.energy.count() == Approx(19e6));
  CHECK(mean_of(f.latency).count() == Approx(0.006));
  CHECK(quantile(f.latency, 0.9).count() == Approx(0.001));
  CHECK(quantile(f.latency, 0.91).count() == Approx(0.051));
}

TEST_CASE("the largest share meets its target and no larger one does", "[unit][explore]") {
  BigLittleTargets targets{.deadline = Seconds{0.05}, .energy = Picojoules{40e6}, .percentile = 90};
  const auto at = largest_shares(little(), cloud(), targets);
  // 7.1 ms + round trip <= 50 ms holds for 9, 19, 29, 39 ms: 40 %; so share x 0.6 <= 0.1
  REQUIRE(at.percentile);
  CHECK(*at.percentile == Approx(0.1 / 0.6));
  REQUIRE(at.mean);
  CHECK(*at.mean == Approx(0.049 / 0.0601));
  REQUIRE(at.energy);
  CHECK(*at.energy == Approx(30.0 / 121.3));
  CHECK(*at.all == Approx(0.1 / 0.6));
  const auto slow = [&](double share) {
    return quantile(big_little(little(), cloud(), share).latency, 0.9) > Seconds{0.05};
  };
  CHECK_FALSE(slow(*at.percentile - 1e-9));
  CHECK(slow(*at.percentile + 1e-9));
  targets.deadline = Seconds{0.2};
  CHECK(*largest_shares(little(), cloud(), targets).percentile == 1);
  CHECK(*largest_shares(little(), cloud(), targets).mean == 1);
  targets.deadline = Seconds{0.0009};  // the little one alone is later
  const auto never = largest_shares(little(), cloud(), targets);
  CHECK_FALSE(never.mean);
  CHECK_FALSE(never.percentile);
  CHECK_FALSE(never.all);
  CHECK(never.energy);
  targets = {.deadline = Seconds{0.001}, .energy = {}, .percentile = 99};
  CHECK(*largest_shares(little(), cloud(), targets).mean == 0);
  CHECK(*largest_shares(little(), cloud(), targets).percentile == Approx(0.01));
}

TEST_CASE("the share that goes on follows from classes", "[unit][explore]") {
  CHECK(escalated_share(0.2, 0.95, 0.97) == Approx(0.2 * 0.05 + 0.8 * 0.97));
  CHECK(escalated_share(1, 1, 0.5) == 0);
  CHECK(escalated_share(0, 1, 1) == 1);
}
