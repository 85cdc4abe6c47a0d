#pragma once

// The traffic of many mappings of one layer on one machine: what does not depend on the mapping is looked up once, and
// an evaluation asks for no memory (nests with more than a handful of loops a dimension do).

#include <memory>

#include "arch/architecture.hpp"
#include "dataflows/mapping.hpp"
#include "dataflows/traffic.hpp"

namespace eyrie {

/// Use one a thread. Refers to the architecture.
class TrafficEvaluator {
 public:
  TrafficEvaluator(const LayerNest&, const Architecture&);
  ~TrafficEvaluator();
  TrafficEvaluator(TrafficEvaluator&&) noexcept;
  TrafficEvaluator& operator=(TrafficEvaluator&&) noexcept;

  /// Of a legal mapping: no matter which mappings came before, that of `traffic`.
  [[nodiscard]] Traffic traffic(const Mapping&);

 private:
  class Counter;
  std::unique_ptr<Counter> counter_;
};

}  // namespace eyrie
