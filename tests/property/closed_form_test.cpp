// Two independent answers to 'how many': what the closed form says of a mapping, and what its simulation counts.

#include <catch2/catch.hpp>
#include <cmath>

#include "dataflows/closed_form.hpp"
#include "dataflows/legality.hpp"
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
  int compared = 0, bypassed = 0, spilled = 0, slid = 0, pooled = 0, grouped = 0, ragged = 0, wired = 0, unicast = 0,
      meshed = 0, bounded_within_half = 0, systolic = 0, summed_by_trees = 0, handed_on = 0;
  double error = 0;
};

/// Of a machine with a pitch.
void met_in_lockstep(const Architecture& a, const Traffic& w, Met& met) {
  met.systolic += a.network(NocRole::Deliver, Operand::Input)->wiring() == NocKind::Systolic ? 1 : 0;
  met.summed_by_trees += a.network(NocRole::Forward, Operand::Output)->wiring() == NocKind::AdderTree ? 1 : 0;
  met.handed_on += w.handed_on > 0 ? 1 : 0;
}

void compare(std::uint64_t seed, bool lockstep, Met& met) {
  Random random{seed, "closed form"};
  const auto a = lockstep ? test::random_lockstep_machine(random) : test::random_machine(random);
  const auto l = test::random_layer(random);
  const auto m = test::random_mapping(l, a, random);
  if (!m) return;
  INFO("seed " << seed << "\n" << pretty(*m, l));
  const auto operands = test::random_operands(l, a.words, random);
  SimulateOptions options;
  options.reads_network_input = random.chance(0.5);
  const auto truth = simulate(l, a, *m, operands, options);
  INFO((truth.deadlock ? truth.deadlock->wait_for : std::string("no deadlock")));
  REQUIRE_FALSE(truth.deadlock.has_value());
  CHECK(test::differences(truth.ofmap, test::reference_ofmap(l, operands)) == 0);

  const Traffic w = traffic(*m, l, a);
  const DataFacts facts{.gated_macs = zero_macs(l, operands.input).count(),
                        .biases = !operands.bias.empty(),
                        .reads_network_input = options.reads_network_input};
  auto counts = action_counts(w, l, a, facts);
  counts += wire_counts(*m, l, a, w);
  CHECK(test::words_of(counts) == test::words_of(truth.counts));
  CHECK(w.passes == truth.passes);
  const auto model = cycle_model(w, l, a, facts);
  CHECK(model.bound <= truth.cycles);

  ++met.compared;
  met.wired += a.array.pitch ? 1 : 0;
  const auto kind = [&](Operand t) { return a.network(NocRole::Deliver, t)->wiring(); };
  met.unicast += kind(Operand::Input) == NocKind::Unicast ? 1 : 0;
  met.meshed += a.array.pitch && kind(Operand::Input) == NocKind::Mesh ? 1 : 0;
  if (lockstep && a.array.pitch) met_in_lockstep(a, w, met);
  met.error += std::abs(static_cast<double>(model.estimate.count() - truth.cycles.count())) /
               static_cast<double>(truth.cycles.count());
  met.bounded_within_half += 2 * model.bound.count() > truth.cycles.count() ? 1 : 0;
  const auto past = passes_by(*m, l, a);
  met.bypassed += past[0] || past[1] || past[2] ? 1 : 0;
  met.spilled += w.tile_words[2] > 0 ? 1 : 0;
  met.pooled += l.has_weights() ? 0 : 1;
  met.grouped += l.extent[Dim::G] > 1 ? 1 : 0;
  for (std::size_t i = 0; i < m->nest.size(); ++i)
    if (m->nest[i].is_loop() && m->tile_at(l.extent, i)[m->nest[i].dim()] % m->nest[i].step != 0) {
      ++met.ragged;
      break;
    }
}

}  // namespace

TEST_CASE("counts in closed form equal simulated counts to the word, and the bound holds", "[property][dataflows]") {
  Met met;
  const bool lockstep = GENERATE(false, true);
  for (std::uint64_t seed = 0; seed < 10500; ++seed) compare(test::first_seed() + seed, lockstep, met);
  WARN("compared " << met.compared << ", mean error of the estimate " << 100 * met.error / met.compared
                   << " %, bound above half of the cycles in " << met.bounded_within_half);
  CHECK(met.compared >= 10000);
  if (!lockstep) CHECK(met.bypassed > 500);
  CHECK(met.spilled > 500);
  CHECK(met.pooled > 1000);
  CHECK(met.grouped > 1000);
  CHECK(met.ragged > 3000);
  CHECK(met.wired > 4000);
  CHECK(met.unicast > 1000);
  if (!lockstep) CHECK(met.meshed > 500);
  if (!lockstep) return;
  CHECK(met.systolic > 500);
  CHECK(met.summed_by_trees > 500);
  CHECK(met.handed_on > 50);
}
