#pragma once

// A pass without time. When a pass of some plan has run once, its cycles, stalls and traffic are known to all that are
// entered alike: of the passes before it, only how early its words could come matters, and data decide only whether a
// MAC slot was gated. A later pass needs its arithmetic alone, which is done here PE by PE with the words that the
// networks would have brought.

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/noc/wiring.hpp"
#include "sim/pass_plan.hpp"
#include "sim/pe.hpp"

namespace eyrie::sim {

/// The words of the three tiles that a pass works on.
struct PassData {
  const std::int16_t* input = nullptr;
  const std::int16_t* weight = nullptr;
  std::int32_t* output = nullptr;
  bool read_psums = true;
};

/// Room that is used again from chain to chain.
struct ReplayScratch {
  std::vector<std::int16_t> input, weight;
  std::vector<std::int32_t> slots, psums;
};

/// The number in the plan of the PE at a place; -1 if there is none, or no place.
std::int32_t number_of(const PassPlan&, const std::optional<PePlace>&);

/// Does the arithmetic of one chain, bottom to top, and writes its psums. `faulty` is the PE of the plan that flips
/// bits, -1 for none. Adds MACs and gated MACs to `counts`.
void replay_chain(const PassPlan&, const Chain&, const PassData&, const PeSetting&, std::int32_t faulty, ReplayScratch&,
                  PeCounts& counts);

}  // namespace eyrie::sim
