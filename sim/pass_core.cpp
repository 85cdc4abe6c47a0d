#include "sim/pass_core.hpp"

namespace eyrie::sim {

TrafficCounts& TrafficCounts::operator+=(const TrafficCounts& o) {
  for (std::size_t t = 0; t < 3; ++t) {
    sent[t] += o.sent[t];
    delivered[t] += o.delivered[t];
    wires[t] += o.wires[t];
  }
  collected += o.collected;
  forwarded += o.forwarded;
  wires_out += o.wires_out;
  wires_up += o.wires_up;
  wires_links += o.wires_links;
  handed_on += o.handed_on;
  column_steps += o.column_steps;
  return *this;
}

TrafficCounts TrafficCounts::operator-(const TrafficCounts& o) const {
  TrafficCounts d = *this;
  for (std::size_t t = 0; t < 3; ++t) {
    d.sent[t] -= o.sent[t];
    d.delivered[t] -= o.delivered[t];
    d.wires[t] -= o.wires[t];
  }
  d.collected -= o.collected;
  d.forwarded -= o.forwarded;
  d.wires_out -= o.wires_out;
  d.wires_up -= o.wires_up;
  d.wires_links -= o.wires_links;
  d.handed_on -= o.handed_on;
  d.column_steps -= o.column_steps;
  return d;
}

}  // namespace eyrie::sim
