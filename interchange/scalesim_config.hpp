#pragma once

// SCALE-Sim's configuration: an INI file. Versions 1 to 3 differ in a few keys (docs/scalesim.md).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.hpp"
#include "dataflows/systolic_model.hpp"

namespace eyrie {

/// What a SCALE-Sim configuration says.
struct ScaleSimConfig {
  std::string run_name;
  std::int64_t rows = 1, columns = 1;  ///< ArrayHeight, ArrayWidth
  Bytes ifmap{}, filter{}, ofmap{};    ///< the three SRAMs, both halves of each
  Stationary stationary = Stationary::Output;
  std::optional<WordsPerCycle> bandwidth;  ///< to DRAM, with InterfaceBandwidth USER; none with CALC
  std::vector<std::string> notes;          ///< which keys were not read
};

/// Reads the text of a configuration; `name` stands in the places. All that is wrong is one InputError: the form of the
/// file, unknown and missing keys, values, and what is asked for that no machine here does (sparsity, layouts, memory
/// maps).
ScaleSimConfig read_scalesim_config(std::string_view text, const std::string& name);

}  // namespace eyrie
