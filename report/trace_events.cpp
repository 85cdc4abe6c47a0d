#include "report/trace_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

namespace eyrie {

using Json = nlohmann::ordered_json;

namespace {

/// Tracks of a layer's process.
enum Track : std::uint8_t { Passes = 1, Waits, Dram, Buffer = 6 };  // three of DRAM and buffers, by Operand
constexpr std::array kTracks{"array: passes",
                             "array: waits between passes",
                             "DRAM link: ifmap",
                             "DRAM link: filters, biases",
                             "DRAM link: ofmap, psums",
                             "buffer: ifmap to the array",
                             "buffer: filters to the array",
                             "buffer: psums to and from the array"};

class Events {
 public:
  Events(std::int64_t process, double hz) : process_{process}, hz_{hz} {}
  void meta(const char* what, std::int64_t track, const Json& args) {
    add({{"name", what}, {"ph", "M"}, {"pid", process_}, {"tid", track}, {"args", args}});
  }
  void slice(const std::string& name, std::int64_t track, Cycles from, Cycles to, const Json& args) {
    add({{"name", name},
         {"ph", "X"},
         {"pid", process_},
         {"tid", track},
         {"ts", microseconds(from)},
         {"dur", microseconds(to - from)},
         {"args", args}});
  }
  /// Figures that hold from a cycle on, drawn as a stack.
  void level(const char* name, Cycles from, const Json& args) {
    add({{"name", name}, {"ph", "C"}, {"pid", process_}, {"tid", 0}, {"ts", microseconds(from)}, {"args", args}});
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  [[nodiscard]] double microseconds(Cycles c) const { return static_cast<double>(c.count()) * 1e6 / hz_; }
  void add(const Json& event) {
    text_ += (text_.empty() ? "" : ",\n") + event.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  std::int64_t process_;
  double hz_;
  std::string text_;
};

/// The dimensions in which a pass is more than one or stands elsewhere than at 0.
Json extents_json(const Extents& e, std::int64_t usual) {
  Json j = Json::object();
  for (std::size_t d = 0; d < kDims; ++d)
    if (e.of[d] != usual) j[std::string(1, kDimNames[d])] = e.of[d];
  return j;
}

Json stack_json(const CycleStack& stack) {
  Json j = Json::object();
  for (const auto& row : names<Cause>::table)
    if (stack[row.value] > 0) j[std::string(row.name)] = stack[row.value];
  return j;
}

/// What the buffers do for a pass: until the last word of it has been read, and psums until all are in their place or
/// the next pass begins.
void transfers(Events& events, const PassSpan& p) {
  static constexpr std::array kNames{"ifmap read", "filters read", "psums read and written"};
  for (const Operand t : kAllOperands) {
    const auto i = static_cast<std::size_t>(t);
    const Cycles to = std::min(p.to, t == Operand::Output ? std::max(p.last_read[i], p.all_out) : p.last_read[i]);
    if (to > p.from)
      events.slice(kNames[i], Buffer + static_cast<std::int64_t>(i), p.from, to,
                   {{"pass", p.number}, {"from_cycle", p.from.count()}, {"cycles", (to - p.from).count()}});
  }
}

void pass(Events& events, const PassSpan& p) {
  events.slice(fmt::format("pass {}", p.number), Passes, p.from, p.to,
               {{"pass", p.number},
                {"from_cycle", p.from.count()},
                {"cycles", (p.to - p.from).count()},
                {"psums_out_at_cycle", p.all_out.count()},
                {"extent", extents_json(p.extent, 1)},
                {"offset", extents_json(p.offset, 0)},
                {"pe_cycles", stack_json(p.stack)},
                {"dram_wait_cycles", p.dram_waits.count()},
                {"advanced", std::string(name_of(p.way))}});
  transfers(events, p);
}

/// How many PEs were at what, on average over each pass; between passes the waiting ones. Causes that never come are
/// left out.
void levels(Events& events, const RunLog& log) {
  static const char* const kName = "PEs by cause, mean of a pass";
  CycleStack ever;
  for (const auto& p : log.passes) ever += p.stack;
  for (const auto& w : log.waits) ever[w.cause] += w.active;
  const auto put = [&](Cycles from, const CycleStack& stack, double cycles) {
    Json j = Json::object();
    for (const auto& row : names<Cause>::table)
      if (ever[row.value] > 0)
        j[std::string(row.name)] = std::round(1000 * static_cast<double>(stack[row.value]) / cycles) / 1000;
    events.level(kName, from, j);
  };
  Cycles last{};
  for (const auto& p : log.passes) {
    put(p.from, p.stack, std::max(1.0, static_cast<double>((p.to - p.from).count())));
    last = std::max(last, p.to);
  }
  for (const auto& w : log.waits) {
    CycleStack waiting;
    waiting[w.cause] = w.active;
    put(w.from, waiting, 1);
    last = std::max(last, w.to);
  }
  if (last > Cycles{}) put(last, {}, 1);
}

void move(Events& events, const TileMove& m) {
  static constexpr std::array kNames{"ifmap tile", "filter tile", "output tile"};
  const auto t = static_cast<std::size_t>(m.tensor);
  events.slice(fmt::format("{} {}", kNames[t], m.out ? "out" : "in"), Dram + static_cast<std::int64_t>(t), m.from, m.to,
               {{"bytes", m.bytes.count()},
                {"asked_at_cycle", m.asked.count()},
                {"from_cycle", m.from.count()},
                {"cycles", (m.to - m.from).count()}});
}

}  // namespace

std::string trace_events(const RunLog& log, std::string_view layer, std::int64_t process, double hz) {
  Events events{process, hz};
  events.meta("process_name", 0, {{"name", std::string(layer)}});
  events.meta("process_sort_index", 0, {{"sort_index", process}});
  for (std::size_t i = 0; i < kTracks.size(); ++i) {
    const auto track = static_cast<std::int64_t>(i) + 1;
    events.meta("thread_name", track, {{"name", kTracks[i]}});
    events.meta("thread_sort_index", track, {{"sort_index", track}});
  }
  for (const auto& p : log.passes) pass(events, p);
  for (const auto& w : log.waits)
    events.slice(std::string(name_of(w.cause)), Waits, w.from, w.to,
                 {{"from_cycle", w.from.count()}, {"cycles", (w.to - w.from).count()}, {"pes", w.active}});
  for (const auto& m : log.moves) move(events, m);
  levels(events, log);
  return events.text();
}

std::string trace_head(double hz, std::int64_t limit, const std::vector<LeftOut>& left_out) {
  Json missing = Json::object();
  for (const auto& l : left_out)
    if (l.spans > 0) missing[l.layer] = l.spans;
  const Json other{{"unit", "microseconds of the core clock; every layer begins at 0"},
                   {"core_mhz", hz * 1e-6},
                   {"most_slices_a_layer", limit},
                   {"slices_left_out", missing}};
  return fmt::format("{{\"displayTimeUnit\":\"ns\",\"otherData\":{},\"traceEvents\":[\n",
                     other.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace eyrie
