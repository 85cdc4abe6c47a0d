#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "arch/architecture.hpp"
#include "base/yaml.hpp"

namespace eyrie {

/// A level of a Timeloop machine below which there are several instances: meshX columns, meshY rows.
struct TimeloopFanout {
  std::string name;
  std::int64_t columns = 1, rows = 1;
  bool operator==(const TimeloopFanout&) const = default;
};

/// A Timeloop machine as Eyrie sees it.
struct TimeloopArchitecture {
  Architecture architecture;            ///< checked
  std::string yaml;                     ///< the same as an Eyrie architecture file, its notes as comments
  std::vector<TimeloopFanout> fanouts;  ///< outermost first, for the reading and writing of mappings
  std::vector<std::string> added;       ///< memories that only Eyrie's machine has
  std::vector<std::string> notes;       ///< what Timeloop doesn't say and was chosen, or says and was left out
};

/// Reads a Timeloop v4 architecture of one DRAM, buffers outside of one PE array, a scratch pad for each tensor inside
/// it, and one integer MAC. Sizes in rows and bits as Timeloop has them, bandwidths in words a cycle.
///
/// Each tensor is held by one buffer and one spad. A tensor that bypasses all buffers gets a staging buffer as large as
/// all its spads, one that bypasses all spads a register of one word; then its traffic is as in Timeloop. All defaults
/// are listed in docs/timeloop.md and, when used, in `notes`.
///
/// InputError: another version, classes and keys that aren't known, sizes that are missing, a tensor in two buffers or
/// two spads, a spad for several tensors, memories or fan-outs in an order that is no PE array.
/// Source: Timeloop v4 documentation, "Architecture"; the exercises repository's `eyeriss_like` design.
TimeloopArchitecture read_timeloop_architecture(const YamlDocument&);

}  // namespace eyrie
