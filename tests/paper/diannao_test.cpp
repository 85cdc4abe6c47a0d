// Published figures of DianNao: Chen et al., ASPLOS 2014, and ACM TOCS 33(2) 2015.

#include <catch2/catch.hpp>

#include "dataflows/closed_form.hpp"
#include "dataflows/legality.hpp"
#include "energy/price.hpp"
#include "mapper/search.hpp"
#include "sim/simulate.hpp"
#include "tests/support/checks.hpp"
#include "tests/support/support.hpp"
#include "workloads/network.hpp"

using namespace eyrie;

namespace {

using enum Dim;

Architecture diannao(const std::vector<std::string>& overrides = {}) {
  auto document = YamlDocument::from_file(test::source("configs/architectures/diannao.yaml"));
  for (const auto& o : overrides) document.apply(parse_override(o));
  return read_architecture(document);
}

/// As if DRAM were never waited for.
Architecture unlimited() {
  return diannao({"dram.bandwidth=1048576 B/cycle", "dram.latency=0 cycles", "dram.request=0 cycles"});
}

LayerNest benchmark(const std::string& layer) {
  static const auto network =
      Network::from_yaml(YamlDocument::from_file(test::source("configs/workloads/diannao_benchmarks.yaml")), 1);
  return *network.layer(layer).nest();
}

NestEntry registers(const char* name, Operand t) { return keep(name, {t}); }

/// The paper's loops (Figures 7 and 8): Tn = 16 outputs by Ti = 16 inputs a cycle; an instruction runs through the
/// windows of one pixel, as far as 64 rows of SB go; rows of one ofmap row rest in NBout while the rest of the window
/// comes. Pools have a channel in each column.
Mapping tiled(const LayerNest& l) {
  const auto c = ceil_div(l.extent[C], std::int64_t{16});
  const auto s = std::min(l.extent[S], 64 / c), r = std::min(l.extent[R], 64 / (c * s));
  const Dim across = l.extent[M] > 1 ? M : G;
  Mapping m{{keep("dram", {Operand::Input, Operand::Weight, Operand::Output})}};
  auto& n = m.nest;
  if (across == M && l.extent[G] > 1) n.push_back(temporal(G, 1));
  n.push_back(temporal(across, std::min<std::int64_t>(16, l.extent[across])));
  n.push_back(temporal(P, 1));
  n.push_back(temporal(Q, std::min<std::int64_t>(64, l.extent[Q])));
  n.push_back(keep("nbout", {Operand::Output}));
  n.push_back(temporal(R, r));
  n.push_back(temporal(S, s));
  if (l.has_weights()) n.push_back(keep("sb", {Operand::Weight}));
  n.push_back(temporal(Q, 1));
  n.push_back(keep("nbin", {Operand::Input}));
  n.push_back(spatial(C, c, Axis::Y));
  n.push_back(spatial(across, 1, Axis::X));
  n.push_back(registers("psum_register", Operand::Output));
  for (Dim d : {R, S, C}) n.push_back(temporal(d, 1));
  if (l.has_weights()) n.push_back(registers("synapse_register", Operand::Weight));
  n.push_back(registers("input_register", Operand::Input));
  return m;
}

/// The classifier of the paper's instruction example: NBin holds 1024 inputs while all groups of 16 outputs take them.
Mapping classifier() {
  return {{keep("dram", {Operand::Input, Operand::Weight, Operand::Output}), keep("nbout", {Operand::Output}),
           temporal(C, 1024), keep("nbin", {Operand::Input}), temporal(M, 16), keep("sb", {Operand::Weight}),
           spatial(C, 64, Axis::Y), spatial(M, 1, Axis::X), registers("psum_register", Operand::Output), temporal(C, 1),
           registers("synapse_register", Operand::Weight), registers("input_register", Operand::Input)}};
}

LayerNest fully_connected(std::int64_t inputs, std::int64_t outputs) {
  LayerNest l;
  l.extent.of = {1, 1, outputs, inputs, 1, 1, 1, 1};
  return l;
}

struct Ran {
  LayerResult result;
  ActionCounts expected;  ///< in closed form
};

Ran run(const LayerNest& l, const Architecture& a, const Mapping& m) {
  test::require_legal(m, l, a);
  Random random{1, "diannao"};
  auto operands = test::random_operands(l, a.words, random);
  operands.bias.clear();
  Ran r{simulate(l, a, m, operands), action_counts(traffic(m, l, a), l, a, {.gated_macs = 0, .biases = false})};
  REQUIRE_FALSE(r.result.deadlock.has_value());
  CHECK(test::differences(r.result.ofmap, test::reference_ofmap(l, operands)) == 0);
  CHECK(same_words(r.result.counts, r.expected));
  return r;
}

double binary_giga(double n) { return n / (1 << 30); }

/// NFU cycles if no operand is ever late: windows x ceil(Ni / 16) x ceil(No / 16). Where the slice that we run is
/// smaller than the layer, `whole` is how many output positions the layer has to one of the slice's.
struct Ideal {
  const char* layer;
  std::int64_t cycles;
  std::int64_t positions = 1, of_slice = 1;
};
constexpr Ideal kIdeal[] = {{"CONV1", 87754104},
                            {"CONV2_slice", 10850436, 183 * 183, 4 * 183},
                            {"CONV3", 1224496},
                            {"CONV4", 1059968},
                            {"CONV5_slice", 2811815424, 246 * 246, 8},
                            {"CLASS1", 120},
                            {"CLASS3", 91},
                            {"POOL5", 1048576}};

}  // namespace

TEST_CASE("DianNao's peak is 496 operations a cycle, 452 binary GOP/s", "[paper][diannao]") {
  const auto a = diannao();
  const auto multipliers = a.pes(), adders = a.array.columns * (a.array.rows - 1);
  CHECK(multipliers + adders == 496);
  CHECK(binary_giga(static_cast<double>(multipliers + adders) * a.core().count()) == Approx(452.7).margin(0.05));
  const auto& sb = *a.partition(Operand::Weight);
  CHECK(binary_giga(static_cast<double>(sb.read.count() * 2) * a.core().count()) == Approx(467.3).margin(0.05));
}

TEST_CASE("the classifier of the instruction example: 128 instructions of 64 cycles", "[paper][diannao]") {
  const auto l = fully_connected(8192, 256);
  const auto a = diannao();
  const auto w = traffic(classifier(), l, a);
  CHECK(w.passes == 128);
  CHECK(w.longest_pe == 8192);
  const auto r = run(l, a, classifier()).result;
  CHECK(r.passes == 128);
  CHECK(r.counts.bytes("dram", Operand::Weight, Action::Read) == Bytes{4 << 20});
  CHECK(r.counts.bytes("dram", Operand::Input, Action::Read) == Bytes{16 << 10});
  CHECK(r.counts.bytes("dram", Operand::Output, Action::Write) == Bytes{512});
  CHECK(r.counts.words("nbout", Operand::Output, Action::Write) == Words{128 * 16});
  CHECK(r.counts.words("nbout", Operand::Output, Action::Read) == Words{7 * 16 * 16});  // the first chunk resets
}

// 4 MiB + 16 KiB + 512 B at 250 GB/s are 16.8 us, and the array then works half of the time at best. Each of the 128
// loads of SB is a request of its own, asked for ahead: the latency that we chose shows at the ends alone.
TEST_CASE("the classifier streams from DRAM at 49.8 % of the peak at most", "[paper][diannao]") {
  const auto l = fully_connected(8192, 256);
  const auto microseconds = [&](const Architecture& a) {
    return static_cast<double>(run(l, a, classifier()).result.cycles.count()) / a.core().count() * 1e6;
  };
  const auto a = diannao();
  const double compute = 8192 / a.core().count() * 1e6, stream = 4210688 / 255.0 / a.core().count() * 1e6;
  CHECK(stream == Approx(16.8).epsilon(0.005));
  const double prompt = microseconds(diannao({"dram.latency=0 cycles"}));
  CHECK(prompt >= stream);
  CHECK(prompt == Approx(stream).epsilon(0.01));
  CHECK(compute / prompt <= 0.498);
  const double late = microseconds(a);
  CHECK(late > prompt);
  INFO("with latency " << late << " us");
  CHECK(late <= prompt + 4 * 61 / a.core().count() * 1e6);
}

TEST_CASE("without DRAM in the way the classifier streams a row of SB each cycle", "[paper][diannao]") {
  const auto r = run(fully_connected(8192, 256), unlimited(), classifier()).result;
  CHECK(r.processing_cycles.count() >= 8192);
  CHECK(r.processing_cycles.count() <= 8192 + r.passes + 16);
}

TEST_CASE("ideal NFU cycles of the benchmark layers, in closed form", "[paper][diannao]") {
  const auto a = unlimited();
  for (const auto& ideal : kIdeal) {
    CAPTURE(ideal.layer);
    const auto l = benchmark(ideal.layer);
    const auto m = tiled(l);
    test::require_legal(m, l, a);
    CHECK(traffic(m, l, a).longest_pe * ideal.positions == ideal.cycles * ideal.of_slice);
  }
}

// NBin turns pools' windows round (5.3.1), so that all its 16 words are of use: out Kx Ky Ni / 16 cycles.
TEST_CASE("pools take what NBin gives, 16 words a cycle", "[paper][diannao]") {
  const auto a = unlimited();
  const auto flow = read_dataflow(YamlDocument::from_file(test::source("configs/dataflows/diannao.yaml")));
  const Pricing by_time = [](const ActionCounts&, Cycles c) { return Picojoules{static_cast<double>(c.count())}; };
  for (const auto& [layer, cycles] :
       {std::pair{"POOL1", 135054}, std::pair{"POOL3", 6400}, std::pair{"POOL5", 1048576}}) {
    CAPTURE(layer);
    const auto answer = search_mapping(benchmark(layer), a, flow, {}, by_time, {.objective = Objective::Cycles});
    REQUIRE_FALSE(answer.best.empty());
    CHECK(answer.best.front().cost.cycles == Cycles{cycles});
  }
}

// With a map of its own for each column, Ni = 12 and 100 leave columns idle.
TEST_CASE("pools without the turn take ceil(Ni / 16) maps at a time", "[paper][diannao]") {
  const auto a = unlimited();
  const auto steps = [&](const char* layer) {
    return traffic(tiled(benchmark(layer)), benchmark(layer), a).longest_pe;
  };
  CHECK(steps("POOL1") == 180072);
  CHECK(steps("POOL3") == 7168);
  CHECK(12 * steps("POOL1") / 16 == 135054);
  CHECK(100 * steps("POOL3") / 112 == 6400);
}

// An instruction whose operands came in just before it waits a cycle for its first row; then a row comes each cycle.
TEST_CASE("the simulated NFU takes the ideal cycles, a fill, and at most a cycle an instruction", "[paper][diannao]") {
  const auto a = unlimited();
  for (const auto& [layer, ideal] : {std::pair{"CLASS1", 120}, std::pair{"CLASS3", 91}, std::pair{"CONV3", 1224496},
                                     std::pair{"CONV4", 1059968}, std::pair{"POOL3", 7168}}) {
    CAPTURE(layer);
    const auto l = benchmark(layer);
    const auto r = run(l, a, tiled(l)).result;
    CHECK(traffic(tiled(l), l, a).longest_pe == ideal);
    CHECK(r.processing_cycles.count() >= ideal);
    CHECK(r.processing_cycles.count() <= ideal + r.passes + 16);
  }
}

// Kernels that fit 64 rows of SB come in once; others once for every 64 output positions, one row of NBout each.
TEST_CASE("what SB and DRAM move for shared kernels", "[paper][diannao]") {
  const auto a = diannao();
  const auto counts = [&](const char* layer) {
    const auto l = benchmark(layer);
    test::require_legal(tiled(l), l, a);
    return action_counts(traffic(tiled(l), l, a), l, a, {.gated_macs = 0, .biases = false});
  };
  const auto conv4 = counts("CONV4");
  CHECK(conv4.words("dram", Operand::Weight, Action::Read) == Words{401408});
  CHECK(conv4.words("sb", Operand::Weight, Action::Fill) == Words{401408});
  CHECK(conv4.words("sb", Operand::Weight, Action::Read) == Words{1059968 * 256});
  const auto conv1 = counts("CONV1");
  CHECK(conv1.words("sb", Operand::Weight, Action::Read) == Words{std::int64_t{87754104} * 256});
  // 367 rows of ceil(492 / 64) blocks, 81 x 32 x 48 synapses each
  CHECK(conv1.words("dram", Operand::Weight, Action::Read) == Words{std::int64_t{367} * 8 * 124416});
  CHECK(static_cast<double>(conv1.bytes("dram", Operand::Weight, Action::Read).count()) * 1e-9 ==
        Approx(0.70).epsilon(0.05));
}

TEST_CASE("a cycle in which all blocks work costs 495 pJ, a DRAM access 17.6 nJ", "[paper][diannao]") {
  const auto a = diannao();
  const auto table = read_energy_table(YamlDocument::from_file(test::source("configs/technologies/diannao_65nm.yaml")));
  ActionCounts cycle;
  const auto add = [&](const char* block, Operand t, Action action, std::int64_t words) {
    cycle.add(block, t, action, Words{words}, Bytes{2 * words});
  };
  add("sb", Operand::Weight, Action::Read, 256);
  add("nbin", Operand::Input, Action::Read, 16);
  add("nbout", Operand::Output, Action::Read, 16);
  add("nbout", Operand::Output, Action::Write, 16);
  add("mac", Operand::Output, Action::Mac, 256);
  const auto report = price(cycle, Cycles{1}, a, table);
  CHECK(report.total.count() == Approx(494.9).margin(0.1));
  CHECK(report.total.count() * a.core().count() * 1e-9 == Approx(485).margin(0.1));  // mW
  CHECK(report.total.count() / 256 == Approx(1.93).margin(0.005));
  const std::map<std::string, double> published{{"sb", 107.1}, {"nbin", 92.86}, {"nbout", 93.88}, {"mac", 134.7}};
  for (const auto& [block, energy] : report.by_component())
    if (published.contains(block)) CHECK(energy.count() == Approx(published.at(block)).epsilon(0.001));
  ActionCounts dram;
  dram.add("dram", Operand::Weight, Action::Read, Words{16}, Bytes{32});
  CHECK(price(dram, Cycles{0}, a, table).dram.count() == Approx(17600));
}
