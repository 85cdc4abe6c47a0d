#include "interchange/scalesim_reports.hpp"

#include <catch2/catch.hpp>

using namespace eyrie;

namespace {

ScaleSimAccess access(std::int64_t words, std::int64_t first, std::int64_t last) {
  return {.words = Words{words}, .first = Cycles{first}, .last = Cycles{last}};
}

const std::string kCompute =
    "LayerID, Total Cycles, Stall Cycles, Overall Util %, Mapping Efficiency %, Compute Util %,\n";
const std::string kBandwidth =
    "LayerID, Avg IFMAP SRAM BW, Avg FILTER SRAM BW, Avg OFMAP SRAM BW, Avg IFMAP DRAM BW, Avg FILTER DRAM BW, Avg "
    "OFMAP DRAM BW,\n";
const std::string kDetailed =
    "LayerID, SRAM IFMAP Start Cycle, SRAM IFMAP Stop Cycle, SRAM IFMAP Reads, SRAM Filter Start Cycle, SRAM Filter "
    "Stop Cycle, SRAM Filter Reads, SRAM OFMAP Start Cycle, SRAM OFMAP Stop Cycle, SRAM OFMAP Writes, DRAM IFMAP Start "
    "Cycle, DRAM IFMAP Stop Cycle, DRAM IFMAP Reads, DRAM Filter Start Cycle, DRAM Filter Stop Cycle, DRAM Filter "
    "Reads, DRAM OFMAP Start Cycle, DRAM OFMAP Stop Cycle, DRAM OFMAP Writes,\n";

}  // namespace

// The figures are those of SCALE-Sim v2's regression test, test/general/golden_trace_user_ws: with them the reports are
// its files, but for the compute utilization (it takes folds to last columns - 1 cycles longer there than in the total)
// and for cycles without a point.
TEST_CASE("reports have SCALE-Sim's lines and numbers", "[unit][interchange]") {
  const ScaleSimLayerFigures l{
      .cycles = Cycles{52447},
      .stalls = Cycles{41248},
      .macs = Macs{256 * 256 * 128},
      .pes = 1024,
      .mapping_efficiency = 1.0,
      .sram = {access(262144, 33, 52417), access(32768, 1, 52130), access(262144, 63, 52447)},
      .dram = {access(524320, -3277, 49169), access(32770, -3277, -1), access(262175, 11831, 55725)}};
  const auto r = scalesim_reports({l});
  CHECK(r.compute == kCompute + "0, 52447, 41248, 15.619577859553454, 100.0, 73.14938833824449,\n");
  CHECK(r.bandwidth == kBandwidth +
                           "0, 4.9982649150571055, 0.6247831143821382, 4.9982649150571055, 9.997139969874349, 10.0, "
                           "5.972775942590272,\n");
  CHECK(r.detailed == kDetailed +
                          "0, 33, 52417, 262144, 1, 52130, 32768, 63, 52447, 262144, -3277, 49169, 524320, -3277, -1, "
                          "32770, 11831, 55725, 262175,\n");
}

TEST_CASE("what isn't known has a dash, and DRAM's bandwidth is over all cycles", "[unit][interchange]") {
  ScaleSimLayerFigures l{
      .cycles = Cycles{100}, .stalls = Cycles{50}, .macs = Macs{200}, .pes = 4, .sram = {}, .dram = {}};
  l.sram[0].words = Words{25};
  l.dram[2].words = Words{400};
  const auto r = scalesim_reports({{}, l});
  CHECK(r.compute == kCompute + "0, 0, 0, 0.0, -, 0.0,\n1, 100, 50, 50.0, -, 100.0,\n");
  CHECK(r.bandwidth == kBandwidth + "0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,\n1, 0.25, 0.0, 0.0, 0.0, 0.0, 4.0,\n");
  CHECK(r.detailed == kDetailed + "0, -, -, 0, -, -, 0, -, -, 0, -, -, 0, -, -, 0, -, -, 0,\n" +
                          "1, -, -, 25, -, -, 0, -, -, 0, -, -, 0, -, -, 0, -, -, 400,\n");
}

TEST_CASE("a run without layers has headers only", "[unit][interchange]") {
  const auto r = scalesim_reports({});
  CHECK(r.compute == kCompute);
  CHECK(r.bandwidth == kBandwidth);
  CHECK(r.detailed == kDetailed);
}
