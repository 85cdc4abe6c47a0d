#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "sim/pass_sequence.hpp"

namespace eyrie::sim {

/// Lines that run side by side: from the first to the one after the last.
struct LineRun {
  std::int64_t from = 0, to = 0;
};

/// The rows (or columns) of a padded ifmap under a box of the layer's loops, out * stride + tap * dilation, counted
/// from the first of them.
struct LinePattern {
  std::int64_t outs = 0, taps = 0;
  std::vector<char> touched;
  std::vector<LineRun> runs;  ///< ascending
  std::int64_t count = 0;
  [[nodiscard]] bool has(std::int64_t line) const {
    return line >= 0 && line < std::ssize(touched) && touched[static_cast<std::size_t>(line)] != 0;
  }
};

/// What one pattern has that another, which begins `later` lines before it, does not.
struct FreshLines {
  const LinePattern *now = nullptr, *before = nullptr;
  std::int64_t later = 0;
  std::vector<LineRun> runs;
  std::int64_t count = 0;
};

/// The patterns of a layer's rows or columns. Tiles have few shapes, so each is made once.
class LinePatterns {
 public:
  LinePatterns(Dim out, Dim tap, std::int64_t stride, std::int64_t dilation)
      : out_{out}, tap_{tap}, stride_{stride}, dilation_{dilation} {}
  [[nodiscard]] std::int64_t first(const Box& b) const { return b.offset[out_] * stride_ + b.offset[tap_] * dilation_; }
  const LinePattern& of(const Box&);
  const FreshLines& fresh(const Box& now, const Box& before);

 private:
  Dim out_, tap_;
  std::int64_t stride_, dilation_;
  std::deque<LinePattern> known_;  // a deque's elements stay where they are
  std::deque<FreshLines> fresh_;
};

}  // namespace eyrie::sim
