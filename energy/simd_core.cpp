#include "energy/simd_core.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

namespace eyrie {

using enum Dim;

template <class T>
static void describe(Fields& f, Sourced<T>& figure) {
  f.about("a figure with its source");
  f.place(figure.where);
  if constexpr (std::is_enum_v<T>)
    f.required("value", figure.value, "the figure");
  else
    f.required("value", figure.value, "the figure", AtLeast(0));
  f.required("source", figure.source, "where the figure comes from");
  f.required("confidence", figure.confidence, "how much it can be trusted");
  f.optional("note", figure.note, "how it was derived, or what to beware of");
}

void describe(Fields& f, SimdCore& c) {
  f.about("a general-purpose core with short vectors, to be compared with");
  f.required("kind", c.kind, "`simd_core`");
  f.required("name", c.name, "its name");
  f.optional("title", c.title, "what it is, in a line");
  f.optional("source", c.source, "where it is described");
  f.required("clock", c.clock, "its frequency");
  f.required("word", c.word, "width of an element");
  f.required("lanes", c.lanes, "elements of a vector");
  f.required("operations", c.operations, "a cycle while nothing misses; a multiplication and an addition are two");
  f.required("tile", c.tile, "channels in the innermost loops of the code");
  f.required("line", c.line, "of both caches");
  f.required("l1", c.l1, "size of the first cache");
  f.required("l2", c.l2, "size of the second cache");
  f.required("l1_miss", c.l1_miss, "cycles that a line from the second cache costs");
  f.required("l2_miss", c.l2_miss, "cycles that a line from memory costs beyond that");
  f.required("prefetcher", c.prefetcher, "what brings lines ahead");
  f.required("memory_energy", c.memory_energy, "of a bit to or from memory");
}

namespace {

double d(std::int64_t n) { return static_cast<double>(n); }

/// What `check` needs of a figure of any type.
struct Plain {
  const char* key;
  double value;
  const std::string* source;
  const Place* where;
  bool may_be_zero = false;
};

std::vector<Plain> figures(const SimdCore& c) {
  const auto one = [](const char* key, double value, const auto& figure, bool may_be_zero = false) {
    return Plain{key, value, &figure.source, &figure.where, may_be_zero};
  };
  return {one("clock", c.clock.value.count(), c.clock),
          one("word", d(c.word.value.count()), c.word),
          one("lanes", d(c.lanes.value), c.lanes),
          one("operations", c.operations.value, c.operations),
          one("tile", d(c.tile.value), c.tile),
          one("line", d(c.line.value.count()), c.line),
          one("l1", d(c.l1.value.count()), c.l1),
          one("l2", d(c.l2.value.count()), c.l2),
          one("l1_miss", d(c.l1_miss.value.count()), c.l1_miss, true),
          one("l2_miss", d(c.l2_miss.value.count()), c.l2_miss, true),
          one("prefetcher", 0, c.prefetcher, true),
          one("memory_energy", c.memory_energy.value.count(), c.memory_energy, true)};
}

}  // namespace

SimdCore read_simd_core(const YamlDocument& document) {
  auto core = read_yaml<SimdCore>(document);
  Diagnostics wrong;
  if (core.kind != "simd_core")
    wrong.error(document.place_of("kind"), fmt::format("kind is {}, and a SIMD core was wanted", core.kind),
                "write `kind: simd_core`");
  for (const auto& f : figures(core)) {
    if (f.value == 0 && !f.may_be_zero) wrong.error(*f.where, fmt::format("{} is 0", f.key), "it must be above 0");
    if (f.source->empty())
      wrong.error(*f.where, fmt::format("{} has no source", f.key),
                  "say where the figure comes from, or that it is an assumption");
  }
  if (core.operations.value > 2 * static_cast<double>(core.lanes.value))
    wrong.error(
        core.operations.where,
        fmt::format("{} operations a cycle are more than {} lanes can do", core.operations.value, core.lanes.value),
        fmt::format("at most {}, a multiplication and an addition a lane", 2 * core.lanes.value));
  if (core.l2.value <= core.l1.value)
    wrong.error(core.l2.where, fmt::format("l2 of {} B holds no more than l1", core.l2.value.count()),
                fmt::format("more than {} B", core.l1.value.count()));
  wrong.raise_if_any();
  return core;
}

namespace {

/// A loop of the code: what it runs through, and what one turn of it leaves to the loops inside.
struct Loop {
  Dim dim;
  std::int64_t step;
};

/// Does the code walk maps as a pool does: G are channels that lie beside each other?
bool walks_maps(Reduction reduction) {
  switch (reduction) {
    case Reduction::MultiplyAdd:
      return false;
    case Reduction::Maximum:
    case Reduction::Sum:
      return true;
  }
  throw InputError({"", 0, 0}, "the layer has a reduction that the model of a SIMD core does not know",
                   "multiply_add, maximum or sum");
}

/// The tiled code of Figures 5 to 8, outermost loop first. `outside`: tiles of output channels outside of positions.
std::vector<Loop> code(const LayerNest& l, std::int64_t tile, bool outside) {
  const bool maps = walks_maps(l.reduction);
  const Loop channels{maps ? G : M, tile};
  std::vector<Loop> all;
  if (!maps) all.push_back({G, 1});
  all.push_back({N, 1});
  if (outside) all.push_back(channels);
  all.insert(all.end(), {{P, 1}, {Q, 1}});
  if (!outside) all.push_back(channels);
  all.insert(all.end(), {{R, 1}, {S, 1}, {C, tile}, {channels.dim, 1}, {C, 1}});
  if (maps) all.push_back({M, 1});
  return all;
}

/// Lines that words of these extents fill, all tensors together; each begins a line.
std::int64_t lines(const SimdCore& core, const LayerNest& l, const Extents& extent) {
  std::int64_t all = 0;
  for (Operand t : kAllOperands) {
    if (t == Operand::Weight && !l.has_weights()) continue;
    all += ceil_div(bytes_of(l.tile_words(t, extent), core.word.value).count(), core.line.value.count());
  }
  return all;
}

/// Lines that a cache of this size has to ask for. From the inside out: as long as what a turn uses fits, a loop brings
/// what all its turns use once; the turns of loops further out bring it all again.
double misses(const SimdCore& core, const LayerNest& l, const std::vector<Loop>& code, Bytes size) {
  const auto room = size.count() / core.line.value.count();
  Extents turn;  // one turn of the loop looked at
  for (std::size_t i = code.size(); i-- > 0;) {
    const Dim dim = code[i].dim;
    if (lines(core, l, turn) > room) break;
    const auto outer = std::find_if(code.rend() - static_cast<std::ptrdiff_t>(i), code.rend(),
                                    [&](const Loop& loop) { return loop.dim == dim; });
    turn[dim] = outer == code.rend() ? l.extent[dim] : std::min(l.extent[dim], outer->step);
  }
  return d(lines(core, l, turn)) * d(l.extent.product()) / d(turn.product());
}

}  // namespace

SimdTime time_on(const SimdCore& core, const LayerNest& l) {
  SimdTime best;
  for (const bool outside : {false, true}) {
    const auto loops = code(l, core.tile.value, outside);
    SimdTime time;
    time.l1_misses = std::llround(misses(core, l, loops, core.l1.value));
    time.memory_lines = std::llround(misses(core, l, loops, core.l2.value));
    time.stall = Cycles{time.l1_misses * core.l1_miss.value.count() + time.memory_lines * core.l2_miss.value.count()};
    if (!outside || time.stall < best.stall) best = time;
  }
  best.compute = Cycles{std::llround(std::ceil(2 * d(l.macs().count()) / core.operations.value))};
  best.seconds = time_of(best.compute + best.stall, core.clock.value);
  best.memory = core.memory_energy.value * (8 * d(core.line.value.count()) * d(best.memory_lines));
  return best;
}

}  // namespace eyrie
