#pragma once

// Lines of an ifmap (rows, or columns) under windows that neighbouring PEs share: the words that a multicast network
// sends once.

#include <cstdint>
#include <span>
#include <vector>

#include "dataflows/pieces.hpp"

namespace eyrie {

/// One PE's part of a dimension of a pass.
struct Part {
  std::int64_t offset = 0, extent = 1;
};
/// The parts into which nested spatial loops with these steps, outermost first, spread an extent.
std::vector<Part> parts(std::int64_t extent, std::span<const std::int64_t> steps);
inline std::vector<Part> parts(std::int64_t extent, const std::vector<std::int64_t>& steps) {
  return parts(extent, std::span<const std::int64_t>{steps});
}

/// One of a window's two dimensions, output or filter: its pieces in all passes, the steps of its spatial loops, and
/// the loops inside a PE that stand above the keep of ifmap words.
struct WindowSide {
  Pieces passes;
  std::vector<std::int64_t> steps;
  std::vector<Cut> loops;
};

/// The same of one pass.
struct PassSide {
  std::int64_t extent = 1;
  std::span<const std::int64_t> steps;
  std::span<const Cut> loops;
};

/// Lines that leave the buffer in one pass: what PEs want in the same batch of loads counted once.
Histogram window_sent(const PassSide& out, const PassSide& tap, std::int64_t stride, std::int64_t dilation);
/// Lines that leave the buffer: of all passes, what PEs want in the same batch of loads counted once. By position of
/// the innermost loop that cut them from others, as in `window_histogram`.
Histogram window_sent(const WindowSide& out, const WindowSide& tap, std::int64_t stride, std::int64_t dilation);
/// Lines that arrive at PEs.
Histogram window_delivered(const WindowSide& out, const WindowSide& tap, std::int64_t stride, std::int64_t dilation);

}  // namespace eyrie
