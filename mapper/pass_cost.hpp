#pragma once

// What the options chosen so far cost at least, and what a whole pass costs: products over three groups of dimensions
// (irrelevant to filters N P Q, to psums C R S, to ifmaps M) and lines of windows.

#include <array>
#include <map>
#include <vector>

#include "dataflows/cycle_bound.hpp"
#include "mapper/assemble.hpp"
#include "mapper/cost.hpp"

namespace eyrie {

using DimOptions = std::array<std::vector<DimOption>, kDims>;

/// The part of a mapping's cost that does not depend on the loops above the array.
struct ArrayCost {
  double energy = 0;  ///< pJ, without what cycles cost
  CycleParts cycles;  ///< link: of what passes by the buffers
};

class PassCost {
 public:
  /// `order` is the order in which dimensions are chosen.
  PassCost(const LayerNest&, const Architecture&, const DataFacts&, const Pricing&, std::array<bool, 3> passes_by,
           const DimOptions&, const std::vector<Dim>& order);

  /// Products over a group: passes, PE parts.
  struct Group {
    double passes = 1, parts = 1;
  };
  /// Options of the first dimensions in order.
  struct Partial {
    std::size_t chosen = 0;
    std::array<const DimOption*, kDims> option{};  ///< by Dim
    std::int64_t columns = 1, rows = 1;
    std::array<Group, 3> group{};  ///< by the Operand that the dimensions are irrelevant to
    double passes = 1, busiest = 1, leaving = 1;
    double reduced = 1;  ///< busiest, over the dimensions that psums are summed along
  };
  [[nodiscard]] Partial start() const { return {}; }
  [[nodiscard]] Partial with(const Partial&, const DimOption&) const;
  /// No mapping with these options costs less.
  [[nodiscard]] MapCost least(const Partial&) const;
  [[nodiscard]] ArrayCost array(const Partial& whole, const PeNestChoice&) const;
  [[nodiscard]] MapCost total(const ArrayCost&, const TileWords&) const;
  [[nodiscard]] static InnerChoice choice(const Partial& whole);
  [[nodiscard]] const std::array<bool, 3>& passes_by() const { return passes_by_; }

 private:
  struct Lines {
    std::int64_t sent = 0, delivered = 0;
  };
  [[nodiscard]] Lines lines(Dim out, Dim tap, const Partial&, const PeNestChoice&) const;
  [[nodiscard]] ArrayCost array_of(const Partial&, double sent_lines, double delivered_lines) const;

  const LayerNest& l_;
  const Architecture& a_;
  std::array<bool, 3> passes_by_;
  WordPrices prices_;
  CycleRates rates_;
  LinkRules rules_;
  std::array<bool, 2> to_each_;  ///< the network of ifmaps, of filters sends a word once for each PE
  double first_;                 ///< passes that read no psums
  std::vector<Dim> order_;
  std::array<Partial, kDims + 1> rest_;  ///< least products over the dimensions from the i-th on
  double inputs_ = 1, weights_ = 0, outputs_ = 1, lines_ = 1, macs_ = 1;
  TileWords least_;
  mutable std::map<std::array<std::int64_t, 14>, Lines> known_lines_;
};

}  // namespace eyrie
