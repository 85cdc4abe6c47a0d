// Is the reason why there is no mapping the true one? The search itself is asked.

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "mapper/search.hpp"
#include "mapper/why_not.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

using enum Dim;

std::string set(const std::string& path, std::int64_t n, const char* unit = "") {
  return path + "=" + std::to_string(n) + unit;
}

/// Few PEs, spads of a few words, buffers of a few banks of two words.
Architecture tiny_machine(Random& r) {
  const auto n = [&](std::int64_t a, std::int64_t b) { return r.between(a, b); };
  const auto flag = [&](const std::string& path, double p) { return path + (r.chance(p) ? "=true" : "=false"); };
  const auto banks = n(1, 24), filter_banks = n(1, 16);
  return test::eyeriss(
      {set("array.rows", n(1, 8)), set("array.columns", n(1, 3)),
       set("array.spads.ifmap_spad.depth", n(1, 6), " words"), set("array.spads.filter_spad.depth", n(1, 12), " words"),
       set("array.spads.psum_spad.depth", n(1, 6), " words"), "buffers.glb.bank=4 B",
       set("buffers.glb.capacity", 4 * (banks + filter_banks), " B"), set("buffers.glb.partitions.fmap.banks", banks),
       set("buffers.glb.partitions.filter.banks", filter_banks),
       flag("buffers.glb.partitions.fmap.double_buffered", 0.3),
       flag("buffers.glb.partitions.filter.double_buffered", 0.3), flag("buffers.glb.partitions.fmap.bypass", 0.4),
       flag("buffers.glb.partitions.filter.bypass", 0.4)});
}

LayerNest tiny_layer(Random& r) {
  LayerNest l;
  l.reduction = r.chance(0.85) ? Reduction::MultiplyAdd : Reduction::Sum;
  for (auto dims = r.between(2, 5); dims > 0; --dims) {
    Dim d = kAllDims[static_cast<std::size_t>(r.between(0, 7))];
    if (!l.has_weights() && (d == M || d == C)) d = G;
    l.extent[d] = r.between(2, d == R || d == S ? 3 : 5);
  }
  l.stride = {r.between(1, 3), r.between(1, 3)};
  if (l.has_weights()) l.dilation = {r.between(1, 2), r.between(1, 2)};
  return l;
}

/// Of the kind that its reader accepts; wants much whole.
Dataflow strict_dataflow(Random& r) {
  Dataflow flow;
  flow.name = "strict";
  const auto keep_some = [&](std::vector<Dim>& dims) { std::erase_if(dims, [&](Dim) { return !r.chance(0.5); }); };
  keep_some(flow.x);
  keep_some(flow.y);
  keep_some(flow.pe);
  for (Dim d : flow.pe)
    if (r.chance(0.6)) flow.whole_in_pe.push_back(d);
  for (Dim d : flow.y)
    if (r.chance(0.3) && !flow.allows(flow.whole_in_pe, d)) flow.whole_on_y.push_back(d);
  if (r.chance(0.3)) flow.longest = kAllOperands[static_cast<std::size_t>(r.between(0, 2))];
  return flow;
}

MapProblem random_problem(std::uint64_t seed) {
  Random r{seed, "why_not"};
  MapProblem p{.layer = tiny_layer(r), .machine = tiny_machine(r), .dataflow = strict_dataflow(r)};
  p.space = r.chance(0.3) ? Space::Perfect : r.chance(0.8) ? Space::Ragged : Space::Every;
  return p;
}

Picojoules for_nothing(const ActionCounts&, Cycles) { return Picojoules{0}; }

/// Does the search find anything? It is stopped as soon as it does.
bool search_finds(const MapProblem& p) {
  const auto answer = search_mapping(p.layer, p.machine, p.dataflow, {}, for_nothing, {.space = p.space},
                                     [](double best, double) { return !std::isfinite(best); });
  return !answer.best.empty();
}

/// The problem with all constraints taken away but these.
MapProblem only(const MapProblem& p, const std::vector<Constraint>& kept) {
  MapProblem relaxed = p;
  for (const auto& c : constraints_of(p))
    if (!std::ranges::count(kept, c)) relax(relaxed, c);
  return relaxed;
}

MapProblem changed(MapProblem p, const std::vector<Change>& changes) {
  for (const auto& c : changes)
    if (c.value)
      set_value(p, c.constraint, *c.value);
    else
      relax(p, c.constraint);
  return p;
}

void check_conflict(const MapProblem& p, const WhyNot& why) {
  std::vector<Constraint> conflict;
  for (const auto& c : why.conflict) conflict.push_back(c.constraint);
  CHECK_FALSE(search_finds(only(p, conflict)));
  for (std::size_t i = 0; i < conflict.size(); ++i) {
    auto fewer = conflict;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    INFO("without " << conflict[i].id);
    CHECK(search_finds(only(p, fewer)));
  }
}

/// Each change suffices, and no number in it could be smaller.
void check_changes(const MapProblem& p, const std::vector<Change>& changes) {
  CHECK(search_finds(changed(p, changes)));
  for (std::size_t i = 0; i < changes.size(); ++i) {
    auto less = changes;
    if (less[i].value)
      --*less[i].value;
    else
      less.erase(less.begin() + static_cast<std::ptrdiff_t>(i));
    INFO(changes[i].need);
    CHECK_FALSE(search_finds(changed(p, less)));
  }
}

}  // namespace

TEST_CASE("there is a mapping if and only if the search finds one", "[property][mapper]") {
  int none = 0;
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    const auto p = random_problem(seed);
    CAPTURE(seed);
    const bool found = search_finds(p);
    CHECK(feasible(p) == found);
    none += found ? 0 : 1;
  }
  CHECK(none > 300);
  CHECK(none < 1200);
}

TEST_CASE("a reason is a smallest conflict, and the change that it names is the least that helps",
          "[property][mapper]") {
  int cases = 0, together = 0;
  std::array<int, 7> sizes{};
  for (std::uint64_t seed = 0; cases < 400; ++seed) {
    const auto p = random_problem(seed);
    const auto why = why_not(p);
    if (!why) continue;
    CAPTURE(seed);
    check_conflict(p, *why);
    for (const auto& c : why->conflict)
      if (c.alone) check_changes(p, {*c.alone});
    check_changes(p, why->nearest);
    ++cases;
    together += why->nearest.size() > 1 ? 1 : 0;
    ++sizes[std::min<std::size_t>(6, why->conflict.size())];
  }
  CAPTURE(sizes);
  CHECK(together > 20);
  CHECK(sizes[2] > 20);
  CHECK(sizes[3] > 20);
  CHECK(sizes[4] > 5);
}

TEST_CASE("a limit on cycles is a reason if and only if the search finds nothing within it", "[property][mapper]") {
  int cases = 0;
  for (std::uint64_t seed = 0; cases < 100; ++seed) {
    const auto p = random_problem(seed);
    const auto within = [&](std::optional<Cycles> most) {
      return search_mapping(p.layer, p.machine, p.dataflow, {}, for_nothing,
                            {.objective = Objective::Cycles, .cycle_limit = most, .space = p.space})
          .best;
    };
    const auto best = within({});
    if (best.empty()) continue;
    CAPTURE(seed);
    const auto fewest = best.front().cost.cycles;
    for (const auto most : {fewest, fewest - Cycles{1}}) {
      const auto why = why_not(p, CycleLimit{.most = most, .fewest = fewest});
      CHECK(why.has_value() == within(most).empty());
      if (why) CHECK(why->nearest.front().value == fewest.count());
    }
    ++cases;
  }
}
