#pragma once

#include <string>
#include <utility>
#include <vector>

#include "energy/energy_table.hpp"
#include "energy/interval.hpp"
#include "energy/price.hpp"

namespace eyrie {

/// Which energy of a report is meant.
enum class Scope : std::uint8_t { WithDram, Chip, Dram };

/// What a line's figure can be trusted for: a price at another width than it was quoted for is derived at best.
Confidence confidence_of(const EnergyLine&, const EnergyTable&);

/// The factor within which a line's figure is known: that of its price, and no less than a derived one's if it was
/// scaled to another width.
double width_of(const EnergyLine&, const EnergyTable&);

/// The energy within its interval, in pJ: prices of one source are wrong together, sources apart (`SumOfSources`). The
/// table's known sums hold for the part of their source. Counts are exact and add nothing.
Interval interval_of(const EnergyReport&, const EnergyTable&, Scope = Scope::WithDram);

/// Energy by the confidence of what it was priced with, in the order of confidences; those of nothing are left out.
std::vector<std::pair<Confidence, Picojoules>> by_confidence(const EnergyReport&, const EnergyTable&);

/// One source of prices: what was charged by it and where that lies.
struct SourceShare {
  std::string source;
  Picojoules energy{};
  Interval interval;  ///< pJ
};
/// Most energy first.
std::vector<SourceShare> by_source(const EnergyReport&, const EnergyTable&);

}  // namespace eyrie
