// Does the simulator hold for any layer, machine and mapping? Compared with the plain reference, with conservation
// laws, and with itself stepped another way.

#include <catch2/catch.hpp>

#include "dataflows/legality.hpp"
#include "dataflows/row_stationary.hpp"
#include "sim/simulate.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

using enum Dim;

std::string set(const std::string& path, std::int64_t n, const char* unit = "") {
  return path + "=" + std::to_string(n) + unit;
}

Architecture random_machine(Random& r) {
  const auto n = [&](std::int64_t a, std::int64_t b) { return r.between(a, b); };
  std::vector<std::string> overrides{
      set("array.rows", n(2, 8)),
      set("array.columns", n(1, 7)),
      set("array.spads.ifmap_spad.depth", n(6, 14), " words"),
      set("array.spads.filter_spad.depth", n(24, 90), " words"),
      set("array.spads.psum_spad.depth", n(2, 12), " words"),
      set("array.mac.pipeline", n(1, 5), " cycles"),
      std::string("array.mac.zero_gating=") + (r.chance(0.5) ? "true" : "false"),
      set("buffers.glb.partitions.fmap.read", n(1, 4), " words/cycle"),
      set("buffers.glb.partitions.fmap.write", n(1, 4), " words/cycle"),
      std::string("buffers.glb.partitions.fmap.double_buffered=") + (r.chance(0.3) ? "true" : "false")};
  for (const char* noc : {"filter_gin", "ifmap_gin", "psum_gin", "psum_gon", "psum_link"}) {
    const auto width = n(1, 4);
    overrides.push_back(set(std::string("networks.") + noc + ".width", width, " words/cycle"));
    overrides.push_back(set(std::string("networks.") + noc + ".fifo", n(width, 9), " words"));
    overrides.push_back(set(std::string("networks.") + noc + ".latency", n(1, 3), " cycles"));
  }
  return test::eyeriss(overrides);
}

LayerNest random_layer(Random& r) {
  LayerNest l;
  const auto n = [&](std::int64_t a, std::int64_t b) { return r.between(a, b); };
  l.reduction = r.chance(0.7) ? Reduction::MultiplyAdd : r.chance(0.5) ? Reduction::Maximum : Reduction::Sum;
  const bool conv = l.has_weights();
  l.extent = {{n(1, 3), n(1, 3), conv ? n(1, 7) : 1, conv ? n(1, 7) : 1, n(1, 9), n(1, 9), n(1, 3), n(1, 4)}};
  l.stride = {n(1, 3), n(1, 3)};
  if (conv) l.dilation = {n(1, 2), n(1, 2)};
  const auto pad = [&](std::int64_t padded, std::int64_t window) {
    return std::min({n(0, 2), (padded - 1) / 2, window - 1});
  };
  l.padding = {pad(l.padded_rows(), l.extent[R]), pad(l.padded_rows(), l.extent[R]),
               pad(l.padded_columns(), l.extent[S]), pad(l.padded_columns(), l.extent[S])};
  return l;
}

RowStationary random_parameters(const LayerNest& l, const Architecture& a, Random& r) {
  const auto& x = l.extent;
  const auto n = [&](std::int64_t most) { return r.between(1, std::max<std::int64_t>(1, most)); };
  RowStationary k{.m = 1,
                  .n = n(x[N]),
                  .e = n(x[P]),
                  .p = n(std::min<std::int64_t>(x[M], 8)),
                  .q = n(std::min<std::int64_t>(x[C], 4)),
                  .r = n(3),
                  .t = n(4)};
  k.m = std::min(x[M], k.p * k.t * n(3));
  (void)a;
  return k;
}

/// A nest that no row-stationary parameters give: other loop orders outside the array, so that psums go to DRAM and
/// come back and ifmaps slide.
Mapping shuffled_outside(Mapping m, const Architecture& a, Random& r) {
  const auto end = m.pass_position();
  std::vector<NestEntry> loops, nest{m.nest.front()};
  for (std::size_t i = 1; i < end; ++i)
    if (m.nest[i].is_loop()) loops.push_back(m.nest[i]);
  // Loops over the same dimension keep their order: their steps shrink inwards.
  for (std::size_t i = loops.size(); i > 1; --i) {
    const auto j = static_cast<std::size_t>(r.between(0, static_cast<std::int64_t>(i) - 1));
    if (loops[i - 1].dim() != loops[j].dim() &&
        std::none_of(loops.begin() + static_cast<std::ptrdiff_t>(j), loops.begin() + static_cast<std::ptrdiff_t>(i),
                     [&](const NestEntry& e) {
                       return (&e != &loops[j] && e.dim() == loops[j].dim()) ||
                              (&e != &loops[i - 1] && e.dim() == loops[i - 1].dim());
                     }))
      std::swap(loops[i - 1], loops[j]);
  }
  const auto cut = static_cast<std::size_t>(r.between(0, static_cast<std::int64_t>(loops.size())));
  std::vector<Operand> tensors{Operand::Output, Operand::Input};
  if (m.nest.front().keeps(Operand::Weight)) tensors.push_back(Operand::Weight);
  for (std::size_t i = 0; i <= loops.size(); ++i) {
    for (Operand t : tensors) {
      const auto at = t == Operand::Output   ? cut
                      : t == Operand::Weight ? loops.size()
                                             : std::min(loops.size(), cut + 1);
      if (at == i) nest.push_back(keep(a.buffer(t)->name, {t}));
    }
    if (i < loops.size()) nest.push_back(loops[i]);
  }
  nest.insert(nest.end(), m.nest.begin() + static_cast<std::ptrdiff_t>(end), m.nest.end());
  return {nest};
}

void check_conservation(const LayerResult& r, const LayerNest& l, const Architecture& a) {
  CHECK(r.stack.total() == r.cycles.count() * a.pes());
  const auto each = l.reduction == Reduction::MultiplyAdd ? Action::Mac
                    : l.reduction == Reduction::Maximum   ? Action::Compare
                                                          : Action::Add;
  const auto slots = r.counts.words("mac", Operand::Output, each).count() +
                     r.counts.words("mac", Operand::Output, Action::GatedMac).count();
  const auto joins = l.reduction == Reduction::MultiplyAdd ? 0 : r.stack[Cause::Accumulate];
  CHECK(slots - joins == l.macs().count());
  CHECK(r.stack[Cause::Mac] + r.stack[Cause::GatedMac] == l.macs().count());
  CHECK(r.counts.words("glb", Operand::Output, Action::Read) ==
        r.counts.words("psum_gin", Operand::Output, Action::Deliver));
  CHECK(r.counts.words("glb", Operand::Output, Action::Write) ==
        r.counts.words("psum_gon", Operand::Output, Action::Send));
  CHECK(r.counts.words("ifmap_gin", Operand::Input, Action::Deliver) ==
        r.counts.words("ifmap_spad", Operand::Input, Action::Write));
  CHECK(r.counts.words("filter_gin", Operand::Weight, Action::Deliver) ==
        r.counts.words("filter_spad", Operand::Weight, Action::Write));
  CHECK(r.processing_cycles <= r.cycles);
}

}  // namespace

namespace {

/// How often the random cases met what they should meet.
struct Coverage {
  int simulated = 0, spilled = 0, chained = 0, gated = 0, pooled = 0;
};

void check_case(std::uint64_t seed, Coverage& met) {
  CAPTURE(seed);
  Random random{seed, "simulator"};
  const auto a = random_machine(random);
  const auto l = random_layer(random);
  Mapping m;
  bool legal = false;
  for (int attempt = 0; attempt < 60 && !legal; ++attempt) {
    m = row_stationary(random_parameters(l, a, random), l, a);
    if (random.chance(0.5)) m = shuffled_outside(m, a, random);
    legal = is_legal(m, l, a);
  }
  if (!legal) return;  // a filter taller than the array, say
  CAPTURE(pretty(m, l));
  const auto operands = test::random_operands(l, a.words, random);
  const auto result = simulate(l, a, m, operands);
  REQUIRE_FALSE(result.deadlock.has_value());
  CHECK(test::differences(result.ofmap, test::reference_ofmap(l, operands)) == 0);
  check_conservation(result, l, a);
  const auto agrees = [&](Stepping stepping, std::int64_t quantum) {
    SimulateOptions other;
    other.stepping = stepping;
    other.quantum = quantum;
    const auto again = simulate(l, a, m, operands, other);
    CHECK(again.cycles == result.cycles);
    CHECK(again.processing_cycles == result.processing_cycles);
    CHECK(again.stack == result.stack);
    CHECK(again.counts == result.counts);
    CHECK(again.ofmap == result.ofmap);
  };
  agrees(Stepping::RunAhead, 0);
  agrees(Stepping::RunAhead, random.between(2, 40));
  agrees(Stepping::Cycle, 0);
  ++met.simulated;
  met.spilled += result.counts.words("dram", Operand::Output, Action::Read).count() > 0 ? 1 : 0;
  met.chained += result.counts.words("psum_link", Operand::Output, Action::Hop).count() > 0 ? 1 : 0;
  met.gated += result.stack[Cause::GatedMac] > 0 ? 1 : 0;
  met.pooled += l.has_weights() ? 0 : 1;
}

}  // namespace

TEST_CASE("any layer on any machine gives the reference's ofmap, and all ways of stepping agree", "[property][sim]") {
  Coverage met;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) check_case(seed, met);
  CHECK(met.simulated > 1500);
  CHECK(met.spilled > 20);
  CHECK(met.chained > 500);
  CHECK(met.gated > 300);
  CHECK(met.pooled > 200);
}

TEST_CASE("a broken PE shows as a mismatch", "[property][sim]") {
  Random random{1, "broken"};
  const auto a = test::eyeriss({"array.rows=4", "array.columns=3"});
  LayerNest l;
  l.extent = {{1, 2, 4, 3, 6, 5, 3, 3}};
  const auto m = row_stationary({.m = 4, .n = 2, .e = 3, .p = 2, .q = 2, .r = 1, .t = 1}, l, a);
  REQUIRE(is_legal(m, l, a));
  const auto operands = test::random_operands(l, a.words, random);
  const auto truth = test::reference_ofmap(l, operands);
  CHECK(test::differences(simulate(l, a, m, operands).ofmap, truth) == 0);
  SimulateOptions broken, timed;
  broken.faulty_pe = timed.faulty_pe = {1, 2};
  timed.stepping = Stepping::RunAhead;
  const auto result = simulate(l, a, m, operands, broken);
  CHECK(test::differences(result.ofmap, truth) > 0);
  CHECK(result.ofmap == simulate(l, a, m, operands, timed).ofmap);
  broken.faulty_pe = {3, 0};  // a row that this mapping leaves idle
  CHECK(test::differences(simulate(l, a, m, operands, broken).ofmap, truth) == 0);
}

TEST_CASE("a pass that cannot end stops and says who waits for whom", "[property][sim]") {
  Random random{1, "stopped"};
  const auto a = test::eyeriss({"array.rows=3", "array.columns=2"});
  LayerNest l;
  l.extent = {{1, 1, 2, 1, 2, 9, 3, 3}};
  const auto m = row_stationary({.m = 2, .n = 1, .e = 2, .p = 2, .q = 1, .r = 1, .t = 1}, l, a);
  REQUIRE(is_legal(m, l, a));
  SimulateOptions stopped;
  stopped.stopped_pe = {1, 0};
  for (const std::int64_t quantum : {0, 1, 7}) {
    stopped.quantum = quantum;
    const auto result = simulate(l, a, m, test::random_operands(l, a.words, random), stopped);
    REQUIRE(result.deadlock.has_value());
    CHECK(result.deadlock->wait_for ==
          "pe(0,0) waits for a psum of pe(1,0); pe(1,0) waits for nothing: it was stopped");
  }
}
