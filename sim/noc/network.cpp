#include "sim/noc/network.hpp"

#include "base/ensure.hpp"

namespace eyrie::sim::noc {

Network::Network(std::int32_t nodes, const Timing& timing)
    : timing_{timing}, sinks_(static_cast<std::size_t>(nodes), Sink{Credits{timing.fifo}, {}}) {
  ensure(timing.latency >= 1 && timing.credit >= 1 && timing.fifo >= 1, "a network's channels are registered");
}

std::int64_t Network::front(Node at) const {
  const auto& flits = sinks_[static_cast<std::size_t>(at)].flits;
  return flits.empty() || flits.front().first > now_ ? -1 : flits.front().second;
}

void Network::take(Node at) {
  ensure(front(at) >= 0, "a flit is taken that can be seen");
  auto& sink = sinks_[static_cast<std::size_t>(at)];
  sink.flits.pop_front();
  sink.credits.give_back(now_ + timing_.credit);
}

void Network::arrive(Node at, std::int64_t id, Time seen) {
  ensure(sink_room(at), "a flit leaves for a FIFO with room");
  auto& sink = sinks_[static_cast<std::size_t>(at)];
  sink.credits.use();
  sink.flits.emplace_back(seen, id);
}

void Network::step() {
  move();
  ++now_;
  for (auto& sink : sinks_) sink.credits.step(now_);
}

}  // namespace eyrie::sim::noc
