#include "sim/noc/mesh.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace eyrie::sim::noc {

Mesh::Mesh(std::int32_t rows, std::int32_t columns, const Timing& timing)
    : Network{rows * columns, timing}, columns_{columns}, routers_(static_cast<std::size_t>(rows * columns)) {
  for (auto& r : routers_) r.places.assign(kPorts, Credits{timing.fifo});
}

bool Mesh::room(Node from) const { return router(from).places[Local].any(); }

void Mesh::send(Flit flit) {
  ensure(room(flit.from), "a flit enters where there is room");
  ensure(!flit.to.empty(), "a flit goes somewhere");
  Router& r = router(flit.from);
  r.places[Local].use();
  r.in[Local].push_back({std::move(flit), now()});
}

std::int64_t Mesh::under_way() const {
  std::int64_t all = 0;
  for (const auto& r : routers_)
    for (const auto& in : r.in) all += std::ssize(in);
  return all;
}

/// Along the row first, then along the column.
Mesh::Port Mesh::way(Node at, Node to) const {
  const auto x = at % columns_, to_x = to % columns_, y = at / columns_, to_y = to / columns_;
  if (to_x != x) return to_x > x ? East : West;
  if (to_y != y) return to_y > y ? South : North;
  return Local;
}

/// The router behind an output, and its input.
std::pair<Node, Mesh::Port> Mesh::behind(Node at, Port out) const {
  switch (out) {
    case West:
      return {at - 1, East};
    case East:
      return {at + 1, West};
    case North:
      return {at - columns_, South};
    case South:
      return {at + columns_, North};
    case Local:
      break;
  }
  return {at, Local};
}

bool Mesh::wants(Node at, const Waiting& w, Port out) const {
  return w.from <= now() && std::ranges::any_of(w.flit.to, [&](Node to) { return way(at, to) == out; });
}

bool Mesh::may_send(Node at, Port out) const {
  if (out == Local) return sink_room(at);
  const auto [next, in] = behind(at, out);
  return router(next).places[in].any();
}

/// A copy for the destinations behind an output goes on; they are struck off the flit that waits.
void Mesh::pass_on(Node at, Port out, Waiting& w) {
  Waiting copy{{w.flit.id, w.flit.from, {}}, now() + 1};
  for (Node to : w.flit.to)
    if (way(at, to) == out) copy.flit.to.push_back(to);
  std::erase_if(w.flit.to, [&](Node to) { return way(at, to) == out; });
  if (out == Local) return arrive(at, copy.flit.id, now() + timing().latency);
  const auto [next, in] = behind(at, out);
  router(next).places[in].use();
  router(next).in[in].push_back(std::move(copy));
}

/// The next input in turn whose head wants this output gets it.
bool Mesh::offer(Node at, Port out) {
  Router& r = router(at);
  for (std::size_t k = 0; k < kPorts; ++k) {
    const auto i = (r.turn[out] + k) % kPorts;
    if (r.in[i].empty() || !wants(at, r.in[i].front(), out)) continue;
    if (!may_send(at, out)) return false;
    pass_on(at, out, r.in[i].front());
    r.turn[out] = (i + 1) % kPorts;
    return true;
  }
  return false;
}

/// Copies that enter a buffer in this cycle may go on in the next, so routers don't see each other's moves. A place is
/// free when the last branch has gone; the injecting port stands at its router and knows it in the next cycle.
void Mesh::move() {
  for (Node at = 0; at < nodes(); ++at) {
    for (const Port out : {West, East, North, South, Local}) offer(at, out);
    Router& r = router(at);
    for (std::size_t i = 0; i < kPorts; ++i) {
      if (r.in[i].empty() || !r.in[i].front().flit.to.empty()) continue;
      r.in[i].pop_front();
      r.places[i].give_back(now() + (i == Local ? 1 : timing().credit));
    }
  }
  for (auto& r : routers_)
    for (auto& c : r.places) c.step(now() + 1);
}

}  // namespace eyrie::sim::noc
