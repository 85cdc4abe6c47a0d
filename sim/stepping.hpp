#pragma once

// The ways in which time advances, and which of them a run takes when. No SystemC here.

#include <cstdint>
#include <limits>
#include <vector>

#include "base/fields.hpp"
#include "base/units.hpp"

namespace eyrie {

/// How time advances. All ways give the same result.
enum class Stepping : std::uint8_t {
  Replay,    ///< the timing of a pass seen before is taken over and only its data are computed; others run ahead
  RunAhead,  ///< units run ahead as far as their operands are known
  Cycle      ///< every unit stops at every cycle
};
template <>
struct names<Stepping> {
  static constexpr Name<Stepping> table[] = {
      {"replay", Stepping::Replay}, {"run_ahead", Stepping::RunAhead}, {"cycle", Stepping::Cycle}};
};

/// From this core cycle of the layer on, time advances this way.
struct SteppingChange {
  Cycles from{};
  Stepping way = Stepping::Replay;
  bool operator==(const SteppingChange&) const = default;
};

/// Which way a run takes when: a first way, and changes at any cycles, in the middle of a pass as well.
class SteppingPlan {
 public:
  SteppingPlan() = default;
  /// Changes in any order; of several at the same cycle the last one counts.
  SteppingPlan(Stepping first, const std::vector<SteppingChange>& changes);  // NOLINT: a way is a plan

  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max() / 4;
  struct Stretch {
    Stepping way = Stepping::Replay;
    std::int64_t until = kNever;  ///< the first cycle that another way takes
    bool operator==(const Stretch&) const = default;
  };
  /// The way that a cycle takes, and until when it goes on.
  [[nodiscard]] Stretch at(std::int64_t cycle) const;
  /// The same plan, but cycle by cycle in [from, to].
  [[nodiscard]] SteppingPlan stepped(Cycles from, Cycles to) const;

 private:
  std::vector<Stretch> stretches_{Stretch{}};  ///< in order, neighbours differ; the last one has no end
};

}  // namespace eyrie
