#pragma once

// What happened when in a run, for those who draw it. No SystemC here.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/layer_result.hpp"
#include "sim/stepping.hpp"
#include "workloads/nest.hpp"

namespace eyrie {

/// Core cycles of a layer, both ends included.
struct CycleWindow {
  Cycles from{}, to{};
  bool operator==(const CycleWindow&) const = default;
};

/// A window of a layer as a VCD file; the file is there when `simulate` returns, unless the window ends after the
/// layer.
struct WaveRequest {
  CycleWindow window;
  std::string path;  ///< ends in .vcd
};

/// A tile on DRAM's link.
struct TileMove {
  Operand tensor = Operand::Input;  ///< biases travel with filters
  bool out = false;                 ///< towards DRAM
  Cycles asked{}, from{}, to{};     ///< when the link took it up; first byte to last word in its place
  Bytes bytes{};
  bool operator==(const TileMove&) const = default;
};

/// How a pass was timed.
enum class PassWay : std::uint8_t { Stepped, Ahead, Replayed, Cut };
template <>
struct names<PassWay> {
  static constexpr Name<PassWay> table[] = {{"cycle", PassWay::Stepped, "cycle by cycle"},
                                            {"run_ahead", PassWay::Ahead, "units ran ahead"},
                                            {"replay", PassWay::Replayed, "times of an equal pass were taken over"},
                                            {"cut", PassWay::Cut, "partly cycle by cycle, partly ahead"}};
};

/// A pass of the array.
struct PassSpan {
  std::int64_t number = 0;            ///< from 0
  Cycles from{}, to{};                ///< its first cycle; the first in which the next pass may begin
  Cycles all_out{};                   ///< all its psums are in the buffer
  std::array<Cycles, 3> last_read{};  ///< by Operand: from then on the buffer's words are no longer needed
  Cycles dram_waits{};                ///< in which it waited for words from DRAM
  Extents offset, extent;             ///< of the nest
  PassWay way = PassWay::Ahead;
  CycleStack stack;                           ///< of all PEs
  bool operator==(const PassSpan& o) const {  // however it was timed
    return number == o.number && from == o.from && to == o.to && all_out == o.all_out && offset == o.offset &&
           extent == o.extent && stack == o.stack && last_read == o.last_read && dram_waits == o.dram_waits;
  }
};

/// The array waits between two passes.
struct WaitSpan {
  Cause cause = Cause::DramInput;
  Cycles from{}, to{};
  std::int64_t active = 0;  ///< PEs with work in the pass that is waited for
  bool operator==(const WaitSpan&) const = default;
};

/// Words for one step of a lockstep pass, from the buffer to the FIFO at the array's edge.
struct Delivery {
  Operand tensor = Operand::Input;
  bool out = false;        ///< psums that leave the array: between registers and buffer
  Cycles from{}, to{};     ///< cycles in which they leave the buffer: [from, to)
  Cycles there{}, gone{};  ///< the last of them is in the FIFO; from then on they are in the array's registers
  std::int64_t words = 0;
};

struct RunLog {
  std::int64_t limit = 100'000;       ///< spans to keep
  std::optional<CycleWindow> window;  ///< keep only what touches it
  bool deliveries_too = false;
  std::vector<TileMove> moves;
  std::vector<PassSpan> passes;
  std::vector<WaitSpan> waits;
  std::vector<Delivery> deliveries;
  std::int64_t left_out = 0;  ///< spans beyond the limit

  /// Keeps a span of [from, to) if it is to be kept.
  template <class Span>
  void keep(std::vector<Span>& all, const Span& span, Cycles from, Cycles to) {
    if (window && (to <= window->from || from > window->to)) return;
    if (std::ssize(moves) + std::ssize(passes) + std::ssize(waits) + std::ssize(deliveries) >= limit)
      ++left_out;
    else
      all.push_back(span);
  }
};

}  // namespace eyrie
