#pragma once

// Columns that every machine has: what a component did with a tensor's words, and how much of a buffer a tile takes.
//
//   words.dram.weight.read    bytes.dram.output.write    kib.dram.output.write    buffer_kib.input

#include <string>
#include <string_view>

#include "app/validate/measure.hpp"

namespace eyrie {

inline constexpr std::string_view kCountRemedy =
    "; or write words.COMPONENT.TENSOR.ACTION, bytes..., kib... or buffer_kib.TENSOR";

/// Is it a part of the machine, as counts and energies name it?
bool has_component(const PreparedExperiment&, std::string_view name);

/// Is it such a column, and does the machine have that component?
bool known_count(std::string_view column, const PreparedExperiment&);

/// Such a column of all layers together: tiles have none.
std::optional<MeasuredExperiment::Wrong> wrong_total(std::string_view column);

/// Its value. `layer` is null for all of them together, which have counts and no tiles.
Measured read_count(std::string_view column, const ActionCounts&, const PlannedLayer* layer, const PreparedExperiment&,
                    const std::string& origin);

}  // namespace eyrie
