#include "sim/noc/systolic.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace eyrie::sim::noc {

Systolic::Systolic(std::int32_t rows, std::int32_t columns, const Timing& timing)
    : Network{rows * columns, timing},
      columns_{columns},
      entering_(static_cast<std::size_t>(rows)),
      lines_(static_cast<std::size_t>(rows), Line(static_cast<std::size_t>(timing.latency - 1 + columns))) {}

bool Systolic::room(Node from) const {
  return from % columns_ == 0 && !entering_[static_cast<std::size_t>(from / columns_)];
}

void Systolic::send(Flit flit) {
  ensure(room(flit.from), "a flit enters where there is room");
  const auto row = flit.from / columns_;
  ensure(std::ranges::all_of(flit.to, [&](Node at) { return at / columns_ == row; }), "a flit stays in its row");
  entering_[static_cast<std::size_t>(row)] = std::move(flit);
}

void Systolic::move() {
  const auto before = static_cast<std::size_t>(timing().latency - 1);
  for (std::size_t row = 0; row < lines_.size(); ++row) {
    Line& line = lines_[row];
    std::ranges::move_backward(line.begin(), line.end() - 1, line.end());
    line.front() = std::exchange(entering_[row], std::nullopt);
    for (std::size_t stage = before; stage < line.size(); ++stage) {
      if (!line[stage]) continue;
      const auto pe = static_cast<Node>(row) * columns_ + static_cast<Node>(stage - before);
      if (std::ranges::count(line[stage]->to, pe)) arrive(pe, line[stage]->id, now() + 1);
    }
  }
}

}  // namespace eyrie::sim::noc
