#include "app/recording.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

#include "app/file_names.hpp"
#include "report/render.hpp"
#include "report/trace_events.hpp"

namespace eyrie {

namespace fs = std::filesystem;

static std::optional<std::int64_t> cycle(std::string_view digits) {
  std::int64_t n = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
  if (error != std::errc{} || end != digits.data() + digits.size() || n < 0 || digits.empty()) return {};
  return n;
}

WindowOption read_window(const std::string& text, const std::string& only_layer) {
  const std::string form = only_layer.empty() ? "write LAYER:FROM-TO, core cycles of the layer, like conv3:1000-1200"
                                              : "write FROM-TO, core cycles of the layer, like 1000-1200";
  const auto colon = text.rfind(':');
  const std::string layer = colon == std::string::npos ? only_layer : text.substr(0, colon);
  const std::string_view cycles = std::string_view{text}.substr(colon == std::string::npos ? 0 : colon + 1);
  const auto dash = cycles.find('-');
  const auto from = cycle(cycles.substr(0, dash));
  const auto to = dash == std::string_view::npos ? std::nullopt : cycle(cycles.substr(dash + 1));
  if (layer.empty() || !from || !to) throw InputError({"--window", 0, 0}, fmt::format("{} is no window", text), form);
  if (*from > *to)
    throw InputError({"--window", 0, 0}, fmt::format("{} ends before it begins", text),
                     fmt::format("write {}{}-{}", colon == std::string::npos ? "" : layer + ":", *to, *from));
  return {layer, {Cycles{*from}, Cycles{*to}}};
}

Recording::Recording(RecordingRequest request, std::vector<std::string> layers, double core_hz)
    : request_{std::move(request)},
      layers_{std::move(layers)},
      core_hz_{core_hz},
      mark_{fmt::format(".unfinished{}", ::getpid())} {
  check();
  for (const auto& [option, file] : {std::pair{"--trace", request_.trace}, std::pair{"--vcd", request_.vcd}}) {
    if (file.empty()) continue;
    if (std::error_code error; fs::is_directory(file, error))
      throw InputError({option, 0, 0}, fmt::format("{} is a folder", file), "name a file");
    folders_.push_back(std::make_unique<OutFolder>(folder_of(file), option));
  }
}

/// Do windows, files and layers go together?
void Recording::check() const {
  Diagnostics wrong;
  const auto& windows = request_.windows;
  if (!windows.empty() && !draws())
    wrong.error({"--window", 0, 0}, "nothing is drawn of it", "add --trace FILE or --vcd FILE");
  if (windows.empty() && !request_.vcd.empty())
    wrong.error({"--vcd", 0, 0}, "there is no window of cycles", "add --window LAYER:FROM-TO");
  std::error_code error;
  if (draws() && fs::weakly_canonical(request_.trace, error) == fs::weakly_canonical(request_.vcd, error))
    wrong.error({"--vcd", 0, 0}, fmt::format("{} is the trace's file", request_.vcd), "name another file");
  for (auto w = windows.begin(); w != windows.end(); ++w) {
    if (!std::ranges::count(layers_, w->layer))
      wrong.error({"--window", 0, 0}, fmt::format("{} is no layer that this run simulates", w->layer),
                  fmt::format("it simulates {}", fmt::join(layers_, ", ")));
    if (std::find_if(windows.begin(), w, [&](const auto& other) { return other.layer == w->layer; }) != w)
      wrong.error({"--window", 0, 0}, fmt::format("there are several windows of {}", w->layer),
                  "give one window of a layer; it may be long");
  }
  for (auto w = windows.begin(); w != windows.end() && !request_.vcd.empty(); ++w)
    for (auto other = windows.begin(); other != w; ++other)
      if (other->layer != w->layer && vcd_of(other->layer) == vcd_of(w->layer))
        wrong.error({"--vcd", 0, 0}, fmt::format("{} and {} would be one file", other->layer, w->layer),
                    "draw them in a run each");
  wrong.raise_if_any();
}

Recording::~Recording() {
  std::error_code error;
  for (const auto& layer : layers_) {
    fs::remove(unfinished_vcd(layer), error);
    fs::remove(unfinished_vcd(layer) + ".raw.vcd", error);
    fs::remove(unfinished_trace(layer), error);
  }
}

const WindowOption* Recording::window_of(const std::string& layer) const {
  const auto it = std::ranges::find(request_.windows, layer, &WindowOption::layer);
  return it == request_.windows.end() ? nullptr : &*it;
}

bool Recording::traced(const std::string& layer) const {
  return !request_.trace.empty() && (request_.windows.empty() || window_of(layer));
}

/// The file that was named; with several windows the layer's name stands in it.
std::string Recording::vcd_of(const std::string& layer) const {
  if (request_.windows.size() < 2) return request_.vcd;
  const fs::path file{request_.vcd};
  return fs::path{folder_of(request_.vcd)} /
         fmt::format("{}.{}{}", file.stem().string(), plain_name(layer), file.extension().string());
}

/// From 1, in the order in which they run.
std::int64_t Recording::number_of(const std::string& layer) const {
  return std::ranges::find(layers_, layer) - layers_.begin() + 1;
}

std::string Recording::unfinished_vcd(const std::string& layer) const {
  return fmt::format("{}{}.{}.vcd", request_.vcd, mark_, number_of(layer));
}

std::string Recording::unfinished_trace(const std::string& layer) const {
  return fmt::format("{}{}.{}", request_.trace, mark_, number_of(layer));
}

std::int64_t Recording::limit() const {
  return std::max<std::int64_t>(1, kMostSlices / std::ranges::count_if(layers_, [&](auto& l) { return traced(l); }));
}

void Recording::ask(const std::string& layer, SimulateOptions& options, RunLog& log) const {
  const auto* window = window_of(layer);
  if (window && !request_.vcd.empty()) options.wave = WaveRequest{window->window, unfinished_vcd(layer)};
  if (!traced(layer)) return;
  log.limit = limit();
  if (window) log.window = window->window;
  options.log = &log;
}

void Recording::keep(const std::string& layer, const RunLog& log) const {
  if (!traced(layer)) return;
  write_file(unfinished_trace(layer),
             fmt::format("{}\n{}", log.left_out, trace_events(log, layer, number_of(layer), core_hz_)));
}

/// Puts the layers' events together.
void Recording::write_trace() {
  std::vector<LeftOut> left_out;
  std::string events;
  for (const auto& layer : layers_) {
    if (!traced(layer)) continue;
    std::ifstream part{unfinished_trace(layer), std::ios::binary};
    std::string first;
    std::getline(part, first);
    left_out.push_back({layer, std::stoll("0" + first)});
    if (left_out.back().spans > 0) cut_short_.push_back(layer);
    if (!events.empty()) events += ",\n";
    events.append(std::istreambuf_iterator<char>{part}, {});
  }
  write_file(request_.trace, trace_head(core_hz_, limit(), left_out) + events + std::string(kTraceTail));
}

std::vector<std::string> Recording::finish(const std::vector<LayerOutcome>& outcomes) {
  Diagnostics wrong;
  for (const auto& w : request_.windows) {
    const auto o = std::ranges::find(outcomes, w.layer, &LayerOutcome::layer);
    if (o == outcomes.end() || o->result.deadlock) continue;
    if (const auto last = o->result.cycles.count() - 1; w.window.to.count() > last)
      wrong.error({"--window", 0, 0},
                  fmt::format("{} has cycles 0 to {}, and its window ends at {}", w.layer, last, w.window.to.count()),
                  fmt::format("end it at {} or before", last));
  }
  wrong.raise_if_any();
  std::vector<std::string> written;
  for (const auto& w : request_.windows)
    if (!request_.vcd.empty() && fs::exists(unfinished_vcd(w.layer))) {
      written.push_back(vcd_of(w.layer));
      put_in_place(unfinished_vcd(w.layer), written.back());
    }
  if (!request_.trace.empty()) {
    write_trace();
    written.push_back(request_.trace);
  }
  return written;
}

}  // namespace eyrie
