#pragma once

// What an answer of the search claims, and what traffic costs at least: the two sides of every comparison made when an
// answer is checked.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "mapper/search.hpp"

namespace eyrie {

/// What would refute an answer.
class Claim {
 public:
  Claim(const MapQuestion&, const MapAnswer&);
  /// Would a mapping of this cost refute the answer? If not, neither does one that costs more energy and cycles.
  [[nodiscard]] bool refuted_by(const MapCost&) const;

 private:
  [[nodiscard]] bool in_front(const MapCost&) const;
  Objective objective_;
  std::optional<Cycles> limit_;
  std::optional<double> best_, below_;
  std::vector<MapCost> front_;  ///< by rising energy, cycles falling
};

/// Prices traffic fast. Words on chip cost the same each, found by pricing many of one kind; words to and from DRAM are
/// priced as they come, since bytes of coded words are rounded. Both only grow with words, and so does the cycle bound.
class TrafficPrice {
 public:
  TrafficPrice(const LayerNest&, const Architecture&, const DataFacts&, const Pricing&, std::array<bool, 3> passes_by);
  /// What `map_cost` says, but for rounding; at most that where neighbours hand words on or columns are summed.
  [[nodiscard]] MapCost of(const Traffic&) const;

 private:
  [[nodiscard]] double energy_of(const Traffic&) const;
  [[nodiscard]] double dram(std::size_t t, std::int64_t words) const;
  [[nodiscard]] Cycles cycles_of(const Traffic&) const;

  const LayerNest& l_;
  const Architecture& a_;
  DataFacts facts_;
  const Pricing& pricing_;
  Traffic none_;
  CycleRates rates_;
  double base_ = 0, cycle_ = 0, collected_ = 0, hop_ = 0, join_ = 0, column_step_ = 0, handed_on_ = 0;
  std::array<double, 3> sent_{}, delivered_{};
  mutable std::array<std::map<std::int64_t, double>, 3> dram_;
};

}  // namespace eyrie
