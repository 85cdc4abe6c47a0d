#pragma once

// What a mapping costs, put together from parts: energy is linear in words, the cycle bound a maximum of sums.

#include <array>
#include <functional>

#include "arch/architecture.hpp"
#include "dataflows/action_counts.hpp"
#include "dataflows/closed_form.hpp"
#include "workloads/nest.hpp"

namespace eyrie {

/// Prices of counts and of the cycles that they take. Linear in both; the mapper gets it as a value, from whoever knows
/// an energy table.
using Pricing = std::function<Picojoules(const ActionCounts&, Cycles)>;

/// Energy and cycles of one layer under one mapping: what objectives are made of.
struct MapCost {
  Picojoules energy{};  ///< of the counts in closed form, and of the cycle bound
  Cycles cycles{};      ///< no simulation takes fewer (CycleModel::bound)
  bool operator==(const MapCost&) const = default;
};

/// Energy per unit of each part of Traffic, in pJ, found by pricing one part at a time.
struct WordPrices {
  double base = 0;                    ///< what every mapping pays: MACs, spad accesses, finished ofmap words
  std::array<double, 3> tile{};       ///< a word of a tile brought from DRAM; for outputs a psum that comes back
  double drained = 0;                 ///< an output word beyond the first time it leaves
  std::array<double, 3> sent{};       ///< a word into its delivering network, with what precedes it
  std::array<double, 3> delivered{};  ///< a word arriving at a PE, with its spad
  double collected = 0, hop = 0, join = 0, column_step = 0;
  double handed_on = 0;  ///< an ifmap word from a neighbour instead of the network
  double cycle = 0;
};

/// Prices for a layer whose tensors `passes_by` say go past the buffers.
WordPrices word_prices(const Pricing&, const LayerNest&, const Architecture&, const DataFacts&,
                       std::array<bool, 3> passes_by);

/// Cost of traffic, biases left out: they come with the outputs' tiles, a word a channel, and are no reason to choose.
MapCost map_cost(const Traffic&, const LayerNest&, const Architecture&, const DataFacts&, const Pricing&);

}  // namespace eyrie
