#pragma once

// Internal to interchange: words and memory levels that Timeloop's files and Eyrie's structs share.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arch/architecture.hpp"
#include "interchange/foreign_map.hpp"

namespace eyrie {

/// Weights, Inputs or Outputs.
std::string_view data_space(Operand);
/// The tensors of a list like [Inputs, Outputs].
std::vector<Operand> operands_of(const ForeignNode&, const std::string& what, Diagnostics&);

/// A memory level, outermost first: the dram, the buffers, the spads, each in the order of the architecture, which is
/// also the order of Timeloop's levels.
struct TimeloopLevel {
  std::string name;
  std::vector<Operand> tensors;  ///< those that it holds
  bool inside = false;           ///< of the PE array
};
std::vector<TimeloopLevel> timeloop_levels(const Architecture&);

}  // namespace eyrie
