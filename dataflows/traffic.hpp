#pragma once

// What a mapping moves, in closed form: words per tensor across each boundary, from sizes of pieces alone. No step of a
// loop is executed.
//
// A tile is loaded where the innermost loop relevant to its tensor goes on. Loops inside of that one, which are all
// irrelevant, leave it in place; loops outside of it bring it again. So with the pieces of each dimension sorted by the
// loop that cut them,
//
//   words = sum over positions L of  [F(up to L) - F(before L)] * N(before L)
//
// where F is the product of words over the dimensions relevant to the tensor, counting pieces cut at L or outside, and
// N the number of pieces into which the loops outside of L cut the irrelevant dimensions. Without remainders there is
// one L and this is the familiar product. Whole nests, PE programs and multicast streams differ only in the pieces.

#include <array>
#include <cstdint>

#include "arch/architecture.hpp"
#include "dataflows/mapping.hpp"

namespace eyrie {

/// Words, by Operand, unless said otherwise. All of a whole layer.
struct Traffic {
  using PerTensor = std::array<std::int64_t, 3>;
  PerTensor tile_words{};                       ///< DRAM to buffer (outputs: psums that come back)
  PerTensor tile_moves{};                       ///< how many tiles those are
  std::int64_t drained = 0, drained_tiles = 0;  ///< outputs to DRAM, psums that will come back included
  std::int64_t bias_words = 0, bias_tiles = 0;  ///< psum words from DRAM where psums start, if the layer has biases
  PerTensor sent{};                             ///< into the delivering networks
  PerTensor delivered{};                        ///< arrivals at PEs
  std::int64_t collected = 0, hops = 0;         ///< psums from the PEs, and from PE to PE
  std::int64_t joins = 0;                       ///< psums added to (or compared with) an incoming one
  std::int64_t handed_on = 0;                   ///< ifmap words that PEs get from neighbours instead of the network
  std::int64_t macs = 0;                        ///< issue slots for MACs, gated or not
  std::int64_t passes = 0;
  std::int64_t pe_passes = 0;       ///< PEs with work, summed over passes
  std::int64_t longest_pe = 0;      ///< issue slots of the busiest PE, summed over passes
  std::int64_t column_steps = 0;    ///< of an array in lockstep: (chain of PEs, step) pairs with a MAC
  std::int64_t chain = 1;           ///< PEs in the longest psum chain
  std::array<bool, 3> passes_by{};  ///< no tile in a buffer: words go straight between DRAM and the network
  std::int64_t input_run = 0;       ///< channels of the largest ifmap tile, which lie side by side; 0: not known
  bool operator==(const Traffic&) const = default;
};

/// Of a legal mapping.
Traffic traffic(const Mapping&, const LayerNest&, const Architecture&);

/// Does the network that delivers a tensor send a word once for each PE that wants it? (`sent` is `delivered` then.)
bool sends_to_each(const Architecture&, Operand);

}  // namespace eyrie
