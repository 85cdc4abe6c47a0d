#pragma once

// The bound of CycleModel for many mappings: what depends on the machine alone is worked out once.

#include <array>

#include "dataflows/closed_form.hpp"

namespace eyrie {

/// What may move beside what on a machine.
struct LinkRules {
  explicit LinkRules(const Architecture&);
  std::array<double, 3> alone{};   ///< by Operand: the share of link cycles in which no other tensor can move
  std::array<bool, 3> buffered{};  ///< the next tile may move while the array works on this one
  std::array<bool, 3> ahead{};     ///< its words are sent ahead of passes
  bool shared = true;              ///< one DMA engine for all tensors
};
double cycle_bound(const CycleParts&, const LinkRules&, std::array<bool, 3> passes_by);

/// The bound of CycleModel for many mappings on one machine, of layers of which no MAC is skipped.
class CycleBound {
 public:
  CycleBound(const Architecture&, const DataFacts&);
  [[nodiscard]] Cycles of(const Traffic&) const;

 private:
  CycleRates rates_;
  LinkRules rules_;
};

}  // namespace eyrie
