#pragma once

// An execution trace as Chrome trace events:
// https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
// ("Trace Event Format"); Perfetto and chrome://tracing open it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/run_log.hpp"

namespace eyrie {

/// The events of a layer, each a JSON object, separated by commas. `process`: its number in the file; `hz`: core clock.
/// A slice's time is its core cycle of the layer in microseconds of that clock.
std::string trace_events(const RunLog&, std::string_view layer, std::int64_t process, double hz);

/// Spans of a layer that are not in the file.
struct LeftOut {
  std::string layer;
  std::int64_t spans = 0;
};
/// What stands before the events of all layers, and after them.
std::string trace_head(double hz, std::int64_t limit, const std::vector<LeftOut>&);
inline constexpr std::string_view kTraceTail = "\n]}\n";

}  // namespace eyrie
