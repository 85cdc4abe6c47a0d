#pragma once

#include "energy/estimate.hpp"

namespace eyrie {

/// Adds a machine's areas to its table: each component's own capacity, width, operands and FIFOs, of figures of parts.
/// What no figure is of becomes an `AreaGap`, or its component has no area; docs/area.md says how each is derived. More
/// PEs, deeper spads and FIFOs, larger buffers and wider words never take less. InputError without a place for a buffer
/// that no macro is near.
void derive_areas(const Parts&, const Architecture&, EnergyTable&);

}  // namespace eyrie
