#pragma once

#include <span>
#include <vector>

#include "dataflows/action_counter.hpp"
#include "energy/energy_table.hpp"

namespace eyrie {

/// Prices of the rows of an ActionCounter, so that the energy of one mapping after the other is a product of vectors.
/// Refers to architecture and table.
class PriceVector {
 public:
  /// InputError if time has no price.
  PriceVector(const std::vector<ActionCount>& rows, const Architecture&, const EnergyTable&);
  /// To the last bit `unrounded_energy` where the active PEs are not known. InputError at the first row with words
  /// that has no price.
  [[nodiscard]] Picojoules total(std::span<const Count>, Cycles) const;

 private:
  struct Unit {
    Picojoules energy{};
    double factor = 1, each = 1, divisor = 1;  ///< units are count x each / divisor
    bool by_bytes = false, known = true, slots = false;
    const Price* row = nullptr;  ///< of DRAM: what opening a row costs
  };
  struct OfTime {
    Picojoules energy{};
    Per per = Per::Cycle;
  };
  void refuse(std::size_t row, const Count&) const;

  std::vector<ActionCount> keys_;
  const Architecture* architecture_;
  const EnergyTable* table_;
  double buffer_kib_ = 0;
  std::vector<Unit> prices_;
  std::vector<OfTime> time_;
};

}  // namespace eyrie
