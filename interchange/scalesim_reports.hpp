#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/units.hpp"

namespace eyrie {

/// Words of a tensor at a memory, and when the first and the last went, where that is known.
struct ScaleSimAccess {
  Words words{};
  std::optional<Cycles> first, last;
};

/// What SCALE-Sim's reports say of a layer. Accesses are of input, weight and output: reads, reads, writes.
struct ScaleSimLayerFigures {
  Cycles cycles{};  ///< all
  Cycles stalls{};  ///< of them, the array waiting for DRAM
  Macs macs{};
  std::int64_t pes = 1;
  std::optional<double> mapping_efficiency;  ///< mean share of PEs with work, 0 to 1
  std::array<ScaleSimAccess, 3> sram, dram;  ///< sram: between the array and the buffers
};

/// The texts of SCALE-Sim v2's three reports.
struct ScaleSimReports {
  std::string compute, bandwidth, detailed;
};

/// COMPUTE_REPORT.csv, BANDWIDTH_REPORT.csv and DETAILED_ACCESS_REPORT.csv with SCALE-Sim v2's header lines: a line a
/// layer, counted from 0, commas at the ends. What isn't known is `-`. Utilizations in percent: overall, MACs over the
/// slots of all cycles; compute, over those of cycles that are no stalls. Bandwidths in words a cycle, DRAM's from the
/// first to the last of its words where both are known, else over all cycles. Source of the form:
/// scalesim-project/scale-sim-v2, scalesim/simulator.py.
ScaleSimReports scalesim_reports(const std::vector<ScaleSimLayerFigures>&);

}  // namespace eyrie
