// Do tile sizes and pools hold for any nest? Compared with sets of indices and with windows copied out whole.

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <vector>

#include "base/random.hpp"
#include "workloads/reference.hpp"

using namespace eyrie;
using enum Dim;

namespace {

/// Calls `visit` with every index of the tile.
template <class Visit>
void each(const Extents& tile, Visit visit) {
  Extents at{};
  for (std::int64_t i = 0; i < tile.product(); ++i) {
    auto rest = i;
    for (const Dim d : kAllDims) {
      at[d] = rest % tile[d];
      rest /= tile[d];
    }
    visit(at);
  }
}

/// What stands under one window; padding left out.
std::vector<std::int64_t> window(const LayerNest& l, const Tensor& in, std::int64_t n, std::int64_t g, std::int64_t p,
                                 std::int64_t q) {
  std::vector<std::int64_t> values;
  for (std::int64_t h = 0; h < in.shape().h; ++h)
    for (std::int64_t w = 0; w < in.shape().w; ++w) {
      const auto r = h + l.padding.top - p * l.stride.rows, s = w + l.padding.left - q * l.stride.columns;
      if (r >= 0 && r < l.extent[R] && s >= 0 && s < l.extent[S]) values.push_back(in.at(n, g, h, w));
    }
  return values;
}

LayerNest random_pool(Random& random, std::int64_t rows, std::int64_t columns) {
  const auto n = [&](std::int64_t a, std::int64_t b) { return random.between(a, b); };
  LayerNest l;
  l.stride = {n(1, 3), n(1, 3)};
  const auto r = n(1, 4), s = n(1, 4);
  l.padding = {n(0, r - 1), 0, n(0, s - 1), 0};
  const auto windows = [](std::int64_t room, std::int64_t kernel, std::int64_t stride) {
    return std::max<std::int64_t>(0, room - kernel + stride - 1) / stride + 1;
  };
  const auto p =
      std::min(windows(rows + l.padding.top, r, l.stride.rows), (rows + l.padding.top - 1) / l.stride.rows + 1);
  const auto q = std::min(windows(columns + l.padding.left, s, l.stride.columns),
                          (columns + l.padding.left - 1) / l.stride.columns + 1);
  l.extent = {{n(1, 3), n(1, 2), 1, 1, p, q, r, s}};
  return l;
}

}  // namespace

TEST_CASE("words of any tile equal the number of different indices", "[property][workloads]") {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    CAPTURE(seed);
    Random random{seed, "tiles"};
    LayerNest l;
    l.stride = {random.between(1, 4), random.between(1, 4)};
    l.dilation = {random.between(1, 3), random.between(1, 3)};
    Extents tile;
    for (const Dim d : kAllDims) tile[d] = random.between(1, d == P || d == Q || d == R || d == S ? 4 : 2);
    std::set<std::array<std::int64_t, 5>> inputs;
    std::set<std::array<std::int64_t, 5>> weights, outputs;
    each(tile, [&](const Extents& x) {
      inputs.insert({x[G], x[N], x[C], x[P] * l.stride.rows + x[R] * l.dilation.rows,
                     x[Q] * l.stride.columns + x[S] * l.dilation.columns});
      weights.insert({x[G], x[M], x[C], x[R], x[S]});
      outputs.insert({x[G], x[N], x[M], x[P], x[Q]});
    });
    CHECK(l.tile_words(Operand::Input, tile).count() == static_cast<std::int64_t>(inputs.size()));
    CHECK(l.tile_words(Operand::Weight, tile).count() == static_cast<std::int64_t>(weights.size()));
    CHECK(l.tile_words(Operand::Output, tile).count() == static_cast<std::int64_t>(outputs.size()));
    l.reduction = Reduction::Sum;
    CHECK(l.tile_words(Operand::Weight, tile) == Words{0});
  }
}

TEST_CASE("any pool equals its windows copied out", "[property][workloads]") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    Random random{seed, "pools"};
    const auto rows = random.between(1, 9), columns = random.between(1, 9);
    LayerNest l = random_pool(random, rows, columns);
    Tensor in{{l.extent[N], l.extent[G], rows, columns}};
    for (auto& v : in.data()) v = static_cast<std::int16_t>(random.between(-32768, 32767));
    const Tensor largest = reference::max_pool(l, in);
    l.reduction = Reduction::Sum;
    const Arithmetic a{.product_shift = reference::sum_shift(l, {})};
    const Tensor mean = reference::average_pool(l, in, a);
    for (std::int64_t n = 0; n < l.extent[N]; ++n)
      for (std::int64_t g = 0; g < l.extent[G]; ++g)
        for (std::int64_t p = 0; p < l.extent[P]; ++p)
          for (std::int64_t q = 0; q < l.extent[Q]; ++q) {
            const auto values = window(l, in, n, g, p, q);
            const auto count = static_cast<std::int64_t>(values.size());
            REQUIRE(count > 0);
            REQUIRE(reference::window_elements(l, in.shape(), p, q) == count);
            REQUIRE(largest.at(n, g, p, q) == std::ranges::max(values));
            std::int64_t sum = 0;
            for (const auto v : values) sum += v >> a.product_shift;
            REQUIRE(sum == wrap(sum, a.widths.psum));
            // the nearest whole number, halves away from zero
            const auto mean_of_all = static_cast<double>(sum << a.product_shift) / static_cast<double>(count);
            REQUIRE(mean.at(n, g, p, q) == std::llround(mean_of_all));
          }
  }
}
