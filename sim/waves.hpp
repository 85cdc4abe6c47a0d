#pragma once

// A window of a layer as waveforms: SystemC traces plain variables of modules that are named as the machine's parts.

#include <memory>
#include <systemc>
#include <utility>
#include <vector>

#include "arch/architecture.hpp"
#include "sim/array_view.hpp"
#include "sim/core/engine.hpp"
#include "sim/run_log.hpp"

namespace eyrie::sim {

/// How much of something there is at each cycle: sums of steps up and down.
class Level {
 public:
  void add(Cycles from, Cycles to, std::int64_t amount = 1);
  void add(Cycles from, std::int64_t amount) { changes_.emplace_back(from.count(), amount); }
  /// In order of cycles, from the first on.
  [[nodiscard]] std::int64_t at(Time cycle);

 private:
  std::vector<std::pair<Time, std::int64_t>> changes_;
  std::size_t next_ = 0;
  bool sorted_ = false;
  std::int64_t level_ = 0;
};

/// What of the machine is traced, and the file. What the array's own clock cannot know yet when a cycle is shown (which
/// tile crosses DRAM's link; in lockstep, words sent ahead for the pass after this one) was told by a run before this
/// one: `known`, kept where it touches the window.
class Waves {
 public:
  Waves(const Architecture&, WaveRequest, const RunLog& known);
  ~Waves();
  Waves(const Waves&) = delete;
  Waves& operator=(const Waves&) = delete;
  /// Is this cycle in the window?
  [[nodiscard]] bool wants(Time cycle) const {
    return cycle >= request_.window.from.count() && cycle <= request_.window.to.count();
  }
  [[nodiscard]] bool open() const { return file_ != nullptr; }
  /// Opens the file, in the first cycle of the window; `before`: what had been by then.
  void open(const ArrayView& before);
  /// The window is behind.
  void close();
  /// Shows a cycle in the window; kernel time stands there. `pass`: its number; `cycle_of_pass` counts from its start.
  void show(Time cycle, std::int64_t pass, Time cycle_of_pass, const ArrayView&);

 private:
  /// Traced variables of a PE, in words.
  struct PeSignals {
    unsigned char cause = 0;
    int psum = 0;
    unsigned short input_fifo = 0, weight_fifo = 0, psum_fifo = 0, input_spad = 0, weight_spad = 0;
  };
  struct NetworkSignals {
    bool busy = false;
    unsigned int words = 0;         ///< since the window's first cycle
    unsigned short fifo = 0;        ///< lockstep
    std::int64_t words_before = 0;  ///< the window
    Level busy_level, words_level, fifo_level;
  };
  struct LinkSignals {
    std::array<bool, 3> in{}, out{};  ///< by Operand
    std::array<Level, 3> in_level, out_level;
  };
  void finish() const;
  void trace_pes(const std::string& array);
  void trace_network(const Noc&, NetworkSignals&);
  void show(NetworkSignals&, const NetworkView&, Time cycle);

  const Architecture& a_;
  WaveRequest request_;
  bool lockstep_;
  sc_core::sc_trace_file* file_ = nullptr;
  int pass_ = 0, cycle_of_pass_ = 0, step_ = 0;
  unsigned char cause_ = 0;
  std::vector<PeSignals> pes_;
  std::array<NetworkSignals, 3> in_;  ///< by Operand
  NetworkSignals out_;
  LinkSignals link_;
};

}  // namespace eyrie::sim
