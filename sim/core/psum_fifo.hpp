#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/core/engine.hpp"

namespace eyrie::sim {

/// A registered FIFO of psums with one producer and one consumer. Word k may be pushed from pop[k - depth] + 1 on.
class PsumFifo {
 public:
  void reset(std::int32_t depth) {
    depth_ = depth;
    std::uint32_t size = 1;
    while (size < static_cast<std::uint32_t>(2 * depth)) size *= 2;
    if (ring_.size() != size) ring_.resize(size);
    mask_ = size - 1;
    pushed_ = popped_ = 0;
  }
  [[nodiscard]] std::int32_t pushed() const { return pushed_; }
  [[nodiscard]] std::int32_t popped() const { return popped_; }
  [[nodiscard]] bool holds(std::int32_t words) const { return pushed_ - popped_ >= words; }
  [[nodiscard]] bool room_known(std::int32_t words) const { return pushed_ + words - 1 - depth_ < popped_; }
  [[nodiscard]] Time room_at(std::int32_t words) const {
    const auto k = pushed_ + words - 1 - depth_;
    return k < 0 ? kAlways : at(k).popped + 1;
  }
  /// Words in it in a cycle up to which all was run: they can be seen, and were not taken before it.
  [[nodiscard]] std::int32_t waiting(Time cycle) const {
    std::int32_t n = 0;
    for (auto k = std::max(0, pushed_ - depth_ - 1); k < pushed_; ++k)
      n += at(k).visible <= cycle && (k >= popped_ || at(k).popped >= cycle) ? 1 : 0;
    return n;
  }
  void push(Time seen, std::int32_t value) {
    Word& w = at(pushed_++);
    w.visible = seen;
    w.value = value;
  }
  /// When the n-th word from the head (0: the head) can be seen.
  [[nodiscard]] Time visible(std::int32_t n = 0) const { return at(popped_ + n).visible; }
  std::int32_t pop(Time when) {
    Word& w = at(popped_++);
    w.popped = when;
    return w.value;
  }
  WaitSlot filled, emptied;  ///< who waits for a word; who waits for room

 private:
  struct Word {
    Time visible = 0, popped = 0;
    std::int32_t value = 0;
  };
  Word& at(std::int32_t k) { return ring_[static_cast<std::uint32_t>(k) & mask_]; }
  [[nodiscard]] const Word& at(std::int32_t k) const { return ring_[static_cast<std::uint32_t>(k) & mask_]; }
  std::vector<Word> ring_;
  std::uint32_t mask_ = 0;
  std::int32_t depth_ = 0, pushed_ = 0, popped_ = 0;
};

}  // namespace eyrie::sim
