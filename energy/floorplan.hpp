#pragma once

// Where a machine's parts lie, as far as an estimate of wire lengths needs it.

#include <vector>

#include "arch/architecture.hpp"
#include "energy/estimate.hpp"

namespace eyrie {

/// Share of a layout that is cells: DianNao's filler cells are 26.85 % of it (ASPLOS 2014, Table 6).
inline constexpr double kFilled = 1 - 0.2685;

/// A spad as it is built: of flip-flops or, from 128 B up, as a small SRAM where its reads and writes then cost less.
struct SpadBuild {
  const Spad* spad = nullptr;
  Bits width{};
  Bytes bytes{};
  bool registers = true;
  Estimate read, write;  ///< of a word, pJ
};
std::vector<SpadBuild> spads_built(const Parts&, const Architecture&);

/// A PE's counters, as assumed: one for its loop, and one for the addresses of each spad deeper than a word.
std::int64_t counters_of(const PeArray&);

/// Bits that all accesses of a buffer move at once: of its widest partition.
Bits port_of(const Sram&, const Architecture&);

/// Cell areas and the distances that follow from them. Rows of cells are filled as DianNao's layout is: 73 %.
struct Floorplan {
  double pe_um2 = 0, pe_register_bits = 0;
  double pitch_mm = 0;                 ///< of PEs: the architecture's own, else the root of their area
  double width_mm = 0, height_mm = 0;  ///< of the array
  double buffers_mm2 = 0;
  double to_array_mm = 0;  ///< from the middle of the buffers to the array's edge
  double chip_mm = 0;      ///< side of array and buffers as one square
  std::string note;
};
Floorplan floorplan(const Parts&, const Architecture&, const std::vector<SpadBuild>&);

/// Millimetres that a word goes where its network takes it: `once`, however many PEs want it, and `each` to one.
struct Lengths {
  double once = 0, each = 0;
  std::string note;
};
Lengths lengths_of(const Noc&, const Architecture&, const Floorplan&);

}  // namespace eyrie
