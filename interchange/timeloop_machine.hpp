#pragma once

// Internal to interchange: a Timeloop architecture judged and sized as a machine of Eyrie, before it is written.

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "arch/component.hpp"
#include "interchange/timeloop_nodes.hpp"

namespace eyrie {

/// A buffer of Eyrie with one partition.
struct TimeloopBuffer {
  std::string name;
  std::vector<Operand> tensors;
  std::int64_t bank = 1, banks = 1;  // bytes; number
  std::int64_t read = 1, write = 1;  // words a cycle
  bool twice = false;                ///< double-buffered
  bool bypass = false;               ///< mappings may pass it by
};

/// What an architecture file is written from.
struct TimeloopMachine {
  TimeloopNodes nodes;  ///< its notes grow with what is chosen
  std::string array;
  std::int64_t rows = 1, columns = 1;
  std::array<std::int64_t, 3> bits{16, 16, 16};  ///< of a word of each tensor on the chip; psums for the output
  std::int64_t output_bits = 16;                 ///< of an ofmap word
  std::vector<Spad> spads;
  std::vector<TimeloopBuffer> buffers;
  std::vector<std::string> added;  ///< memories that Timeloop's machine doesn't have
  std::set<std::string> taken;     ///< names

  [[nodiscard]] std::int64_t width(Operand t) const { return bits[static_cast<std::size_t>(t)]; }
  [[nodiscard]] const TimeloopBuffer& buffer(Operand t) const;
  /// A name for a component that Timeloop doesn't have.
  std::string fresh(std::string name);
};

/// Gives each tensor its buffer and its spad. InputError: nodes that are no machine of one array.
TimeloopMachine timeloop_machine(TimeloopNodes);

}  // namespace eyrie
