// Numbers worked out by hand.

#include "report/targets.hpp"

#include <catch2/catch.hpp>

#include "base/yaml.hpp"
#include "report/experiment_result.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

/// 2 inferences in 10 ms with 40 uJ on the chip and 60 uJ in DRAM; 10 M MACs.
ExperimentResult two_inferences() {
  ExperimentResult r{.architecture = test::eyeriss(),
                     .workload = "net",
                     .workload_title = {},
                     .batch = 2,
                     .network_macs = {},
                     .settings = {},
                     .table = {},
                     .layers = {},
                     .left_out = {},
                     .totals = {},
                     .targets = {},
                     .baselines = {},
                     .battery = {},
                     .host = {}};
  r.totals.core_hz = 1e6;
  r.totals.cycles = Cycles{10'000};
  r.totals.macs = Macs{10'000'000};
  r.totals.energy.total = Picojoules{100e6};
  r.totals.energy.dram = Picojoules{60e6};
  return r;
}

Targets all_targets() {
  Targets t;
  t.tops_per_w = 0.4;
  t.latency_ms = 8;
  t.energy_per_inference_uj = 100;
  t.inferences_per_s = 200;
  t.power_mw = 5;
  return t;
}

Battery coin_cell() {
  Battery b;
  b.capacity_mah = 100;
  b.voltage = Volts{2.5};
  b.idle_power = Milliwatts{0.5};
  return b;
}

}  // namespace

// 20 M ops / 100 uJ = 0.2 TOP/s/W, half of 0.4. 10 ms, 2 of 8 too many. 50 of 100 uJ. 2 / 10 ms = 200. 100 uJ / 10 ms.
TEST_CASE("targets are judged with their margins", "[unit][report]") {
  const auto v = judge(all_targets(), two_inferences());
  REQUIRE(v.size() == 5);
  const std::vector<double> figures{0.2, 10, 50, 200, 10}, margins{-0.5, -0.25, 0.5, 0, -1};
  for (std::size_t i = 0; i < v.size(); ++i) {
    CHECK(v[i].ours == Approx(figures[i]).epsilon(1e-12));
    CHECK(v[i].margin == Approx(margins[i]).margin(1e-12));
    CHECK(v[i].met == (i == 2 || i == 3));
  }
  CHECK(to_text(v[0]) == "tops_per_w: 0.2 TOP/W with DRAM, at least 0.4 wanted, missed by 50.0 %");
  CHECK(to_text(v[1]) == "latency_ms: 10 ms, at most 8 wanted, missed by 25.0 %");
  CHECK(to_text(v[2]) == "energy_per_inference_uj: 50 uJ with DRAM, at most 100 wanted, met by 50.0 %");
}

// 20 M ops / 40 uJ = 0.5 TOP/s/W; 40 uJ / 2; 40 uJ / 10 ms.
TEST_CASE("targets of the chip leave DRAM out", "[unit][report]") {
  auto t = all_targets();
  t.basis = Basis::Chip;
  const auto v = judge(t, two_inferences());
  CHECK(v[0].ours == Approx(0.5).epsilon(1e-12));
  CHECK(v[2].ours == Approx(20).epsilon(1e-12));
  CHECK(v[4].ours == Approx(4).epsilon(1e-12));
  CHECK(v[0].met);
  CHECK(v[4].met);
  CHECK(v[0].basis == "chip only");
  CHECK(v[1].basis == "time");
}

TEST_CASE("a run that is stuck or empty meets no target", "[unit][report]") {
  auto stuck = two_inferences();
  stuck.layers.emplace_back();
  stuck.layers.back().deadlock = Deadlock{Cycles{5}, "a waits for b"};
  auto empty = two_inferences();
  empty.totals.cycles = Cycles{0};
  for (const auto* r : {&stuck, &empty}) {
    for (const auto& v : judge(all_targets(), *r)) CHECK_FALSE(v.met);
    CHECK_FALSE(life_of(coin_cell(), *r));
  }
  CHECK(to_text(judge(all_targets(), stuck)[2]) ==
        "energy_per_inference_uj: 50 uJ with DRAM, at most 100 wanted, missed: the run is not complete");
}

// 100 mAh x 3.6 x 2.5 V = 900 J. 72'000 inferences of 5 ms are a tenth of an hour: 0.1 x 10 mW + 0.9 x 0.5 mW = 1.45
// mW; 900 J / 1.45 mW = 620'690 s.
TEST_CASE("a battery lasts as long as average power lets it", "[unit][report]") {
  auto battery = coin_cell();
  battery.inferences_per_hour = 72'000;
  const auto life = life_of(battery, two_inferences());
  REQUIRE(life);
  CHECK(life->energy_j == Approx(900).epsilon(1e-12));
  CHECK(life->most_per_hour == Approx(720'000).epsilon(1e-12));
  CHECK(life->duty == Approx(0.1).epsilon(1e-12));
  CHECK(life->average_power_mw == Approx(1.45).epsilon(1e-12));
  CHECK(life->hours == Approx(900 / 1.45e-3 / 3600).epsilon(1e-12));
  CHECK(life->inferences == Approx(72'000 * 900 / 1.45e-3 / 3600).epsilon(1e-12));
  CHECK(to_text(*life) ==
        "battery of 100 mAh at 2.5 V: 172.4 h = 7.184 days; 1.45 mW on average, 7.2e+04 inferences an hour with DRAM, "
        "idle at 0.5 mW");

  battery.inferences_per_hour.reset();
  battery.duty = 0.1;
  CHECK(life_of(battery, two_inferences())->hours == Approx(life->hours).epsilon(1e-12));
  battery.basis = Basis::Chip;  // 0.1 x 4 + 0.45
  CHECK(life_of(battery, two_inferences())->average_power_mw == Approx(0.85).epsilon(1e-12));
}

TEST_CASE("more inferences than the machine can do have no battery life", "[unit][report]") {
  auto battery = coin_cell();
  battery.inferences_per_hour = 720'001;
  const auto life = life_of(battery, two_inferences());
  REQUIRE(life);
  CHECK_FALSE(life->possible());
  CHECK(life->hours == 0);
  CHECK(to_text(*life) ==
        "battery of 100 mAh at 2.5 V: 720001 inferences an hour are more than the 7.2e+05 that this machine can do");
  battery.inferences_per_hour = 0;
  battery.idle_power = Milliwatts{0};
  CHECK(to_text(*life_of(battery, two_inferences())) == "battery of 100 mAh at 2.5 V: nothing draws from it");
}

TEST_CASE("metrics of an inference follow from energy and time", "[unit][report]") {
  const auto r = two_inferences();
  const auto all = r.totals.energy.total, chip = r.totals.energy.on_chip();
  CHECK(r.inferences_per_j(all) == Approx(20'000).epsilon(1e-12));
  CHECK(r.inferences_per_j(chip) == Approx(50'000).epsilon(1e-12));
  CHECK(r.totals.energy_per_op_pj(all) == Approx(5).epsilon(1e-12));
  CHECK(r.totals.energy_per_op_pj(chip) == Approx(2).epsilon(1e-12));
  CHECK(r.totals.energy_delay_j_s(all) == Approx(100e-6 * 10e-3).epsilon(1e-12));
  CHECK(r.energy_delay_per_inference_j_s() == Approx(50e-6 * 5e-3).epsilon(1e-12));
  CHECK(r.energy_per_inference_uj(chip) == Approx(20).epsilon(1e-12));
  CHECK(r.hungriest() == nullptr);
}
