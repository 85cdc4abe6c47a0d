// Does the arithmetic of a whole pass, in lanes of any kind, come to what one MAC after the other comes to?

#include "sim/pass_kernel.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/random.hpp"
#include "tests/support/seeds.hpp"
#include "workloads/arithmetic.hpp"

using namespace eyrie;
using namespace eyrie::sim;

namespace {

using enum Dim;

struct Case {
  LayerNest layer;
  TileStrides strides;
  PeSetting setting;
  Extents pass;
  std::vector<std::int16_t> input, weight;
  std::vector<std::int32_t> output;
  bool read_psums = false;
};

std::vector<std::int16_t> words(std::int64_t n, Random& random, std::int64_t most) {
  std::vector<std::int16_t> all(static_cast<std::size_t>(n));
  for (auto& w : all)
    w = random.chance(0.3) ? std::int16_t{0} : static_cast<std::int16_t>(random.between(-most - 1, most));
  return all;
}

/// A pass somewhere in tiles that are larger than it.
Case random_case(Random& random) {
  Case c;
  auto& e = c.pass;
  e = {{random.between(1, 2), random.between(1, 3), random.between(1, 9), random.between(1, 5), random.between(1, 6),
        random.between(1, 40), random.between(1, 4), random.between(1, 4)}};
  if (random.chance(0.3)) e[P] = e[Q] = 1;
  c.layer.extent = e;
  c.layer.stride = {random.between(1, 4), random.between(1, 4)};
  c.layer.dilation = {random.between(1, 3), random.between(1, 3)};
  c.layer.reduction = random.chance(0.7)   ? Reduction::MultiplyAdd
                      : random.chance(0.5) ? Reduction::Maximum
                                           : Reduction::Sum;
  if (c.layer.reduction != Reduction::MultiplyAdd) e[M] = 1;
  const auto rows = c.layer.padded_rows() + random.between(0, 2);
  const auto columns = c.layer.padded_columns() + random.between(0, 3);
  const auto channels = e[C] + random.between(0, 1), images = e[N];
  c.strides.input = {images * channels * rows * columns, channels * rows * columns, rows * columns, columns, 1};
  const auto s = e[S] + random.between(0, 1), r = e[R];
  c.strides.weight = {e[M] * channels * r * s, channels * r * s, r * s, s, 1};
  const auto q = e[Q] + random.between(0, 2);
  c.strides.output = {images * e[M] * e[P] * q, e[M] * e[P] * q, e[P] * q, q, 1};
  auto& a = c.setting.arithmetic;
  a.widths.psum = Bits{random.between(8, 32)};
  a.widths.input = a.widths.weight = Bits{16};
  a.product_shift = static_cast<int>(random.between(0, 31));
  if (c.layer.reduction == Reduction::Sum) a.product_shift = static_cast<int>(random.between(0, 3));
  c.setting.reduction = c.layer.reduction;
  Random gating = random;  // a copy: what is drawn after it does not depend on what is gated
  c.setting.weight_gating = gating.chance(0.3);
  c.setting.zero_gating = !c.setting.weight_gating || gating.chance(0.5);
  c.input = words(e[G] * c.strides.input[0], random, 32767);
  c.weight = words(e[G] * c.strides.weight[0], random, 32767);
  c.output.resize(static_cast<std::size_t>(e[G] * c.strides.output[0]));
  for (auto& v : c.output) v = wrap(random.between(-(1LL << 40), 1LL << 40), a.widths.psum);
  c.read_psums = random.chance(0.5);
  return c;
}

std::int64_t at(const std::array<std::int64_t, 5>& strides, const std::array<std::int64_t, 5>& x) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < 5; ++i) sum += strides[i] * x[i];
  return sum;
}

template <class Visit>
void each(const Extents& e, Visit visit) {
  std::array<std::int64_t, kDims> i{};
  for (std::int64_t k = 0; k < e.product(); ++k) {
    auto left = k;
    for (std::size_t d = kDims; d-- > 0; left /= e.of[d]) i[d] = left % e.of[d];
    visit(Extents{i});
  }
}

/// One MAC after the other; the slots with a zero that is gated.
GatedSlots plainly(Case& c) {
  const auto& a = c.setting.arithmetic;
  GatedSlots gated;
  Extents outputs = c.pass;
  outputs[C] = outputs[R] = outputs[S] = 1;
  const auto out = [&](const Extents& i) -> std::int32_t& {
    return c.output[static_cast<std::size_t>(at(c.strides.output, {i[G], i[N], i[M], i[P], i[Q]}))];
  };
  if (!c.read_psums) each(outputs, [&](const Extents& i) { out(i) = psum_identity(c.setting.reduction, a.widths); });
  each(c.pass, [&](const Extents& i) {
    const auto row = i[P] * c.layer.stride.rows + i[R] * c.layer.dilation.rows;
    const auto column = i[Q] * c.layer.stride.columns + i[S] * c.layer.dilation.columns;
    const auto x = c.input[static_cast<std::size_t>(at(c.strides.input, {i[G], i[N], i[C], row, column}))];
    if (c.setting.reduction == Reduction::Maximum) {
      out(i) = std::max<std::int32_t>(out(i), x);
    } else if (c.setting.reduction == Reduction::Sum) {
      out(i) = wrap(std::int64_t{out(i)} + (x >> a.product_shift), a.widths.psum);
    } else {
      const auto w = c.weight[static_cast<std::size_t>(at(c.strides.weight, {i[G], i[M], i[C], i[R], i[S]}))];
      out(i) = wrap(std::int64_t{out(i)} + product(x, w, a.product_shift), a.widths.psum);
      const bool by_input = c.setting.zero_gating && x == 0, by_weight = !by_input && c.setting.weight_gating && w == 0;
      gated.all += by_input || by_weight ? 1 : 0;
      gated.by_weight += by_weight ? 1 : 0;
    }
  });
  return gated;
}

}  // namespace

TEST_CASE("a pass at once comes to what its MACs come to, in lanes of any kind", "[unit][sim]") {
  std::array<int, 7> met{};
  for (std::uint64_t seed = test::first_seed(); seed < test::first_seed() + 400; ++seed) {
    Random random{seed, "pass kernel"};
    const Case c = random_case(random);
    CAPTURE(seed, c.pass.of, c.setting.arithmetic.product_shift, c.setting.arithmetic.widths.psum.count());
    Case truth = c;
    const auto gated = plainly(truth);
    const auto fastest = lane_mode(c.setting.arithmetic.product_shift, c.setting.arithmetic.widths.psum);
    for (const auto mode : {fastest, LaneMode::Plain}) {
      Case own = c;
      PassKernel kernel{own.layer, own.strides, own.setting, mode};
      const bool weights = own.setting.reduction == Reduction::MultiplyAdd;
      const auto run = [&](std::int64_t weight_tile) {
        return kernel.run(own.pass, {.input = own.input.data(),
                                     .weight = weights ? own.weight.data() : nullptr,
                                     .output = own.output.data(),
                                     .read_psums = own.read_psums,
                                     .weight_tile = weight_tile});
      };
      // Filters that stay are laid out anew for the second pass; another tile has other filters.
      if (weights && random.chance(0.5)) {
        const auto right = own.weight;
        for (auto& w : own.weight) w = static_cast<std::int16_t>(~w);
        for (int pass = 0; pass < 2; ++pass) run(0);
        own.weight = right;
      }
      for (int pass = 0; pass < 3; ++pass) {
        own.output = c.output;
        const GatedSlots ours = run(1);
        CHECK(ours.all == gated.all);
        CHECK(ours.by_weight == gated.by_weight);
        CHECK(own.output == truth.output);
      }
      ++met[static_cast<std::size_t>(mode)];
    }
  }
  CHECK(met[0] >= 400);
  if (lane_mode(0, Bits{16}) == LaneMode::Plain) return;  // no other lanes here
  for (const auto mode : {LaneMode::Low, LaneMode::Pair}) CHECK(met[static_cast<std::size_t>(mode)] > 0);
  for (const auto mode : {LaneMode::Split, LaneMode::High, LaneMode::PairSplit, LaneMode::PairHigh})
    CHECK(met[static_cast<std::size_t>(mode)] > 20);
}

TEST_CASE("a dot product in lanes of any kind is the sum of its products", "[unit][sim]") {
  Random random{test::first_seed(), "dot"};
  for (int i = 0; i < 500; ++i) {
    const auto n = random.between(0, 100);
    const auto x = words(n, random, 32767), w = words(n, random, 32767);
    const int shift = static_cast<int>(random.between(0, 31));
    std::int64_t sum = 0;
    for (std::size_t k = 0; k < x.size(); ++k) sum += product(x[k], w[k], shift);
    for (const Bits psum : {Bits{16}, Bits{32}}) {
      CAPTURE(n, shift, psum.count());
      const auto narrow = psum.count() == 16 ? Bits{16} : Bits{32};
      CHECK(wrap(dot(lane_mode(shift, psum), x.data(), w.data(), n, shift), narrow) == wrap(sum, narrow));
      CHECK(dot(LaneMode::Plain, x.data(), w.data(), n, shift) == wrap(sum, Bits{32}));
    }
  }
}
