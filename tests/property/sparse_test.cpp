// Zeros that are coded, gated and skipped: do machines that gain from them still compute every layer, count what the
// closed form counts, and have a cause for every PE-cycle, however time advances?

#include <algorithm>
#include <catch2/catch.hpp>

#include "dataflows/closed_form.hpp"
#include "dataflows/legality.hpp"
#include "dataflows/wires.hpp"
#include "sim/simulate.hpp"
#include "tests/support/checks.hpp"
#include "tests/support/random_cases.hpp"
#include "tests/support/seeds.hpp"
#include "tests/support/support.hpp"
#include "workloads/compression/prune.hpp"
#include "workloads/zero_macs.hpp"

using namespace eyrie;

namespace {

template <class E>
E one_of(Random& r) {
  return names<E>::table[static_cast<std::size_t>(r.between(0, std::ssize(names<E>::table) - 1))].value;
}

void gain_from_zeros(Architecture& a, Random& r) {
  auto& code = *a.dram.compression;
  if (r.chance(0.7)) code.tensors.push_back(Operand::Weight);
  code.codebook = r.chance(0.5);
  code.filters = one_of<FilterCode>(r);
  code.csc = {.count = Bits{r.between(1, 5)}, .pointer = Bits{r.between(1, 8)}};
  code.rate = WordsPerCycle{r.between(1, 8)};
  a.array.mac.weight_gating = r.chance(0.5);
  if (a.array.control == Control::Autonomous) a.array.mac.zero_skipping = one_of<ZeroSkipping>(r);
}

void prune_at_random(LayerOperands& o, Random& r) {
  const double zeros = r.chance(0.2) ? 1.0 : r.unit();
  for (auto& w : o.weight.data())
    if (r.chance(zeros)) w = 0;
  o.codebook_bits = r.chance(0.5) ? r.between(1, 6) : 0;
  if (o.codebook_bits > 0) share_values(o.weight.data(), o.codebook_bits);
}

struct Met {
  int cases = 0, skipped = 0, gated_by_weight = 0, coded = 0, shorter = 0, replayed = 0, faster = 0, slower = 0;
};

void check_equal(const LayerResult& a, const LayerResult& b) {
  CHECK(a.cycles == b.cycles);
  CHECK(a.processing_cycles == b.processing_cycles);
  CHECK(a.stack == b.stack);
  CHECK(a.counts == b.counts);
  CHECK(a.slots == b.slots);
  CHECK(a.ofmap == b.ofmap);
}

void check_case(std::uint64_t seed, bool lockstep, Met& met) {
  Random random{seed, "sparse"};
  auto a = lockstep ? test::random_lockstep_machine(random) : test::random_machine(random);
  gain_from_zeros(a, random);
  const auto l = test::random_layer(random);
  const auto m = test::random_mapping(l, a, random);
  if (!m) return;
  INFO("EYRIE_TEST_SEED=" << seed << "\n" << pretty(*m, l));
  auto operands = test::random_operands(l, a.words, random);
  prune_at_random(operands, random);
  SimulateOptions options;
  options.reads_network_input = random.chance(0.5);
  const auto truth = simulate(l, a, *m, operands, options);
  INFO((truth.deadlock ? truth.deadlock->wait_for : std::string("no deadlock")));
  REQUIRE_FALSE(truth.deadlock.has_value());
  CHECK(test::differences(truth.ofmap, test::reference_ofmap(l, operands)) == 0);
  CHECK(truth.stack.total() == truth.cycles.count() * a.pes());
  const auto& s = truth.slots;
  CHECK(s.macs + s.gated + s.skipped == l.macs().count());
  CHECK(truth.stack[Cause::Mac] == s.macs);
  CHECK(truth.stack[Cause::GatedMac] == s.gated);

  const auto zeros = l.has_weights() ? zero_weight_macs(l, operands.input, operands.weight) : ZeroWeightMacs{};
  const DataFacts facts{.gated_macs = zero_macs(l, operands.input).count(),
                        .biases = !operands.bias.empty(),
                        .reads_network_input = options.reads_network_input,
                        .zero_weight_macs = zeros.all,
                        .zero_both_macs = zeros.both};
  const Traffic w = traffic(*m, l, a);
  auto counts = action_counts(w, l, a, facts);
  counts += wire_counts(*m, l, a, w);
  CHECK(test::words_of(counts) == test::words_of(truth.counts));
  const auto model = cycle_model(w, l, a, facts);
  CHECK(model.bound <= truth.cycles);
  CHECK(model.bound <= model.estimate);

  for (const auto way : {Stepping::RunAhead, Stepping::Cycle}) {
    auto other = options;
    other.stepping = way;
    check_equal(simulate(l, a, *m, operands, other), truth);
  }
  auto cut = options;
  cut.changes = {{Cycles{random.between(0, truth.cycles.count())}, Stepping::Cycle},
                 {Cycles{random.between(0, truth.cycles.count())}, Stepping::RunAhead}};
  check_equal(simulate(l, a, *m, operands, cut), truth);

  auto dense = a;
  dense.array.mac.zero_skipping = ZeroSkipping::None;
  const auto unskipped = simulate(l, dense, *m, operands, options);
  CHECK(unskipped.ofmap == truth.ofmap);
  met.faster += truth.cycles < unskipped.cycles ? 1 : 0;
  met.slower += truth.cycles > unskipped.cycles ? 1 : 0;
  // words that leave later in their beat are the same words
  CHECK(truth.counts.words("dram", Operand::Input, Action::Read) ==
        unskipped.counts.words("dram", Operand::Input, Action::Read));

  ++met.cases;
  met.skipped += s.skipped > 0 ? 1 : 0;
  met.gated_by_weight += s.gated_by_weight > 0 ? 1 : 0;
  met.coded += truth.counts.words("rlc", Operand::Weight, Action::Decode).count() > 0 ? 1 : 0;
  met.replayed += truth.advanced.passes.replayed > 0 ? 1 : 0;
  auto uncoded = a;
  std::erase(uncoded.dram.compression->tensors, Operand::Weight);
  uncoded.dram.compression->codebook = false;
  const auto plain = simulate(l, uncoded, *m, operands, options);
  CHECK(plain.ofmap == truth.ofmap);
  const auto bytes = [](const LayerResult& r) { return r.counts.bytes("dram", Operand::Weight, Action::Read); };
  met.shorter += bytes(truth) < bytes(plain) ? 1 : 0;
}

}  // namespace

TEST_CASE("machines that code, gate and skip zeros compute any layer and count what the closed form counts",
          "[property][sim][sparse]") {
  Met met;
  const bool lockstep = GENERATE(false, true);
  for (std::uint64_t i = 0; i < 500; ++i) check_case(test::first_seed() + i, lockstep, met);
  CHECK(met.cases > 400);
  CHECK(met.gated_by_weight > 60);
  CHECK(met.coded > 150);
  CHECK(met.shorter > 60);
  CHECK(met.replayed > 50);
  if (lockstep) {
    CHECK(met.skipped == 0);
  } else {
    CHECK(met.skipped > 150);
    CHECK(met.faster > 100);
    CHECK(met.slower < 10);  // of all: who goes first at the collecting network may change
  }
}
