// Do waveforms show the run that is counted? Windows of random runs, read back, against the counted run.

#include <algorithm>
#include <catch2/catch.hpp>

#include "dataflows/legality.hpp"
#include "sim/simulate.hpp"
#include "tests/support/random_cases.hpp"
#include "tests/support/seeds.hpp"
#include "tests/support/support.hpp"
#include "tests/support/vcd.hpp"

using namespace eyrie;

namespace {

/// A random layer on a random machine, with what its run comes to.
struct Case {
  Architecture a;
  LayerNest l;
  Mapping m;
  LayerOperands operands;
  LayerResult whole;
  RunLog log;
};

std::optional<Case> random_case(Random& random, bool lockstep) {
  auto a = lockstep ? test::random_lockstep_machine(random) : test::random_machine(random);
  auto l = test::random_layer(random);
  auto m = test::random_mapping(l, a, random);
  if (!m) return {};
  auto operands = test::random_operands(l, a.words, random);
  Case c{std::move(a), l, std::move(*m), std::move(operands), {}, {}};
  SimulateOptions options;
  options.log = &c.log;
  c.whole = simulate(c.l, c.a, c.m, c.operands, options);
  if (c.whole.cycles.count() > 4000) return {};  // long enough to tell
  return c;
}

/// Draws a window; the run is the same as without.
test::Vcd drawn(const Case& c, CycleWindow window) {
  const test::Folder folder;
  SimulateOptions options;
  options.wave = WaveRequest{window, folder.path() + "/w.vcd"};
  const auto result = simulate(c.l, c.a, c.m, c.operands, options);
  CHECK(result.cycles == c.whole.cycles);
  CHECK(result.stack == c.whole.stack);
  CHECK(result.counts == c.whole.counts);
  CHECK(result.ofmap == c.whole.ofmap);
  CHECK(result.advanced.cycles_stepped <= (window.to - window.from).count() + 1);
  const auto vcd = test::read_vcd(test::read_file(folder.path() + "/w.vcd"));
  CHECK(vcd.first == window.from.count());
  CHECK(vcd.last == std::min(window.to.count() + 1, c.whole.cycles.count()));
  return vcd;
}

std::string array_of(const Case& c) { return c.a.name + "." + c.a.array.name + "."; }

Cause cause_at(const test::Vcd& vcd, const std::string& signal, std::int64_t cycle) {
  return static_cast<Cause>(vcd.at(signal + "cause", cycle));
}

/// The same signals in a window as in the whole; words count from the window's first cycle.
void check_part(const test::Vcd& part, const test::Vcd& whole, CycleWindow window) {
  REQUIRE(part.signals.size() == whole.signals.size());
  for (const auto& [name, changes] : part.signals) {
    CAPTURE(name);
    std::uint64_t before = 0;
    if (name.ends_with(".words") && window.from > Cycles{}) before = whole.at(name, window.from.count() - 1);
    bool same = true;
    for (auto t = window.from.count(); t <= window.to.count(); ++t)
      same = same && part.at(name, t) == whole.at(name, t) - before;
    CHECK(same);
  }
}

CycleWindow everything(const Case& c) { return {Cycles{}, c.whole.cycles - Cycles{1}}; }

CycleWindow random_window(const Case& c, Random& r) {
  const auto from = r.between(0, c.whole.cycles.count() - 1);
  return {Cycles{from}, Cycles{r.between(from, std::min(from + 300, c.whole.cycles.count() - 1))}};
}

}  // namespace

TEST_CASE("the causes of all PEs in a window of a whole run are the cycle stack", "[property][sim][waves]") {
  int drawn_runs = 0, waited = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(test::first_seed() + seed);
    Random random{test::first_seed() + seed, "waves"};
    const auto c = random_case(random, false);
    if (!c) continue;
    const auto vcd = drawn(*c, everything(*c));
    CycleStack stack;
    for (std::int64_t row = 0; row < c->a.array.rows; ++row)
      for (std::int64_t column = 0; column < c->a.array.columns; ++column) {
        const auto pe = array_of(*c) + "pe_" + std::to_string(row) + "_" + std::to_string(column) + ".";
        for (std::int64_t t = 0; t < c->whole.cycles.count(); ++t) ++stack[cause_at(vcd, pe, t)];
        const auto fifo = c->a.network(NocRole::Deliver, Operand::Input)->fifo.count();
        const auto depth = c->a.spad(Operand::Input)->depth.count();
        for (const auto& [t, words] : vcd.signals.at(pe + "input_fifo"))
          CHECK(static_cast<std::int64_t>(words) <= fifo);
        for (const auto& [t, words] : vcd.signals.at(pe + "input_spad"))
          CHECK(static_cast<std::int64_t>(words) <= depth);
      }
    CHECK(stack == c->whole.stack);
    for (const Operand t : kAllOperands) {
      const auto& name = c->a.network(NocRole::Deliver, t)->name;
      CHECK(static_cast<std::int64_t>(vcd.at(c->a.name + "." + name + ".words", vcd.last)) ==
            c->whole.counts.words(name, t, Action::Send).count());
    }
    const auto part = random_window(*c, random);
    check_part(drawn(*c, part), vcd, part);
    ++drawn_runs;
    waited += stack[Cause::WaitPsumIn] + stack[Cause::WaitPsumOut] > 0 ? 1 : 0;
  }
  CHECK(drawn_runs > 20);
  CHECK(waited > 10);
}

TEST_CASE("the causes of an array in lockstep are its waits and steps", "[property][sim][waves]") {
  int drawn_runs = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(test::first_seed() + seed);
    Random random{test::first_seed() + seed, "waves"};
    const auto c = random_case(random, true);
    if (!c) continue;
    const auto vcd = drawn(*c, everything(*c));
    for (const auto& pass : c->log.passes) {
      std::array<std::int64_t, kCauses> cycles{};
      for (auto t = pass.from.count(); t < pass.to.count(); ++t) {
        CHECK(vcd.at(array_of(*c) + "pass", t) == static_cast<std::uint64_t>(pass.number));
        ++cycles[static_cast<std::size_t>(cause_at(vcd, array_of(*c), t))];
      }
      std::int64_t pes = 0;  // with work, as any cause says that takes all of them
      for (const Cause cause : {Cause::WaitInput, Cause::WaitWeight, Cause::WaitPsumIn, Cause::WaitPsumOut,
                                Cause::DramInput, Cause::DramWeight, Cause::FillDrain}) {
        const auto n = cycles[static_cast<std::size_t>(cause)];
        if (n > 0 && pes == 0) pes = pass.stack[cause] / n;
        CHECK(pass.stack[cause] == n * pes);
      }
      if (pes > 0)
        CHECK(pass.stack[Cause::Mac] + pass.stack[Cause::GatedMac] <=
              cycles[static_cast<std::size_t>(Cause::Mac)] * pes);
    }
    for (const Operand t : kAllOperands) {
      const auto& name = c->a.network(NocRole::Deliver, t)->name;
      CHECK(static_cast<std::int64_t>(vcd.at(c->a.name + "." + name + ".words", vcd.last)) ==
            c->whole.counts.words(name, t, Action::Send).count());
      CHECK(vcd.at(c->a.name + "." + name + ".fifo", vcd.last) == 0);
    }
    const auto part = random_window(*c, random);
    check_part(drawn(*c, part), vcd, part);
    ++drawn_runs;
  }
  CHECK(drawn_runs > 20);
}
