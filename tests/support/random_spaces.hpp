#pragma once

// Random mapspaces small enough to walk through: machines of a few PEs, layers of a few elements, any constraints, any
// prices.

#include "base/random.hpp"
#include "dataflows/dataflow.hpp"
#include "energy/energy_table.hpp"
#include "mapper/search.hpp"

namespace eyrie::test {

/// Few PEs, spads of a few words, buffers of a few banks of two words.
Architecture tiny_machine(Random&);
/// Two to four dimensions of more than one element.
LayerNest tiny_layer(Random&);
Dataflow random_dataflow(Random&);
/// Prices that weigh the levels differently each time.
EnergyTable random_prices(Random&);

/// All that a search is asked about. Does not move: the pricing holds on to the machine and the table.
struct RandomSpace {
  explicit RandomSpace(std::uint64_t seed, bool lockstep = false);
  RandomSpace(const RandomSpace&) = delete;
  RandomSpace& operator=(const RandomSpace&) = delete;
  [[nodiscard]] std::string text() const;  ///< for a failing test

  Random random;
  Architecture machine;
  LayerNest layer;
  Dataflow flow;
  EnergyTable table;
  Space space = Space::Ragged;
  DataFacts facts;
  Pricing pricing;
};

}  // namespace eyrie::test
