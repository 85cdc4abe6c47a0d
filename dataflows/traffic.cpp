#include "dataflows/traffic.hpp"

#include "dataflows/traffic_evaluator.hpp"

namespace eyrie {

bool sends_to_each(const Architecture& a, Operand t) {
  return a.network(NocRole::Deliver, t)->wiring() == NocKind::Unicast;
}

Traffic traffic(const Mapping& m, const LayerNest& l, const Architecture& a) {
  return TrafficEvaluator{l, a}.traffic(m);
}

}  // namespace eyrie
