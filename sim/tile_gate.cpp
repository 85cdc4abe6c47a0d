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

Cycles TileGate::ask(Words fresh) const {
  if (!buffered()) return free_;
  return room_beside(fresh) ? before_ : std::max(before_, behind_);
}

void TileGate::replace(Words tile) {
  before_ = free_;
  words_ = tile;
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
