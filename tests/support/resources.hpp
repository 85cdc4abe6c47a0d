#pragma once

// What a machine can have more of. Each changes one figure of an architecture and leaves all else as it is, the mapping
// and the data included.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "arch/architecture.hpp"

namespace eyrie::test {

struct Resource {
  std::string name;                            ///< as in "networks.ifmap_gin.width"
  std::function<void(Architecture&)> more_of;  ///< twice as much, or a latency halved, or a switch thrown
  bool reorders = false;                       ///< outputs may leave after other tiles have come, instead of before
  std::optional<Operand> beats;                ///< words of this tensor go to PEs in wider beats
};

/// Everything that this machine can have more of; switches only where they are off.
std::vector<Resource> resources(const Architecture&);

}  // namespace eyrie::test
