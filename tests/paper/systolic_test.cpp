// The known closed forms of systolic arrays (Samajdar et al., "A Systematic Methodology for Characterizing Scalability
// of DNN Accelerators using SCALE-Sim", ISPASS 2020, III) against cycles of the simulation, fold by fold.

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "dataflows/legality.hpp"
#include "interchange/scalesim_machine.hpp"
#include "sim/simulate.hpp"
#include "tests/support/checks.hpp"
#include "tests/support/support.hpp"

using namespace eyrie;

namespace {

using enum Dim;

/// A systolic array with networks as wide as its edges and a DRAM that is never late.
Architecture machine(std::int64_t rows, std::int64_t columns, Stationary s, Fold fold) {
  const Bytes big{1 << 22};
  auto a = scalesim_architecture({.run_name = "systolic",
                                  .rows = rows,
                                  .columns = columns,
                                  .ifmap = big,
                                  .filter = big,
                                  .ofmap = big,
                                  .stationary = s,
                                  .bandwidth = {},
                                  .notes = {}},
                                 Bits{16});
  a.array.lockstep.fold = fold;
  return a;
}

/// How a dimension is dealt to the array: `step` of it at once, the rest in further folds.
struct Cut {
  Dim dim;
  std::int64_t step;
};

/// The largest of the cuts, in the order given, that `places` PEs in a line can take: all of the first while there is
/// room, a part of the first that is too large, one of each further.
std::vector<Cut> cuts(const LayerNest& l, const std::vector<Dim>& dims, std::int64_t places) {
  std::vector<Cut> all;
  for (Dim d : dims) {
    const auto step = std::min(places, l.extent[d]);
    all.push_back({d, step});
    places /= step;
  }
  return all;
}

/// The mapping of a dataflow, written out: folds outside (a dimension with a smaller last piece is the outermost in the
/// array, so that psums find no gap); rows and columns; what streams, inside the PEs.
struct Dealt {
  std::vector<Cut> y, x;
  std::vector<Dim> stream;
};

Dealt dealt(const LayerNest& l, const Architecture& a, Stationary s) {
  const auto windows = cuts(l, {S, R, C}, a.array.rows), filters = cuts(l, {M}, a.array.columns);
  const std::vector<Dim> pixels{Q, P, N};
  switch (s) {
    case Stationary::Weight:
      return {windows, filters, {N, P, Q}};
    case Stationary::Output:
      return {cuts(l, pixels, a.array.rows), filters, {C, R, S}};
    case Stationary::Input:
      return {windows, cuts(l, pixels, a.array.columns), {M}};
  }
  return {};
}

Mapping written(const Dealt& d, Stationary s) {
  Mapping m{{keep("dram", {Operand::Input, Operand::Weight, Operand::Output}), keep("ifmap_sram", {Operand::Input}),
             keep("filter_sram", {Operand::Weight}), keep("ofmap_sram", {Operand::Output}), temporal(G, 1)}};
  for (const auto* side : {&d.x, &d.y})
    for (const Cut& c : *side) m.nest.push_back(temporal(c.dim, c.step));
  for (const auto& [side, axis] : {std::pair{&d.y, Axis::Y}, std::pair{&d.x, Axis::X}})
    for (std::size_t i = side->size(); i > 0; --i) m.nest.push_back(spatial((*side)[i - 1].dim, 1, axis));
  std::vector<NestEntry> registers{keep("filter_register", {Operand::Weight}),
                                   keep("ofmap_register", {Operand::Output}), keep("ifmap_register", {Operand::Input})};
  std::swap(registers[0], registers[static_cast<std::size_t>(s)]);
  m.nest.push_back(registers[0]);
  for (Dim dim : d.stream) m.nest.push_back(temporal(dim, 1));
  m.nest.insert(m.nest.end(), registers.begin() + 1, registers.end());
  return m;
}

/// Every piece that a side's dimensions are cut into: how many PEs in a line have work.
std::vector<std::int64_t> pieces(const LayerNest& l, const std::vector<Cut>& side) {
  std::vector<std::int64_t> all{1};
  for (const Cut& c : side) {
    std::vector<std::int64_t> finer;
    for (auto p : all)
      for (std::int64_t from = 0; from < l.extent[c.dim]; from += c.step)
        finer.push_back(p * std::min(c.step, l.extent[c.dim] - from));
    all = std::move(finer);
  }
  return all;
}

Cycles folds(const LayerNest& l, const Dealt& d, const SystolicArray& array, Stationary s) {
  Cycles all{};
  const auto stream = systolic_extents(matrix_product(l), s).stream;
  for (auto rows : pieces(l, d.y))
    for (auto columns : pieces(l, d.x)) all += systolic_fold_cycles(array, s, rows, columns, stream) * l.extent[G];
  return all;
}

LayerResult run(const LayerNest& l, const Architecture& a, const Mapping& m, Random& random) {
  INFO(pretty(m, l));
  test::require_legal(m, l, a);
  const auto operands = test::random_operands(l, a.words, random);
  auto r = simulate(l, a, m, operands);
  REQUIRE_FALSE(r.deadlock.has_value());
  CHECK(test::differences(r.ofmap, test::reference_ofmap(l, operands)) == 0);
  return r;
}

/// Simulates a layer and compares it with the sum of its folds; says how many there were.
std::int64_t compare(const LayerNest& l, std::int64_t rows, std::int64_t columns, Stationary s, Fold fold,
                     Random& random) {
  CAPTURE(rows, columns, name_of(s), name_of(fold));
  const auto a = machine(rows, columns, s, fold);
  const auto d = dealt(l, a, s);
  const auto r = run(l, a, written(d, s), random);
  CHECK(r.processing_cycles == folds(l, d, {.rows = rows, .columns = columns, .fold = fold}, s));
  return r.passes;
}

/// A product of m x k inputs and k x n weights as a 1 x 1 convolution.
LayerNest gemm(std::int64_t m, std::int64_t k, std::int64_t n) {
  LayerNest l;
  l.extent.of = {1, 1, n, k, m, 1, 1, 1};
  return l;
}

constexpr Stationary kAll[] = {Stationary::Weight, Stationary::Output, Stationary::Input};
constexpr Fold kFolds[] = {Fold::Whole, Fold::Used};

std::vector<std::string> cells(const std::string& report, int line) {
  std::istringstream lines{report};
  std::string text;
  for (int i = 0; i <= line; ++i) std::getline(lines, text);
  std::vector<std::string> all;
  std::istringstream row{text};
  for (std::string cell; std::getline(row, cell, ',');) {
    cell.erase(0, cell.find_first_not_of(' '));
    all.push_back(cell);
  }
  return all;
}

}  // namespace

TEST_CASE("a fold of any shape takes 2 r + c + T - 2 cycles", "[paper][systolic]") {
  Random random{1, "systolic folds"};
  int count = 0;
  for (const Stationary s : kAll)
    for (const Fold fold : kFolds)
      for (int i = 0; i < 40; ++i) {
        const auto rows = random.between(1, 16), columns = random.between(1, 16);
        const auto r = random.between(1, rows), c = random.between(1, columns), stream = random.between(1, 40);
        const auto l = s == Stationary::Weight   ? gemm(stream, r, c)
                       : s == Stationary::Output ? gemm(r, stream, c)
                                                 : gemm(c, r, stream);
        const auto passes = compare(l, rows, columns, s, fold, random);
        CHECK(passes == 1);
        ++count;
      }
  CHECK(count == 240);
}

TEST_CASE("a matrix product takes the closed form's cycles, edge folds and all", "[paper][systolic]") {
  Random random{2, "systolic products"};
  for (int i = 0; i < 30; ++i)
    for (const Stationary s : kAll) {
      const auto rows = random.between(1, 16), columns = random.between(1, 16);
      const auto fold = kFolds[random.between(0, 1)];
      const auto l = gemm(random.between(1, 50), random.between(1, 50), random.between(1, 50));
      compare(l, rows, columns, s, fold, random);
      const SystolicArray array{.rows = rows, .columns = columns, .fold = fold};
      CHECK(folds(l, dealt(l, machine(rows, columns, s, fold), s), array, s) ==
            systolic_run(matrix_product(l), s, array).cycles);
    }
}

TEST_CASE("a convolution takes the cycles of its folds, whatever its windows share", "[paper][systolic]") {
  Random random{3, "systolic convolutions"};
  std::int64_t passes = 0;
  for (int i = 0; i < 30; ++i)
    for (const Stationary s : kAll) {
      const auto n = [&](std::int64_t most) { return random.between(1, most); };
      LayerNest l;
      l.extent.of = {n(2), n(2), n(9), n(5), n(6), n(6), n(3), n(3)};
      l.stride = {n(2), n(2)};
      l.dilation = {n(2), n(2)};
      passes += compare(l, n(16), n(16), s, kFolds[random.between(0, 1)], random);
    }
  CHECK(passes > 1000);
}

// SCALE-Sim v2's regression test: M 256, N 128, K 256 on 32 x 32 PEs takes 11199, 10175 and 14207 cycles without
// stalls, numbered from 0; output stationary, it leaves the drain of each of its 32 folds out (docs/scalesim.md).
TEST_CASE("SCALE-Sim's own test product takes its golden cycles", "[paper][systolic]") {
  Random random{4, "golden"};
  const auto l = gemm(256, 256, 128);
  const auto cycles = [&](Stationary s) {
    const auto a = machine(32, 32, s, Fold::Whole);
    return run(l, a, written(dealt(l, a, s), s), random).processing_cycles;
  };
  CHECK(cycles(Stationary::Weight) - Cycles{1} == Cycles{11199});
  CHECK(cycles(Stationary::Output) - Cycles{1} - Cycles{32 * 32} == Cycles{10175});
  CHECK(cycles(Stationary::Input) - Cycles{1} == Cycles{14207});
}

TEST_CASE("imported SCALE-Sim files run, and their reports say the closed form's figures", "[paper][systolic]") {
  for (const std::string flow : {"ws", "os", "is"}) {
    CAPTURE(flow);
    const test::Folder folder;
    const auto config = folder.write(
        "x.cfg",
        "[general]\nrun_name = golden\n[architecture_presets]\nArrayHeight: 32\nArrayWidth: 32\nIfmapSramSzkB: 1024\n"
        "FilterSramSzkB: 1024\nOfmapSramSzkB: 1024\nDataflow : " +
            flow + "\n[run_presets]\nInterfaceBandwidth: CALC\n");
    const auto topology = folder.write("gemm.csv", "Layer, M, N, K,\nTest, 256, 128, 256,\n");
    REQUIRE(test::cli("import scalesim --config " + config + " --topology " + topology + " --gemm -o " + folder.path())
                .code == 0);
    const auto ran = test::cli("run " + folder.path() +
                               "/experiment.yaml --objective cycles --time-limit 3 --quiet "
                               "--scalesim " +
                               folder.path());
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    const auto s = flow == "ws" ? Stationary::Weight : flow == "os" ? Stationary::Output : Stationary::Input;
    const auto known = systolic_run({.m = 256, .k = 256, .n = 128}, s, {.rows = 32, .columns = 32});
    const auto compute = cells(test::read_file(folder.path() + "/COMPUTE_REPORT.csv"), 1);
    const auto bandwidth = cells(test::read_file(folder.path() + "/BANDWIDTH_REPORT.csv"), 1);
    const auto detailed = cells(test::read_file(folder.path() + "/DETAILED_ACCESS_REPORT.csv"), 1);
    const auto cycles = std::stoll(compute.at(1)), stalls = std::stoll(compute.at(2));
    CHECK(Cycles{cycles - stalls} == known.cycles);
    CHECK(stalls < 100);  // the first tiles' way in, the last one's way out
    const auto share = static_cast<double>(known.macs.count()) / 1024;
    CHECK(std::stod(compute.at(3)) == Approx(100 * share / static_cast<double>(cycles)).margin(0.01));
    CHECK(std::stod(compute.at(5)) == Approx(100 * share / static_cast<double>(cycles - stalls)).margin(0.01));
    CHECK(std::stod(bandwidth.at(1)) ==
          Approx(static_cast<double>(known.inputs.count()) / static_cast<double>(cycles)).epsilon(0.01));
    CHECK(std::stod(bandwidth.at(2)) ==
          Approx(static_cast<double>(known.weights.count()) / static_cast<double>(cycles)).epsilon(0.01));
    CHECK(std::stoll(detailed.at(3)) == known.inputs.count());
    CHECK(std::stoll(detailed.at(6)) == known.weights.count());
    CHECK(std::stoll(detailed.at(9)) == known.outputs.count());
  }
}
