#pragma once

#include <optional>

#include "sim/noc/network.hpp"

namespace eyrie::sim::noc {

/// Rows of registers: a flit enters at the first PE of its row and goes a PE further each cycle, past all of them;
/// destinations on its way keep a copy. Nothing waits, so PEs take what they see in the cycle in which they see it.
class Systolic : public Network {
 public:
  Systolic(std::int32_t rows, std::int32_t columns, const Timing&);
  /// Only at the first PE of a row.
  [[nodiscard]] bool room(Node from) const override;
  void send(Flit) override;

 private:
  void move() override;
  /// Registers of a row from its edge inwards: latency - 1 before the first PE, then one at each.
  using Line = std::vector<std::optional<Flit>>;
  std::int32_t columns_;
  std::vector<std::optional<Flit>> entering_;
  std::vector<Line> lines_;
};

}  // namespace eyrie::sim::noc
