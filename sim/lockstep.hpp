#pragma once

// An array whose PEs make every step together: adder-tree datapaths of the DianNao kind, systolic arrays,
// output-stationary arrays with links between neighbours. What happens when is a recurrence over the steps
// (step_timing.hpp); what is computed is done PE by PE, as its program says, or (for passes of a plan and an entry seen
// before) all PEs at once.

#include <optional>

#include "arch/architecture.hpp"
#include "sim/noc/wiring.hpp"
#include "sim/pass_core.hpp"
#include "sim/pass_kernel.hpp"
#include "sim/replay.hpp"
#include "sim/step_pass.hpp"

namespace eyrie::sim {

class LockstepCore : public PassCore {
 public:
  /// `hands_on`: neighbours hand ifmap words on. A pass is clocked or its recurrences run ahead, as the way says; times
  /// of a plan and an entry seen before may be taken over.
  LockstepCore(const Architecture&, const LayerNest&, const TileStrides&, PeSetting, bool hands_on,
               std::optional<PePlace> faulty_pe, std::optional<PePlace> stopped_pe);

  void begin(const PassOrder&, Tiles& tiles) override;
  bool advance(Time horizon, Stepping) override;
  [[nodiscard]] bool replayed() const override { return !pass_; }
  [[nodiscard]] const PassOutcome& outcome() const override { return outcome_; }
  [[nodiscard]] bool stuck() const override { return stopped_.has_value(); }
  void view(Time cycle, ArrayView&) const override;
  void tell_deliveries(RunLog&, Cycles start) const override;
  [[nodiscard]] std::string wait_for() const override;
  [[nodiscard]] PeCounts pe_counts() const override { return counts_; }
  [[nodiscard]] const TrafficCounts& traffic() const override { return traffic_; }
  [[nodiscard]] bool sends_once(const PassOrder&, Operand, Words tile) const override;
  [[nodiscard]] const std::vector<SentBy>* sent(Operand t) const override {
    return &before_->sent[static_cast<std::size_t>(t)];
  }

 private:
  /// Times of a plan's passes that were entered alike.
  struct Memory {
    const PassPlan* plan = nullptr;
    PassEntry entry;
    PassTiming timing;
  };
  [[nodiscard]] PassEntry entry_of(const PassOrder&) const;
  [[nodiscard]] const Memory* memory_of(const PassPlan&, const PassEntry&) const;
  void remember();
  void finish(const PassTiming&);
  void compute(const PassOrder&, Tiles&, bool by_pe);
  void account(const PassOrder&, const PassTiming&, const PeCounts& of_pass);

  const Architecture& a_;
  PeSetting setting_;
  StepTimer timer_;
  PassKernel kernel_;
  bool hands_on_, records_;
  std::optional<PePlace> faulty_, stopped_;
  std::vector<Memory> memories_;
  PassOrder order_;
  PassEntry entry_;
  std::optional<StepPass> pass_;  ///< the pass that is timed
  PeCounts of_pass_;
  std::optional<PassTiming> before_;  ///< of the pass that was over last
  ReplayScratch scratch_;
  PassOutcome outcome_;
  PeCounts counts_;
  TrafficCounts traffic_;
};

}  // namespace eyrie::sim
