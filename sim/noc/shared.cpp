#include "sim/noc/shared.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace eyrie::sim::noc {

bool Bus::room(Node from) const { return !waiting_[static_cast<std::size_t>(from)]; }

void Bus::send(Flit flit) {
  ensure(room(flit.from), "a flit enters where there is room");
  auto& place = waiting_[static_cast<std::size_t>(flit.from)];
  place = std::move(flit);
}

bool Bus::all_have_room(const Flit& flit) const {
  return std::ranges::all_of(flit.to, [this](Node at) { return sink_room(at); });
}

template <class Allowed>
bool Bus::grant(std::size_t& turn, Allowed allowed) {
  for (std::size_t k = 0; k < waiting_.size(); ++k) {
    auto& sender = waiting_[(turn + k) % waiting_.size()];
    if (!sender || !allowed(*sender) || !all_have_room(*sender)) continue;
    for (Node at : sender->to) arrive(at, sender->id, now() + timing().latency);
    sender.reset();
    turn = (turn + k + 1) % waiting_.size();
    return true;
  }
  return false;
}

void Bus::move() {
  grant(turn_, [](const Flit&) { return true; });
}

void Unicast::send(Flit flit) {
  ensure(flit.to.size() == 1, "a unicast flit has one destination");
  Bus::send(std::move(flit));
}

void Unicast::move() {
  for (Node at = 0; at < nodes(); ++at)
    grant(turns_[static_cast<std::size_t>(at)], [at](const Flit& flit) { return flit.to.front() == at; });
}

Multicast::Multicast(std::int32_t rows, std::int32_t columns, const Timing& timing)
    : Bus{rows * columns, timing},
      columns_{columns},
      row_tags_(static_cast<std::size_t>(rows)),
      pe_tags_(static_cast<std::size_t>(rows * columns)) {}

std::vector<std::int32_t> Multicast::rows(Tag tag) const {
  std::vector<std::int32_t> all;
  for (std::size_t row = 0; row < row_tags_.size(); ++row)
    if (row_tags_[row] == tag.row) all.push_back(static_cast<std::int32_t>(row));
  return all;
}

std::vector<Node> Multicast::takers(Tag tag) const {
  std::vector<Node> all;
  for (const auto row : rows(tag))
    for (Node pe = row * columns_; pe < (row + 1) * columns_; ++pe)
      if (pe_tags_[static_cast<std::size_t>(pe)] == tag.column) all.push_back(pe);
  return all;
}

}  // namespace eyrie::sim::noc
