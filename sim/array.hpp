#pragma once

// The PE array with the networks around it, as plain cores over one engine: everything that happens between two pass
// barriers.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "arch/architecture.hpp"
#include "sim/core/engine.hpp"
#include "sim/noc/wiring.hpp"
#include "sim/pass_core.hpp"
#include "sim/pass_kernel.hpp"
#include "sim/replay.hpp"

namespace eyrie::sim {

/// An array of autonomous PEs.
class ArrayCore : public PassCore {
 public:
  ArrayCore(const Architecture&, const LayerNest&, const TileStrides&, PeSetting, std::array<bool, 3> passes_by,
            std::optional<PePlace> faulty_pe, std::optional<PePlace> stopped_pe);

  void begin(const PassOrder&, Tiles& tiles) override;
  bool advance(Time horizon, Stepping) override;
  [[nodiscard]] bool replayed() const override { return replayed_; }
  [[nodiscard]] bool timing_depends_on_data() const override { return setting_.skips; }
  [[nodiscard]] const PassOutcome& outcome() const override { return outcome_; }
  [[nodiscard]] bool stuck() const override;
  void view(Time cycle, ArrayView&) const override;
  [[nodiscard]] std::string wait_for() const override { return engine_.wait_for(); }
  [[nodiscard]] PeCounts pe_counts() const override;
  [[nodiscard]] const TrafficCounts& traffic() const override { return traffic_; }

 private:
  struct Bus {
    int unit = -1;
    Time last = -1;  ///< cycle of the last beat
    std::int64_t width = 1, port = 1, latency = 1;
    bool from_link = false;  ///< words go straight between DRAM and this network
    std::int64_t bits = 16;  ///< of a word on the link
    Wiring wiring;
  };
  /// A chain's progress towards the buffer.
  struct Leaving {
    PsumFifo* fifo = nullptr;
    std::size_t window = 0;
    std::int32_t left = 0;  ///< of the window
    std::int32_t next = 0;  ///< into the chain's addresses
    PePlace top{};
  };

  Pe& pe_of(std::int32_t planned);
  Task deliver(Operand);
  Task deliver_psums();
  bool collect(Time horizon);
  bool grant(Time& now, Time until);
  [[nodiscard]] Time ready(const Leaving&) const;
  [[nodiscard]] Time earliest(const Leaving&) const;
  [[nodiscard]] Time sink_time(std::int32_t words) const;
  [[nodiscard]] PePlace place_of(std::int32_t planned) const;
  [[nodiscard]] std::int64_t wires(const Bus&, const std::vector<std::int32_t>& to) const;
  void wire(const PassOrder&);
  [[nodiscard]] Time beat_cycles(const Bus& bus, std::int32_t words) const { return ceil_div(words, bus.port); }
  [[nodiscard]] Time link_time(const Bus& bus, std::int64_t words, Cycles latency) const;

  const Architecture& a_;
  PeSetting setting_;
  Engine engine_;
  std::vector<Pe> pes_;  ///< row-major over the array
  std::vector<int> pe_units_;
  std::vector<PsumFifo> below_;  ///< FIFO at each PE's psum input
  std::vector<PsumFifo> top_;    ///< FIFO at each chain's top, by number of the PE
  std::array<Bus, 3> in_;        ///< by Operand
  Bus out_;
  SinkSlots slots_;  ///< of a collecting mesh
  PassOrder order_;
  Tiles* tiles_ = nullptr;
  TrafficCounts traffic_;

  /// What a pass leaves to the next, from its start on.
  struct Leaves {
    Time cycles = 0;  ///< until it is over
    Time done = 0;    ///< until all words in spads are dead
    struct Port {
      Time settled = 0;        ///< until all words are in spads, and the network's master knows
      std::int32_t words = 0;  ///< most that a PE got
    };
    std::array<Port, 2> port{};  ///< ifmap, filter
  };
  /// What a pass of a plan that is entered so comes to, whatever its data.
  struct Memory {
    const PassPlan* plan = nullptr;
    bool read_psums = true;
    std::array<SpadEntry, 2> entry;
    PassOutcome outcome;
    Leaves leaves;
    TrafficCounts traffic;
    PeCounts counts;
    bool filters_in_time = false;  ///< they fit, and no PE waited for one
  };
  [[nodiscard]] bool no_later(const Memory&, const std::array<SpadEntry, 2>&) const;
  /// What words of a plan need to come to PEs that don't work yet, as far as there is room.
  struct Filling {
    Time settled = 0;        ///< until they are in spads, or in FIFOs of full ones, and the network's master knows
    Time sent = 0;           ///< until they have left
    std::int64_t words = 0;  ///< most that a PE gets
    bool fits = true;        ///< all of its words, in its spad
  };
  struct Fillings {
    const PassPlan* plan = nullptr;
    std::array<Filling, 2> of;  ///< ifmap, filter
  };
  [[nodiscard]] std::array<SpadEntry, 2> entry_of(const PassOrder&);
  [[nodiscard]] SpadEntry entry_of(const PassOrder&, Operand, const Filling&) const;
  [[nodiscard]] Filling filling(const PassPlan&, Operand, const SpadEntry&) const;
  [[nodiscard]] SpadEntry normal(SpadEntry, const Filling&, std::int32_t depth) const;
  [[nodiscard]] Leaves leaves() const;
  [[nodiscard]] const Memory* memory_of(const PassOrder&) const;
  void replay(const Memory&);
  void finish_pass();
  void remember(const PeCounts& of_pass);
  [[nodiscard]] bool filters_in_time() const;
  [[nodiscard]] PassOutcome timed_outcome() const;

  std::vector<Fillings> fillings_;
  std::array<SpadEntry, 2> entry_{};
  Leaves before_;  ///< of the pass before; none at the start of a layer
  bool replayed_ = false;
  std::optional<PePlace> faulty_;
  std::vector<Memory> memories_;
  PassKernel kernel_;
  ReplayScratch scratch_;
  PassOutcome outcome_;
  PeCounts replayed_counts_, counts_before_;
  PeCounts elsewhere_;  ///< takes away MACs of passes that were timed here and are computed elsewhere
  TrafficCounts traffic_before_;

  std::vector<Leaving> leaving_;
  std::size_t turn_ = 0;  ///< chain after the one granted last
  std::int64_t to_collect_ = 0;
};

}  // namespace eyrie::sim
