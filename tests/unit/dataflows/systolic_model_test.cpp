#include "dataflows/systolic_model.hpp"

#include <catch2/catch.hpp>

#include "base/random.hpp"

using namespace eyrie;

namespace {

/// test_mnk_input.csv of SCALE-Sim v2.
constexpr MatrixProduct kTest{.m = 256, .k = 256, .n = 128};

LayerNest conv1() {
  LayerNest l;
  l.extent.of = {1, 1, 96, 3, 55, 55, 11, 11};
  l.stride = {4, 4};
  return l;
}

}  // namespace

// The reports of SCALE-Sim v2's own regression test: test/general/golden_trace_user_{ws,os,is}/COMPUTE_REPORT.csv and
// DETAILED_ACCESS_REPORT.csv, a 32 x 32 array. `Total Cycles` less `Stall Cycles` is the number of the last cycle,
// counted from 0.
TEST_CASE("folds of a matrix product take the cycles of SCALE-Sim's test data", "[unit][dataflows]") {
  const SystolicArray array{.rows = 32, .columns = 32, .drain = OutputDrain::Hidden};
  const auto ws = systolic_run(kTest, Stationary::Weight, array);
  CHECK(ws.cycles - Cycles{1} == Cycles{52447 - 41248});
  CHECK(ws.inputs == Words{262144});
  CHECK(ws.weights == Words{32768});
  CHECK(ws.outputs == Words{262144});
  CHECK(ws.mapping_efficiency == 1.0);
  CHECK(systolic_run(kTest, Stationary::Output, array).cycles - Cycles{1} == Cycles{52447 - 42272});
  CHECK(systolic_run(kTest, Stationary::Input, array).cycles - Cycles{1} == Cycles{19984 - 5777});
}

TEST_CASE("with its drain an output-stationary fold takes the paper's cycles", "[unit][dataflows]") {
  const SystolicArray array{.rows = 32, .columns = 32};
  const auto os = systolic_run(kTest, Stationary::Output, array);
  CHECK(os.folds == std::vector<SystolicFolds>{{.rows = 32, .columns = 32, .times = 32, .cycles = Cycles{350}}});
  CHECK(os.outputs == Words{256 * 128});
  CHECK(os.inputs == Words{256 * 256 * 4});
  CHECK(os.weights == Words{256 * 128 * 8});
}

// test/golden_trace/COMPUTE_REPORT.csv of SCALE-Sim v2: AlexNet's first layer as it takes it, 224 x 224 and 55 x 55
// outputs (it rounds up), weight stationary on 32 x 32 PEs. 363 rows are 11 folds and one of 11 rows that costs as
// much.
TEST_CASE("a convolution becomes a matrix product whose edge folds cost whole ones", "[unit][dataflows]") {
  const auto product = matrix_product(conv1());
  CHECK(product == MatrixProduct{.m = 3025, .k = 363, .n = 96});
  const auto run = systolic_run(product, Stationary::Weight, {.rows = 32, .columns = 32});
  CHECK(run.row_folds == 12);
  CHECK(run.column_folds == 3);
  CHECK(run.cycles - Cycles{1} == Cycles{112283});
  CHECK(run.mapping_efficiency == 0.9453125);
  CHECK(run.folds ==
        std::vector<SystolicFolds>{{.rows = 32, .columns = 32, .times = 33, .cycles = Cycles{32 + 62 + 3025}},
                                   {.rows = 11, .columns = 32, .times = 3, .cycles = Cycles{32 + 62 + 3025}}});
  CHECK(static_cast<double>(run.macs.count()) / (112283.0 * 1024) == Approx(0.9168309650614964));
}

TEST_CASE("a wave that passes used PEs only makes edge folds shorter", "[unit][dataflows]") {
  const auto run =
      systolic_run(matrix_product(conv1()), Stationary::Weight, {.rows = 32, .columns = 32, .fold = Fold::Used});
  CHECK(run.folds[1].cycles == Cycles{2 * 11 + 32 + 3025 - 2});
  CHECK(run.cycles == Cycles{33 * 3119 + 3 * 3077});
}

TEST_CASE("an array as large as the product needs takes one fold", "[unit][dataflows]") {
  const SystolicArray array{.rows = 500, .columns = 400, .fold = Fold::Used};
  for (const auto s : {Stationary::Weight, Stationary::Output, Stationary::Input}) {
    const auto x = systolic_extents(kTest, s);
    const auto run = systolic_run(kTest, s, array);
    CHECK(run.folds.size() == 1);
    CHECK(run.cycles == Cycles{2 * x.rows + x.columns + x.stream - 2});
  }
}

TEST_CASE("groups are products of their own", "[unit][dataflows]") {
  auto l = conv1();
  l.extent[Dim::G] = 4;
  const auto one = systolic_run(matrix_product(conv1()), Stationary::Input, {.rows = 8, .columns = 16});
  const auto four = systolic_run(matrix_product(l), Stationary::Input, {.rows = 8, .columns = 16});
  CHECK(four.cycles == 4 * one.cycles);
  CHECK(four.inputs == 4 * one.inputs);
  CHECK(four.outputs == 4 * one.outputs);
  CHECK(four.mapping_efficiency == one.mapping_efficiency);
}

TEST_CASE("totals over folds hold for every product, array and dataflow", "[property]") {
  Random random{2020, "folds"};
  for (int i = 0; i < 3000; ++i) {
    const MatrixProduct p{.m = random.between(1, 90),
                          .k = random.between(1, 90),
                          .n = random.between(1, 90),
                          .count = random.between(1, 3)};
    SystolicArray array{.rows = random.between(1, 40), .columns = random.between(1, 40)};
    const auto s = names<Stationary>::table[random.between(0, 2)].value;
    if (random.chance(0.5)) array.drain = OutputDrain::Hidden;
    CAPTURE(p.m, p.k, p.n, p.count, array.rows, array.columns, name_of(s));
    const auto x = systolic_extents(p, s);
    // Fold by fold, the plain way.
    std::int64_t cycles = 0, macs = 0, at_rows = 0, at_columns = 0, stays = 0, used_cycles = 0;
    auto used_only = array;
    used_only.fold = Fold::Used;
    for (std::int64_t g = 0; g < p.count; ++g)
      for (std::int64_t r = 0; r < x.rows; r += array.rows)
        for (std::int64_t c = 0; c < x.columns; c += array.columns) {
          const auto rows = std::min(array.rows, x.rows - r), columns = std::min(array.columns, x.columns - c);
          cycles += systolic_fold_cycles(array, s, rows, columns, x.stream).count();
          used_cycles += systolic_fold_cycles(used_only, s, rows, columns, x.stream).count();
          macs += rows * columns * x.stream;
          at_rows += rows * x.stream;
          at_columns += columns * x.stream;
          stays += rows * columns;
        }
    const auto run = systolic_run(p, s, array);
    CHECK(run.cycles.count() == cycles);
    CHECK(run.macs == p.macs());
    CHECK(run.macs.count() == macs);
    const bool inputs_stay = s == Stationary::Input, weights_stay = s == Stationary::Weight;
    CHECK(run.inputs.count() == (inputs_stay ? stays : at_rows));
    CHECK(run.weights.count() == (weights_stay ? stays : inputs_stay ? at_rows : at_columns));
    CHECK(run.outputs.count() == (s == Stationary::Output ? stays : at_columns));
    CHECK(systolic_run(p, s, used_only).cycles.count() == used_cycles);
    CHECK(used_cycles <= cycles);
    CHECK(run.utilization <= run.mapping_efficiency);
  }
}
