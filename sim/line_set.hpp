#pragma once

#include <cstdint>
#include <vector>

#include "sim/pass_sequence.hpp"

namespace eyrie::sim {

/// Lines of a padded ifmap that run side by side: first to last, the one after the last.
struct LineRun {
  std::int64_t from = 0, to = 0;
};

/// The rows (or columns) of a padded ifmap that a box of the layer's loops touches: out * stride + tap * dilation.
class LineSet {
 public:
  LineSet(const Box&, Dim out, Dim tap, std::int64_t stride, std::int64_t dilation);
  static LineSet rows(const Box&, const LayerNest&);
  static LineSet columns(const Box&, const LayerNest&);

  [[nodiscard]] std::int64_t first() const { return first_; }
  [[nodiscard]] std::int64_t count() const;
  [[nodiscard]] bool contains(std::int64_t line) const {
    const auto at = line - first_;
    return at >= 0 && at < static_cast<std::int64_t>(touched_.size()) && touched_[static_cast<std::size_t>(at)] != 0;
  }
  /// Ascending.
  [[nodiscard]] std::vector<LineRun> runs() const;
  [[nodiscard]] LineSet without(const LineSet&) const;

 private:
  std::int64_t first_ = 0;
  std::vector<char> touched_;  ///< from first_ on
};

/// Words of the ifmap under `tile` that are not under `before`, of as many channels and images.
Words new_words(const LayerNest&, const Box& tile, const Box& before);

}  // namespace eyrie::sim
