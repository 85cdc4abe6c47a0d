#include "sim/noc/wiring.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "base/ensure.hpp"

namespace eyrie::sim {

std::int64_t Wiring::pitches(std::span<const PePlace> takers) const {
  std::set<std::int64_t> rows;
  std::set<PePlace> passed;  // by the routes of a mesh; each link enters one PE
  std::int64_t each = 0;
  for (const auto& [row, column] : takers) {
    rows.insert(row);
    each += 1 + row + column;
    if (kind_ != NocKind::Mesh) continue;
    for (std::int64_t x = 0; x <= column; ++x) passed.insert({0, x});
    for (std::int64_t y = 1; y <= row; ++y) passed.insert({y, column});
  }
  switch (kind_) {
    case NocKind::Bus:
    case NocKind::Broadcast:
      return rows_ + rows_ * columns_;
    case NocKind::Multicast:
      return rows_ + std::ssize(rows) * columns_;
    case NocKind::Unicast:
      return each;
    case NocKind::Mesh:
      return std::ssize(passed);
    case NocKind::Systolic:
      return lines(takers);
    case NocKind::Links:
    case NocKind::AdderTree:
      break;
  }
  throw InternalError("a network between a port and PEs is of a kind that its check would have refused");
}

std::int64_t Wiring::lines(std::span<const PePlace> takers) const {
  std::map<std::int64_t, std::int64_t> length;  // by line
  for (const auto& [row, column] : takers) {
    auto& to = length[edge_ == Edge::Left ? row : column];
    to = std::max(to, edge_ == Edge::Left ? 1 + column : edge_ == Edge::Top ? 1 + row : rows_ - row);
  }
  std::int64_t all = 0;
  for (const auto& [line, to] : length) all += to;
  return all;
}

std::int64_t handed_on_pitches(std::vector<PePlace> takers) {
  std::ranges::sort(takers);
  std::int64_t all = 0;
  PePlace first = takers.front();  // of the row
  for (std::size_t i = 1; i < takers.size(); ++i) {
    const bool same_row = takers[i].first == takers[i - 1].first;
    const PePlace from = same_row ? takers[i - 1] : first;
    all += takers[i].first - from.first + std::abs(takers[i].second - from.second);
    if (!same_row) first = takers[i];
  }
  return all;
}

Time SinkSlots::earliest(Time ready, Time hops, Time takes) const {
  Time at = std::max(ready, now_) + hops;
  for (const auto& [first, last] : taken_)
    if (at <= last && first < at + takes) at = last + 1;
  return at - hops;
}

void SinkSlots::take(Time at, Time hops, Time takes) {
  now_ = at;
  std::erase_if(taken_, [&](const auto& t) { return t.second < at; });
  const std::pair slot{at + hops, at + hops + takes - 1};
  taken_.insert(std::ranges::upper_bound(taken_, slot), slot);
}

}  // namespace eyrie::sim
