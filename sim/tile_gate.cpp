#include "sim/tile_gate.hpp"

#include <algorithm>
#include <cmath>

namespace eyrie::sim {

TileGate::TileGate(const Architecture& a, Operand t)
    : double_buffered_{a.partition(t)->double_buffered},
      circular_{a.partition(t)->circular},
      capacity_{a.partition(t)->banks * (a.buffer(t)->bank.count() * 8 / a.width(t).count())} {}

bool TileGate::room_beside(Words tile) const {
  return double_buffered_ || (circular_ && words_.count() + tile.count() <= capacity_);
}

Cycles TileGate::ask(Words tile) const {
  if (!buffered()) return free_;
  return room_beside(tile) ? before_ : std::max(before_, behind_);
}

void TileGate::replace(Words tile) {
  before_ = free_;
  words_ = tile;
}

/// In a ring the array need not wait for the whole tile: each group of words has to be there when it is sent.
Cycles TileGate::begin(const Transfer& move, const std::vector<SentBy>* sent) const {
  if (!circular_ || !sent || sent->empty() || move.to <= move.data) return move.to;
  const auto words = sent->back().words, data = (move.to - move.data).count();
  Cycles start{};
  for (const auto& s : *sent)
    start = std::max(start, move.data + Cycles{ceil_div(s.words * data, words)} - Cycles{s.cycle});
  return std::min(start, move.to);
}

void TileGate::use(Cycles start, Time last_read, const std::vector<SentBy>* sent, double words_a_cycle,
                   Cycles latency) {
  free_ = behind_ = start + Cycles{last_read};
  if (!circular_ || !sent) return;
  behind_ = Cycles{};
  std::int64_t before = 0;
  for (const auto& s : *sent) {
    const auto ahead = latency + Cycles{static_cast<std::int64_t>(static_cast<double>(before) / words_a_cycle)};
    behind_ = std::max(behind_, start + Cycles{s.cycle + 1} - ahead);
    before = s.words;
  }
  behind_ = std::min(behind_, free_);
}

}  // namespace eyrie::sim
