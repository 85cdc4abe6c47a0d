#pragma once

// When a tensor's next tile may come into its buffer, and when the array may begin on it. Three ways to share a buffer:
// one tile (the next waits until this one is no longer read), two (it comes while this one is used), or a ring, in
// which words of the next come in behind the last read of this one's.

#include <vector>

#include "arch/architecture.hpp"
#include "sim/step_timing.hpp"
#include "sim/transfers.hpp"

namespace eyrie::sim {

class TileGate {
 public:
  TileGate(const Architecture&, Operand);

  /// From when on so many words of the next tile, all or what is new in it, may be asked for.
  [[nodiscard]] Cycles ask(Words fresh) const;
  /// It was asked for: the tile now in use is on its way out.
  void replace(Words tile);
  /// May a pass begin while the words that it sends still come in?
  [[nodiscard]] bool circular() const { return circular_; }
  /// A pass that began at `start` read the tile for the last time so many cycles later; `sent`: its order of reading,
  /// if it sent each word of the tile once.
  void use(Cycles start, Time last_read, const std::vector<SentBy>* sent, double words_a_cycle, Cycles latency);
  /// The tile is in use, or on its way out, until then.
  void free(Cycles at) { free_ = behind_ = at; }
  [[nodiscard]] Cycles freed() const { return free_; }
  /// Can two tiles share the buffer, whole or in part?
  [[nodiscard]] bool buffered() const { return double_buffered_ || circular_; }
  /// Is there room for both the tile in use and another?
  [[nodiscard]] bool room_beside(Words tile) const;

 private:
  bool double_buffered_, circular_;
  std::int64_t capacity_;     ///< words of the partition
  Words words_{};             ///< of the tile in use
  Cycles free_{}, before_{};  ///< when the tile in use, and the one before it, are no longer read
  Cycles behind_{};           ///< when a tile may be asked for whose words come in behind those still read
};

}  // namespace eyrie::sim
