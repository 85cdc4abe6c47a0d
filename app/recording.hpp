#pragma once

// What a run draws besides its figures: an execution trace, and waveforms of windows of cycles. Nothing has its final
// name before all went well.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/out_folder.hpp"
#include "report/experiment_result.hpp"
#include "sim/simulate.hpp"

namespace eyrie {

/// A window of a layer, as `--window` asks for it.
struct WindowOption {
  std::string layer;
  CycleWindow window;
};
/// `LAYER:FROM-TO`; `FROM-TO` is enough where only one layer can be meant. InputError if it says something else.
WindowOption read_window(const std::string& text, const std::string& only_layer);

struct RecordingRequest {
  std::string trace, vcd;             ///< files to be written; empty: none
  std::vector<WindowOption> windows;  ///< what is drawn; a trace without any has all layers in full
};

/// Slices of an execution trace, over all layers.
inline constexpr std::int64_t kMostSlices = 100'000;

class Recording {
 public:
  /// Nothing is drawn.
  Recording() = default;
  /// `layers`: that will run, in order. InputError if a window is of another one, a file cannot be written, or windows
  /// and files don't go together.
  Recording(RecordingRequest, std::vector<std::string> layers, double core_hz);
  /// Removes what has no final name.
  ~Recording();
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  [[nodiscard]] bool draws() const { return !request_.trace.empty() || !request_.vcd.empty(); }

  // in a layer's process
  void ask(const std::string& layer, SimulateOptions&, RunLog&) const;
  void keep(const std::string& layer, const RunLog&) const;

  /// Gives all files their names; what was written. InputError if a window ends after its layer.
  std::vector<std::string> finish(const std::vector<LayerOutcome>&);
  /// Layers of which the trace is not whole.
  [[nodiscard]] const std::vector<std::string>& cut_short() const { return cut_short_; }

 private:
  void check() const;
  [[nodiscard]] const WindowOption* window_of(const std::string& layer) const;
  /// Is a layer in the trace?
  [[nodiscard]] bool traced(const std::string& layer) const;
  [[nodiscard]] std::string vcd_of(const std::string& layer) const;
  [[nodiscard]] std::int64_t number_of(const std::string& layer) const;
  [[nodiscard]] std::string unfinished_vcd(const std::string& layer) const;
  [[nodiscard]] std::string unfinished_trace(const std::string& layer) const;
  [[nodiscard]] std::int64_t limit() const;
  void write_trace();

  RecordingRequest request_;
  std::vector<std::string> layers_, cut_short_;
  double core_hz_ = 1;
  std::string mark_;                                 ///< of temporary names
  std::vector<std::unique_ptr<OutFolder>> folders_;  ///< of the files, until they are there
};

}  // namespace eyrie
