#pragma once

// An Architecture as a tree of SystemC modules. Modules are shells: they have names, ports and processes; what they do
// is in the plain cores (PassCore, TileMover). Kernel time is the layer's, in core cycles. PEs are modules without
// processes, so that the hierarchy and its names are the machine's. A process may run ahead of kernel time, never
// behind it.

#include <memory>
#include <optional>
#include <systemc>
#include <vector>

#include "sim/pass_core.hpp"
#include "sim/pass_sequence.hpp"
#include "sim/simulate.hpp"
#include "sim/tile_gate.hpp"
#include "sim/transfers.hpp"
#include "sim/waves.hpp"

namespace eyrie::sim {

/// Which way time advances when, and core cycles that units may run ahead between two wake-ups (0: no limit).
struct Clocking {
  SteppingPlan plan;
  std::int64_t quantum = 0;
};

/// What the controller asks of DRAM and its link, with time stamps in core cycles.
struct TileService : virtual sc_core::sc_interface {
  virtual TileMover& mover() = 0;
};

/// What the controller asks of the array.
struct PassService : virtual sc_core::sc_interface {
  /// A pass, asked for now, that begins at `start`.
  virtual void start(const PassOrder&, Cycles start, const std::vector<WaitSpan>& until_then) = 0;
  /// Nothing more, but time goes on.
  virtual void rest(Cycles until, const std::vector<WaitSpan>& until_then) = 0;
  virtual void tell_deliveries(RunLog&, Cycles start) const = 0;
  virtual PassOutcome outcome() = 0;
  [[nodiscard]] virtual PassWay way() const = 0;
  [[nodiscard]] virtual bool sends_once(const PassOrder&, Operand, Words tile) const = 0;
  [[nodiscard]] virtual const std::vector<SentBy>* sent(Operand) const = 0;
};

class DramModule : public sc_core::sc_module, public TileService {
 public:
  sc_core::sc_export<TileService> service{"service"};
  DramModule(const sc_core::sc_module_name&, TileMover&);
  TileMover& mover() override { return mover_; }

 private:
  TileMover& mover_;
};

/// A buffer, a network or a PE: a place in the hierarchy with its parameters; its state lives in the array's core.
class PartModule : public sc_core::sc_module {
 public:
  explicit PartModule(const sc_core::sc_module_name& name) : sc_module{name} {}
};

class PeArrayModule : public sc_core::sc_module, public PassService {
 public:
  sc_core::sc_export<PassService> service{"service"};
  SC_HAS_PROCESS(PeArrayModule);
  PeArrayModule(const sc_core::sc_module_name&, const Architecture&, PassCore&, TileMover&, Clocking, Waves*);
  ~PeArrayModule() override;
  void start(const PassOrder&, Cycles start, const std::vector<WaitSpan>& until_then) override;
  void rest(Cycles until, const std::vector<WaitSpan>& until_then) override;
  void tell_deliveries(RunLog& log, Cycles start) const override { core_.tell_deliveries(log, start); }
  PassOutcome outcome() override { return core_.outcome(); }
  [[nodiscard]] PassWay way() const override;
  [[nodiscard]] const std::vector<SentBy>* sent(Operand t) const override { return core_.sent(t); }
  [[nodiscard]] bool sends_once(const PassOrder& order, Operand t, Words tile) const override {
    return core_.sends_once(order, t, tile);
  }
  /// Notified when kernel time has reached the end of the pass; ports of this service are sensitive to it.
  const sc_core::sc_event& default_event() const override { return over_; }
  /// How its time was advanced so far.
  [[nodiscard]] const Advanced& advanced() const { return advanced_; }

 private:
  void on_time();
  void go(Time from);
  void advance(const SteppingPlan::Stretch&, Time to);
  void show();
  void account(Time to);
  PassCore& core_;
  TileMover& mover_;
  Clocking clocking_;
  Time at_ = 0, start_ = 0;               ///< core cycles of the layer: where its time stands; the start of the pass
  bool pass_over_ = false;                ///< its times are known, though kernel time may not have come to its end
  bool stepped_ = false, ahead_ = false;  ///< so far in this pass
  bool resting_ = false;                  ///< no pass follows
  // for those who watch
  Waves* waves_;
  const PassPlan* plan_ = nullptr;
  std::int64_t pass_ = -1;       ///< number of the pass
  std::vector<WaitSpan> waits_;  ///< of the array before it
  ArrayView view_;
  std::int64_t columns_;
  Advanced advanced_;
  sc_core::sc_event time_, over_;
  std::vector<std::unique_ptr<PartModule>> pes_;
};

/// Walks the passes: asks for tiles, starts the array, accounts for the waiting.
class ControllerModule : public sc_core::sc_module {
 public:
  sc_core::sc_port<TileService> dram{"dram"};
  sc_core::sc_port<PassService> array{"array"};
  SC_HAS_PROCESS(ControllerModule);
  ControllerModule(const sc_core::sc_module_name&, const LayerNest&, const Architecture&, const Mapping&,
                   const TileStrides&, const SteppingPlan&, RunLog*);
  [[nodiscard]] Cycles cycles() const { return now_; }
  [[nodiscard]] Cycles waiting() const { return waiting_; }
  [[nodiscard]] const CycleStack& stack() const { return stack_; }
  [[nodiscard]] std::int64_t passes() const { return passes_; }
  [[nodiscard]] std::int64_t active_pes() const { return active_pes_; }
  /// MACs that each PE did in the passes that are over, gated ones among them, row-major.
  [[nodiscard]] std::vector<std::int64_t> pe_macs() const;
  [[nodiscard]] bool finished() const { return finished_; }
  [[nodiscard]] Cycles pass_started() const { return started_; }
  [[nodiscard]] std::int64_t activations() const { return activations_; }

 private:
  void on_next();
  void on_over();
  void tell(const PassOutcome&);
  /// Tile moves before a pass, by what they bring or take; `wait`: those that the array waits for.
  struct Moves {
    std::vector<Transfer> wait;
    std::array<std::optional<Transfer>, 2> brought;  ///< ifmap and filter tiles
  };
  Moves bring(const PassStep&);
  void outputs(const PassStep&, Moves&);
  Cycles start_of(const PassOrder&, const PassStep&, Moves&);
  void enter(PassOrder&, const PassStep&, const Moves&, Cycles start);
  void account(const std::vector<Transfer>&, Cycles until, std::int64_t active);
  /// A plan and how many passes were made by it.
  struct UsedPlan {
    Extents of{};
    std::unique_ptr<PassPlan> plan;
    std::int64_t passes = 0;
  };
  UsedPlan& plan(const Extents& pass);
  PassOrder order(const PassStep&);
  Words streamed(Operand, const PassStep&);

  const LayerNest& layer_;
  const Architecture& a_;
  const Mapping& mapping_;
  const TileStrides& strides_;
  const SteppingPlan& stepping_;
  RunLog* log_;
  PassSequence sequence_;
  std::array<bool, 3> passes_by_;
  Cycles link_latency_;  ///< core cycles
  double link_bytes_;    ///< a core cycle
  std::vector<UsedPlan> plans_;
  std::optional<PassStep> previous_;
  std::optional<PassStep> step_;
  std::array<bool, 2> beside_{};  ///< words of these tiles come in while the pass runs that sends each once, in order
  std::array<TileGate, 3> gates_;
  Cycles now_{}, started_{}, waiting_{};
  Cycles all_out_{};  ///< when the psums of the passes so far are in the buffer
  Cycles drained_{};  ///< when the last output tile that had to leave has left
  CycleStack stack_;
  std::vector<WaitSpan> waits_;  ///< before the pass to come
  std::int64_t passes_ = 0, active_pes_ = 0, active_ = 0, activations_ = 0;
  bool finished_ = false;
  sc_core::sc_event next_;
};

/// The top of the hierarchy.
class Machine : public sc_core::sc_module {
 public:
  Machine(const sc_core::sc_module_name&, const LayerNest&, const Architecture&, const Mapping&, const TileStrides&,
          PassCore&, TileMover&, const Clocking&, RunLog* = nullptr, Waves* = nullptr);
  DramModule dram;
  PeArrayModule array;
  ControllerModule controller;

 private:
  std::vector<std::unique_ptr<PartModule>> parts_;
};

}  // namespace eyrie::sim
