#include "app/recording.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

#include "report/render.hpp"
#include "report/trace_events.hpp"

namespace eyrie {

namespace fs = std::filesystem;

/// A layer's name as a file's.
static std::string file_name(std::string name) {
  std::ranges::replace_if(
      name, [](unsigned char c) { return !std::isalnum(c) && c != '_' && c != '-' && c != '.'; }, '_');
  return name;
}

static std::optional<std::int64_t> cycle(std::string_view digits) {
  std::int64_t n = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
  if (error != std::errc{} || end != digits.data() + digits.size() || n < 0 || digits.empty()) return {};
  return n;
}

WaveOption read_wave(const std::string& text, const std::string& only_layer) {
  const std::string form = only_layer.empty() ? "write LAYER:FROM-TO, core cycles of the layer, like conv3:1000-1200"
                                              : "write FROM-TO, core cycles of the layer, like 1000-1200";
  const auto colon = text.rfind(':');
  const std::string layer = colon == std::string::npos ? only_layer : text.substr(0, colon);
  const std::string_view cycles = std::string_view{text}.substr(colon == std::string::npos ? 0 : colon + 1);
  const auto dash = cycles.find('-');
  const auto from = cycle(cycles.substr(0, dash));
  const auto to = dash == std::string_view::npos ? std::nullopt : cycle(cycles.substr(dash + 1));
  if (layer.empty() || !from || !to) throw InputError({"--wave", 0, 0}, fmt::format("{} is no window", text), form);
  if (*from > *to)
    throw InputError({"--wave", 0, 0}, fmt::format("{} ends before it begins", text),
                     fmt::format("write {}{}-{}", colon == std::string::npos ? "" : layer + ":", *to, *from));
  return {layer, {Cycles{*from}, Cycles{*to}}};
}

Recording::Recording(RecordingRequest request, std::vector<std::string> layers, double core_hz)
    : request_{std::move(request)},
      layers_{std::move(layers)},
      core_hz_{core_hz},
      mark_{fmt::format(".unfinished{}", ::getpid())} {
  if (request_.waves.empty() && !request_.trace) return;
  const char* option = request_.waves.empty() ? "--trace" : "--wave";
  if (request_.out.empty()) throw InputError({option, 0, 0}, "there is no folder to write to", "add --out DIR");
  for (const auto& w : request_.waves) {
    if (!std::ranges::count(layers_, w.layer))
      throw InputError({option, 0, 0}, fmt::format("{} is no layer that this run simulates", w.layer),
                       fmt::format("it simulates {}", fmt::join(layers_, ", ")));
    if (std::ranges::count(request_.waves, w.layer, &WaveOption::layer) > 1)
      throw InputError({option, 0, 0}, fmt::format("there are several windows of {}", w.layer),
                       "give one window of a layer; it may be long");
  }
  std::error_code error;
  made_folder_ = fs::create_directories(request_.out, error);
  if (::access(request_.out.c_str(), W_OK) != 0)
    throw InputError({"--out", 0, 0}, fmt::format("{} cannot be written to", request_.out), "name another folder");
}

Recording::~Recording() {
  std::error_code error;
  for (const auto& layer : layers_)
    for (const char* kind : {".vcd", ".vcd.raw.vcd", ".trace"}) fs::remove(temporary(layer, kind), error);
  if (made_folder_) fs::remove(request_.out, error);  // if there is nothing in it
}

const WaveOption* Recording::wave_of(const std::string& layer) const {
  const auto it = std::ranges::find(request_.waves, layer, &WaveOption::layer);
  return it == request_.waves.end() ? nullptr : &*it;
}

std::string Recording::temporary(const std::string& layer, const char* kind) const {
  return fmt::format("{}/{}{}{}", request_.out, file_name(layer), mark_, kind);
}

std::int64_t Recording::limit() const { return std::max<std::int64_t>(1, kMostSlices / std::ssize(layers_)); }

void Recording::ask(const std::string& layer, SimulateOptions& options, RunLog& log) const {
  if (const auto* wave = wave_of(layer)) options.wave = WaveRequest{wave->window, temporary(layer, ".vcd")};
  if (!request_.trace) return;
  log.limit = limit();
  options.log = &log;
}

void Recording::keep(const std::string& layer, const RunLog& log) const {
  if (!request_.trace) return;
  const auto number = std::ranges::find(layers_, layer) - layers_.begin() + 1;
  write_file(temporary(layer, ".trace"),
             fmt::format("{}\n{}", log.left_out, trace_events(log, layer, number, core_hz_)));
}

/// Puts the layers' events together.
std::string Recording::write_trace() {
  std::vector<LeftOut> left_out;
  for (const auto& layer : layers_) {
    std::ifstream part{temporary(layer, ".trace")};
    left_out.push_back({layer, 0});
    part >> left_out.back().spans;
    if (left_out.back().spans > 0) cut_short_.push_back(layer);
  }
  std::string text = trace_head(core_hz_, limit(), left_out);
  for (const auto& layer : layers_) {
    std::ifstream part{temporary(layer, ".trace"), std::ios::binary};
    std::string first;
    std::getline(part, first);
    if (&layer != layers_.data()) text += ",\n";
    text.append(std::istreambuf_iterator<char>{part}, {});
  }
  const auto path = request_.out + "/trace.json";
  write_file(path, text + std::string(kTraceTail));
  return path;
}

std::vector<std::string> Recording::finish(const std::vector<LayerOutcome>& outcomes) {
  Diagnostics wrong;
  for (const auto& w : request_.waves) {
    const auto o = std::ranges::find(outcomes, w.layer, &LayerOutcome::layer);
    if (o == outcomes.end() || o->result.deadlock) continue;
    if (const auto last = o->result.cycles.count() - 1; w.window.to.count() > last)
      wrong.error({"--wave", 0, 0},
                  fmt::format("{} has cycles 0 to {}, and its window ends at {}", w.layer, last, w.window.to.count()),
                  fmt::format("end it at {} or before", last));
  }
  wrong.raise_if_any();
  std::vector<std::string> written;
  for (const auto& w : request_.waves)
    if (fs::exists(temporary(w.layer, ".vcd"))) {
      written.push_back(fmt::format("{}/{}.vcd", request_.out, file_name(w.layer)));
      fs::rename(temporary(w.layer, ".vcd"), written.back());
    }
  if (request_.trace) written.push_back(write_trace());
  return written;
}

}  // namespace eyrie
