#pragma once

// Internal to interchange: the nodes of a Timeloop architecture, read and ordered but not yet judged.

#include <optional>
#include <string>
#include <vector>

#include "base/operand.hpp"
#include "base/yaml.hpp"
#include "interchange/timeloop_architecture.hpp"

namespace eyrie {

/// A storage component: rows of `width` bits, words of `word` bits.
struct TimeloopStorage {
  std::string name;
  Place where;
  bool dram = false, register_file = false, inside = false;
  std::optional<std::int64_t> depth;   ///< rows; none: without end
  std::int64_t width = 16, word = 16;  ///< bits
  std::optional<double> read, write;   ///< words a cycle
  std::int64_t buffering = 1;          ///< 2: the next tile comes in while this one is used
  bool free = true;                    ///< what it keeps is left to the mapping
  std::vector<Operand> keeps;          ///< the tensors that its constraints let it keep
};

struct TimeloopNodes {
  std::string name;
  Place where;
  std::vector<TimeloopStorage> storages;  ///< outermost first
  std::vector<TimeloopFanout> fanouts;    ///< outermost first
  std::string mac;
  std::optional<double> technology_nm, cycle_seconds;
  std::vector<std::string> notes;
};

/// The nodes of a document with an `architecture`. What is wrong is added to `wrong`; the rest is still good.
TimeloopNodes read_timeloop_nodes(const YamlDocument&, Diagnostics& wrong);

}  // namespace eyrie
