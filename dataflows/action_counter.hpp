#pragma once

// Action counts of many mappings of one layer, as numbers without names: the rows are the same for all.

#include <array>
#include <span>
#include <vector>

#include "arch/architecture.hpp"
#include "dataflows/closed_form.hpp"

namespace eyrie {

/// Words and bytes of one row.
struct Count {
  Words words{};
  Bytes bytes{};
  bool operator==(const Count&) const = default;
};

/// Do words of a tensor travel coded between DRAM and their buffer?
bool travels_coded(const Architecture&, Operand, const DataFacts&);

/// What counts of a layer are made with. Refers to the architecture.
struct CountedParts {
  CountedParts(const LayerNest&, const Architecture&, const DataFacts&);
  DataFacts facts;
  const Architecture* architecture;
  std::array<const Sram*, 3> buffer{};  ///< by Operand, as all that follows
  std::array<const Spad*, 3> spad{};
  std::array<const Noc*, 3> deliver{}, forward{};  ///< forward: null where there is none
  std::array<bool, 3> coded{};
  std::array<Bits, 3> width{};
  const Noc* collect;
  std::int64_t finished;  ///< ofmap words
  ZeroSlots zeros;        ///< MACs with a zero operand
  bool weights, lockstep;
  Reduction reduction;
};

/// Refers to the architecture.
class ActionCounter {
 public:
  ActionCounter(const LayerNest&, const Architecture&, const DataFacts&);
  /// What each number is of, in the order of ActionCounts; words and bytes are zero.
  [[nodiscard]] const std::vector<ActionCount>& rows() const { return rows_; }
  /// The same words and bytes as `action_counts`, which leaves rows of zero out. As many as there are rows.
  void count(const Traffic&, std::span<Count>) const;

 private:
  CountedParts parts_;
  std::vector<ActionCount> rows_;
  std::vector<std::size_t> numbers_;  ///< of the rows in the order in which they are counted
};

}  // namespace eyrie
