#include <catch2/catch.hpp>

#include "interchange/timeloop_stats.hpp"

using namespace eyrie;

TEST_CASE("a summary has Timeloop's lines and numbers", "[unit][interchange]") {
  // The numbers of Timeloop's own run of a small output-stationary design: 16 MACs a cycle on 256 PEs.
  const TimeloopStats s{.cycles = Cycles{677376},
                        .utilization = 0.0625,
                        .macs = Macs{10838016},
                        .outputs = Words{401408},
                        .energy = {{"mac", Picojoules{3413975.04}}, {"shared_glb", Picojoules{12733880.45}}}};
  CHECK(timeloop_stats_text(s) ==
        "Summary Stats\n"
        "-------------\n"
        "GFLOPs (@1GHz): 31.41\n"
        "Utilization: 6.25%\n"
        "Cycles: 677376\n"
        "Energy: 16.15 uJ\n"
        "EDP(J*cycle): 1.09e+01\n"
        "\n"
        "Computes = 10838016\n"
        "pJ/Compute\n"
        "    mac        = 0.32\n"
        "    shared_glb = 1.17\n"
        "    Total      = 1.49\n");
}

TEST_CASE("a run of nothing has zeros, not infinities", "[unit][interchange]") {
  CHECK(timeloop_stats_text({}) ==
        "Summary Stats\n-------------\nGFLOPs (@1GHz): 0.00\nUtilization: 0.00%\nCycles: 0\nEnergy: 0.00 uJ\n"
        "EDP(J*cycle): 0.00e+00\n\nComputes = 0\npJ/Compute\n    Total = 0.00\n");
}
