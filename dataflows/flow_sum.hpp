#pragma once

// Internal to dataflows: the sum at the head of traffic.hpp, term by term, as products with labels.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "dataflows/explain.hpp"
#include "dataflows/nest_pieces.hpp"

namespace eyrie {

/// Alike pieces of one dimension, or windows of two: `count` times `each` words, less what is `kept` in place.
struct FlowShare {
  int position = -1;  ///< of the innermost loop that cut them from others
  std::int64_t count = 1, each = 1, kept = 0;
  std::ptrdiff_t group = 0;  ///< shares of a group are parts of the same window
  [[nodiscard]] std::int64_t words() const { return count * (each - kept); }
};

/// A dimension relevant to a tensor, or the two of a window.
struct FlowSide {
  std::string label;
  std::vector<FlowShare> shares;
  std::string windows;  ///< what the pieces of a window are called; empty: no window
};

/// A dimension irrelevant to a tensor, whose loops bring the same words again: factors for those outside of a position.
using FlowRepeat = std::function<std::vector<Factor>(int position)>;

/// One product for each position that brings words.
std::vector<Product> flow_sum(const std::vector<FlowSide>&, const std::vector<FlowRepeat>&);

/// The sides of plain pieces and of windows.
FlowSide plain_side(Dim, const Pieces&);
FlowSide window_side(bool rows, const Pieces& out, const Pieces& tap, std::int64_t stride, std::int64_t dilation);
/// Lines that a multicast network sends once, pass by pass.
FlowSide sent_side(bool rows, const WindowSide& out, const WindowSide& tap, std::int64_t stride, std::int64_t dilation);

/// "M 384 by 64, 16": an extent and the steps of its loops.
std::string by_steps(Dim, std::int64_t extent, const std::vector<std::int64_t>& steps);
/// Those of `loops` outside of a position.
std::vector<Cut> outside(const std::vector<Cut>& loops, int position);
std::vector<std::int64_t> steps_of(const std::vector<Cut>& loops);

}  // namespace eyrie
