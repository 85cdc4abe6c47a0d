#pragma once

// What a run draws besides its figures: waveforms of windows, and an execution trace. Nothing has its final name before
// all went well.

#include <optional>
#include <string>
#include <vector>

#include "report/experiment_result.hpp"
#include "sim/simulate.hpp"

namespace eyrie {

/// A window of a layer, as `--wave` asks for it.
struct WaveOption {
  std::string layer;
  CycleWindow window;
};
/// `LAYER:FROM-TO`; `FROM-TO` is enough where only one layer can be meant. InputError if it says something else.
WaveOption read_wave(const std::string& text, const std::string& only_layer);

struct RecordingRequest {
  std::string out;  ///< folder
  std::vector<WaveOption> waves;
  bool trace = false;
};

/// Slices of an execution trace, over all layers.
inline constexpr std::int64_t kMostSlices = 100'000;

class Recording {
 public:
  /// Nothing is drawn.
  Recording() = default;
  /// `layers`: that will run, in order. InputError if a wave is of another one, there is no folder, or it cannot be
  /// written.
  Recording(RecordingRequest, std::vector<std::string> layers, double core_hz);
  /// Removes what has no final name.
  ~Recording();
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  [[nodiscard]] bool draws() const { return request_.trace || !request_.waves.empty(); }

  // in a layer's process
  void ask(const std::string& layer, SimulateOptions&, RunLog&) const;
  void keep(const std::string& layer, const RunLog&) const;

  /// Gives all files their names; what was written. InputError if a window ends after its layer.
  std::vector<std::string> finish(const std::vector<LayerOutcome>&);
  /// Layers of which the trace is not whole.
  [[nodiscard]] const std::vector<std::string>& cut_short() const { return cut_short_; }

 private:
  [[nodiscard]] const WaveOption* wave_of(const std::string& layer) const;
  [[nodiscard]] std::string temporary(const std::string& layer, const char* kind) const;
  [[nodiscard]] std::int64_t limit() const;
  std::string write_trace();

  RecordingRequest request_;
  std::vector<std::string> layers_, cut_short_;
  double core_hz_ = 1;
  std::string mark_;  ///< of temporary names
  bool made_folder_ = false;
};

}  // namespace eyrie
