// Do simulation and closed form agree when words have other widths than the machine's?

#include <algorithm>
#include <catch2/catch.hpp>

#include "arch/precision.hpp"
#include "dataflows/closed_form.hpp"
#include "dataflows/wires.hpp"
#include "sim/simulate.hpp"
#include "tests/support/checks.hpp"
#include "tests/support/random_cases.hpp"
#include "tests/support/seeds.hpp"
#include "tests/support/support.hpp"
#include "workloads/zero_macs.hpp"

using namespace eyrie;

namespace {

struct Met {
  int compared = 0, refused = 0, wider = 0, packed = 0, mixed_ports = 0;
};

WordStorage random_precision(Random& r) {
  const auto bits = [&](std::int64_t least, std::int64_t most) { return Bits{r.between(least, most)}; };
  WordStorage p{.words = {.input = bits(2, 16), .weight = bits(2, 16), .psum = {}, .output = bits(2, 16)},
                  .packing = r.chance(0.6) ? Packing::Packed : Packing::Whole};
  // Psums hold the maximum of input words.
  p.words.psum = bits(std::max(p.words.output, p.words.input).count(), r.chance(0.5) ? 32 : 16);
  return p;
}

/// Operands whose words fit their widths.
LayerOperands operands_of(const LayerNest& l, const Widths& w, Random& r) {
  auto o = test::random_operands(l, w, r);
  for (auto& v : o.input.data()) v = static_cast<std::int16_t>(wrap(v, w.input));
  for (auto& v : o.weight.data()) v = static_cast<std::int16_t>(wrap(v, w.weight));
  for (auto& b : o.bias) b = wrap(b, w.psum);
  return o;
}

/// None where the machine cannot have it.
std::optional<Architecture> derived(const Architecture& a, const WordStorage& p) {
  try {
    return at_precision(a, p);
  } catch (const InputError&) {
    return std::nullopt;
  }
}

/// Bytes of a whole tensor, of tiles that are each rounded up to a byte.
void check_bytes(const ActionCounts& counts, const Architecture& a) {
  for (const auto& row : counts.rows()) {
    if (row.component == a.dram.name || row.component == "rlc" || row.action == Action::Activate) continue;
    const auto least = bytes_of(row.words, a.width(row.tensor));
    CHECK(row.bytes >= least);
    CHECK(row.bytes.count() <= least.count() + row.words.count());
  }
}

void compare(std::uint64_t seed, bool lockstep, Met& met) {
  Random random{seed, "precision"};
  const auto base = lockstep ? test::random_lockstep_machine(random) : test::random_machine(random);
  const auto precision = random_precision(random);
  CAPTURE(seed, lockstep, precision.words.input.count(), precision.words.weight.count(), precision.words.psum.count(),
          precision.words.output.count(), name_of(precision.packing));
  const auto a = derived(base, precision);
  if (!a) {
    ++met.refused;
    return;
  }
  const auto l = test::random_layer(random);
  const auto m = test::random_mapping(l, *a, random);
  if (!m) return;
  const auto operands = operands_of(l, precision.words, random);
  SimulateOptions options;
  options.reads_network_input = random.chance(0.5);
  const auto truth = simulate(l, *a, *m, operands, options);
  REQUIRE_FALSE(truth.deadlock.has_value());
  CHECK(test::differences(truth.ofmap, test::reference_ofmap(l, operands)) == 0);
  const auto moved = traffic(*m, l, *a);
  const DataFacts facts{.gated_macs = zero_macs(l, operands.input).count(),
                        .biases = !operands.bias.empty(),
                        .reads_network_input = options.reads_network_input};
  auto counts = action_counts(moved, l, *a, facts);
  counts += wire_counts(*m, l, *a, moved);
  CHECK(test::words_of(counts) == test::words_of(truth.counts));
  CHECK(cycle_model(moved, l, *a, facts).bound <= truth.cycles);
  check_bytes(truth.counts, *a);
  options.stepping = Stepping::Cycle;
  CHECK(simulate(l, *a, *m, operands, options).cycles == truth.cycles);
  ++met.compared;
  met.wider += a->port_share[2].takes > 1 ? 1 : 0;
  met.packed += a->port_share[0].holds > 1 || a->port_share[1].holds > 1 ? 1 : 0;
  met.mixed_ports += a->read_rate(Operand::Input) != a->read_rate(Operand::Output) ? 1 : 0;
}

}  // namespace

TEST_CASE("any layer at any precision: counts equal the closed form's, and the bound holds", "[property][precision]") {
  Met met;
  const bool lockstep = GENERATE(false, true);
  for (std::uint64_t seed = 0; seed < 2500; ++seed) compare(test::first_seed() + seed, lockstep, met);
  WARN("compared " << met.compared << ", refused " << met.refused << ", psums of several words " << met.wider
                   << ", packed " << met.packed);
  CHECK(met.compared > 1000);
  CHECK(met.refused > 100);
  CHECK(met.wider > 50);
  CHECK(met.packed > 500);
  CHECK(met.mixed_ports > 500);
}
