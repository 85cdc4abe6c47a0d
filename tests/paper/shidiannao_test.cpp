// Published figures of ShiDianNao: Du et al., ISCA 2015.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "dataflows/closed_form.hpp"
#include "dataflows/legality.hpp"
#include "energy/price.hpp"
#include "sim/pass_plan.hpp"
#include "sim/pass_sequence.hpp"
#include "sim/simulate.hpp"
#include "tests/support/checks.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;
using nlohmann::json;

namespace {

using enum Dim;

Architecture shidiannao() {
  return read_architecture(YamlDocument::from_file(test::source("configs/architectures/shidiannao.yaml")));
}

/// An ofmap pixel in each of 8 x 8 PEs; ofmaps one after the other, all ifmaps for each (8.1).
Mapping convolution(const LayerNest& l) {
  return {{keep("dram", {Operand::Input, Operand::Weight, Operand::Output}), keep("nbin", {Operand::Input}),
           keep("sb", {Operand::Weight}), keep("nbout", {Operand::Output}), temporal(M, 1),
           temporal(P, std::min<std::int64_t>(8, l.extent[P])), temporal(Q, std::min<std::int64_t>(8, l.extent[Q])),
           spatial(P, 1, Axis::Y), spatial(Q, 1, Axis::X), keep("psum_register", {Operand::Output}), temporal(C, 1),
           keep("input_fifos", {Operand::Input}), temporal(R, 1), temporal(S, 1),
           keep("weight_register", {Operand::Weight})}};
}

LayerNest layer(std::int64_t filters, std::int64_t channels, std::int64_t rows, std::int64_t columns, std::int64_t k) {
  LayerNest l;
  l.extent.of = {1, 1, filters, channels, rows, columns, k, k};
  return l;
}

}  // namespace

// The read modes of NB (8.1): 8 x 8 words at once, then a column of 8 for each shift along the window, a row of 8 for
// each new row of the window, and single words where FIFO-V of the neighbour has the other seven.
TEST_CASE("NBin sends a window's words as the read modes do", "[paper][shidiannao]") {
  const auto a = shidiannao();
  const auto l = layer(1, 1, 8, 8, 5);
  const auto m = convolution(l);
  test::require_legal(m, l, a);
  const auto plan = sim::plan_pass(m, l, a, l.extent, sim::tile_strides(m, l, a));
  std::vector<std::int64_t> words(25, 0), modes(25, 1);
  for (const auto& g : plan.schedule.arrivals[0]) words[static_cast<std::size_t>(g.step)] = g.words;
  for (std::size_t k = 0; k < 5; ++k) modes[k] = modes[5 * k] = 8;
  modes[0] = 64;
  CHECK(words == modes);
}

TEST_CASE("an 8 x 8 tile takes Kx Ky cycles an input map, and (8 + Ky - 1)(8 + Kx - 1) words", "[paper][shidiannao]") {
  const auto a = shidiannao();
  Random random{1, "shidiannao"};
  for (const std::int64_t k : {1, 3, 5, 7})
    for (const std::int64_t channels : {1, 4}) {
      CAPTURE(k, channels);
      const auto l = layer(3, channels, 16, 24, k);
      const auto m = convolution(l);
      test::require_legal(m, l, a);
      const std::int64_t tiles = 2 * 3 * 3, steps = k * k * channels;
      const auto w = traffic(m, l, a);
      CHECK(w.longest_pe == tiles * steps);
      CHECK(w.sent[0] == tiles * channels * (8 + k - 1) * (8 + k - 1));
      CHECK(w.sent[1] == tiles * steps);  // one word for all PEs
      const auto operands = test::random_operands(l, a.words, random);
      const auto r = simulate(l, a, m, operands);
      CHECK(test::differences(r.ofmap, test::reference_ofmap(l, operands)) == 0);
      CHECK(r.counts.words("nbin", Operand::Input, Action::Read).count() == w.sent[0]);
      CHECK(r.counts.words("neighbours", Operand::Input, Action::Hop).count() == tiles * steps * 64 - w.sent[0]);
      // A tile's 64 sums leave a row of 8 a cycle; windows that are shorter wait for that.
      const auto least = (tiles - 1) * std::max<std::int64_t>(steps, 8) + steps;
      CHECK(r.processing_cycles.count() >= least);
      CHECK(r.processing_cycles.count() <= least + 16 + (steps < 8 ? 0 : tiles * 2));
    }
}

TEST_CASE("ShiDianNao's peak is 64 MACs a cycle; 194 GOP/s count every unit", "[paper][shidiannao]") {
  const auto a = shidiannao();
  CHECK(a.pes() == 64);
  CHECK(static_cast<double>(a.pes()) * a.core().count() == 64e9);
  CHECK(a.pes() * 3 + 2 == 194);  // multiplier, adder, comparator; two ALUs
  const auto l = layer(4, 8, 32, 32, 5);
  Random random{2, "shidiannao"};
  auto operands = test::random_operands(l, a.words, random);
  const auto r = simulate(l, a, convolution(l), operands);
  CHECK(static_cast<double>(l.macs().count()) / static_cast<double>(64 * r.processing_cycles.count()) > 0.99);
}

TEST_CASE("at full activity the blocks draw 320 mW", "[paper][shidiannao]") {
  const auto a = shidiannao();
  const auto table =
      read_energy_table(YamlDocument::from_file(test::source("configs/technologies/shidiannao_65nm.yaml")));
  ActionCounts second;  // a thousand cycles
  const auto add = [&](const char* block, Operand t, Action action, std::int64_t words) {
    second.add(block, t, action, Words{words}, Bytes{2 * words});
  };
  add("mac", Operand::Output, Action::Mac, 64000);
  add("nbin", Operand::Input, Action::Read, 8000);
  add("sb", Operand::Weight, Action::Read, 1000);
  add("nbout", Operand::Output, Action::Write, 743);  // what 6.60 mW are at NBin's price; a psum has two words
  const auto report = price(second, Cycles{1000}, a, table);
  CHECK(report.total.count() / 1000 == Approx(320.1).margin(0.05));  // pJ a cycle at 1 GHz: mW
}

TEST_CASE("the ten networks of ShiDianNao are computed right", "[paper][shidiannao]") {
  for (const std::string name :
       {"cff", "cnp", "convnn", "face_align", "face_recog", "gabor", "lenet5", "mpcnn", "neo", "simple_conv"}) {
    CAPTURE(name);
    const auto ran =
        test::cli("run --arch shidiannao --workload shidiannao_" + name + " --time-limit 5 --quiet --format json");
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    const auto j = json::parse(ran.out);
    CHECK(j["totals"]["functional"]["mismatches"] == 0);
    for (const auto& l : j["layers"])
      if (l.contains("analytic") && !l["analytic"].is_null()) CHECK(l["analytic"]["counts_equal"] == true);
  }
}
